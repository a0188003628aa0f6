"""Reports in every form hold the same findings, and text from the data runs nowhere."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
import shapely

from register import catalogue
from register.exchange import findings
from register.exchange.findings import document, documents, flat, write_report
from rulebook.errors import CallError, FileError
from rulebook.language import Text
from rulebook.report import Crash, NotRun, Report
from tests import case_files

RULE = catalogue.rule("NAM102")
HOSTILE = '=滨 江<script>alert(1)</script>"路'
KEYS = {
    "rule", "level", "layer", "record_id", "related", "message", "evidence", "fix", "safety", "remedy", "fingerprint", "geometry",
}  # fmt: skip


@pytest.fixture
def report() -> Report:
    """Three faulty names, one of them without a geometry, one that means harm."""
    records = {
        "place_names": [
            {"id": "p1", "name": "剡 溪", "kind": "natural", "geometry": "POINT (580000 3270000)"},
            {"id": "p2", "name": HOSTILE, "kind": "natural"},
        ],
        "roads": [{"id": "r1", "name": "滨 江路", "geometry": "LINESTRING (580000 3270000, 580100 3270000)"}],
    }
    done = case_files.check(RULE, case_files.layers_of(records), {})
    return replace(
        done,
        not_run=(NotRun(catalogue.rule("NAM101"), Text("缺<图层>", "layer <missing>")),),
        crashes=(Crash(RULE, "ValueError: <x>", "trace"),),
    )


def test_a_finding_as_the_contract_says(report: Report) -> None:
    first = next(iter(report))
    told = document(first, "zh", report.crs)
    assert set(told) >= KEYS
    assert told["fix"] == [
        {"layer": "place_names", "record_id": "p1", "field": "name", "before": "剡 溪", "after": "剡溪"}
    ]
    assert (told["level"], told["safety"], told["remedy"]) == ("warning", "safe", "desk")
    assert told["geometry"]["type"] == "Point"
    assert told["geometry"]["coordinates"] == pytest.approx([120.825, 29.545], abs=0.01)
    assert json.loads(json.dumps(told)) == told
    assert document(first, "en", report.crs)["message"].startswith("The name")


@pytest.mark.parametrize("portion", [1, 2, 1000])
def test_streaming_gives_the_same_as_one_by_one(report: Report, monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    monkeypatch.setattr(findings, "PORTION", portion)
    assert list(documents(report, "zh")) == [document(one, "zh", report.crs) for one in report]


def test_json_lines_end_with_the_summary(report: Report, tmp_path: Path) -> None:
    assert write_report(report, "jsonl", tmp_path / "f.jsonl", "zh", seconds=1.5) == {"warning": 3}
    lines = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines()]
    assert [line["record_id"] for line in lines[:-1]] == ["p1", "p2", "r1"]
    assert lines[1]["geometry"] is None
    assert lines[-1] == {
        "summary": {
            "records": 3, "findings": 3, "by_rule": {"NAM102": 3}, "not_run": [{"rule": "NAM101", "reason": "缺<图层>"}],
            "crashed": [{"rule": "NAM102", "error": "ValueError: <x>"}], "seconds": 1.5,
        }
    }  # fmt: skip


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(report: Report, tmp_path: Path) -> None:
    names = {"place_names": [{"id": "=p1", "name": "剡 溪", "kind": "natural"}]}
    hostile = case_files.check(RULE, case_files.layers_of(names), {})
    write_report(hostile, "csv", tmp_path / "f.csv", "zh")
    data = (tmp_path / "f.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(data.decode("utf-8-sig").splitlines())
    assert row["record_id"] == "'=p1"
    assert row["fix"] == "place_names:=p1 name: 剡 溪 → 剡溪"
    write_report(report, "csv", tmp_path / "f.csv", "zh")
    rows = list(csv.DictReader((tmp_path / "f.csv").read_text("utf-8-sig").splitlines()))
    assert [row["record_id"] for row in rows] == ["p1", "p2", "r1"]
    assert [bool(row["lon"]) for row in rows] == [True, False, True]


def test_the_page_shows_text_as_text(report: Report, tmp_path: Path) -> None:
    for lang, word in (("zh", "警告"), ("en", "warning")):
        write_report(report, "html", tmp_path / "f.html", lang)
        page = (tmp_path / "f.html").read_text("utf-8")
        assert "<script" not in page
        assert "alert(1)" in page
        assert page.count('<td class="record">') == 3
        assert word in page
        assert "NAM101" in page
        assert "&lt;x&gt;" in page
        assert "http" not in page.replace("http-equiv", "")


def test_the_table_says_what_was_found_and_what_was_not_run(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    write_report(report, "table", None, "zh")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("警告  NAM102  place_names:p1  名称“剡 溪”")
    assert "共检查 3 条记录，发现 3 处" in lines[3]
    assert lines[4] == "未运行（缺<图层>）：NAM101"


@pytest.mark.parametrize("portion", [1, 2000])
def test_a_geopackage_of_findings(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(findings, "PORTION", portion)
    monkeypatch.setattr(findings, "GPKG_PORTION", portion)
    for _ in range(2):
        assert write_report(report, "gpkg", tmp_path / "f.gpkg", "zh") == {"warning": 3}
        table = pyogrio.read_dataframe(tmp_path / "f.gpkg", layer="findings")
        assert table["record_id"].tolist() == ["p1", "p2", "r1"]
        assert table["rule"].unique().tolist() == ["NAM102"]
        assert table.crs == "EPSG:4490"
        assert [None if shape is None else shape.geom_type for shape in table.geometry] == [
            "Point",
            None,
            "LineString",
        ]
        assert shapely.get_coordinates(table.geometry)[0] == pytest.approx([120.825, 29.545], abs=0.01)


def test_a_geopackage_never_takes_the_place_of_another_file(report: Report, tmp_path: Path) -> None:
    other = tmp_path / "county.gpkg"
    empty = case_files.layers_of({})["roads"]
    pyogrio.write_dataframe(empty, other, layer="roads", geometry_type="LineString")
    before = other.read_bytes()
    with pytest.raises(FileError):
        write_report(report, "gpkg", other, "zh")
    assert other.read_bytes() == before
    for wrong in (None, tmp_path / "f.csv"):
        with pytest.raises(CallError):
            write_report(report, "gpkg", wrong, "zh")


def test_no_findings_still_make_a_whole_file(tmp_path: Path) -> None:
    clean = case_files.run_case(RULE, {"name": "剡溪"}, {})
    for form in ("jsonl", "csv", "html", "table", "gpkg"):
        assert write_report(clean, form, tmp_path / f"f.{form}", "en") == {}
        assert (tmp_path / f"f.{form}").stat().st_size > 0
    assert pyogrio.read_dataframe(tmp_path / "f.gpkg").empty


def test_what_was_there_stays_when_writing_fails(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.csv").write_text("old")
    monkeypatch.setattr(findings, "flat", lambda one: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(report, "csv", tmp_path / "f.csv", "zh")
    assert (tmp_path / "f.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"]
    with pytest.raises(FileError):
        write_report(report, "csv", tmp_path / "none" / "f.csv", "zh")


def test_lists_for_people_mask_telephones_in_repairs() -> None:
    address = {"text": "嵊州市剡溪路1号 13800138000"}
    done = case_files.run_case(catalogue.rule("ADR103"), address, {})
    (told,) = documents(done, "zh")
    assert told["fix"][0]["before"].endswith("13800138000")
    assert "13800138000" not in repr(flat(told))
    assert "剡溪路1号" in flat(told)["fix"]
