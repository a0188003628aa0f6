"""``diming name test --sheet``, ``sheet``, ``recheck``: a numbered sheet that can be judged again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import shapely
from pyproj import CRS

from register.cli import diming
from register.store import create_register, opened
from rulebook.changes import ChangeSet, edits_frame
from tests import case_files

SQUARE = "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))"
ROWS = {
    "roads": [{"id": "a", "name": "剡溪路"}],
    "divisions": [{"code": "330683100201", "name": "甲村", "geometry": SQUARE}],
    "areas": [{"id": "A1", "geometry": SQUARE}],
}
AT = ("--at", "120.8316,29.5502")


@pytest.fixture
def register(tmp_path: Path) -> str:
    path = tmp_path / "county.gpkg"
    frames = case_files.layers_of(
        {name: [{**case_files.DEFAULTS.get(name, {}), **row} for row in several] for name, several in ROWS.items()}
    )
    kept = create_register(str(path), "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name in ROWS:
        kept.put(name, frames[name], actor="test", reason="test")
    kept.close()
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = diming.run(["name", *words])
    out, err = capsys.readouterr()
    return code, out, err


def kept(capsys: pytest.CaptureFixture[str], register: str, *names: str) -> list[dict[str, object]]:
    code, out, err = run(
        capsys, "test", *names, "--kind", "road", "--register", register, *AT,
        "--sheet", "--actor", "张三", "--today", "2026-11-24", "--format", "json",
    )  # fmt: skip
    assert code == 0, err
    said = json.loads(out)
    return said if isinstance(said, list) else [said]


def test_several_names_have_a_verdict_each_and_one_number(capsys: pytest.CaptureFixture[str], register: str) -> None:
    said = kept(capsys, register, "剡溪路", "剡西路", "锦绣路")
    assert [one["verdict"] for one in said] == ["fail", "warn", "pass"]
    assert {one["number"] for one in said} == {"pretest-2026-0001"}
    assert kept(capsys, register, "锦绣路")[0]["number"] == "pretest-2026-0002"


def test_the_sheet_is_written_in_both_forms(capsys: pytest.CaptureFixture[str], register: str, tmp_path: Path) -> None:
    kept(capsys, register, "剡西路")
    docx, html = tmp_path / "sheet.docx", tmp_path / "sheet.html"
    assert run(capsys, "sheet", register, "pretest-2026-0001", "--docx", str(docx), "--html", str(html))[0] == 0
    text = html.read_text(encoding="utf-8")
    for told in (
        "pretest-2026-0001",
        "剡西路",
        "Shànxī Lù",
        "剡溪路",
        "2026年11月24日",
        "规则目录版本",
        "data:image/png",
    ):
        assert told in text, told
    with zipfile.ZipFile(docx) as packed:
        assert any(name.startswith("word/media/") for name in packed.namelist())
        assert "剡西路" in packed.read("word/document.xml").decode()


def test_rechecking_tells_what_changed_since(capsys: pytest.CaptureFixture[str], register: str) -> None:
    kept(capsys, register, "锦绣路", "剡西路")
    again = ("recheck", register, "pretest-2026-0001", "--today", "2026-11-25", "--format", "json")
    code, out, _ = run(capsys, *again)
    assert (code, json.loads(out)["same"]) == (0, True)
    with opened(register) as changed:
        changed.apply(ChangeSet(edits_frame([("roads", "a", "name", "剡溪路", "锦秀路")]), "李四", "更名"))
    code, out, _ = run(capsys, *again)
    said = json.loads(out)
    assert (code, said["same"]) == (1, False)
    assert [(one["name"], one["before"], one["now"]) for one in said["names"]] == [
        ("锦绣路", "pass", "warn"), ("剡西路", "warn", "pass"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("test", "剡溪路", "--kind", "road", "--sheet"),
        ("test", "剡溪路", "剡溪路", "--kind", "road"),
        ("test", "剡溪路", "--kind", "road", "--width-m", "-1"),
        ("sheet", "REG", "pretest-2026-0009", "--docx", "x.docx"),
        ("sheet", "REG", "pretest-2026-0009"),
        ("recheck", "REG", "pretest-2026-0009"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    capsys: pytest.CaptureFixture[str], register: str, words: tuple[str, ...]
) -> None:
    given = [register if word == "REG" else word for word in words]
    code, out, err = run(capsys, *given, *(("--register", register) if words[0] == "test" else ()))
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1 and "Traceback" not in err


def test_nothing_is_written_without_sheet(capsys: pytest.CaptureFixture[str], register: str) -> None:
    with opened(register) as before:
        revision = before.revision
    assert run(capsys, "test", "剡溪路", "--kind", "road", "--register", register, *AT)[0] == 0
    with opened(register) as after:
        assert after.revision == revision
        assert shapely.is_valid(after.layer("roads").geometry.to_numpy()).all()
