"""The desk: findings in step with the data, a repair accepted and taken back, nothing private shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyproj import CRS

from register.cases.checking import check
from register.cases.review import Review
from register.store import create_register, opened
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, StaleEditError
from tests.case_files import layers_of
from tests.flows import plain_county

RECORDS = {
    "divisions": [
        {
            "code": "330683001000", "name": "剡湖街道", "level": "township", "kind": "街道", "parent_code": "330683000000",
            "geometry": "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))",
        }
    ],
    "roads": [
        {
            "id": "r1", "name": "滨 江路", "status": "in_use", "division_code": "330683001000",
            "geometry": "LINESTRING (580000 3270000, 580500 3270000)",
        },
        {
            "id": "r2", "name": "剡溪路", "status": "in_use", "division_code": "330683001000",
            "geometry": "LINESTRING (580000 3271000, 580500 3271000)",
        },
    ],
    "doorplates": [
        {
            "id": "p1", "kind": "road", "road_id": "r2", "number": "1", "division_code": "330683001000", "status": "in_use",
            "owner_name": "张三", "phone": "00012345678", "geometry": "POINT (580010 3271005)",
        }
    ],
}  # fmt: skip


@pytest.fixture
def review(tmp_path: Path) -> Review:
    path = tmp_path / "county.gpkg"
    create_register(path, "zhejiang/shengzhou", CRS("EPSG:4549")).close()
    frames = layers_of(RECORDS)
    with opened(path) as register:
        for layer in RECORDS:
            register.put(layer, frames[layer], actor="tester", reason="first import")
    return Review(str(path), today="2026-06-01")


def one(review: Review, rule: str = "NAM102") -> dict:
    found, total = review.findings(rule=rule)
    assert total == 1
    return found[0]


def test_accept_shrinks_the_list_is_logged_and_taken_back(review: Review) -> None:
    before = review.summary()["total"]
    blank = one(review)
    outcome = review.accept(blank["fingerprint"], actor="王工")
    assert blank["fingerprint"] in outcome["gone"]
    assert review.summary()["total"] == before - len(outcome["gone"]) + len(outcome["new"])
    newest = review.log(1)[0]
    assert (newest["actor"], newest["record_id"], newest["after"]) == ("王工", "r1", "滨江路")
    assert "NAM102" in newest["reason"]
    undone = review.undo(outcome["change_id"], actor="王工")
    assert blank["fingerprint"] in undone["new"]
    assert review.summary()["total"] == before


def test_findings_follow_changes_made_elsewhere(review: Review) -> None:
    assert one(review)
    edit = edits_frame([("roads", "r1", "name", "滨 江路", "滨江路")])
    with opened(review.address) as register:
        register.apply(ChangeSet(edit, "other", "by another program"))
    assert review.findings(rule="NAM102") == ([], 0)


def test_findings_in_step_equal_those_of_a_new_desk(review: Review) -> None:
    review.refresh()
    review.accept(one(review)["fingerprint"], actor="王工")
    kept = {finding["fingerprint"] for finding in review.findings()[0]}
    with opened(review.address) as register:
        register.keep_findings([], {"revision": -1, "today": "", "codes": [], "not_run": [], "crashed": []})
    fresh = Review(review.address, today="2026-06-01")
    assert {finding["fingerprint"] for finding in fresh.findings()[0]} == kept


def test_a_finding_that_is_gone_says_so(review: Review) -> None:
    blank = one(review)
    review.accept(blank["fingerprint"], actor="王工")
    with pytest.raises(CallError):
        review.accept(blank["fingerprint"], actor="李工")


def test_a_value_changed_meanwhile_is_never_overwritten(review: Review) -> None:
    blank = one(review)
    edit = edits_frame([("roads", "r1", "name", "滨 江路", "江滨路")])
    with opened(review.address) as register:
        stale = ChangeSet(edits_frame([("roads", "r1", "name", "滨 江路", "滨江路")]), "late", "stale")
        register.apply(ChangeSet(edit, "other", "by another program"))
        with pytest.raises(StaleEditError):
            register.apply(stale)
    with pytest.raises(CallError):
        review.accept(blank["fingerprint"], actor="王工")
    assert review.record("roads", "r1")["fields"][1]["value"] == "江滨路"


def test_filters_narrow_the_list(review: Review) -> None:
    blank = one(review)
    assert review.findings(township="330683001", rule="NAM102")[1] == 1
    assert review.findings(township="330683999")[1] == 0
    assert review.findings(text="滨 江路", rule="NAM102")[1] == 1
    west, south, east, north = blank["bbox"]
    assert review.findings(rule="NAM102", bbox=(west, south, east, north))[1] == 1
    assert review.findings(rule="NAM102", bbox=(east + 0.01, south, east + 0.02, north))[1] == 0
    assert review.findings(offset=0, limit=1)[1] == review.summary()["total"]


def test_personal_values_are_masked_in_records_and_history(review: Review) -> None:
    told = (
        repr(review.record("doorplates", "p1")) + repr(review.log()) + repr(review.layer_geojson("doorplates", zoom=18))
    )
    assert "张三" not in told
    assert "00012345678" not in told
    assert "***" in told


def test_telephones_inside_address_texts_are_masked_too(review: Review) -> None:
    address = {"id": "a1", "text": "嵊州市剡湖街道剡溪路1号 13800138000", "status": "current"}
    with opened(review.address) as register:
        register.put("addresses", layers_of({"addresses": [address]})["addresses"], actor="tester", reason="import")
    cleaned = next(one for one in review.findings(rule="ADR103")[0] if one["record_id"] == "a1")
    review.accept(cleaned["fingerprint"], actor="王工")
    told = repr(review.record("addresses", "a1")) + repr(review.log())
    assert "13800138000" not in told
    assert "剡溪路1号" in told


def test_choices_of_a_gap_name_who_gets_the_ground(tmp_path: Path) -> None:
    frames = {"divisions": plain_county.clean()["divisions"]}
    plain_county.board_with_edge("330683001002", (1995, 0), (1995, 2000))(frames)
    path = tmp_path / "gap.gpkg"
    create_register(path, "zhejiang/shengzhou", CRS("EPSG:4549")).close()
    with opened(path) as register:
        register.put("divisions", frames["divisions"].set_index("code", drop=False), actor="tester", reason="import")
    gap = Review(str(path), today="2026-06-01")
    found = gap.finding(one(gap, "BND301")["fingerprint"])
    meanings = {choice["zh"] for choice in found["choices"].values()}
    assert meanings == {"归西前社区", "归殿前村", "从中间分开", "有争议：界线不动，登记为争议地段"}
    for option, edits in found["alternatives"].items():
        shown = {shape["record_id"] for shape in gap.finding(found["fingerprint"], option)["shapes"]}
        assert shown == {edit["record_id"] for edit in edits if edit["field"] == "geometry"}
    for option in found["alternatives"]:
        outcome = gap.accept(found["fingerprint"], actor="王工", option=option)
        assert found["fingerprint"] in outcome["gone"]
        gap.undo(outcome["change_id"], actor="王工")


def test_map_layers_come_in_degrees_and_by_view(review: Review) -> None:
    roads = review.layer_geojson("roads")
    assert {feature["id"] for feature in roads["features"]} == {"r1", "r2"}
    west, south, east, north = review.extent()
    assert 120 < west < east < 121
    assert 29 < south < north < 30
    assert review.layer_geojson("roads", (0, 0, 1, 1))["features"] == []
    assert review.layer_geojson("doorplates", zoom=10) == {
        "type": "FeatureCollection", "features": [], "from_zoom": 15, "truncated": False,
    }  # fmt: skip


def test_exempt_findings_stay_away_until_their_facts_change(review: Review) -> None:
    review.refresh()
    with opened(review.address) as register:
        finding = next(one for one in check(register, today="2026-06-01") if one.rule.code == "NAM102")
        record = {
            "rule": "NAM102", "record_id": "r1", "fact_hash": finding.fact_hash, "reason": "历史名称", "actor": "王工",
        }  # fmt: skip
        register.put("exemptions", layers_of({"exemptions": [record]})["exemptions"], actor="王工", reason="exemption")
    assert review.findings(rule="NAM102")[1] == 0
    with opened(review.address) as register:
        edit = edits_frame([("roads", "r1", "name", "滨 江路", "滨 江 路")])
        register.apply(ChangeSet(edit, "other", "changed facts"))
    assert review.findings(rule="NAM102")[1] == 1
