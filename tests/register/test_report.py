"""The year's figures count what they say, and the quality card tells grade, trend and what moved it."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import pytest
from docx import Document
from pyproj import CRS

from register import catalogue
from register.cases import casebook, plate_papers, plate_trips, report, report_charts, report_quality, review
from register.cases.casebook import open_case
from register.cases.plate_facts import Choice
from register.cases.plate_trips import Answer, Wanted
from register.cases.report_figures import figures
from register.people import Person, Role
from register.store import create_register
from rulebook.errors import CallError
from tests.case_files import layers_of

TODAY = "2026-11-30"
OFFICER = Person("李敏", Role.OFFICER)
SQUARE = "MULTIPOLYGON (((580000 3270000, 581000 3270000, 581000 3271000, 580000 3271000, 580000 3270000)))"
PLATE = {"kind": "road", "road_id": "r1", "division_code": "330683001001", "status": "in_use"}
PROBLEM = {"batch": "国家库2026", "received_on": "2026-02-01", "layer": "doorplates"}
LAYERS = {
    "divisions": [
        {"code": "330683000000", "name": "嵊州市", "level": "county", "geometry": SQUARE},
        {"code": "330683001000", "name": "剡湖街道", "level": "township", "parent_code": "330683000000", "geometry": SQUARE},
        {"code": "330683001001", "name": "城隍社区", "level": "village", "parent_code": "330683001000", "geometry": SQUARE},
    ],
    "roads": [
        {"id": "r1", "name": "官河路", "approved_on": "2026-03-05"},
        {"id": "r2", "name": "剡兴路", "approved_on": "2026-04-05"},
        {"id": "r3", "name": "老街", "approved_on": "1988-01-01"},
    ],
    "doorplates": [
        {"id": "a", "number": "1", "issued_on": "2026-01-09", "plate_code": "830012026200001", **PLATE},
        {"id": "b", "number": "3", "issued_on": "2026-12-31", **PLATE},
        {"id": "c", "number": "5", "issued_on": "2025-12-31", **PLATE},
        {"id": "d", "number": "7", "issued_on": "2026-05-01", **PLATE, "status": "reserved"},
        {"id": "e", "number": "9", "valid_to": "2026-06-01", **PLATE, "status": "cancelled"},
    ],
    "markers": [{"id": "m1", "number": "1", "line_codes": "L1;L2;L3", "type_code": "S", "division_codes": "a;b;c", "status": "intact"}],
    "inspections": [
        {"id": "i1", "marker_id": "m1", "inspected_on": "2026-05-01", "condition": "lost"},
        {"id": "i2", "marker_id": "m1", "inspected_on": "2026-06-01", "condition": "intact", "line_code": "L1"},
        {"id": "i3", "marker_id": "m2", "inspected_on": "2026-06-01", "condition": "damaged", "line_code": "L9"},
        {"id": "i4", "inspected_on": "2026-06-02", "condition": "not_found", "line_code": "L9"},
        {"id": "i5", "marker_id": "m1", "inspected_on": "2025-06-02", "condition": "intact"},
    ],
    "returned_problems": [
        {**PROBLEM, "row_no": "1", "fix_state": "applied", "verdict": "confirmed", "record_id": "a"},
        {**PROBLEM, "row_no": "2", "fix_state": "open", "verdict": "already_fixed", "record_id": "b"},
        {**PROBLEM, "row_no": "3", "fix_state": "rejected", "verdict": "confirmed"},
        {**PROBLEM, "row_no": "4", "fix_state": "open", "verdict": "not_ours"},
        {**PROBLEM, "row_no": "5", "fix_state": "open", "verdict": "confirmed", "rule": "DOR304"},
        {**PROBLEM, "row_no": "6", "received_on": "2025-02-01", "verdict": "confirmed"},
        {**PROBLEM, "batch": "城管工单7月", "row_no": "1", "fix_state": "applied", "verdict": "confirmed"},
        {**PROBLEM, "batch": "城管工单7月", "row_no": "2", "fix_state": "open", "verdict": "confirmed"},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def few_rules(monkeypatch):
    """The card is the same for any rules; a few are quick."""
    few = tuple(rule for rule in catalogue.RULES if rule.code in ("DOR304", "NAM102"))
    monkeypatch.setattr(review, "catalogue", SimpleNamespace(RULES=few))
    monkeypatch.setattr(review, "rules_reading", lambda layers: few)


@pytest.fixture
def register(tmp_path):
    made = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", CRS(4549))
    rows = dict(LAYERS)
    rows["roads"] = [
        {"status": "in_use", "geometry": "LINESTRING (580000 3270000, 580500 3270000)", **one} for one in rows["roads"]
    ]
    rows["doorplates"] = [
        {"geometry": f"POINT ({580010 + 40 * place} 3270010)", **one} for place, one in enumerate(rows["doorplates"])
    ]
    rows["markers"] = [{"geometry": "POINT (580000 3270000)", **one} for one in rows["markers"]]
    rows["inspections"] = [{"geometry": "POINT (580000 3270000)", **one} for one in rows["inspections"]]
    for name, frame in layers_of(rows).items():
        made.put(name, frame, actor="导入", reason="导入")
    return made


def naming(register, title, state="announced", **columns):
    return open_case(register, "naming", title, state=state, actor="x", today="2026-03-01", **columns)


def values(register, year=2026):
    return {one.key: one.value for one in figures(register, year)}


def test_names_are_counted_once_by_their_case_or_by_their_road(register):
    naming(register, "关于命名官河路的批复", approved_on="2026-03-05", filed_on="2026-03-20")
    naming(
        register,
        "关于命名东园小区的批复",
        approved_on="2026-06-05",
        announced_on="2026-06-20",
        body={"kind": "estate_building"},
    )
    naming(register, "关于命名新街的批复", approved_on="2026-07-05", body={"kind": "road"})
    naming(register, "退件", state="rejected", approved_on="2026-08-05")
    naming(register, "去年的路", approved_on="2025-12-31")
    told = values(register)
    assert {key: told[key] for key in ("names_approved", "roads_approved", "names_filed", "names_announced")} == {
        "names_approved": 4,  # 官河路, 东园小区, 新街 by their cases, 剡兴路 by its record
        "roads_approved": 3,
        "names_filed": 1,
        "names_announced": 1,
    }
    assert values(register, 2025)["names_approved"] == 1


def test_plates_problems_orders_and_markers(register):
    told = values(register)
    assert (told["plates_issued"], told["plates_cancelled"]) == (2, 1)
    assert [told[f"problems_{what}"] for what in ("received", "fixed", "refused", "open")] == [5, 2, 2, 1]
    assert (told["work_orders"], told["work_orders_done"]) == (2, 1)
    assert (told["markers_inspected"], told["marker_inspections"], told["markers_not_intact"], told["lines_inspected"]) == (2, 4, 1, 4)  # fmt: skip
    assert values(register, 2025)["problems_received"] == 1


def test_a_visit_is_a_trip_that_reached_a_point_and_is_counted_in_the_year_of_the_visit(register):
    wanted = Wanted(Choice(ids=("a", "b", "c")), any_plate=True)
    case, _ = plate_trips.plan_trip(register.address, wanted, OFFICER, today="2025-12-20")
    answers = {
        "a": Answer("confirmed", visited_on="2025-12-30"),
        "b": Answer("corrected_number", number="11"),
        "c": Answer("not_reached"),
    }
    plate_trips.take_in(register, case.id, answers, OFFICER, today="2026-01-05")
    assert [(values(register, year)["site_visits"], values(register, year)["site_points"]) for year in (2025, 2026)] == [(1, 1), (1, 1)]  # fmt: skip


def test_papers_signs_and_their_years(register):
    plate_papers.issue(register, ["b"], OFFICER, today=TODAY)
    sign = open_case(register, "sign", "不规范标志", state="found", actor="x", today="2025-12-01")
    casebook.step(register, sign, replace(sign, state="done", closed_on="2026-02-01"), actor="x", reason="y")
    told = values(register)
    assert (told["certificates"], told["signs_found"], told["signs_removed"]) == (1, 0, 1)


def test_the_paragraph_says_the_figures_and_leaves_out_what_did_not_happen(register):
    made = report.year_report(register.address, 2026, today=TODAY)
    assert made.text.zh.startswith("2026年，嵊州市批准地名 2 条，其中道路 2 条")
    assert "编制门牌 2 块" in made.text.zh and "收到反馈问题 5 条，已整改 2 条，不予采纳 2 条" in made.text.zh
    assert "标志" not in made.text.zh and "踏勘" not in made.text.zh
    assert "nothing was counted" in report.year_report(register.address, 1950, today=TODAY).text.en
    for year in (1900, 2027):
        with pytest.raises(CallError):
            report.year_report(register.address, year, today=TODAY)


def test_a_case_from_elsewhere_with_any_body_does_not_stop_the_report(register):
    for number, body in enumerate(("自由文字", "[1]", None)):
        for kind in ("plate-trip", "quality-card", "returned", "plate-order"):
            text = {"id": f"{kind}{number}", "kind": kind, "state": "x", "body": body}
            register.put("cases", layers_of({"cases": [text]})["cases"], actor="x", reason="y")
    assert values(register)["site_visits"] == 0
    assert report_quality.card(register.address, today=TODAY).before is None


def test_the_card_grades_townships_and_tells_what_moved_it(register):
    first = report_quality.card(register.address, today="2026-06-01")
    assert first.cells["330683001"]["certificates"] == report_quality.Cell(1, 3)
    assert first.grade("330683001", "certificates") == "none"
    assert first.grade("330683001", "addresses") == "nothing"
    assert first.trend("330683001", "plates") is None
    report_quality.keep(register, first, OFFICER)
    spoilt = {"id": "a", "number": "1", "plate_code": "830012026200001", **PLATE, "geometry": "POINT (580010 3270900)"}
    register.put("doorplates", layers_of({"doorplates": [spoilt]})["doorplates"], actor="x", reason="y")
    second = report_quality.card(register.address, today=TODAY)
    assert second.before == report_quality.Card(first.made_on, first.names, second.before.cells, first.bounds)
    assert second.trend("330683001", "plates") == pytest.approx(-1 / 4)
    assert ("DOR304", 1) in second.moved_by("330683001", "plates")
    assert any("DOR304" in line and "-25.0" in line for line in report.moves(second, "zh"))
    with pytest.raises(CallError):
        report_quality.keep(register, second, Person("读", Role.READER))


def test_all_forms_say_the_same(register):
    made = report.year_report(register.address, 2026, today=TODAY)
    told = json.loads(json.dumps(report.as_json(made, "zh")))
    assert told["figures"]["plates_issued"] == 2 and told["previous"]["plates_issued"] == 1
    assert [row["name"] for row in told["quality"]] == ["嵊州市", "剡湖街道"]
    page = report.paper(made, "zh", for_word=False).html()
    word = Document(BytesIO(report.paper(made, "zh", for_word=True).docx()))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    for text in (report.markdown(made, "zh"), page):
        assert made.text.zh in text and "编制门牌（块）" in text and "剡湖街道" in text
    assert {"编制门牌（块）", "剡湖街道"} <= cells and len(word.inline_shapes) == 1
    assert "doorplates issued" in report.markdown(made, "en")


def test_the_chart_has_a_bar_for_every_share(register):
    made = report_quality.card(register.address, today=TODAY)
    drawn, width, height = report_charts.marks(made, "zh")
    texts = [
        "".join(one.itertext())
        for one in ET.fromstring(report_charts.svg(made, "zh")).iter("{http://www.w3.org/2000/svg}text")
    ]
    empty = ("addresses", "linked")
    assert texts.count("剡湖街道") == len(report_quality.MEASURES) - len(empty)
    assert all(one.x + getattr(one, "width", 0) <= width and one.y <= height for one in drawn)
    assert report_charts.png(made).startswith(b"\x89PNG")
