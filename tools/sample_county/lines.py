"""The seven county lines on the outline, their markers with witnesses, and the joint inspections of them."""

from __future__ import annotations

import math
import random
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, MultiLineString, Point

from tools.sample_county import ground
from tools.sample_county.land import Land

SOURCE = "示例：勘界成果（虚构）"
SPACING_M = 6500.0  # about one marker every so many metres
ACCURACY_M = 0.1
LINE_ACCURACY_M = 1.0
TWIN_LINE = "嵊新线"  # this line follows a river somewhere: one number stands on both banks
TWIN_SERIAL = 5
BANK_M = 18.0
INSPECTED = ("东嵊线", "嵊奉线")
ROUND = "第五轮"
LINE_ORDER = {
    "诸": "诸嵊线",
    "柯": "柯嵊线",
    "虞": "嵊虞线",
    "余": "嵊余线",
    "奉": "嵊奉线",
    "新": "嵊新线",
    "东": "东嵊线",
}
WITNESSES = ("独立樟树", "石桥东南角", "机耕路路口", "电线杆", "民房西北角", "巨石顶部", "水渠闸口", "里程碑")
STONE = "花岗岩"


def line_code(first: str, second: str) -> str:
    """Code of a county line: the last four digits of both counties' codes, the smaller first."""
    return "".join(sorted((first[2:6], second[2:6])))


def lines(land: Land) -> gpd.GeoDataFrame:
    """One line for each neighbour. They run clockwise, so the county lies on the right of all of them."""
    own = ground.COUNTY[:6]
    records = []
    for order, (short, arc) in enumerate(land.arcs.items()):
        neighbour = ground.NEIGHBOURS[short]
        records.append(
            {
                "code": line_code(own, neighbour.code), "name": LINE_ORDER[short], "level": level_of(neighbour),
                "left_code": neighbour.code + "000000", "right_code": ground.COUNTY, "accuracy_m": LINE_ACCURACY_M,
                "length_km": round(arc.length / 1000, 2), "agreed_on": f"1998-0{1 + order}-20",
                "last_inspected_on": f"202{3 + order % 3}-10-1{order}", "disputed": "否", "source": SOURCE,
                "note": "界线名称与走向为示例虚构", "geometry": MultiLineString([arc]),
            }
        )  # fmt: skip
    return gpd.GeoDataFrame(records, crs=ground.CRS)


def level_of(neighbour: ground.Neighbour) -> str:
    """County line inside the prefecture, prefecture line towards Ningbo and Jinhua."""
    return "county" if neighbour.code[:4] == ground.COUNTY[:4] else "prefecture"


def markers(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Markers of every line, serials from west to east or north to south, then the seven tri-points."""
    drafts = [draft for line in frame.itertuples() for draft in markers_of(line)]
    drafts += tri_points(frame)
    dice = random.Random(f"{ground.SEED}/markers")
    records = []
    for number, draft in enumerate(drafts, start=1):
        place = draft["geometry"]
        lon, lat = ground.degrees(place.x, place.y)
        sides = draft["division_codes"].split(";")
        records.append(
            {
                "id": f"M{number:03d}", **draft, "material": STONE, "accuracy_m": ACCURACY_M,
                "easting": place.x, "northing": place.y, "lon": lon, "lat": lat,
                "height_m": round(dice.uniform(30, 780), 1), "recorded_crs": ground.CRS,
                "location": f"示例地点{number}", "caring_code": sides[number % len(sides)],
                "set_on": f"1998-1{number % 3}-0{1 + number % 9}", "status": "intact", "source": SOURCE,
            }
        )  # fmt: skip
    return gpd.GeoDataFrame(records, crs=ground.CRS)


def markers_of(line: Any) -> list[dict[str, object]]:
    """Single markers on the line, and on the river one pair on both banks."""
    arc: LineString = line.geometry.geoms[0]
    count = max(2, round(arc.length / SPACING_M))
    stations = [arc.length * (place + 0.5) / count for place in range(count)]
    first, last = arc.interpolate(stations[0]), arc.interpolate(stations[-1])
    backwards = first.x > last.x if abs(first.x - last.x) > abs(first.y - last.y) else first.y < last.y
    drafts: list[dict[str, object]] = []
    turns = [vertex_near(arc, station) for station in (stations[::-1] if backwards else stations)]
    for serial, station in enumerate(turns, start=1):
        common = {
            "name": f"{line.name}{serial}号", "line_codes": line.code, "serial": serial, "level": line.level, "faces": 2,
            "division_codes": f"{line.left_code};{line.right_code}",
        }  # fmt: skip
        if (line.name, serial) == (TWIN_LINE, TWIN_SERIAL):
            lower_left = line.left_code < line.right_code
            for letter, side in (("A", 1.0 if lower_left else -1.0), ("B", -1.0 if lower_left else 1.0)):
                drafts.append({**common, "number": f"{line.code}{serial:03d}{letter}", "type_code": letter,
                               "geometry": beside(arc, station, side * BANK_M)})  # fmt: skip
        else:
            drafts.append({**common, "number": f"{line.code}{serial:03d}Q", "type_code": "Q",
                           "geometry": beside(arc, station, 0.0)})  # fmt: skip
    return drafts


def vertex_near(arc: LineString, station: float) -> float:
    """The station of the line's vertex next to a station: markers stand where the line turns."""
    vertices = shapely.points(np.asarray(arc.coords))
    stations = shapely.line_locate_point(arc, vertices)
    return float(stations[np.abs(stations - station).argmin()])


def beside(arc: LineString, station: float, offset: float) -> Point:
    """The point at a station, ``offset`` metres to the left of the line."""
    foot = arc.interpolate(station)
    before, after = arc.interpolate(station - 40.0), arc.interpolate(station + 40.0)
    length = math.dist((before.x, before.y), (after.x, after.y))
    return Point(
        round(foot.x - offset * (after.y - before.y) / length, 3),
        round(foot.y + offset * (after.x - before.x) / length, 3),
    )


def tri_points(frame: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Three-sided markers where the outline changes its neighbour; the third line lies outside the register."""
    by_short = {name: frame[frame["name"].eq(line)].iloc[0] for name, line in LINE_ORDER.items()}
    drafts: list[dict[str, object]] = []
    for before, after, _, _ in ground.TRI_POINTS:
        corner = by_short[after].geometry.geoms[0].coords[0]
        counties = sorted({ground.COUNTY[:6], ground.NEIGHBOURS[before].code, ground.NEIGHBOURS[after].code})
        outside = line_code(ground.NEIGHBOURS[before].code, ground.NEIGHBOURS[after].code)
        levels = {by_short[before]["level"], by_short[after]["level"]}
        drafts.append(
            {
                "number": "".join(code[2:6] for code in counties) + "S", "name": f"{before}{after}嵊三交点",
                "line_codes": ";".join((by_short[before]["code"], by_short[after]["code"], outside)),
                "type_code": "S", "level": "prefecture" if "prefecture" in levels else "county", "faces": 3,
                "division_codes": ";".join(code + "000000" for code in counties), "geometry": Point(corner),
            }
        )  # fmt: skip
    return drafts


def counted(frame: gpd.GeoDataFrame, stones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lines with their numbers of markers. A tri-point stands alone and is counted on each of its lines."""
    listed = stones.assign(line=stones["line_codes"].str.split(";")).explode("line")
    kinds = listed["type_code"].replace(
        {"Q": "single_count", "S": "single_count", "A": "double_count", "B": "double_count"}
    )
    counts = pd.crosstab(listed["line"], kinds).reindex(frame["code"], fill_value=0)
    counts = counts.reindex(columns=["single_count", "double_count", "triple_count"], fill_value=0)
    counts.insert(0, "marker_count", counts.sum(axis=1))
    return frame.assign(**{name: counts[name].to_numpy() for name in counts})


def witnesses(stones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Three or four reference objects of every marker, in different directions."""
    dice = random.Random(f"{ground.SEED}/witnesses")
    records = []
    for number, marker in enumerate(stones["id"]):
        turn, count = dice.uniform(0, 360), 3 + number % 2
        for seq in range(1, count + 1):
            azimuth = (turn + (seq - 1) * 360 / count + dice.uniform(-20, 20)) % 360
            records.append(
                {
                    "marker_id": marker, "seq": str(seq), "name": WITNESSES[(number + 3 * seq) % len(WITNESSES)],
                    "azimuth_deg": round(azimuth, 1), "distance_m": round(dice.uniform(6, 180), 1), "source": SOURCE,
                }
            )  # fmt: skip
    return pd.DataFrame(records)


def inspections(stones: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The fifth round on two lines: found where recorded, both sides present, a photo each."""
    dice = random.Random(f"{ground.SEED}/inspections")
    records = []
    for line in frame[frame["name"].isin(INSPECTED)].itertuples():
        for marker in stones[stones["line_codes"].eq(line.code)].itertuples():
            number = len(records) + 1
            near = (marker.geometry.x + dice.uniform(-0.05, 0.05), marker.geometry.y + dice.uniform(-0.05, 0.05))
            day = line.last_inspected_on
            records.append(
                {
                    "id": f"I{number:03d}", "marker_id": marker.id, "line_code": line.code, "inspected_on": day,
                    "round": ROUND, "fix_type": "rtk", "accuracy_m": 0.05, "condition": "intact", "witness_ok": "是",
                    "photos": f"{marker.number}_{day.replace('-', '')}_0930{number:02d}.jpg",
                    "parties": marker.division_codes, "inspector": "示例甲", "action": "描红", "signed_on": day,
                    "source": "示例：联检记录", "geometry": Point(round(near[0], 3), round(near[1], 3)),
                }
            )  # fmt: skip
    return gpd.GeoDataFrame(records, crs=ground.CRS)
