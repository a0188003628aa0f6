"""ADR404."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.links import (
    PARTS,
    address_keys,
    among,
    matching_plates,
    only,
    plain_part,
    plate_keys,
    resolved_owner,
    road_names,
    standing_plates,
    tuples,
)
from doorplates.addresses.records import used
from doorplates.addresses.text import comparable, looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def doorplate_missing_or_different(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Current addresses whose doorplate is not on record, is no more, or carries another number or road.

    ## What it does
    zh: 核对现行地址关联的门牌：门牌是否在册、是否已注销，门牌号（含幢、单元、室）与所属道路或地名是否和地址一致。
        没有关联门牌本身不算问题，除非恰有一块门牌与地址完全相符。
    en: Checks the doorplate of each current address: whether it is on record and in force, and whether its number (and
        building, unit, room) and its road or place are those of the address. An address without a doorplate is no
        fault, unless exactly one doorplate fits it entirely.

    ## Why it matters
    zh: 地址靠门牌取得位置和产权信息，关联错了全都错。
    en: An address takes its position and its owner from its doorplate; a wrong link makes all of that wrong.

    ## Example
    zh: 地址写 `剡溪路128号`，关联的门牌却是剡溪路126号。
    en: The address says `剡溪路128号`, the doorplate it is linked to is 剡溪路126号.

    ## Fix safety
    zh: 需审核：只有一块门牌与地址完全相符时，提出改为关联该门牌。
    en: Review: where exactly one doorplate fits entirely, the link to it is proposed.

    ## Trap
    zh: 地址比门牌更细（如到室）时关联整栋的门牌是对的，不报告。
    en: An address may be finer than its plate (down to the room): linking it to the plate of the house is right.
    """
    words = ctx.setting("standard_address")["words"]
    current = frame[used(frame)]
    on_record, standing, roads = ctx.history("doorplates"), standing_plates(ctx), road_names(ctx)
    link = current["doorplate_id"]
    mine = address_keys(current, words)
    linked = plate_keys(on_record).reindex(link).set_axis(current.index)
    plate = on_record.reindex(link).set_axis(current.index)

    missing = link.notna() & ~among(link, on_record.index)
    ended = link.notna() & ~missing & ~among(link, standing.index)
    compared = link.notna() & ~missing & ~ended
    numbered = compared & mine["number"].notna() & linked["number"].notna()
    equal = mine[["number", "in_lane", "in_group"]].eq(linked["number"], axis=0).any(axis=1)
    other_number = numbered & ~equal
    for part in PARTS:
        values, plate_values = plain_part(part, current[part]), plain_part(part, plate[part])
        other_number |= compared & values.notna() & plate_values.notna() & values.ne(plate_values)
    other_road = compared & mine["road_id"].notna() & linked["road_id"].notna() & mine["road_id"].ne(linked["road_id"])
    plate_road, road = looked_up(linked["road_id"], roads), comparable(current["road"])
    by_name = compared & mine["road_id"].isna() & road.notna() & plate_road.notna()
    other_road |= by_name & road.ne(plate_road) & (road + comparable(current["lane"]).fillna("")).ne(plate_road)
    without_road = mine["road_id"].isna() & linked["road_id"].isna()
    other_road |= compared & without_road & mine["place_id"].notna() & linked["place_id"].notna() & (
        mine["place_id"].ne(linked["place_id"])
    )  # fmt: skip

    asked = mine.assign(road_id=resolved_owner(current, roads))[
        link.isna() | missing | ended | other_number | other_road
    ]
    fitting = only(matching_plates(asked, standing)).reindex(current.index)
    unlinked = link.isna() & fitting.notna()
    variant = pd.Series(index=current.index, dtype="str")
    for name, holds in (
        ("unlinked", unlinked),
        ("number", other_number),
        ("road", other_road),
        ("ended", ended),
        ("missing", missing),
    ):
        variant = variant.mask(holds, name)
    return flag(
        frame,
        variant.notna(),
        variant=variant,
        related=tuples(("doorplates:" + link[link.notna() & ~missing]).map(lambda one: (one,)), current.index),
        doorplate=link,
        address=current["text"],
        plate_number=plate["number"],
        plate_road=plate_road.fillna(linked["road_id"]).fillna(linked["place_id"]),
        fitting=fitting,
    ).propose("doorplate_id", fitting.where(fitting.ne(link)))


RULE = Rule(
    code="ADR404",
    name="doorplate-missing-or-different",
    title=Text("地址关联的门牌不在册或不一致", "doorplate of an address missing or different"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 地址模型（地址与地址对象的关联）；门楼牌登记",
    message=Text("地址“{address}”的门牌关联有误。", 'The doorplate of the address "{address}" is wrong.'),
    check=doorplate_missing_or_different,
    needs=("doorplates",),
    uses=("roads",),
    variants={
        "missing": Variant(
            Text(
                "地址“{address}”关联的门牌 {doorplate} 不在册。",
                'The doorplate {doorplate} of the address "{address}" is not on record.',
            )
        ),
        "ended": Variant(
            Text(
                "地址“{address}”关联的门牌 {doorplate} 已注销或失效。",
                'The doorplate {doorplate} of the address "{address}" is cancelled or no longer in force.',
            )
        ),
        "road": Variant(
            Text(
                "地址“{address}”关联的门牌 {doorplate} 属于{plate_road}。",
                'The doorplate {doorplate} of the address "{address}" belongs to {plate_road}.',
            )
        ),
        "number": Variant(
            Text(
                "地址“{address}”关联的门牌 {doorplate} 的号码是 {plate_number}。",
                'The doorplate {doorplate} of the address "{address}" has the number {plate_number}.',
            )
        ),
        "unlinked": Variant(
            Text(
                "地址“{address}”没有关联门牌，而门牌 {fitting} 与它完全相符。",
                'The address "{address}" has no doorplate, but doorplate {fitting} fits it entirely.',
            ),
            Level.INFO,
        ),
    },
)
