"""All rules on doorplates over 200,000 plates on 5,000 roads, beside the plain way: geopandas, one road at a time.

Run: ``python -m tests.bench.plates [plates]``. The plain way does eight of the sixteen rules (those that look at places
and duplicates) and is the same in what it finds, as ``tests/doorplates/test_plain_way.py`` shows on fewer plates.
"""

from __future__ import annotations

import sys
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.rising import longest_rising
from doorplates.rules import RULES
from register.dictionary import DICTIONARY
from rulebook import engine
from tests.bench.timing import interleaved, machine, told
from tests.case_files import METRIC, TODAY, load_profile

PLATES_A_ROAD = 40
BLOCK_M = 500.0
VILLAGE_M = 2500.0
ORIGIN = np.array([560000.0, 3250000.0])
DOORPLATES = tuple(rule for rule in RULES if rule.code.startswith("DOR"))
PLAIN = ("DOR104", "DOR301", "DOR302", "DOR304", "DOR305", "DOR306", "DOR307", "DOR401")
Frames = dict[str, gpd.GeoDataFrame]


def county(roads: int, rng: np.random.Generator) -> Frames:
    """Roads with one bend each, 40 plates along each, villages in squares; two plates in a hundred are wrong."""
    across = int(np.ceil(np.sqrt(roads)))
    corner = ORIGIN + BLOCK_M * np.column_stack([np.arange(roads) % across, np.arange(roads) // across]) + 40
    lines = shapely.linestrings(corner[:, None, :] + np.array([[0, 0], [200, 0], [420, 60]])[None, :, :])
    names = np.array([f"r{number:05d}" for number in range(roads)], dtype=object)
    road = np.repeat(np.arange(roads), PLATES_A_ROAD)
    nth = np.tile(np.arange(PLATES_A_ROAD), roads)
    left = nth % 2 == 0
    place = 10.0 + 10.0 * nth
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[road], place))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines[road], place + 0.5)) - foot
    ahead /= np.hypot(*ahead.T)[:, None]
    shift = np.where(left, 10.0, -10.0)
    number = nth + 1
    wrong = rng.random(len(nth))
    shift = np.where(wrong < 0.008, -shift, shift)
    number = np.where((wrong >= 0.008) & (wrong < 0.016), (number + 19) % 40 + 1, number)
    spot = foot + np.column_stack([-ahead[:, 1], ahead[:, 0]]) * shift[:, None]
    spot[(wrong >= 0.016) & (wrong < 0.02)] += 150.0
    width = int(np.ceil(across * BLOCK_M / VILLAGE_M))
    squares = [(column, row) for row in range(width) for column in range(width)]
    boxes = [
        shapely.box(*(ORIGIN + VILLAGE_M * np.array(one)), *(ORIGIN + VILLAGE_M * (np.array(one) + 1)))
        for one in squares
    ]
    codes = [f"3306831{number // 100:02d}{number % 100 + 200:03d}" for number in range(len(boxes))]
    villages = gpd.GeoDataFrame({"code": codes, "name": codes, "level": "village"}, geometry=boxes, crs=METRIC)
    whole = gpd.GeoDataFrame(
        {"code": ["330683000000"], "name": ["嵊州市"], "level": ["county"]},
        geometry=[shapely.union_all(boxes)],
        crs=METRIC,
    )
    column = np.floor((spot - ORIGIN) / VILLAGE_M).astype(int).clip(0, width - 1)
    code = np.array(codes, dtype=object)[column[:, 1] * width + column[:, 0]]
    code = np.where(rng.random(len(code)) < 0.002, codes[0], code)
    plates = gpd.GeoDataFrame(
        {"id": [f"d{one:07d}" for one in range(len(road))], "kind": "road", "road_id": names[road],
         "number": number.astype(str), "division_code": code, "status": "in_use"},
        geometry=shapely.points(spot), crs=METRIC,
    )  # fmt: skip
    ways = gpd.GeoDataFrame(
        {"id": names, "name": names, "status": "in_use", "numbering": "odd_left"}, geometry=lines, crs=METRIC
    )
    given = {"doorplates": plates, "roads": ways, "divisions": pd.concat([villages, whole], ignore_index=True)}
    return {name: DICTIONARY[name].conform(frame) for name, frame in given.items()}


def ours(frames: Frames) -> set[tuple[str, str]]:
    """Findings of all rules on doorplates, by rule and record."""
    layers = {name: frames.get(name, DICTIONARY[name].empty(METRIC)) for name in DICTIONARY}
    report = engine.run(DOORPLATES, layers, load_profile(), today=TODAY, crs=METRIC)
    return {(one.rule.code, one.record_id) for one in report}


def plain(frames: Frames) -> set[tuple[str, str]]:
    """The same by what geopandas has: joins, and each road and plate in turn."""
    profile = load_profile()
    settings, rules = profile.setting("doorplates"), profile.rules
    plates, roads, divisions = (
        gpd.GeoDataFrame(frames[name], crs=METRIC) for name in ("doorplates", "roads", "divisions")
    )
    found = {("DOR104", str(one)) for one in plates.index[~plates["road_id"].isin(roads.index)]}
    nearest = gpd.sjoin_nearest(plates[["geometry"]], roads[["geometry"]].rename_axis("near"), distance_col="near_m")
    nearest = nearest[~nearest.index.duplicated()]
    for road, members in plates.groupby("road_id"):
        line = roads.geometry[road]
        rows: dict[int, list[tuple[int, float, str]]] = {0: [], 1: []}
        for plate, row in members.iterrows():
            place, number, away = line.project(row.geometry), int(row["number"]), line.distance(row.geometry)
            clear = (
                away > rules["DOR304"]["clear_m"]
                and nearest.at[plate, "near_m"] * rules["DOR304"]["clear_ratio"] <= away
            )
            clear = (
                clear
                and nearest.at[plate, "near"] != road
                and nearest.at[plate, "near_m"] <= rules["DOR304"]["clear_m"]
            )
            if clear or away > settings["reach_m"]:
                found.add(("DOR304", str(plate)))
            if away > settings["reach_m"]:
                continue
            first, second = line.interpolate(max(place - 0.5, 0)), line.interpolate(place + 0.5)
            cross = (second.x - first.x) * (row.geometry.y - first.y) - (second.y - first.y) * (
                row.geometry.x - first.x
            )
            if (cross > 0) != (number % 2 == 1):
                found.add(("DOR301", str(plate)))
            rows[number % 2].append((number, place, str(plate)))
        for row in rows.values():
            found |= {("DOR302", plate) for plate in _out_of_order(row, rules["DOR302"]["tolerance_m"])}
    numbers = plates.assign(plate=plates.index).groupby(["road_id", "number"])["plate"]
    found |= {("DOR401", min(group)) for _, group in numbers if len(group) > 1}
    spots = plates.assign(plate=plates.index, x=plates.geometry.x.round(2), y=plates.geometry.y.round(2))
    stacks = spots.groupby(["x", "y"])["plate"]
    found |= {("DOR306", min(group)) for _, group in stacks if len(group) > rules["DOR306"]["max_plates"]}
    villages = divisions[divisions["level"] == "village"]
    stands = gpd.sjoin(plates[["division_code", "geometry"]], villages[["geometry"]].rename_axis("stands"))
    for plate, row in stands[stands["stands"] != stands["division_code"]].iterrows():
        if villages.geometry[row["division_code"]].distance(row.geometry) > rules["DOR305"]["tolerance_m"]:
            found.add(("DOR305", str(plate)))
    border = divisions.geometry[divisions["level"] == "county"].iloc[0]
    outside = plates[~plates.within(border)]
    return found | {
        ("DOR307", str(plate))
        for plate, point in outside.geometry.items()
        if border.distance(point) > rules["DOR307"]["tolerance_m"]
    }


def _out_of_order(row: list[tuple[int, float, str]], tolerance_m: float) -> set[str]:
    """Plates of one row that are not in a longest rising sequence, a pair of two by the smaller id."""
    inorder = sorted(row, key=lambda one: (one[0], one[1], one[2]))
    kept = {inorder[place] for place in longest_rising([place for _, place, _ in inorder])}
    named = set()
    for plate in (one for one in inorder if one not in kept):
        rivals = [
            one for one in kept
            if (one[0] < plate[0] and one[1] - plate[1] > tolerance_m) or (one[0] > plate[0] and plate[1] - one[1] > tolerance_m)
        ]  # fmt: skip
        if rivals:
            named.add(min(plate[2], rivals[0][2]) if len(rivals) == 1 else plate[2])
    return named


def main(plates: int = 200_000) -> None:
    """Measure and print."""
    frames = county(plates // PLATES_A_ROAD, np.random.default_rng(1))
    results: dict[str, Any] = {}
    ways = {
        f"ours, {len(DOORPLATES)} rules": lambda: results.__setitem__("ours", ours(frames)),
        f"plain geopandas, {len(PLAIN)} rules": lambda: results.__setitem__("plain", plain(frames)),
    }
    seconds = interleaved(ways, rounds=1)
    same = {one for one in results["ours"] if one[0] in PLAIN} == results["plain"]
    told(f"{len(frames['doorplates']):,} plates on {len(frames['roads']):,} roads", seconds, ours=next(iter(ways)))
    print(f"findings: {len(results['ours']):,}; the same as the plain way where it has the rule: {same}")
    print(machine("pandas", "geopandas", "shapely"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
