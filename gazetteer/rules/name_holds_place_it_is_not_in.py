"""NAM302."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.records import among
from gazetteer.split import kind_of
from gazetteer.territory import present, territories
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

GONE = ("historic", "abolished")


def name_holds_place_it_is_not_in(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names that begin with a division or road and lie neither in it nor along it.

    ## What it does
    zh: 名称以政区全称或道路全称开头的（甘霖镇××、剡溪路××），应位于该政区内或该道路沿线。
    en: A name that begins with the full name of a division or road (甘霖镇…, 剡溪路…) should lie in that division or
        along that road.

    ## Why it matters
    zh: 名不副实会把人引到别处；省办法规定含政区、道路名称的地名应在其内或沿线。
    en: It leads people astray; the provincial rule wants such names inside the division or along the road.

    ## Example
    zh: `剡溪路小区` 离剡溪路 5 公里。
    en: `剡溪路小区` is 5 km from the road 剡溪路.

    ## Fix safety
    zh: 不提供修复：要么改名，要么改位置，要查原因。
    en: None: either the name or the position is wrong.

    ## Trap
    zh: 只认全称开头，“长乐路”不算含“长乐镇”；同名的政区、道路有几处的，在其中一处即可。
    en: Only full names at the beginning count: 长乐路 does not hold 长乐镇; of several of one name any will do.
    """
    judged = kind_of(frame).isin(ctx.param("kinds")) & ~frame["status"].isin(GONE)
    records = _named(frame[judged])
    roads = ctx.frame("roads")
    streets = _named(roads[~roads["status"].isin(GONE)]) if len(roads) else records.iloc[:0]
    shortest = ctx.param("min_characters")
    found = []
    for variant, places, reach in (
        ("", _named(territories(ctx)), ctx.param("tolerance_m")),
        ("road", streets, ctx.param("along_m")),
    ):
        astray = _astray(records, places[places["name"].str.len() >= shortest])
        astray = astray[astray["distance_m"] > reach]
        wrong = pd.Series(among(frame.index, astray.index), index=frame.index)
        found.append(
            flag(
                frame,
                wrong,
                key=variant,
                variant=variant,
                name=frame["name"],
                held=astray["held"],
                distance_m=astray["distance_m"],
            )
        )
    return merge(found)


def _named(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Plain ``name`` and ``geometry`` of the records that have both."""
    shapes = present(frame.geometry)
    named = gpd.GeoDataFrame({"name": plain(frame["name"]).reindex(shapes.index)}, geometry=shapes)
    return named[named["name"].notna()]


def _astray(records: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Records whose name begins with the name of a place and goes on: ``held``, that name, and ``distance_m`` to the
    nearest place so named.
    """
    name = records["name"]
    held = pd.Series(pd.NA, index=name.index, dtype="str")
    for length in sorted(places["name"].str.len().unique()):
        head = name.str[:length]
        begins = among(head, places["name"]) & (name.str.len() > length).to_numpy()
        held = held.mask(begins, head)
    holders = pd.DataFrame({"held": held.dropna()}).rename_axis("record_id").reset_index()
    pairs = holders.merge(places["name"].rename("held").rename_axis("place").reset_index(), on="held")
    pairs["distance_m"] = shapely.distance(
        records.geometry.reindex(pairs["record_id"]).to_numpy(), places.geometry.reindex(pairs["place"]).to_numpy()
    )
    return pairs.sort_values(["distance_m", "held"]).drop_duplicates("record_id").set_index("record_id")


RULE = Rule(
    code="NAM302",
    name="name-holds-place-it-is-not-in",
    title=Text("名称含政区或道路而不在其处", "name holds a place it is not in"),
    layers=("place_names", "roads"),
    uses=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="浙江省地名管理办法（2025）",
    params=(
        Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),
        Param("min_characters", int, Text("政区、道路名称最少字数", "least characters of the name that is held")),
        Param("tolerance_m", float, Text("政区边界的容差（米）", "tolerance at a division's outline in metres")),
        Param("along_m", float, Text("算作沿线的距离（米）", "metres from a road that count as along it")),
    ),
    spatial=True,
    message=Text(
        "“{name}”含政区名称“{held}”，却在其外 {distance_m:.0f} 米。",
        '"{name}" holds the division {held} but lies {distance_m:.0f} m outside it.',
    ),
    variants={
        "road": Variant(
            Text(
                "“{name}”含道路名称“{held}”，却离它 {distance_m:.0f} 米。",
                '"{name}" holds the road {held} but lies {distance_m:.0f} m from it.',
            )
        )
    },
    check=name_holds_place_it_is_not_in,
)
