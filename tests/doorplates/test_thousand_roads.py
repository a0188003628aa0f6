"""Numbers for new buildings on 1,000 random roads, some with wrong plates: no collision, no break of side or order."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.allocation import Proposal, propose
from doorplates.renumbering import renumber
from doorplates.rules import RULES, numbers_missing
from register import profiles
from rulebook.context import Context, Run
from tests.case_files import METRIC, TODAY, check_all, layers_of
from tests.doorplates.streets import NUMBERINGS, ORIGIN, SHAPES, street

ROADS, NEW, SPOILT = 1000, 4, 4  # every fourth road has a wrong plate
APART_M = 3000.0
JUDGES = [rule for rule in RULES if rule.code in ("DOR301", "DOR302", "DOR401", "DOR501")]


def county(rng: np.random.Generator) -> tuple[dict[str, list[dict[str, Any]]], dict[str, gpd.GeoSeries]]:
    """Records of roads and plates, and the points of new buildings by road."""
    records: dict[str, list[dict[str, Any]]] = {"roads": [], "doorplates": []}
    new = {}
    for number in range(ROADS):
        shape, numbering = SHAPES[number % len(SHAPES)], NUMBERINGS[number % len(NUMBERINGS)]
        made = street(shape, numbering, int(rng.integers(4, 14)), rng, falling=bool(number % 5 == 0))
        shift = np.array(ORIGIN) + APART_M * np.array([number % 40, number // 40])
        road = f"r{number:04d}"
        lines = shapely.multilinestrings([shapely.linestrings(np.array(part) + shift) for part in made.parts])
        records["roads"].append(
            {"id": road, "name": f"第{number}路", "status": "in_use", "numbering": numbering, "geometry": lines.wkt}
        )
        plates = made.plates
        built = rng.random(len(plates)) < 0.6
        if number % SPOILT == 0 and built.any():  # a plate in the wrong place, an exchanged number
            wrong = rng.choice(plates.index[built])
            plates.loc[wrong, "number"] = int(rng.integers(1, 60))
        status = np.where(rng.random(len(plates)) < 0.1, "reserved", "in_use")
        records["doorplates"] += [
            {"id": f"{road}-{one.id}", "kind": "road", "road_id": road, "number": str(one.number), "status": state,
             "division_code": "330683100201", "geometry": f"POINT ({one.x + shift[0]} {one.y + shift[1]})"}
            for one, state in zip(plates[built].itertuples(), status[built], strict=True)
        ]  # fmt: skip
        free = plates[~built].iloc[rng.permutation(int((~built).sum()))[:NEW]]
        new[road] = gpd.GeoSeries(gpd.points_from_xy(free["x"] + shift[0], free["y"] + shift[1]), crs=METRIC)
    return records, new


def view(records: dict[str, list[dict[str, Any]]]) -> Context:
    return Context(Run(layers_of(records), profiles.load(), TODAY, METRIC), numbers_missing.RULE, "doorplates")


def with_new(
    records: dict[str, list[dict[str, Any]]], new: dict[str, gpd.GeoSeries], given: dict[str, list[Proposal]]
) -> dict[str, list[dict[str, Any]]]:
    added = [
        {"id": f"{road}-z{place}", "kind": "road", "road_id": road, "number": one.number, "status": "reserved",
         "division_code": "330683100201", "geometry": new[road].iloc[place].wkt}
        for road, proposals in given.items()
        for place, one in enumerate(proposals)
        if one.number is not None
    ]  # fmt: skip
    return {**records, "doorplates": records["doorplates"] + added}


def test_new_numbers_on_a_thousand_roads_collide_with_none_and_break_no_order() -> None:
    records, new = county(np.random.default_rng(20261124))
    ctx = view(records)
    given = {road: propose(points, road, ctx) for road, points in new.items()}
    numbers = pd.Series([one.number for proposals in given.values() for one in proposals])
    assert len(numbers) > 2000
    assert numbers.notna().all()
    assert numbers.str.contains("[-附]").mean() < 0.2
    assert all(len(one.alternatives) == 2 for proposals in given.values() for one in proposals)
    found = check_all(JUDGES, layers_of(with_new(records, new, given)), {})
    right = {road for road in new if int(road[1:]) % SPOILT}
    blamed = [one for one in found if "-z" in one.record_id or one.record_id.split("-")[0] in right]
    assert [(one.rule.code, one.record_id, one.message.en) for one in blamed] == []


def test_renumbering_a_thousand_roads_leaves_nothing_to_find() -> None:
    records, _ = county(np.random.default_rng(7))
    ctx = view(records)
    broken = {
        one.related[0] if not one.record_id else one.record_id for one in check_all(JUDGES, layers_of(records), {})
    }
    roads = sorted({plate.split("-")[0] for plate in broken})
    assert len(roads) > 50
    after = {plate: one.number for road in roads for plate, _, one in renumber(road, ctx)}
    assert all(after.values())
    assert len(after) <= 1.2 * len(roads)
    plates = [{**one, "number": after.get(one["id"], one["number"])} for one in records["doorplates"]]
    found = check_all(JUDGES, layers_of({**records, "doorplates": plates}), {})
    assert [(one.rule.code, one.record_id, one.message.en) for one in found] == []
