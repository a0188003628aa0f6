"""Convention, reservation, renumbering in stages and lineage, from the words of a call to the register."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from register.cases import numbering, numbering_stages
from register.exchange.plans import read_plan, write_plan
from register.store import opened
from rulebook.errors import CallError
from tests.case_files import METRIC, layers_of
from tests.register.cli.conftest import Outcome

Cli = Callable[..., Outcome]
ROOT = Path(__file__).parents[3]
LINE = "LINESTRING (580000 3270000, 580500 3270000)"
BY = ("--actor", "王芳", "--reason", "新建")
TODAY = ("--today", "2026-06-01")


def at(x: float, y: float) -> str:
    point = gpd.GeoSeries([shapely.Point(x, y)], crs=METRIC).to_crs("EPSG:4490")[0]
    return f"{point.x:.9f},{point.y:.9f}"


@pytest.fixture
def street(tmp_path: Path, cli: Cli) -> Path:
    """A road whose plates tell its convention, one number against the order, one plate on the other side."""
    path = tmp_path / "county.gpkg"
    assert cli("init", path).code == 0
    places = [(str(n), 10 * n, 1 if n % 2 else -1) for n in range(1, 17)] + [("45", 85, 1), ("20", 190, 1)]
    plates = [
        {
            "id": f"p{number}",
            "number": number,
            "road_id": "r",
            "geometry": f"POINT ({580000 + x} {3270000 + 10 * side})",
        }
        for number, x, side in places
    ]
    records = {
        "roads": [{"id": "r", "name": "剡溪路", "status": "in_use", "geometry": LINE}],
        "place_names": [{"id": "v", "name": "北塘村", "kind": "natural_village", "geometry": "POINT (580100 3270300)"}],
        "divisions": [{"code": "330683100201", "geometry": "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3269000))"}],
        "doorplates": [{"kind": "road", "division_code": "330683100201", "status": "in_use", **one} for one in plates],
        "addresses": [{"id": f"a{n}", "text": "剡溪路45号", "doorplate_id": "p45", "status": "current"} for n in (1, 2)],
    }  # fmt: skip
    common = {
        "divisions": {"name": "甲村", "level": "village"},
        "place_names": {"division_code": "330683100201", "status": "in_use"},
    }
    with opened(path) as register:
        for name, rows in records.items():
            filled = [{**common.get(name, {}), **row} for row in rows]
            register.put(name, layers_of({name: filled})[name], actor="tester", reason="first import")
    return path


def test_convention_tells_practice_and_who_is_against_it(street: Path, cli: Cli) -> None:
    (row,) = cli("plate", "convention", street, "--road", "r", "--format", "json").json
    assert (row["numbering"], row["source"], row["starts"], row["sides"]) == ("odd_left", "plates", "start", "both")
    assert {one["number"] for one in row["against"]} == {"45", "20"}
    assert row["plates"] == 18
    assert 0.7 < row["confidence"] < row["share"] < 1
    assert row["spacing_m"] == pytest.approx(10, abs=1)
    assert cli("plate", "convention", street, "--format", "json").json == [row]
    assert "左单右双" in cli("plate", "convention", street).out


def test_a_reserved_number_is_not_given_to_the_next_officer(street: Path, cli: Cli) -> None:
    call = (
        "plate",
        "propose",
        street,
        "--road",
        "r",
        "--at",
        at(580172, 3270010),
        "--reserve",
        *BY,
        *TODAY,
        "--format",
        "json",
    )
    (first,), (second,) = cli(*call).json, cli(*call).json
    assert first["number"] == "17"
    assert second["number"] != first["number"]
    with opened(street) as register:
        made = register.layer("doorplates").loc[first["id"]]
        assert (made["status"], made["number"], made["road_id"]) == ("reserved", "17", "r")
        assert (made["division_code"], made["lineage"]) == ("330683100201", "reserved@2026-06-01")
    refused = cli(*call, "--number", "17")
    assert refused.code == 2
    assert "17" in refused.err


def test_reserving_needs_an_actor_and_can_be_undone(street: Path, cli: Cli) -> None:
    call = ("plate", "propose", street, "--road", "r", "--at", at(580172, 3270010), "--reserve")
    assert cli(*call).code == 2
    assert cli(*call, *BY).code == 0
    with opened(street) as register:
        change = register.revision
    assert cli("undo", street, str(change), "--actor", "王芳").code == 0
    with opened(street) as register:
        assert "r-17" not in register.layer("doorplates").index


OFFICER = """
import sys, geopandas, shapely
from register.cases.numbering import reserve
from register.store import opened
with opened(sys.argv[1]) as register:
    spots = geopandas.GeoSeries([shapely.Point(580172, 3270010)], crs=register.crs)
    for _ in range(3):
        done = reserve(register, spots, road_id="r", actor=sys.argv[2])
        print(done.proposals[0].number)
"""


def test_two_officers_at_once_get_different_numbers(street: Path) -> None:
    officers = [
        subprocess.Popen([sys.executable, "-c", OFFICER, street, name], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in ("甲", "乙")
    ]
    numbers = [number for officer in officers for number in officer.communicate()[0].split()]
    assert [officer.returncode for officer in officers] == [0, 0]
    assert len(numbers) == len(set(numbers)) == 6
    with opened(street) as register:
        plates = register.layer("doorplates")
        assert not plates.loc[plates["road_id"].eq("r"), "number"].duplicated().any()


def test_a_change_between_look_and_write_is_not_overwritten(street: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other officer writes after the first has looked: the first gets another number."""
    spots = gpd.GeoSeries([shapely.Point(580172, 3270010)], crs=METRIC)
    look, others = numbering.view, []

    def looked(register: object, today: str = "", **more: object) -> object:
        found = look(register, today, **more)
        if not others:
            others.append(None)
            others.append(numbering.reserve(register, spots, road_id="r", actor="乙"))
        return found

    monkeypatch.setattr(numbering, "view", looked)
    with opened(street) as register:
        mine = numbering.reserve(register, spots, road_id="r", actor="甲")
    assert mine.proposals[0].number != others[1].proposals[0].number


def test_houses_of_a_village_are_numbered_and_reserved(street: Path, cli: Cli) -> None:
    call = (
        "plate",
        "propose",
        street,
        "--place",
        "v",
        "--at",
        at(580100, 3270310),
        "--reserve",
        *BY,
        "--format",
        "json",
    )
    (first,), (second,) = cli(*call).json, cli(*call).json
    assert (first["number"], second["number"]) == ("1", "2")
    assert len(second["alternatives"]) == 2
    with opened(street) as register:
        assert register.layer("doorplates").loc[first["id"], ["kind", "place_id"]].tolist() == ["village", "v"]
    assert cli("plate", "propose", street, "--at", at(580100, 3270310)).code == 2


def test_renumbering_in_stages_with_table_notices_lineage_and_undo(street: Path, cli: Cli, tmp_path: Path) -> None:
    plan, table, notices = (tmp_path / name for name in ("plan.csv", "table.csv", "notices.csv"))
    call = ("plate", "renumber", street, "--road", "r", "--stages", "2", "--start", "2026-08-01", *TODAY)
    assert cli(*call, "--out", plan, "--table", table, "--notices", notices).code == 0
    old_new = pd.read_csv(table, dtype="str", encoding="utf-8-sig").set_index("record_id")
    assert set(old_new.index) == {"p45", "p20"}
    assert old_new["effective_on"].to_dict() == {"p45": "2026-08-01", "p20": "2026-08-15"}
    assert old_new.loc["p45", ["old_address", "households"]].tolist() == ["剡溪路45号", "2"]
    told = pd.read_csv(notices, dtype="str", encoding="utf-8-sig").set_index("record_id")
    assert old_new.at["p45", "new_address"] in told.at["p45", "text_zh"]
    assert told.at["p45", "announce_on"] == "2026-07-02"
    rows = read_plan(plan)
    write_plan(plan, rows.assign(accept="yes"))
    assert cli("apply", street, plan, "--only", "stage=1", *BY).json["applied"] == 3
    with opened(street) as register:
        plates, change = register.layer("doorplates"), register.revision
    assert plates.at["p45", "number"] == old_new.at["p45", "new_number"]
    assert plates.at["p45", "old_address"] == "剡溪路45号"
    assert plates.at["p20", "number"] == "20"
    (event,) = cli("plate", "lineage", street, "p45", "--format", "json").json["events"]
    assert (event["event"], event["what"], event["on"]) == ("replaced", "45", "2026-08-01")
    assert cli("apply", street, plan, "--only", "stage=2", *BY).json["applied"] == 3
    checked = cli("check", street, "--rule", "DOR301", "--rule", "DOR302", "--rule", "DOR401")
    assert checked.code == 0
    assert cli("undo", street, str(change), "--actor", "王芳").code == 0
    with opened(street) as register:
        assert register.layer("doorplates").at["p45", "number"] == "45"


def test_a_wrong_date_is_one_sentence(street: Path, cli: Cli) -> None:
    outcome = cli("plate", "renumber", street, "--road", "r", "--start", "soon")
    assert outcome.code == 2
    assert len(outcome.err.strip().splitlines()) == 1


def test_split_merge_issue_and_cancel_keep_the_lineage(street: Path, cli: Cli) -> None:
    made = cli("plate", "split", street, "p5", "--at", at(580055, 3270010), *BY, *TODAY).json["plates"]
    assert cli("plate", "issue", street, *made, *BY, *TODAY).code == 0
    assert cli("plate", "merge", street, "p7", "p9", *BY, *TODAY).code == 0
    assert cli("plate", "cancel", street, "p11", *BY, *TODAY).code == 0
    with opened(street) as register:
        plates = register.layer("doorplates")
    assert plates.loc[made[0], ["number", "status"]].tolist() == ["5-1", "in_use"]
    assert plates.loc[["p7", "p9", "p11"], "status"].tolist() == ["in_use", "cancelled", "cancelled"]
    events = {
        plate: [one["event"] for one in cli("plate", "lineage", street, plate, "--format", "json").json["events"]]
        for plate in (made[0], "p7", "p9", "p11")
    }
    assert events == {made[0]: ["split", "issued"], "p7": ["merged"], "p9": ["merged_into"], "p11": ["cancelled"]}
    (child,) = cli("plate", "lineage", street, "p5", "--format", "json").json["others"]
    assert (child["id"], child["event"]) == (made[0], "split")
    assert cli("plate", "cancel", street, "p11", *BY).code == 2
    assert cli("plate", "issue", street, "p9", *BY).code == 2


def test_a_reservation_without_an_actor_is_refused_by_the_function(street: Path) -> None:
    with opened(street) as register, pytest.raises(CallError):
        numbering.reserve(register, gpd.GeoSeries([shapely.Point(580172, 3270010)], crs=METRIC), road_id="r", actor=" ")


def test_a_register_without_divisions_can_reserve_as_well(tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "bare.gpkg"
    assert cli("init", path).code == 0
    road = {"roads": [{"id": "r", "name": "剡溪路", "status": "in_use", "numbering": "odd_left", "geometry": LINE}]}
    with opened(path) as register:
        register.put("roads", layers_of(road)["roads"], actor="tester", reason="first import")
    call = ("plate", "propose", path, "--road", "r", "--at", at(580010, 3270010), "--reserve", *BY, "--format", "json")
    assert [cli(*call).json[0]["number"] for _ in range(3)] == ["1", "3", "5"]


def test_a_renumbering_is_announced_as_a_case_and_applied_stage_by_stage(street: Path, cli: Cli) -> None:
    call = ("plate", "renumber", street, "--road", "r", "--stages", "2", "--start", "2026-08-01", "--open-case", *TODAY)
    assert cli(*call).code == 2
    assert "renumbering-2026-0001" in cli(*call, "--actor", "王芳").err
    with opened(street) as register:
        (case,) = numbering_stages.renumberings(register, "r")
        announced = {row["record_id"]: row["new_number"] for one in case["stages"] for row in one["rows"]}
    assert [(one["effective_on"], one["households"]) for one in case["stages"]] == [
        ("2026-08-01", 2),
        ("2026-08-15", 0),
    ]
    stage = ("plate", "stage", street, "renumbering-2026-0001")
    first = cli(*stage, "1", "--actor", "王芳").json["change_id"]
    assert cli(*stage, "1", "--actor", "王芳").code == 2
    assert cli(*stage, "2", "--actor", "王芳", *TODAY).code == 0
    with opened(street) as register:
        assert register.layer("doorplates")["number"][list(announced)].to_dict() == announced
        assert register.layer("cases").at["renumbering-2026-0001", "state"] == "done"
    assert cli("undo", street, str(first), "--actor", "王芳").code == 2
    with opened(street) as register:
        register.undo(register.revision, actor="王芳", reason="撤销")
        register.undo(first, actor="王芳", reason="撤销")
        assert register.layer("doorplates").at["p45", "number"] == "45"
        assert numbering_stages.renumberings(register, "r")[0]["state"] == "announced"


def test_a_road_in_order_opens_no_case(street: Path) -> None:
    with opened(street) as register:
        numbering_stages.apply_stage(
            register, numbering_stages.announce(register, "r", "zh", actor="王芳").id, "1", actor="王芳"
        )
        with pytest.raises(CallError):
            numbering_stages.announce(register, "r", "zh", actor="王芳")


def test_a_number_that_was_announced_and_given_away_is_not_given_twice(street: Path, cli: Cli) -> None:
    with opened(street) as register:
        case = numbering_stages.announce(register, "r", "zh", actor="王芳")
        number = next(row["new_number"] for row in case.body["table"] if row["record_id"] == "p45")
        there = gpd.GeoSeries([register.layer("doorplates").geometry["p45"]], crs=METRIC)
        given = numbering.reserve(register, there, road_id="r", actor="李敏")
        assert given.proposals[0].number == number
        with pytest.raises(CallError, match=number):
            numbering_stages.apply_stage(register, case.id, "1", actor="王芳")
