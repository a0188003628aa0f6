"""ADR401."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.divisions import core_names, current_divisions, former_divisions
from doorplates.addresses.links import place_names, road_names
from doorplates.addresses.nearest import one_character_off
from doorplates.addresses.records import used
from doorplates.addresses.text import comparable, looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

SETTLEMENTS = ("natural_village", "village_seat")


def no_standard_place_name(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Current addresses with a part, or a link, that stands for no place name or road in force.

    ## What it does
    zh: 核对现行地址的道路、小区、自然村、村社区各段和道路、地名关联：每一段都应是在用的标准地名（含别名）。
        登记册中没有该类地名时不判断。
    en: Compares road, estate, natural village and community of each current address, and its links to roads and places,
        with the names in force (aliases included). Where the register has no name of that kind, nothing is judged.

    ## Why it matters
    zh: 标准地址应以标准地名为基础编制（地名管理条例第二十一条）。
    en: Standard addresses are compiled on the basis of standard place names (regulation on place names, article 21).

    ## Example
    zh: 地址写 `剡西路`，在用道路中没有此名，最接近的是剡溪路。
    en: The address says `剡西路`; there is no such road in force, the nearest is 剡溪路.

    ## Fix safety
    zh: 需审核：提出所关联道路、地名的名称，或唯一一个只差一字的在用名称。
    en: Review: offers the name of the linked road or place, or the only name in force that is one character off.

    ## Trap
    zh: 也可能是新路尚未登记，或道路已登记但仍在规划中。
    en: The road may be new and not yet registered, or registered and still planned.
    """
    current = frame[used(frame)]
    roads, places, units = road_names(ctx), place_names(ctx), current_divisions(ctx)
    kinds = set(ctx.frame("place_names").reindex(columns=["kind"])["kind"].dropna())
    villages = units[units["level"].eq("village")]
    village_names = {*comparable(villages["name"]), *villages["core"]}
    suffixes, former = ctx.table("division_suffixes"), former_divisions(ctx)

    road = comparable(current["road"])
    named_roads = {*roads, *places}
    with_lane = road + comparable(current["lane"])
    unknown_road = road.notna() & ~road.isin(named_roads) & ~with_lane.isin(named_roads) & bool(len(roads))
    estate = comparable(current["estate"])
    unknown_estate = estate.notna() & ~estate.isin(set(places)) & ("estate_building" in kinds)
    hamlet = comparable(current["natural_village"])
    known_settlements = {*places, *village_names}
    unknown_hamlet = hamlet.notna() & ~hamlet.isin(known_settlements) & bool(kinds & set(SETTLEMENTS))
    community = comparable(current["community"])
    known = community.isin(known_settlements) | core_names(community, suffixes, "village").isin(village_names)
    unknown_community = community.notna() & ~known & ~community.isin(former["name"]) & bool(len(villages))

    parts = []
    for field, wrong, names, link in (
        ("road", unknown_road, roads, looked_up(current["road_id"], roads)),
        ("estate", unknown_estate, places, _linked_place(current, places)),
        ("natural_village", unknown_hamlet, places, _linked_place(current, places)),
        ("community", unknown_community, villages["name"], looked_up(current["division_code"], villages["name"])),
    ):
        near = one_character_off(current.loc[wrong, field].unique(), names.unique())
        offered = link.where(link.notna(), looked_up(current[field], near)).where(wrong)
        found = flag(frame, wrong, key=field, variant=field, name=current[field], offered=offered)
        parts.append(found.propose(field, offered))
    for field, layer, ids in (("road_id", "roads", roads.index), ("place_id", "place_names", places.index)):
        dangling = current[field].notna() & ~current[field].isin(ids) & bool(len(ids))
        parts.append(flag(frame, dangling, key=field, variant=layer, name=current[field], offered=None))
    return merge(parts)


def _linked_place(addresses: pd.DataFrame, places: pd.Series) -> pd.Series:
    return looked_up(addresses["place_id"], places[~places.index.duplicated()])


def _unknown(zh: str, en: str) -> Variant:
    return Variant(
        Text(
            f"{zh}“{{name}}”不是在用的标准地名，最接近的是：{{offered}}。",
            f'The {en} "{{name}}" is not a name in force; the nearest is: {{offered}}.',
        )
    )


RULE = Rule(
    code="ADR401",
    name="no-standard-place-name",
    title=Text("地址组成部分没有对应的标准地名", "part of an address is no standard place name"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第二十一条",
    message=Text("“{name}”不是在用的标准地名。", '"{name}" is not a name in force.'),
    check=no_standard_place_name,
    uses=("roads", "place_names", "divisions"),
    tables=("division_suffixes", "former_divisions"),
    variants={
        "road": _unknown("道路", "road"),
        "estate": _unknown("小区", "estate"),
        "natural_village": _unknown("自然村", "natural village"),
        "community": _unknown("村社区", "community"),
        "roads": Variant(
            Text("关联的道路 {name} 不在册或不在用。", "The linked road {name} is not on record or not in force.")
        ),
        "place_names": Variant(
            Text("关联的地名 {name} 不在册或不在用。", "The linked place {name} is not on record or not in force.")
        ),
    },
)
