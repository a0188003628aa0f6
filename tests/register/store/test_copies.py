"""Backup and restore: consistent while others write, nothing lost, nothing foreign overwritten."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from register.store import Register, create_register, open_register
from register.store.restore import restore
from rulebook.errors import RegisterError
from tests.register.store.conftest import BY, METRIC, PROFILE, plates


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "r.gpkg"


@pytest.fixture
def register(path: Path) -> Register:
    register = create_register(path, PROFILE, METRIC)
    register.put("doorplates", plates(["a", "b"]), **BY)
    return register


def names(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def test_a_backup_is_a_register_of_one_file(register: Register, path: Path) -> None:
    target = path.with_name("备份.gpkg")
    register.backup(target)
    register.put("doorplates", plates(["c"]), **BY)
    register.backup(target)
    copy = open_register(target)
    assert copy.integrity() == []
    assert copy.revision == 2
    assert len(copy.layer("doorplates")) == 3
    assert names(path) == {"r.gpkg", "备份.gpkg"}


def test_a_backup_holds_only_whole_changes(register: Register, path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            register.put("doorplates", plates(["a", "b"], number=str(number), note=str(number)), **BY)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            register.backup(path.with_name(f"b{number}.gpkg"))
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        copy = open_register(path.with_name(f"b{number}.gpkg"))
        frame = copy.layer("doorplates")
        assert len(set(frame["number"])) == 1
        assert copy.integrity() == []


@pytest.mark.parametrize("name", ["r.gpkg", "nowhere/b.gpkg", "."])
def test_places_where_no_backup_goes(register: Register, path: Path, name: str) -> None:
    before = path.read_bytes()
    with pytest.raises(RegisterError):
        register.backup(path.parent / name)
    assert path.read_bytes() == before
    assert names(path) == {"r.gpkg"}


def test_a_backup_does_not_go_over_a_register_in_use(register: Register, path: Path) -> None:
    other = create_register(path.with_name("other.gpkg"), PROFILE, METRIC)
    layers = other.layers()
    with pytest.raises(RegisterError, match="in use"):
        register.backup(path.with_name("other.gpkg"))
    assert layers["roads"].empty
    other.close()


def test_a_backup_goes_over_one_that_a_mere_reader_has_left_unclean(register: Register, path: Path) -> None:
    target = path.with_name("b.gpkg")
    register.backup(target)
    reader = sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)
    reader.execute("SELECT count(*) FROM roads").fetchone()
    reader.close()
    assert names(path) > {"b.gpkg-wal"}
    register.backup(target)
    assert names(path) == {"r.gpkg", "b.gpkg"}


def test_restore_makes_a_register(register: Register, path: Path) -> None:
    assert restore(path, path.with_name("new.gpkg")) is None
    assert len(open_register(path.with_name("new.gpkg")).layer("doorplates")) == 2


def test_restore_into_a_register_in_use(register: Register, path: Path) -> None:
    register.backup(path.with_name("b.gpkg"))
    register.put("doorplates", plates(["c"]), **BY)
    layers = register.layers()
    safety = restore(path.with_name("b.gpkg"), path)
    assert len(layers["doorplates"]) == 3
    register.close()
    assert len(register.layer("doorplates")) == 2
    assert safety is not None
    assert len(open_register(safety).layer("doorplates")) == 3
    assert names(path) == {"r.gpkg", "b.gpkg", safety.name}
    assert register.integrity() == []


def test_restore_over_a_damaged_register_moves_it_aside(register: Register, path: Path) -> None:
    register.backup(path.with_name("b.gpkg"))
    damaged = b"\0" * 8192 + path.read_bytes()[8192:]
    path.write_bytes(damaged)
    safety = restore(path.with_name("b.gpkg"), path)
    assert safety is not None
    assert safety.read_bytes() == damaged
    assert open_register(path).integrity() == []
    assert len(open_register(path).layer("doorplates")) == 2


def test_restore_refuses_an_unsound_source(register: Register, path: Path) -> None:
    source = path.with_name("b.gpkg")
    register.backup(source)
    content = bytearray(source.read_bytes())
    content[-4096 * 6 :] = b"\x55" * 4096 * 6
    source.write_bytes(content)
    with pytest.raises(RegisterError):
        restore(source, path)
    assert len(register.layer("doorplates")) == 2
    assert names(path) == {"r.gpkg", "b.gpkg"}


@pytest.mark.parametrize(("name", "content"), [("list.gpkg", None), ("list.xlsx", b"PK\x03\x04"), ("r.gpkg", None)])
def test_restore_replaces_nothing_but_a_register(
    register: Register, path: Path, name: str, content: bytes | None
) -> None:
    target = path.with_name(name)
    if content is not None:
        target.write_bytes(content)
    elif name != "r.gpkg":
        target.mkdir()
    with pytest.raises(RegisterError):
        restore(path, target)
    assert len(register.layer("doorplates")) == 2
    assert content is None or target.read_bytes() == content
