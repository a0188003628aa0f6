"""``diming address parse``: the outputs of the outside contract, and a sentence for a wrong call."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyproj import CRS

from register.cases.addresses import COLUMNS
from register.cli import diming
from register.store import create_register
from tests import case_files


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = diming.run(["address", "parse", *words])
    out, err = capsys.readouterr()
    return code, out, err


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(
        '序号,地址,road,金额\n002,剡溪路128号,甲,-5\n001,"楼村3组12号, 负一楼",乙,\n003,,丙,+1\n', encoding="gb18030"
    )
    return path


def test_texts_without_a_register(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "嵊州市剡湖街道剡溪路128号", "楼村3组12号", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [row["plate_no"] for row in rows] == ["128", "12"]
    assert rows[0]["unknown"] == ["road"]
    assert rows[0]["standard_text"] == "嵊州市剡湖街道剡溪路128号"
    assert rows[1]["county"] is None
    assert set(rows[0]) == {"text", "why", "grade_why", *COLUMNS}


def test_texts_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "剡溪路128号", "--format", "csv")
    assert code == 0
    assert list(rows_of(out)[0]) == ["text", *COLUMNS]
    assert rows_of(out)[0]["plate_no"] == "128"


def test_a_file_keeps_its_rows_and_columns(capsys: pytest.CaptureFixture[str], listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    code, printed, _ = run(capsys, "--file", str(listed), "--column", "地址", "--out", str(out))
    assert (code, printed) == (0, "")
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [(row["序号"], row["地址"], row["road"], row["金额"]) for row in rows] == [
        ("002", "剡溪路128号", "甲", "-5"),
        ("001", "楼村3组12号, 负一楼", "乙", ""),
        ("003", "", "丙", "+1"),
    ]
    assert [row["parsed_road"] for row in rows] == ["剡溪路", "", ""]
    assert [row["village_group"] for row in rows] == ["", "3组", ""]
    assert rows[1]["floor"] == "'-1"  # a spreadsheet must not run it
    assert list(rows[0])[:4] == ["序号", "地址", "road", "金额"]
    assert len(rows[0]) == 4 + len(COLUMNS)


def test_the_address_column_is_found(capsys: pytest.CaptureFixture[str], listed: Path) -> None:
    code, out, _ = run(capsys, "--file", str(listed), "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["plate_no"] == "128"


def test_a_register_gives_links(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "county.gpkg"
    register = create_register(path, "zhejiang/shengzhou", CRS("EPSG:4549"))
    frames = case_files.layers_of(
        {
            "roads": [{**case_files.DEFAULTS["roads"], "id": "road-1"}],
            "doorplates": [{**case_files.DEFAULTS["doorplates"], "id": "p1", "number": "128"}],
        }
    )
    for layer in ("roads", "doorplates"):
        register.put(layer, frames[layer], actor="t", reason="t")
    register.close()
    code, out, _ = run(capsys, "剡溪路128号", "--register", str(path))
    row = json.loads(out)[0]
    assert code == 0
    assert (row["road_id"], row["doorplate_id"], row["grade"], row["division_code"]) == (
        "road-1",
        "p1",
        "A",
        "330683100201",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "二者取一"),
        (("剡溪路1号", "--file", "x.csv"), "二者取一"),
        (("剡溪路1号", "--column", "地址"), "--file"),
        (("--file", "没有.csv"), "没有.csv"),
        (("--register", "没有.gpkg", "剡溪路1号"), "没有.gpkg"),
    ],
)
def test_a_wrong_call_is_one_sentence(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_an_unknown_column_names_those_there_are(capsys: pytest.CaptureFixture[str], listed: Path) -> None:
    code, _, err = run(capsys, "--file", str(listed), "--column", "住址")
    assert code == 2
    assert "序号、地址、road、金额" in err


def test_the_file_that_is_read_is_never_overwritten(capsys: pytest.CaptureFixture[str], listed: Path) -> None:
    before = listed.read_bytes()
    code, _, _ = run(capsys, "--file", str(listed), "--out", str(listed))
    assert code == 2
    assert listed.read_bytes() == before
