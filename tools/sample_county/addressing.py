"""Addresses: texts as other departments send them, with segments, links and the standard text of each."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from tools.sample_county import ground

SOURCE = "示例：公安地址"
EVERY = 2  # one address for every so many doorplates
PROVINCE, PREFECTURE, COUNTY = "浙江省", "绍兴市", "嵊州市"
OPENINGS = (PROVINCE + PREFECTURE + COUNTY, PREFECTURE + COUNTY, COUNTY, COUNTY)


def parts_of(
    plates: gpd.GeoDataFrame, divisions: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> pd.DataFrame:
    """The segments of every doorplate, columns as in the layer of addresses, index as the plates'."""
    names = divisions.set_index("code")["name"]
    road = plates["road_id"].map(roads.set_index("id")["name"])
    place = plates["place_id"].map(places.set_index("id")["name"])
    numbers = plates["number"].str.extract(r"^(\d+)(?:-(\d+))?$")
    estate = plates["kind"].eq("estate")
    return pd.DataFrame(
        {
            "province": PROVINCE, "prefecture": PREFECTURE, "county": COUNTY,
            "township": (plates["division_code"].str[:9] + "000").map(names),
            "community": plates["division_code"].map(names),
            "natural_village": place.where(plates["kind"].eq("village")),
            "road": road, "plate_no": numbers[0].where(~estate), "sub_no": numbers[1],
            "estate": place.where(estate), "building": plates["building"], "unit": plates["unit"],
            "room": plates["room"],
        },
        index=plates.index,
    )  # fmt: skip


def ending(parts: pd.DataFrame) -> pd.Series:
    """What follows the township: road and number, village and number, or estate, building, unit and room."""
    number = parts["plate_no"] + ("-" + parts["sub_no"]).fillna("") + "号"
    by_road = parts["road"] + number
    by_village = parts["community"] + parts["natural_village"] + number
    inside = (parts["unit"] + "单元").fillna("") + (parts["room"] + "室").fillna("")
    by_estate = parts["estate"] + parts["building"] + "幢" + inside
    return by_road.fillna(by_village).fillna(by_estate)


def standard(parts: pd.DataFrame) -> pd.Series:
    """Standard texts: 市 + 镇街道 + 路名 + 号, 市 + 镇街道 + 村社区 + 自然村 + 号, 市 + 镇街道 + 小区 + 幢 + 单元 + 室."""
    return parts["county"] + parts["township"] + ending(parts)


def build(plates: gpd.GeoDataFrame, parts: pd.DataFrame) -> gpd.GeoDataFrame:
    """Addresses of every other doorplate in use; texts open with more or fewer of the upper divisions."""
    chosen = plates[plates["status"].eq("in_use")].iloc[::EVERY]
    segments = parts.loc[chosen.index].reset_index(drop=True)
    chosen = chosen.reset_index(drop=True)
    opening = pd.Series([OPENINGS[number % len(OPENINGS)] for number in range(len(chosen))])
    frame = gpd.GeoDataFrame(segments, geometry=chosen.geometry.array, crs=ground.CRS)
    frame.insert(0, "id", [f"S{number:05d}" for number in range(1, len(frame) + 1)])
    frame.insert(1, "text", opening + segments["township"] + ending(segments))
    for column in ("division_code", "road_id", "place_id"):
        frame[column] = chosen[column]
    return frame.assign(
        doorplate_id=chosen["id"], grade="A", standard_text=standard(segments), status="current", source=SOURCE
    )
