"""The divisions: the county, its fifteen real townships and the villages that tile them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from shapely import MultiPolygon

from tools.sample_county import ground, words
from tools.sample_county.land import Land

SOURCE = "示例：政区（边界与村名虚构）"
REFORM = "2019-12-31"  # by then the reform of 2019 held: codes are those of the civil-affairs series of that day
COMMUNITY_FIRST = 1  # residents' committees have 001–199 as the last three digits,
VILLAGE_FIRST = 200  # village committees 200–399


def build(land: Land) -> gpd.GeoDataFrame:
    """All divisions in force, the county first. Parents are the exact unions of their children."""
    members = villages(land)
    townships = [
        {
            "code": known.code12, "name": known.name, "pinyin": known.pinyin, "level": "township", "kind": known.kind,
            "parent_code": ground.COUNTY, "nbs_code": known.nbs + "000" if known.nbs else None,
            "urban_rural": {"街道": "111", "镇": "121", "乡": "210"}[known.kind],
            "geometry": shapely.coverage_union_all(land.villages[known.code]),
        }
        for known in ground.TOWNSHIPS
    ]  # fmt: skip
    county = {
        "code": ground.COUNTY, "name": "嵊州市", "pinyin": "Shèngzhōu Shì", "level": "county", "kind": "县级市",
        "parent_code": "330600000000", "geometry": land.county,
    }  # fmt: skip
    return framed([county, *townships, *members]).assign(valid_from=REFORM)


def framed(records: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Records as a frame of the layer."""
    frame = gpd.GeoDataFrame(records, crs=ground.CRS)
    frame["geometry"] = [MultiPolygon([shape]) for shape in frame.geometry]
    return frame.assign(source=SOURCE)


def ended(land: Land) -> gpd.GeoDataFrame:
    """A town that was merged into its neighbour in 2019: ended records stay in the register and are not checked."""
    heir = next(known for known in ground.TOWNSHIPS if known.name == "金庭镇")
    former = {
        "code": "330683109000", "name": "北漳镇", "pinyin": "Běizhāng Zhèn", "level": "township", "kind": "镇",
        "parent_code": ground.COUNTY, "urban_rural": "121", "valid_from": "2001-10-01", "valid_to": REFORM,
        "note": "2019年并入金庭镇；范围虚构", "geometry": shapely.coverage_union_all(land.villages[heir.code][-2:]),
    }  # fmt: skip
    return framed([former])


def villages(land: Land) -> list[dict[str, object]]:
    """Villages and communities in the order of the list, the first of each township where its seat is."""
    listed = pd.DataFrame(words.read("villages"))
    records: list[dict[str, object]] = []
    for township in ground.TOWNSHIPS:
        rows = listed[listed["township"].eq(township.name)].to_dict("records")
        serials = {"社区": COMMUNITY_FIRST, "村": VILLAGE_FIRST}
        for place, (row, shape) in enumerate(zip(rows, land.villages[township.code], strict=True)):
            serial = serials[row["generic"]]
            serials[row["generic"]] += 1
            town_class = "111" if township.kind == "街道" else "121"
            records.append(
                {
                    "code": f"{township.code}{serial:03d}", "name": row["specific"] + row["generic"],
                    "pinyin": words.village(row), "level": "village", "kind": row["generic"],
                    "parent_code": township.code12, "urban_rural": "220" if place and row["generic"] == "村" else town_class,
                    "geometry": shape,
                }
            )  # fmt: skip
    return records
