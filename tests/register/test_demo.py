"""The demo: the sample's files taken over, checked, and compared with what is known to be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from register.cases import demo
from register.store import open_register
from rulebook.errors import CallError


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> demo.DemoResult:
    return demo.build_demo(tmp_path_factory.mktemp("demo"))


def test_the_findings_are_exactly_those_planted(result: demo.DemoResult) -> None:
    assert [(crash.rule.code, crash.error) for crash in result.report.crashes] == []
    assert result.missing == ()
    assert result.surplus == ()
    assert result.sound


def test_every_file_comes_in_whole_but_the_broken_one(result: demo.DemoResult) -> None:
    assert [taken.file for taken in result.imports if not taken.as_due] == []
    refused = [taken for taken in result.imports if taken.refusal is not None]
    assert [taken.file for taken in refused] == ["doorplates_truncated.xlsx"]
    sentence = refused[0].refusal
    assert sentence is not None
    assert "doorplates_truncated.xlsx" in sentence.text.zh
    assert "doorplates_truncated.xlsx" in sentence.text.en


def test_the_broken_file_leaves_the_register_as_it_was(result: demo.DemoResult) -> None:
    register = open_register(result.register)
    try:
        plates = register.layer("doorplates")
        read = sum(part.read for taken in result.imports for part in taken.results if part.layer == "doorplates")
        assert len(plates) == read
        assert not plates["id"].duplicated().any()
        assert register.integrity() == []
    finally:
        register.close()


def test_a_demo_is_made_anew_in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = tmp_path / "sample"
    sample.mkdir()
    for name in ("marker_witnesses.csv", "expected.csv"):
        (sample / name).write_bytes((demo.SAMPLE / name).read_bytes())
    (sample / "manifest.toml").write_text(
        'today = "2026-06-01"\nprofile = "zhejiang/shengzhou"\ncrs = "EPSG:4549"\nexpected = "expected.csv"\n'
        '[[file]]\npath = "marker_witnesses.csv"\n',
        encoding="utf-8",
    )
    folder = tmp_path / "new" / "folder"
    first = demo.build_demo(folder, sample=sample)
    (folder / "my notes.txt").write_text("mine", encoding="utf-8")
    again = demo.build_demo(folder, sample=sample)
    assert first.register == again.register
    assert again.imports[0].results[0].added == again.imports[0].results[0].read
    assert (folder / "my notes.txt").read_text(encoding="utf-8") == "mine"
    assert again.missing
    assert not again.sound


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(CallError) as refused:
        demo.build_demo(tmp_path)
    assert "--dir" in refused.value.text.zh
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine", encoding="utf-8")
    with pytest.raises(CallError):
        demo.build_demo(tmp_path / "demo")
    assert (tmp_path / "demo").read_text(encoding="utf-8") == "mine"
