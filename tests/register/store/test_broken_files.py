"""Files that are no register, or no longer one: a sentence each, and the file is left as it is."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest

from register.store import create_register, open_register
from register.store.connection import DamagedRegisterError, connected
from rulebook.errors import DimingError, RegisterError
from tests.register.store.conftest import BY, METRIC, PROFILE, plates, run_python


@pytest.fixture
def path(tmp_path: Path) -> Path:
    register = create_register(tmp_path / "r.gpkg", PROFILE, METRIC)
    register.put("doorplates", plates([f"p{number}" for number in range(300)]), **BY)
    return tmp_path / "r.gpkg"


def test_no_register(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="diming init"):
        open_register(tmp_path / "none.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="not a file"):
        open_register(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.gpkg").write_bytes(content)
    with pytest.raises(DamagedRegisterError):
        open_register(tmp_path / "r.gpkg")
    assert (tmp_path / "r.gpkg").read_bytes() == content


def test_another_database(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.gpkg")
    other.execute("CREATE TABLE roads (id)")
    other.commit()
    other.close()
    with pytest.raises(RegisterError, match="diming import"):
        open_register(tmp_path / "other.gpkg")


def test_a_newer_register(path: Path) -> None:
    with connected(path) as connection:
        connection.execute("UPDATE register_info SET value = '2' WHERE name = 'format'")
    with pytest.raises(RegisterError, match="newer version"):
        open_register(path)


@pytest.mark.parametrize("missing", ["profile", "crs", "format"])
def test_a_register_that_does_not_say_what_it_is(path: Path, missing: str) -> None:
    with connected(path) as connection:
        connection.execute("DELETE FROM register_info WHERE name = ?", (missing,))
    with pytest.raises(RegisterError, match="not a register"):
        open_register(path)


def test_a_table_is_gone(path: Path) -> None:
    with connected(path) as connection:
        connection.execute("DROP TABLE doorplates")
    with pytest.raises(RegisterError, match="doorplates"):
        open_register(path).layer("doorplates")


@pytest.mark.parametrize("seed", range(8))
def test_damaged_pages_give_a_sentence_and_never_another_error(path: Path, seed: int) -> None:
    content = bytearray(path.read_bytes())
    start = 4096 * (1 + seed * (len(content) // 4096 - 20) // 8)
    content[start : start + 4096 * 15] = bytes([seed * 31 & 0xFF]) * (4096 * 15)
    path.write_bytes(content)
    try:
        register = open_register(path)
        faults = register.integrity()
    except DimingError as fault:
        faults = [fault.text]
    assert faults
    assert all(fault.zh and fault.en for fault in faults)


def test_a_truncated_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DimingError):
        open_register(path).layers()["doorplates"]


def test_an_existing_file_is_not_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(RegisterError, match="exists"):
        create_register(path, PROFILE, METRIC)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["r.gpkg"]


@pytest.mark.parametrize("name", ["r.txt", "nowhere/r.gpkg"])
def test_places_where_no_register_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(RegisterError):
        create_register(tmp_path / name, PROFILE, METRIC)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_of_an_earlier_register_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "r.gpkg-wal").write_bytes(b"left over")
    with pytest.raises(RegisterError, match=r"r\.gpkg-wal"):
        create_register(tmp_path / "r.gpkg", PROFILE, METRIC)


def test_postgis_is_not_supported_yet() -> None:
    with pytest.raises(RegisterError, match="PostGIS"):
        open_register("postgresql://localhost/register")


READ_ONLY = """
import os, sys
from pathlib import Path
from register.store import create_register
from rulebook.errors import RegisterError
from tests.register.store.conftest import BY, METRIC, plates
path = Path(sys.argv[1]) / "r.gpkg"
register = create_register(path, "p", METRIC)
register.put("doorplates", plates(["a"]), **BY)
path.chmod(0o444)
if os.geteuid() == 0:
    path.parent.chmod(0o777)
    os.setuid(65534)
assert len(register.layer("doorplates")) == 1
try:
    register.put("doorplates", plates(["b"]), **BY)
except RegisterError as fault:
    print(fault.text.en)
for attempt in (lambda: register.backup(Path("/proc/b.gpkg")), lambda: create_register(Path("/proc/r.gpkg"), "p", METRIC)):
    try:
        attempt()
    except RegisterError as fault:
        print(fault.text.en)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="file permissions of Linux")
def test_where_writing_is_not_allowed_a_sentence_says_so() -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = run_python(READ_ONLY, folder)
    assert done.returncode == 0, done.stderr
    put, backup, create = done.stdout.splitlines()
    assert "read-only" in put
    assert "/proc/b.gpkg cannot be" in backup
    assert "/proc/r.gpkg cannot be" in create
