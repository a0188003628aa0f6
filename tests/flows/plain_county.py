"""A county on a chess board, written without a look at the rules: clean, and with one fault after another.

Four townships of four villages each, squares of 2 km; roads with forty plates each, a village with eight, addresses,
two county lines with five markers. Everything is as an officer would want it; whoever finds a fault in it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely import affinity
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon

from register.dictionary import DICTIONARY

METRIC = CRS("EPSG:4549")
EAST, NORTH, SIDE = 570000, 3265000, 2000
Frames = dict[str, gpd.GeoDataFrame]
Fault = Callable[[Frames], None]

TOWNSHIPS = (
    ("330683001", "剡湖街道", "街道", "Shànhú Jiēdào", ("东圃社区", "西前社区", "城隍社区", "白莲堂社区")),
    ("330683100", "甘霖镇", "镇", "Gānlín Zhèn", ("殿前村", "施家岙村", "黄胜堂村", "蛟镇村")),
    ("330683101", "长乐镇", "镇", "Chánglè Zhèn", ("开元村", "小昆村", "山口村", "坎流村")),
    ("330683206", "贵门乡", "乡", "Guìmén Xiāng", ("玠溪村", "上坞山村", "雅安村", "贵门村")),
)
ROADS = (
    ("R1", "北直街", "北直", "街", "Běizhí Jiē"),
    ("R2", "官河路", "官河", "路", "Guānhé Lù"),
    ("R3", "剡兴路", "剡兴", "路", "Shànxīng Lù"),
    ("R4", "鹿苑弄", "鹿苑", "弄", "Lùyuàn Lòng"),
)
CITY_VILLAGE, COUNTRY_VILLAGE = "330683001001", "330683100200"
COUNTY, WEST_OF, SOUTH_OF = "330683000000", "330681000000", "330783000000"


def square(column: int, row: int, wide: int = 1) -> Polygon:
    """A square of the board, ``wide`` fields wide."""
    west, south, size = EAST + column * SIDE, NORTH + row * SIDE, wide * SIDE
    return Polygon([(west, south), (west + size, south), (west + size, south + size), (west, south + size)])


def divisions() -> list[dict[str, Any]]:
    """The county, its townships and villages."""
    rows = [
        {
            "code": COUNTY, "name": "嵊州市", "level": "county", "kind": "县级市", "parent_code": "330600000000",
            "pinyin": "Shèngzhōu Shì", "geometry": square(0, 0, 4),
        }
    ]  # fmt: skip
    for number, (code, name, kind, pinyin, villages) in enumerate(TOWNSHIPS):
        column, row = number % 2 * 2, number // 2 * 2
        town = code + "000"
        rows.append(
            {
                "code": town, "name": name, "level": "township", "kind": kind, "parent_code": COUNTY, "pinyin": pinyin,
                "geometry": square(column, row, 2),
            }
        )  # fmt: skip
        urban = kind == "街道"
        for serial, village in enumerate(villages):
            rows.append(
                {
                    "code": f"{code}{(1 if urban else 200) + serial:03d}", "name": village, "level": "village",
                    "kind": "社区" if urban else "村", "parent_code": town,
                    "geometry": square(column + serial % 2, row + serial // 2),
                }
            )  # fmt: skip
    return rows


def streets() -> dict[str, list[dict[str, Any]]]:
    """Four roads of the town with odd numbers on the left, their plates, and addresses of the first ten of each."""
    roads, plates, addresses = [], [], []
    for row, (road, name, specific, generic, pinyin) in enumerate(ROADS):
        south = NORTH + 200 + row * 400
        line = LineString([(EAST + 100, south), (EAST + 800, south + 40), (EAST + 1900, south)])
        roads.append(
            {
                "id": road, "name": name, "specific": specific, "generic": generic, "pinyin": pinyin,
                "road_class": "branch", "width_m": 12.0, "numbering": None if row % 2 else "odd_left",
                "division_code": CITY_VILLAGE, "status": "in_use", "geometry": line,
            }
        )  # fmt: skip
        for number in range(1, 41):
            place = beside(line, 30 + (number - 1) // 2 * 60, 12 if number % 2 else -12)
            plates.append(
                {
                    "id": f"{road}-{number}", "kind": "road", "road_id": road, "number": str(number),
                    "division_code": CITY_VILLAGE, "status": "in_use", "geometry": place,
                }
            )  # fmt: skip
            if number <= 10:
                addresses.append(address(f"A{road}-{number}", name, road, number, place))
    return {"roads": roads, "doorplates": plates, "addresses": addresses}


def beside(line: LineString, position: float, offset: float) -> Point:
    """A point at ``position`` along a line and ``offset`` metres to its left."""
    here, ahead = line.interpolate(position), line.interpolate(position + 1)
    return Point(here.x - (ahead.y - here.y) * offset, here.y + (ahead.x - here.x) * offset)


def address(key: str, name: str, road: str, number: int, place: Point) -> dict[str, Any]:
    """The address of a plate of the town."""
    return {
        "id": key, "text": f"嵊州市剡湖街道东圃社区{name}{number}号", "county": "嵊州市", "township": "剡湖街道",
        "community": "东圃社区", "road": name, "plate_no": str(number), "division_code": CITY_VILLAGE, "road_id": road,
        "doorplate_id": f"{road}-{number}", "grade": "A", "status": "current", "geometry": place,
    }  # fmt: skip


def village() -> dict[str, list[dict[str, Any]]]:
    """Names of three places and the plates of a natural village."""
    places = [
        {"id": "P1", "name": "下村", "kind": "natural_village", "division_code": COUNTRY_VILLAGE, "pinyin": "Xiàcūn",
         "geometry": Point(EAST + 4500, NORTH + 500)},
        {"id": "P2", "name": "剡溪", "specific": "剡", "generic": "溪", "kind": "natural", "division_code": CITY_VILLAGE,
         "pinyin": "Shàn Xī", "geometry": Point(EAST + 500, NORTH + 1900)},
        {"id": "P3", "name": "鹿山公园", "kind": "park_reserve", "division_code": "330683001002",
         "pinyin": "Lùshān Gōngyuán", "geometry": Point(EAST + 2500, NORTH + 1900)},
    ]  # fmt: skip
    plates = [
        {"id": f"V{number}", "kind": "village", "place_id": "P1", "number": str(number), "status": "in_use",
         "division_code": COUNTRY_VILLAGE, "geometry": Point(EAST + 4400 + number * 25, NORTH + 500)}
        for number in range(1, 9)
    ]  # fmt: skip
    return {"place_names": [{**place, "status": "in_use"} for place in places], "doorplates": plates}


def border() -> dict[str, list[dict[str, Any]]]:
    """Two county lines, the county on their left, with single markers every two kilometres."""
    top = NORTH + 4 * SIDE
    lines = {
        "L1": ("诸嵊线", WEST_OF, LineString([(EAST, top), (EAST, NORTH)]), 3),
        "L2": ("东嵊线", SOUTH_OF, LineString([(EAST, NORTH), (EAST + 4 * SIDE, NORTH)]), 2),
    }
    rows: dict[str, list[dict[str, Any]]] = {"boundary_lines": [], "markers": []}
    for code, (name, other, line, count) in lines.items():
        rows["boundary_lines"].append(
            {
                "code": code, "name": name, "level": "county", "left_code": COUNTY, "right_code": other, "accuracy_m": 2.0,
                "length_km": 8.0, "marker_count": count, "single_count": count, "double_count": 0, "triple_count": 0,
                "agreed_on": "1998-01-01", "last_inspected_on": "2024-01-01", "geometry": line,
            }
        )  # fmt: skip
        for serial in range(1, count + 1):
            stone = line.interpolate(serial * 2000)
            rows["markers"].append(
                {
                    "id": f"{code}-{serial}", "number": str(serial), "name": f"{name}{serial}号", "line_codes": code,
                    "serial": serial, "type_code": "Q", "level": "county", "faces": 2, "accuracy_m": 0.5,
                    "easting": stone.x, "northing": stone.y, "recorded_crs": "EPSG:4549",
                    "division_codes": f"{COUNTY};{other}", "status": "intact", "geometry": stone,
                }
            )  # fmt: skip
    return rows


def clean() -> Frames:
    """Frames of the county without a fault, as a file would bring them."""
    rows: dict[str, list[dict[str, Any]]] = {
        "divisions": divisions(),
        "areas": [
            {
                "id": "B1",
                "kind": "built_up",
                "name": "城区",
                "division_code": "330683001000",
                "geometry": square(0, 0, 2),
            }
        ],
    }
    for part in (streets(), village(), border()):
        for layer, records in part.items():
            rows.setdefault(layer, []).extend(records)
    return {layer: gpd.GeoDataFrame(records, crs=METRIC) for layer, records in rows.items()}


def registered(frames: Frames) -> dict[str, pd.DataFrame]:
    """Frames of every layer as a register gives them; each marker has three witnesses."""
    witnesses = [
        {
            "marker_id": marker,
            "seq": str(seq),
            "name": f"电杆{seq}",
            "azimuth_deg": 40.0 * seq,
            "distance_m": 12.5 * seq,
        }
        for marker in frames["markers"]["id"]
        for seq in (1, 2, 3)
    ]
    given: dict[str, pd.DataFrame] = {**frames, "marker_witnesses": pd.DataFrame(witnesses)}
    return {
        name: layer.conform(given[name].reset_index(drop=True)) if name in given else layer.empty(METRIC)
        for name, layer in DICTIONARY.items()
    }


def change(layer: str, record: str, **values: Any) -> Fault:
    """Other values in one record."""

    def fault(frames: Frames) -> None:
        frame = frames[layer]
        rows = frame[DICTIONARY[layer].key[0]] == record
        assert rows.sum() == 1
        for name, value in values.items():
            if name == "geometry":
                shapes = [value if hit else shape for hit, shape in zip(rows, frame.geometry, strict=True)]
                frames[layer] = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=METRIC))
            else:
                column = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="object")
                frame[name] = column.astype("object").where(~rows, value)

    return fault


def add(layer: str, **values: Any) -> Fault:
    """One more record."""

    def fault(frames: Frames) -> None:
        more = gpd.GeoDataFrame([values], crs=METRIC)
        frames[layer] = gpd.GeoDataFrame(pd.concat([frames[layer], more], ignore_index=True), crs=METRIC)

    return fault


def add_road(name: str, north: float, **values: Any) -> Fault:
    """One more road through the town's first village, ``north`` metres above its southern edge."""
    line = LineString([(EAST + 100, NORTH + north), (EAST + 1500, NORTH + north)])
    told = {"id": f"R{name}", "name": name, "status": "in_use", "division_code": CITY_VILLAGE, "geometry": line}
    return add("roads", **{**told, **values})


def remove(layer: str, *records: str) -> Fault:
    """Records that are not there."""

    def fault(frames: Frames) -> None:
        frames[layer] = frames[layer][~frames[layer][DICTIONARY[layer].key[0]].isin(records)]

    return fault


def move(layer: str, record: str, beside_record: str, east: float = 0.0) -> Fault:
    """A record moved to where another one stands, ``east`` metres aside."""

    def fault(frames: Frames) -> None:
        shapes = frames[layer].set_index(DICTIONARY[layer].key[0]).geometry
        change(layer, record, geometry=affinity.translate(shapes[beside_record], east, 0))(frames)

    return fault


def board_with_edge(code: str, *edge: tuple[float, float]) -> Fault:
    """The city's second village with another eastern edge (metres from its south-western corner)."""
    west, south = EAST + SIDE, NORTH
    corners = [(0.0, 0.0), *edge, (0.0, float(SIDE))]
    return change("divisions", code, geometry=Polygon([(west + x, south + y) for x, y in corners]))


STACK = [change("doorplates", f"R1-{number}", geometry=Point(EAST + 300, NORTH + 225)) for number in range(1, 24, 2)]
SAME_PLACE = {
    "kind": "natural",
    "division_code": CITY_VILLAGE,
    "status": "in_use",
    "geometry": Point(EAST + 520, NORTH + 1900),
}
CROSSED = Polygon(
    [(EAST + 4000, NORTH), (EAST + 6000, NORTH + 2000), (EAST + 6000, NORTH), (EAST + 4000, NORTH + 2000)]
)
TRI_POINT = {
    "number": "T1", "name": "三交点", "line_codes": "L1;L2;L3", "type_code": "S", "faces": 3, "level": "county", "status": "intact",
    "division_codes": f"{COUNTY};{WEST_OF};{SOUTH_OF}", "geometry": Point(EAST + 300, NORTH + 300),
}  # fmt: skip

# rule, the record that is named, what is wrong
FAULTS: tuple[tuple[str, str, tuple[Fault, ...]], ...] = (
    ("NAM101", "R1", (change("roads", "R1", name=None),)),
    ("NAM102", "R1", (change("roads", "R1", name=" 北直街"),)),
    ("NAM103", "R1", (change("roads", "R1", name="北直街１"),)),
    ("NAM104", "R1", (change("roads", "R1", name="北\ufffd街"),)),
    ("NAM105", "R1", (change("roads", "R1", name="東直街"),)),
    ("NAM106", "P2", (change("place_names", "P2", name="嶀溪", status="planned"),)),
    ("NAM107", "R1", (change("roads", "R1", name="北直街（暂名）"),)),
    ("NAM108", "R1", (change("roads", "R1", name="ABC路"),)),
    ("NAM109", "R1", (change("roads", "R1", name="北直", specific=None, generic=None),)),
    ("NAM110", "R1", (change("roads", "R1", name="北直路路", specific=None, generic=None),)),
    ("NAM201", "R1", (change("roads", "R1", pinyin=None),)),
    ("NAM202", "R1", (change("roads", "R1", pinyin="Beizhi Road"),)),
    ("NAM204", "R1", (change("roads", "R1", specific="北"),)),
    ("NAM205", "P1", (change("place_names", "P1", category="99999"),)),
    ("NAM206", "R1", (change("roads", "R1", place_code="12345"),)),
    ("NAM207", "P1", tuple(change("place_names", one, place_code="33068310022200000001") for one in ("P1", "P3"))),
    ("NAM208", "P1", (change("place_names", "P1", division_code=None),)),
    ("NAM301", "P1", (change("place_names", "P1", division_code="330683101200"),)),
    ("NAM304", "R1", (change("roads", "R1", geometry=LineString([(EAST + 100, NORTH + 200), (EAST + 3500, NORTH + 200)])),)),
    ("NAM401", "R2", (add_road("官河路", 1800),)),
    ("NAM402", "R2", (add_road("关河路", 1800),)),
    ("NAM403", "R2", (add_road("管合路", 1800),)),
    ("NAM404", "R3", (add_road("善信路", 1800),)),
    ("NAM405", "R2", (add_road("官江路", 1800),)),
    ("NAM408", "R2", (change("roads", "R2", geometry=MultiLineString(
        [[(EAST + 100, NORTH + 600), (EAST + 800, NORTH + 640)], [(EAST + 800, NORTH + 7640), (EAST + 1900, NORTH + 7600)]])),)),
    ("NAM410", "P9", (add("place_names", id="P9", name="剡溪", **SAME_PLACE),)),
    ("NAM501", "P1", (change("place_names", "P1", status="historic"),)),
    ("DOR101", "R1-7", (change("doorplates", "R1-7", number="不详"),)),
    ("DOR102", "R1-7", (change("doorplates", "R1-7", number="007"),)),
    ("DOR103", "R1-7", (change("doorplates", "R1-7", number="7-11"),)),
    ("DOR104", "R1-7", (change("doorplates", "R1-7", road_id="R77"),)),
    ("DOR201", "R1-7", tuple(change("doorplates", one, plate_code="830012023200001") for one in ("R1-7", "R1-9"))),
    ("DOR301", "R2-7", (move("doorplates", "R2-7", "R2-8", 3),)),
    ("DOR302", "R1-7", (move("doorplates", "R1-7", "R1-31", 5),)),
    ("DOR303", "R1-39", (change("doorplates", "R1-39", number="939"),)),
    ("DOR304", "R1-7", (change("doorplates", "R1-7", geometry=Point(EAST + 300, NORTH + 1900)),)),
    ("DOR305", "R1-7", (change("doorplates", "R1-7", division_code="330683001002"),)),
    ("DOR306", "R1-1", tuple(STACK)),
    ("DOR307", "V3", (change("doorplates", "V3", geometry=Point(EAST - 5000, NORTH + 500)),)),
    ("DOR401", "R1-7", (change("doorplates", "R1-7", number="9"),)),
    ("DOR501", "R1-7", (add("doorplates", id="X1", kind="road", road_id="R1", number="7", division_code=CITY_VILLAGE,
                            status="cancelled", geometry=Point(EAST + 300, NORTH + 225)),)),
    ("ADR101", "AR1-1", (change("addresses", "AR1-1", text="嵊州市嵊州市剡湖街道北直街1号"),)),
    ("ADR102", "AR1-1", (change("addresses", "AR1-1", building="3栋"),)),
    ("ADR103", "AR1-1", (change("addresses", "AR1-1", text="嵊州市剡湖街道东圃社区北直街1号 13800138000"),)),
    ("ADR201", "AR1-1", (change("addresses", "AR1-1", community="殿前村"),)),
    ("ADR202", "AR1-1", (change("addresses", "AR1-1", township="北漳镇", text="嵊州市北漳镇北直街1号"),)),
    ("ADR203", "AR1-1", (change("addresses", "AR1-1", standard_text="北直街一号"),)),
    ("ADR301", "AR1-1", (change("addresses", "AR1-1", geometry=Point(EAST + 5000, NORTH + 5000)),)),
    ("ADR401", "AR1-1", (change("addresses", "AR1-1", road="不存在路", road_id=None, doorplate_id=None),)),
    ("ADR402", "AR1-1", (change("addresses", "AR1-1", grade="C"),)),
    ("ADR404", "AR1-1", (change("addresses", "AR1-1", doorplate_id="NOPE"),)),
    ("ADR405", "AR1-1", (change("addresses", "AR1-1", geometry=Point(EAST + 300, NORTH + 1950)),)),
    ("DIV101", "33068310020", (change("divisions", COUNTRY_VILLAGE, code="33068310020"),)),
    ("DIV102", "330683100200", tuple(change("divisions", one, nbs_code="330683100299") for one in ("330683100200", "330683100201"))),
    ("DIV103", COUNTRY_VILLAGE, (change("divisions", COUNTRY_VILLAGE, parent_code="330683999000"),)),
    ("DIV104", "P1", (change("divisions", "330683206000", nbs_code="330683200000"), change("place_names", "P1", division_code="330683200000"))),
    ("DIV501", "AR1-1", (change("addresses", "AR1-1", division_code="330683109000"),)),
    ("BND101", COUNTRY_VILLAGE, (change("divisions", COUNTRY_VILLAGE, geometry=CROSSED),)),
    ("BND102", COUNTRY_VILLAGE, (change("divisions", COUNTRY_VILLAGE, geometry=MultiPolygon([square(2, 0), square(9, 9)])),)),
    ("BND301", "330683001002", (board_with_edge("330683001002", (1995, 0), (1995, 2000)),)),
    ("BND302", "330683001002", (board_with_edge("330683001002", (2005, 0), (2005, 2000)),)),
    ("BND303", "330683206000", (remove("divisions", "330683206203"),)),
    ("BND304", "330683001002", (board_with_edge("330683001002", (2000, 0), (2000.02, 1000), (2000, 2000)),)),
    ("BND305", "L1", (change("boundary_lines", "L1", geometry=LineString([(EAST, NORTH + 8000), (EAST + 60, NORTH + 4000), (EAST, NORTH)])),)),
    ("BND306", "L1", (change("boundary_lines", "L1", left_code=WEST_OF, right_code=COUNTY),)),
    ("BND307", "L1", (change("boundary_lines", "L1", marker_count=7),)),
    ("MRK101", "L1-2", (change("markers", "L1-2", number="??"),)),
    ("MRK103", "L1-2", (change("markers", "L1-2", easting=500000.0),)),
    ("MRK201", "L1-2", (change("markers", "L1-2", line_codes="L9"),)),
    ("MRK202", "L1-2", (change("markers", "L1-2", type_code="A"),)),
    ("MRK301", "L1-2", (change("markers", "L1-2", geometry=Point(EAST + 50, NORTH + 4000)),)),
    ("MRK302", "T1", (add("markers", id="T1", **TRI_POINT),)),
    ("MRK402", "L1-2", (change("markers", "L1-3", serial=5, number="5", name="诸嵊线5号"),)),
    ("MRK501", "L1", (change("boundary_lines", "L1", last_inspected_on="2019-01-01"),)),
    ("EXC201", "V3", (change("doorplates", "V3", geometry=Point(120.8, 29.6)),)),
    ("EXC201", "P1", (change("place_names", "P1", geometry=Point(29.6, 120.8)),)),
    ("EXC201", "L1-2", (change("markers", "L1-2", geometry=None),)),
)  # fmt: skip
