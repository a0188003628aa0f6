"""The county on the chess board as a register, with what a change of divisions has to carry along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry import LineString, Point

from boundaries.reorganisation import Reorganisation
from register.exchange.division_changes import parse_changes
from register.store import Register, create_register
from rulebook.values import column_text
from tests.flows import plain_county
from tests.flows.plain_county import EAST, METRIC, NORTH, add

TODAY = "2026-06-01"
HEAD = 'effective_on = 2025-03-01\nbasis = "嵊政发〔2025〕1号"\n'
WEST_HALF = f"POLYGON (({EAST} {NORTH}, {EAST + 1000} {NORTH}, {EAST + 1000} {NORTH + 2000}, {EAST} {NORTH + 2000}, {EAST} {NORTH}))"
EAST_HALF = (
    f"POLYGON (({EAST + 1000} {NORTH}, {EAST + 2000} {NORTH}, {EAST + 2000} {NORTH + 2000}, {EAST + 1000} {NORTH + 2000}, "
    f"{EAST + 1000} {NORTH}))"
)
BORDER = LineString([(EAST + 6000, NORTH + 4000), (EAST + 4000, NORTH + 4000)])  # between two townships
SPLIT = f"""
[[change]]
kind = "split"
from = ["330683001001"]
to = [
  {{ code = "330683001005", name = "东圃西社区", geometry = "{WEST_HALF}" }},
  {{ code = "330683001006", name = "东圃东社区", geometry = "{EAST_HALF}" }},
]
"""
MERGE = """
[[change]]
kind = "merge"
from = ["330683100", "330683206"]
to = [{ code = "330683114", name = "霖贵镇", kind = "镇" }]
"""


def build(path: Path) -> Path:
    """Make the register."""
    frames = plain_county.clean()
    for fault in (
        add("addresses", id="AV", text="嵊州市甘霖镇殿前村下村3号", county="嵊州市", township="甘霖镇", community="殿前村",
            natural_village="下村", plate_no="3", division_code="330683100200", place_id="P1", doorplate_id="V3",
            standard_text="嵊州市甘霖镇殿前村下村3号", grade="A", status="current", geometry=Point(EAST + 4475, NORTH + 500)),
        add("addresses", id="AN", text="嵊州市剡湖街道东圃社区", county="嵊州市", township="剡湖街道", community="东圃社区",
            division_code="330683001001", status="current", geometry=None),
        add("addresses", id="AL", text="嵊州市剡湖街道东圃社区剡兴路37号", county="嵊州市", township="剡湖街道", community="东圃社区",
            road="剡兴路", plate_no="37", division_code="330683001001", road_id="R3", doorplate_id="R3-37", status="current",
            geometry=None),
        add("addresses", id="AC", text="嵊州市甘霖镇施家岙村", county="嵊州市", township="甘霖镇", community="施家岙村", status="current",
            geometry=None),
        add("addresses", id="AO", text="嵊州市甘霖镇殿前村旧屋9号", county="嵊州市", township="甘霖镇", community="殿前村",
            division_code="330683100200", status="retired", geometry=None),
        add("place_names", id="PT", name="甘霖镇", kind="division", division_code="330683100000", status="in_use",
            pinyin="Gānlín Zhèn", specific="甘霖", generic="镇", geometry=Point(EAST + 4800, NORTH + 900)),
        add("place_names", id="PV", name="殿前村", kind="village_seat", division_code="330683100200", status="in_use",
            pinyin="Diànqián Cūn", specific="殿前", generic="村", geometry=Point(EAST + 4500, NORTH + 600)),
        add("boundary_lines", code="T1", name="霖贵线", level="township", left_code="330683100000", right_code="330683206000",
            accuracy_m=2.0, length_km=2.0, agreed_on="2005-01-01", last_inspected_on="2025-01-01", geometry=BORDER),
        add("markers", id="T1-1", number="1", line_codes="T1", serial=1, type_code="Q", level="township", faces=2,
            division_codes="330683100000;330683206000", status="intact", geometry=Point(EAST + 5000, NORTH + 4000)),
    ):  # fmt: skip
        fault(frames)
    register = create_register(path, "zhejiang/shengzhou", CRS.from_epsg(4549))
    for name, frame in plain_county.registered(frames).items():
        if len(frame):
            register.put(name, frame, actor="导入", reason=f"导入 {name}", today=TODAY)
    register.close()
    return path


def changes(text: str, *, head: str = HEAD) -> Reorganisation:
    """The reorganisation of a change file's text."""
    return parse_changes(head + text, METRIC, "变更.toml", Path)


def contents(register: Register) -> dict[str, pd.DataFrame]:
    """All layers as canonical text, to be compared."""
    return {name: texts(frame) for name, frame in register.layers().items()}


def texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame as canonical text, in the order of its ids."""
    plain: dict[Any, Any] = {name: column_text(frame[name]) for name in frame.columns}
    return pd.DataFrame(plain, index=frame.index).sort_index()


def in_force(register: Register, layer: str) -> gpd.GeoDataFrame:
    """Records of a layer in force on the day of the tests."""
    frame = register.layer(layer)
    return frame[frame["valid_to"].isna() | (frame["valid_to"] > TODAY)]
