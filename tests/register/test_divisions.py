"""Changes of divisions over every layer: the plan, carrying it out, taking it back, and what is refused."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from boundaries import parcelling
from boundaries.drafting import Draft
from boundaries.following import followers
from boundaries.reorganisation import ReorganisationError
from boundaries.reorganising import carry_out
from boundaries.succession import Succession
from register.cases import divisions as cases
from register.cases.checking import check
from register.cases.division_codes import meanings
from register.cases.division_documents import document_of, reorganisation_of
from register.catalogue import RULES
from register.exchange.division_changes import read_changes
from register.exchange.plans import read_plan, write_plan
from register.store import Register, opened
from rulebook.errors import CallError, CrsError, DimingError, FileError
from rulebook.rules import Rule
from tests.bench import divisions as bench
from tests.flows.plain_county import EAST, NORTH
from tests.register.cli.conftest import Outcome, cli  # noqa: F401 - a fixture
from tests.register.division_county import (
    EAST_HALF,
    HEAD,
    MERGE,
    SPLIT,
    TODAY,
    WEST_HALF,
    build,
    changes,
    contents,
    in_force,
)

CLOSE = ("DIV", "BND30", "DOR305", "ADR20", "ADR404", "NAM30", "MRK201", "MRK202")  # rules that judge codes and ground
CONCERNED = tuple(rule for rule in RULES if rule.code.startswith(CLOSE))
Cli = Callable[..., Outcome]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("county") / "county.gpkg")


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "county.gpkg"))


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    with opened(path) as found:
        yield found


def apply(register: Register, text: str, **more: object) -> cases.Applied:
    return cases.apply(register, changes(text), actor="李敏", today=TODAY, **more)


def findings(register: Register, rules: tuple[Rule, ...] = CONCERNED) -> list[tuple[str, str]]:
    report = check(register, rules=rules, today=TODAY)
    assert not report.crashes
    return [(one.rule.code, one.record_id) for one in report]


def rows_of(plan: cases.DivisionPlan, layer: str) -> pd.DataFrame:
    return plan.rows[plan.rows["layer"].eq(layer)].set_index(["record_id", "field"])


def square(column: float, row: float, wide: float = 1, high: float = 1) -> str:
    west, south = EAST + column * 2000, NORTH + row * 2000
    return box(west, south, west + wide * 2000, south + high * 2000).wkt


def test_the_county_is_clean_to_begin_with(register: Register) -> None:
    assert findings(register, RULES) == []


def test_a_merger_of_towns_carries_every_layer_along(register: Register) -> None:
    before = contents(register)
    plan = cases.plan(register, changes(MERGE))
    assert set(plan.counts()) == {"divisions", "place_names", "doorplates", "addresses", "boundary_lines", "markers"}
    done = apply(register, MERGE, take_proposals=True)
    now = in_force(register, "divisions")
    assert set(now.loc[now["level"].eq("township"), "code"]) == {"330683001000", "330683101000", "330683114000"}
    villages = now[now["parent_code"].eq("330683114000")].set_index("code")["name"]
    assert villages.index.tolist() == [f"330683114{serial}" for serial in range(200, 208)]
    assert villages["330683114204"] == "玠溪村"
    town = now.loc["330683114000"]
    assert town.geometry.equals(shapely.union_all(now.geometry[now["parent_code"].eq("330683114000")].to_numpy()))
    assert (town["valid_from"], town["source"]) == ("2025-03-01", "嵊政发〔2025〕1号")
    ended = register.layer("divisions").loc["330683100200"]
    assert ended["valid_to"] == "2025-03-01"
    assert set(register.layer("doorplates").loc[["V1", "V8"], "division_code"]) == {"330683114200"}
    address = register.layer("addresses").loc["AV"]
    assert address["township"] == "霖贵镇"
    assert address["standard_text"] == address["text"] == "嵊州市霖贵镇殿前村下村3号"
    assert address["division_code"] == "330683114200"
    assert register.layer("addresses").loc["AC", ["township", "text"]].tolist() == ["霖贵镇", "嵊州市霖贵镇施家岙村"]
    retired = register.layer("addresses").loc["AO"]
    assert retired[["text", "division_code"]].tolist() == ["嵊州市甘霖镇殿前村旧屋9号", "330683114200"]
    assert findings(register, RULES) == []
    register.undo(done.change_id, actor="李敏", reason="撤销")
    after = contents(register)
    for layer, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[layer])


def test_an_inner_line_ends_with_its_marker_and_the_name_of_the_town_with_it(register: Register) -> None:
    apply(register, MERGE, take_proposals=True)
    assert register.layer("boundary_lines").loc["T1", "valid_to"] == "2025-03-01"
    assert register.layer("markers").loc["T1-1", "valid_to"] == "2025-03-01"
    town = register.layer("place_names").loc["PT"]
    assert (town["status"], town["abolished_on"]) == ("abolished", "2025-03-01")
    assert register.layer("place_names").loc["PV", "status"] == "in_use"


def test_a_town_that_takes_another_in_keeps_its_record_and_its_villages(register: Register) -> None:
    text = '[[change]]\nkind = "merge"\nfrom = ["330683206"]\nto = [{ code = "330683100" }]\n'
    apply(register, text)
    town = register.layer("divisions").loc["330683100000"]
    assert pd.isna(town["valid_to"])
    assert town["name"] == "甘霖镇"
    assert town.geometry.area == pytest.approx(32e6)
    now = in_force(register, "divisions")
    assert now.loc["330683100200", "name"] == "殿前村"
    assert now.loc["330683100204", "name"] == "玠溪村"
    assert findings(register) == []


VILLAGES_MERGED = """
[[change]]
kind = "merge"
from = ["330683100200", "330683100201"]
to = [{ code = "330683100210", name = "殿施村", kind = "村", members = ["330683100200", "330683100201"] }]
"""


def test_whether_the_name_of_a_seat_ends_is_one_choice(register: Register) -> None:
    plan = cases.plan(register, changes(VILLAGES_MERGED))
    seat = rows_of(plan, "place_names").loc["PV"]
    assert seat.loc["division_code", "decided"]
    assert not seat.loc[["status", "abolished_on"], "decided"].any()
    apply(register, VILLAGES_MERGED, choices={("place_names", "PV", "status"): "abolished"})
    place = register.layer("place_names").loc["PV"]
    assert (place["status"], place["abolished_on"]) == ("abolished", "2025-03-01")
    assert register.layer("addresses").loc["AC", ["community", "text"]].tolist() == ["殿施村", "嵊州市甘霖镇殿施村"]
    assert findings(register) == []


def test_numbers_of_villages_may_be_given(register: Register) -> None:
    text = MERGE.replace('kind = "镇" }', 'kind = "镇", member_codes = { 330683206200 = "330683114288" } }')
    apply(register, text, take_proposals=True)
    assert in_force(register, "divisions").loc["330683114288", "name"] == "玠溪村"


def test_a_road_in_two_parts_of_a_split_waits_for_a_person(register: Register) -> None:
    plan = cases.plan(register, changes(SPLIT))
    roads = rows_of(plan, "roads")
    row = roads.loc[("R1", "division_code")]
    assert not row["decided"]
    assert row["after"] == "330683001005;330683001006"
    assert "东圃西社区" in row["reason"].zh
    assert "50%" in row["reason"].zh
    plates = rows_of(plan, "doorplates")
    assert plates["decided"].all()
    assert plates.loc[("R1-1", "division_code"), "after"] == "330683001005"
    assert plates.loc[("R1-39", "division_code"), "after"] == "330683001006"
    addresses = rows_of(plan, "addresses")
    assert not addresses.loc[("AN", "division_code"), "decided"]
    assert addresses.loc[("AN", "division_code")].isna()["after"]
    assert addresses.loc[("AL", "division_code"), ["after", "why"]].tolist() == ["330683001006", "link"]
    assert addresses.loc[("AL", "community"), "after"] == "东圃东社区"
    csv = plan.plan_rows("zh").set_index(["layer", "record_id", "field"])
    assert pd.isna(csv.loc[("roads", "R1", "division_code"), "accept"])
    assert csv.loc[("doorplates", "R1-1", "division_code"), "accept"] == "yes"


def test_open_rows_are_not_written_and_are_told(register: Register) -> None:
    done = apply(register, SPLIT)
    assert set(done.left_open["record_id"]) >= {"R1", "R2", "R3", "R4", "AN"}
    assert register.layer("roads").loc["R1", "division_code"] == "330683001001"
    assert {code for code, _ in findings(register)} == {"DIV501", "ADR202"}


def test_with_all_choices_made_nothing_new_is_found(register: Register, tmp_path: Path) -> None:
    rows = cases.plan(register, changes(SPLIT)).plan_rows("zh")
    waiting = rows["accept"].isna()
    rows.loc[waiting, "accept"] = "yes"
    rows.loc[rows["record_id"].eq("AN") & rows["field"].eq("division_code"), "after"] = "330683001006"
    rows.loc[rows["field"].eq("geometry") | rows["field"].eq("*"), "after"] = "cut off by a spreadsheet"
    write_plan(tmp_path / "plan.csv", rows)
    done = apply(register, SPLIT, edited=read_plan(tmp_path / "plan.csv"))
    assert done.left_open.empty
    assert register.layer("roads").loc["R1", "division_code"] == "330683001005;330683001006"
    address = register.layer("addresses").loc["AN"]
    assert address[["division_code", "community", "text"]].tolist() == [
        "330683001006",
        "东圃东社区",
        "嵊州市剡湖街道东圃东社区",
    ]
    assert findings(register) == []


def test_refused_rows_are_left_out_but_divisions_are_whole(register: Register) -> None:
    rows = cases.plan(register, changes(SPLIT)).plan_rows("zh")
    rows.loc[rows["field"].eq("text"), "accept"] = "no"
    done = apply(register, SPLIT, edited=rows, take_proposals=True)
    assert done.applied == len(rows) - rows["accept"].eq("no").sum() - len(done.left_open)
    assert "东圃社区" in register.layer("addresses").loc["AR1-1", "text"]
    with pytest.raises(CallError, match="cannot be refused singly"):
        apply(register, MERGE, edited=cases.plan(register, changes(MERGE)).plan_rows("zh").assign(accept="no"))


def test_a_choice_has_to_be_a_division_in_force(register: Register) -> None:
    with pytest.raises(CallError, match="330683001001"):
        apply(register, SPLIT, choices={("roads", "R1", "division_code"): "330683001001"})


def test_a_part_without_geometry_gets_the_rest_and_may_keep_the_code(register: Register) -> None:
    text = SPLIT.replace('code = "330683001005", name = "东圃西社区", ', 'code = "330683001001", ').replace(
        f', geometry = "{EAST_HALF}"', ""
    )
    done = apply(register, text, take_proposals=True)
    kept, new = (register.layer("divisions").loc[code] for code in ("330683001001", "330683001006"))
    assert kept["name"] == "东圃社区"
    assert kept.geometry.area == new.geometry.area == pytest.approx(2e6)
    plates = register.layer("doorplates")["division_code"]
    assert plates[["R1-1", "R1-39"]].tolist() == ["330683001001", "330683001006"]
    assert ("doorplates", "R1-1") not in set(zip(done.plan.rows["layer"], done.plan.rows["record_id"], strict=True))


def test_a_rename_reaches_addresses_place_names_and_keeps_codes(register: Register) -> None:
    text = '[[change]]\nkind = "rename"\nfrom = ["330683100"]\nto = [{ name = "新霖镇" }]\n'
    apply(register, text)
    town = register.layer("divisions").loc["330683100000"]
    assert (town["name"], town["pinyin"]) == ("新霖镇", "Xīnlín Zhèn")
    assert "原名甘霖镇" in town["note"]
    assert register.layer("addresses").loc["AV", ["township", "standard_text", "division_code"]].tolist() == [
        "新霖镇",
        "嵊州市新霖镇殿前村下村3号",
        "330683100200",
    ]
    place = register.layer("place_names").loc["PT"]
    assert place[["name", "specific", "generic", "pinyin", "aliases"]].tolist() == [
        "新霖镇", "新霖", "镇", "Xīnlín Zhèn", "甘霖镇",
    ]  # fmt: skip
    assert findings(register) == []


def test_a_recoded_town_takes_its_villages_and_lines_along(register: Register) -> None:
    text = (
        '[[change]]\nkind = "recode"\nfrom = ["330683100000"]\nto = [{ code = "330683115", nbs_code = "330683100" }]\n'
    )
    apply(register, text)
    now = in_force(register, "divisions")
    assert now.loc["330683115000", ["name", "nbs_code", "pinyin"]].tolist() == ["甘霖镇", "330683100000", "Gānlín Zhèn"]
    assert now.loc["330683115200", ["name", "parent_code"]].tolist() == ["殿前村", "330683115000"]
    assert register.layer("boundary_lines").loc["T1", "left_code"] == "330683115000"
    assert register.layer("markers").loc["T1-1", "division_codes"] == "330683115000;330683206000"
    assert register.layer("place_names").loc["PT", "division_code"] == "330683115000"
    assert register.layer("addresses").loc["AV", "text"] == "嵊州市甘霖镇殿前村下村3号"
    assert findings(register) == []


def test_a_new_village_is_made_on_ground_of_two_towns(register: Register) -> None:
    """It takes a strip of a village of each; the town it belongs to grows, the other shrinks."""
    text = f"""
[[change]]
kind = "create"
from = ["330683001002", "330683100200"]
to = [{{ code = "330683100210", name = "新界村", kind = "村", geometry = "{square(1.5, 0)}" }}]
"""
    apply(register, text, take_proposals=True)
    now = in_force(register, "divisions")
    assert now.loc["330683100210"].geometry.area == pytest.approx(4e6)
    assert now.loc["330683001000"].geometry.area == pytest.approx(16e6 - 2e6)
    assert now.loc["330683100000"].geometry.area == pytest.approx(16e6 + 2e6)
    assert register.layer("doorplates").loc["V1", "division_code"] == "330683100210"
    assert findings(register) == []


def test_a_village_whose_ground_is_all_given_away_ends(register: Register) -> None:
    text = f"""
[[change]]
kind = "create"
from = ["330683100200"]
to = [{{ code = "330683100210", name = "新界村", kind = "村", geometry = "{square(2, 0)}" }}]
"""
    apply(register, text, take_proposals=True)
    assert register.layer("divisions").loc["330683100200", "valid_to"] == "2025-03-01"
    assert findings(register) == []


def test_a_township_is_made_of_villages(register: Register) -> None:
    text = """
[[change]]
kind = "create"
from = ["330683100", "330683206"]
to = [{ code = "330683116", name = "新镇", kind = "镇", members = ["330683100201", "330683100203", "330683206201"] }]
"""
    apply(register, text, take_proposals=True)
    now = in_force(register, "divisions")
    assert now.loc[now["parent_code"].eq("330683116000"), "name"].tolist() == ["施家岙村", "上坞山村", "蛟镇村"] or set(
        now.loc[now["parent_code"].eq("330683116000"), "name"]
    ) == {"施家岙村", "上坞山村", "蛟镇村"}
    assert now.loc["330683116000"].geometry.area == pytest.approx(12e6)
    assert now.loc["330683100000"].geometry.area == pytest.approx(8e6)
    assert register.layer("addresses").loc["AC", "township"] == "新镇"
    assert findings(register) == []


@pytest.mark.parametrize(
    "to",
    [
        'from = ["330683100202"]\nto = [{ code = "330683206" }]',
        'from = ["330683100"]\nto = [{ code = "330683206", members = ["330683100202"] }]',
        'to = [{ code = "330683206", members = ["330683100202"] }]',
        'from = ["330683100202"]\nto = [{ code = "330683206204" }]',
    ],
    ids=["by parent", "by members", "by members alone", "by its new code"],
)
def test_a_village_moves_to_another_town(register: Register, to: str) -> None:
    apply(register, f'[[change]]\nkind = "move"\n{to}\n')
    now = in_force(register, "divisions")
    assert now.loc["330683206204", ["name", "parent_code"]].tolist() == ["黄胜堂村", "330683206000"]
    assert now.loc["330683206000"].geometry.area == pytest.approx(20e6)
    assert now.loc["330683100000"].geometry.area == pytest.approx(12e6)
    assert [code for code, _ in findings(register) if code[:3] in ("DIV", "DOR", "ADR")] == []


def test_ground_is_handed_over_between_two_villages(register: Register) -> None:
    text = f"""
[[change]]
kind = "move"
from = ["330683001001"]
to = [{{ code = "330683001002", geometry = "{square(0.5, 0, 0.5)}" }}]
"""
    apply(register, text, take_proposals=True)
    now = in_force(register, "divisions")
    assert now.loc["330683001002"].geometry.area == pytest.approx(6e6)
    assert register.layer("doorplates").loc[["R1-1", "R1-39"], "division_code"].tolist() == [
        "330683001001",
        "330683001002",
    ]
    assert findings(register) == []


def test_changes_follow_one_another_in_one_file(register: Register) -> None:
    text = MERGE + '[[change]]\nkind = "rename"\nfrom = ["330683114"]\nto = [{ name = "霖安镇" }]\n'
    apply(register, text, take_proposals=True)
    now = in_force(register, "divisions")
    assert now.loc["330683114000", "name"] == "霖安镇"
    assert register.layer("addresses").loc["AV", "township"] == "霖安镇"


WRONG = {
    "unknown code": (MERGE.replace("330683206", "330683999"), "330683999000 不在登记库中"),
    "one source": (MERGE.replace(', "330683206"', ""), "至少要有两个"),
    "two levels": (MERGE.replace('"330683206"', '"330683206200"'), "同一级"),
    "wrong level": (MERGE.replace("330683114", "330683114200"), "township"),
    "code in use": (SPLIT.replace("330683001005", "330683001002"), "正由"),
    "code twice": (SPLIT.replace("330683001006", "330683001005"), "出现两次"),
    "no parent": (SPLIT.replace("330683001006", "330683099001"), "330683099000"),
    "no name": (MERGE.replace(', name = "霖贵镇"', ""), "没有名称"),
    "ground left over": (SPLIT.replace(WEST_HALF, square(0, 0, 0.25)), "1000000 平方米无归属"),
    "overlap": (SPLIT.replace(WEST_HALF, square(0, 0, 0.75)), "1000000 平方米重叠"),
    "outside": (SPLIT.replace(EAST_HALF, square(0.5, 0)), "2000000 平方米在原界线外"),
    "no rest": (SPLIT.replace(WEST_HALF, square(0, 0)).replace(f', geometry = "{EAST_HALF}"', ""), "没有余下的地域"),
    "no child": (
        '[[change]]\nkind = "move"\nfrom = ["330683100"]\nto = [{ code = "330683206", members = ["330683101200"] }]\n',
        "不是 330683100000 的下级",
    ),
    "member left over": (
        MERGE.replace('kind = "镇"', 'kind = "镇", members = ["330683100200"]'),
        "没有写进任何 members",
    ),
    "creation overlaps": (
        f'[[change]]\nkind = "create"\nfrom = []\nto = [{{ code = "330683100210", name = "新村", geometry = "{square(2, 0)}" }}]\n',
        "重叠",
    ),
    "creation outside": (
        f'[[change]]\nkind = "create"\nto = [{{ code = "330683100210", name = "新村", geometry = "{square(9, 9)}" }}]\n',
        "之外",
    ),
    "rename to another code": (
        '[[change]]\nkind = "rename"\nfrom = ["330683100"]\nto = [{ code = "330683109", name = "新镇" }]\n',
        "recode",
    ),
    "merger with other ground": (MERGE.replace('kind = "镇"', f'kind = "镇", geometry = "{square(2, 0)}"'), "不符"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_change_that_cannot_be_is_refused(register: Register, text: str, said: str) -> None:
    revision = register.revision
    with pytest.raises(ReorganisationError) as fault:
        apply(register, text)
    assert said in fault.value.text.zh
    assert "第 1 项变更" in fault.value.text.zh
    assert (
        fault.value.text.en.isascii()
        or "镇" in fault.value.text.en
        or "社区" in fault.value.text.en
        or "村" in fault.value.text.en
    )
    assert register.revision == revision


def test_a_code_that_has_ended_is_not_used_again(register: Register) -> None:
    apply(register, MERGE, take_proposals=True)
    with pytest.raises(ReorganisationError, match=r"曾经用过|used before"):
        apply(register, '[[change]]\nkind = "recode"\nfrom = ["330683114"]\nto = [{ code = "330683100" }]\n')


UNREADABLE = {
    "no TOML": ("effective_on = ", FileError, "TOML"),
    "no date": (f'basis = "x"\n{MERGE}', DimingError, "effective_on"),
    "wrong date": (f'effective_on = "2025-13-01"\nbasis = "x"\n{MERGE}', DimingError, "2025-13-01"),
    "no basis": (f"effective_on = 2025-03-01\n{MERGE}", DimingError, "basis"),
    "no change": (HEAD, DimingError, "[[change]]"),
    "unknown kind": (HEAD + MERGE.replace('"merge"', '"merg"'), DimingError, "merge"),
    "unknown key": (HEAD + MERGE.replace("name =", "nam ="), DimingError, "name"),
    "no code": (HEAD + MERGE.replace("330683114", "33068X"), DimingError, "33068X"),
    "degrees": (HEAD + SPLIT.replace(WEST_HALF, "POLYGON ((120 29, 121 29, 121 30, 120 29))"), CrsError, "经纬度"),
    "metres as degrees": (f'crs = "EPSG:4490"\n{HEAD}{SPLIT}', CrsError, "EPSG:4490"),
    "unknown CRS": (f'crs = "EPSG:1"\n{HEAD}{SPLIT}', CrsError, "EPSG:1"),
    "no WKT": (HEAD + SPLIT.replace(WEST_HALF, "POLYGON"), DimingError, "WKT"),
    "a line": (HEAD + SPLIT.replace(WEST_HALF, "LINESTRING (0 0, 1 1)"), DimingError, "LineString"),
    "a broken ring": (
        HEAD
        + SPLIT.replace(
            WEST_HALF, "POLYGON ((570000 3265000, 571000 3266000, 571000 3265000, 570000 3266000, 570000 3265000))"
        ),
        DimingError,
        "无效",
    ),
    "no such file": (
        HEAD + SPLIT.replace(f'geometry = "{WEST_HALF}"', 'geometry_file = "none.geojson"'),
        DimingError,
        "none.geojson",
    ),
}


@pytest.mark.parametrize(("text", "error", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_change_file_is_refused(text: str, error: type[DimingError], said: str) -> None:
    with pytest.raises(error) as fault:
        changes(text, head="")
    assert said in fault.value.text.zh


def test_geometry_comes_from_a_file_in_degrees(register: Register, tmp_path: Path) -> None:
    shapes = [shapely.from_wkt(WEST_HALF), shapely.from_wkt(EAST_HALF)]
    file = tmp_path / "parts.geojson"
    gpd.GeoDataFrame({"code": ["330683001005", "330683001006"]}, geometry=shapes, crs="EPSG:4549").to_crs(4326).to_file(
        file
    )
    text = HEAD + SPLIT.replace(f'geometry = "{WEST_HALF}"', 'geometry_file = "parts.geojson"').replace(
        f'geometry = "{EAST_HALF}"', 'geometry_file = "parts.geojson"'
    )
    (tmp_path / "change.toml").write_text(text, encoding="utf-8")
    parts = read_changes(tmp_path / "change.toml", register.crs).changes[0].targets
    assert [round(one.geometry.area / 1e6, 3) for one in parts] == [2.0, 2.0]
    cases.apply(
        register, read_changes(tmp_path / "change.toml", register.crs), actor="李敏", today=TODAY, take_proposals=True
    )
    assert {record for _, record in findings(register)} <= {"AN"}


def test_the_case_keeps_the_change_and_is_undone_with_it(register: Register) -> None:
    done = apply(register, SPLIT, take_proposals=True)
    case = register.layer("cases").loc[done.case_id]
    assert (case["kind"], case["state"], case["closed_on"]) == ("division_change", "applied", TODAY)
    assert reorganisation_of(json.loads(case["body"])) == changes(SPLIT)
    history = register.history(change_id=done.change_id)
    assert set(history["case_id"]) == {done.case_id}
    assert len(history) == done.applied + 1
    register.undo(done.change_id, actor="李敏", reason="撤销")
    assert register.layer("cases").empty


def test_a_document_says_what_its_file_said() -> None:
    for text in (SPLIT, MERGE):
        assert reorganisation_of(json.loads(json.dumps(document_of(changes(text))))) == changes(text)


def test_killed_in_the_middle_nothing_is_done(path: Path, tmp_path: Path) -> None:
    (tmp_path / "change.toml").write_text(HEAD + SPLIT, encoding="utf-8")
    code = f"""
import os, signal
from register.store import applying
from register.cli import diming
write = applying._write_layer
def once(connection, table, records, srs_id):
    write(connection, table, records, srs_id)
    if table.layer.name == "doorplates":
        os.kill(os.getpid(), signal.SIGKILL)
applying._write_layer = once
diming.run(["divisions", "apply", {str(path)!r}, {str(tmp_path / "change.toml")!r}, "--actor", "x", "--take-proposals"])
"""
    with opened(path) as register:
        before, revision = contents(register), register.revision
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with opened(path) as register:
        assert register.revision == revision
        assert register.integrity() == []
        after = contents(register)
    for layer, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[layer])


def test_the_commands_plan_apply_and_undo(path: Path, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    change, out = tmp_path / "change.toml", tmp_path / "plan.csv"
    change.write_text(HEAD + SPLIT, encoding="utf-8")
    planned = cli("divisions", "plan", path, change, "--out", out)
    assert planned.code == 0, planned.err
    assert "待选择" in planned.err
    rows = read_plan(out)
    assert set(rows["layer"]) == {"divisions", "place_names", "roads", "doorplates", "addresses"}
    tried = cli("divisions", "apply", path, change, "--dry-run")
    assert tried.json["change_id"] is None
    done = cli("divisions", "apply", path, change, "--actor", "李敏", "--today", TODAY)
    assert done.code == 1
    assert done.json["open"] == len(done.json["rows"]) >= 5
    later = cli("apply", path, out, "--actor", "李敏", "--reason", "其余选择")
    assert later.json["applied"] == 0 or later.json["stale"] > 0
    taken = cli("undo", path, str(done.json["change_id"]), "--actor", "李敏")
    assert taken.code == 0, taken.err
    again = cli("divisions", "apply", path, out, "--actor", "李敏")
    assert again.code == 0, again.err
    assert again.json["applied"] == int(rows["accept"].eq("yes").sum())


def test_wrong_files_end_with_a_sentence_and_two(path: Path, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    change = tmp_path / "change.toml"
    change.write_text(HEAD + WRONG["overlap"][0], encoding="utf-8")
    for words in (("plan", path, change), ("apply", path, change), ("plan", path, tmp_path / "none.toml")):
        refused = cli("divisions", *words)
        assert refused.code == 2
        assert refused.err.strip()
        assert "Traceback" not in refused.err
    assert "overlap" in cli("--lang", "en", "divisions", "plan", path, change).err


def test_a_code_means_what_it_meant_on_the_day() -> None:
    def said(code: str, on: str = "") -> set[tuple[str | None, ...]]:
        return {(one["series"], one["name"], one["counterpart"], one["successor"]) for one in meanings(code, on)}

    assert said("330683105", "2018-06-01") == {
        ("civil_affairs", "石璜镇", "330683105000", "330683111000"),
        ("statistics", "石璜镇", "330683105000", "330683111000"),
    }
    assert said("330683105", "2024-06-01") == {("statistics", "石璜镇", "330683111000", None)}
    assert said("330683004", "2024-06-01") == {("civil_affairs", "浦口街道", "330683005000", None)}
    assert said("330683105201", "2024-06-01") == {("statistics", "石璜镇/201", "330683111201", None)}
    assert said("110101001") == set()
    with pytest.raises(CallError, match="33068"):
        meanings("33068")
    with pytest.raises(CallError, match="--on"):
        meanings("330683105", "2019")


def test_a_register_tells_its_own_codes(path: Path) -> None:
    with opened(path) as register:
        apply(register, MERGE, take_proposals=True)
    found = meanings("330683100", address=str(path))
    assert [(one["name"], one["valid_to"]) for one in found if one["source"] == str(path)] == [("甘霖镇", "2025-03-01")]


def test_decisions_are_those_made_record_by_record() -> None:
    found = bench.layers(plates=400, addresses=1)
    draft = Draft.of(found["divisions"], "2025-03-01", [(1, 199)], 1.0)
    before = dict(draft.units)
    carry_out(draft, changes(SPLIT))
    succession = Succession.between(before, draft.units, 1.0)
    rows = followers({"doorplates": found["doorplates"]}, succession, "2025-03-01").set_index("record_id")
    plain = bench.plain(found["doorplates"], succession)
    assert 50 < len(plain) < 200
    assert rows.loc[rows["decided"], "after"].to_dict() == plain.to_dict()


cuts = st.lists(st.floats(1, 99), min_size=1, max_size=4, unique=True)


@settings(max_examples=40, deadline=None)
@given(cuts, st.floats(-0.4, 0.4))
def test_parts_with_slips_of_the_pen_tile_their_whole_exactly(places: list[float], slip: float) -> None:
    whole = MultiPolygon([box(0, 0, 100, 100)])
    edges = np.array([0.0, *sorted(places), 100.0])
    parts = [
        MultiPolygon([Polygon([(west, 0), (east + slip, 0), (east, 100), (west, 100)])])
        for west, east in itertools.pairwise(edges)
        if east - west > 1
    ]
    if parcelling.misfit(whole, parts, 1.0):
        return
    own = parcelling.fitted(whole, parts)
    assert shapely.union_all(own).symmetric_difference(whole).area < 1e-3
    assert sum(part.area for part in own) == pytest.approx(1e4)
