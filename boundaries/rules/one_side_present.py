"""MRK502."""

from __future__ import annotations

import pandas as pd

from boundaries import codes
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def one_side_present(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Joint inspections and repairs at which a side of the line was not present.

    ## What it does
    zh: 联检（填了轮次）和修复、重立等处理的记录，到场各方应包括界桩或界线两侧的政区；只来了一方的报告。
    en: At a joint inspection (one with a round) and at a repair the sides of the marker or line have to be present; records
        with a side missing are told.

    ## Why it matters
    zh: 修复界桩须相邻一方在场；单方处理无效，还要追究责任。
    en: A marker is repaired with the neighbour present; a repair by one side alone has no effect and is punished.

    ## Example
    zh: 第四轮联检，到场方只有 `330683`。
    en: The fourth round, with only `330683` present.

    ## Fix safety
    zh: 不提供自动修改：补正记录或重新联检。
    en: None: complete the record or inspect again.

    ## Trap
    zh: 没有轮次也没有修复的日常巡查，单方到场是正常的；没有填到场方的不判断。
    en: Ordinary patrols, without round or repair, are one side's business; records without parties are not judged.
    """
    words = "|".join(ctx.param("repair_words"))
    repaired = frame["condition"].eq("rebuilt") | frame["action"].str.contains(words).fillna(False).astype(bool)
    joint = (frame["round"].notna() | repaired) & frame["parties"].notna()
    present = _stems(frame["parties"])
    table = _sides(frame, ctx).rename("side").rename_axis("visit").reset_index()
    table = table.assign(party=table["visit"].map(present))
    every = table.dropna(subset="side").groupby("visit")["side"].agg(tuple)
    attended = [
        isinstance(parties, tuple) and any(_speaks_for(one, side, sides) for one in parties)
        for side, parties, sides in zip(table["side"], table["party"], table["visit"].map(every), strict=True)
    ]
    table = table[~pd.Series(attended, index=table.index, dtype=bool)]
    absent = table.groupby("visit")["side"].agg(list).reindex(frame.index)
    return flag(
        frame,
        joint & absent.notna(),
        inspected_on=frame["inspected_on"],
        marker=frame["marker_id"].fillna(frame["line_code"]),
        parties=frame["parties"],
        absent=absent,
    )


def _speaks_for(party: str, side: str, sides: tuple[str, ...]) -> bool:
    """Whether a party is a side, lies in it, or is the upper division of this side alone (a county for its village)."""
    above = codes.stem(party)
    return party.startswith(codes.stem(side)) or (
        side.startswith(above) and sum(one.startswith(above) for one in sides) == 1
    )


def _stems(lists: pd.Series) -> dict[str, tuple[str, ...]]:
    members = codes.normal(codes.split_list(lists))
    found: dict[str, tuple[str, ...]] = members.groupby(level=0).agg(tuple).to_dict()
    return found


def _sides(frame: pd.DataFrame, ctx: Context) -> pd.Series:
    """Sides that each inspection concerns (index repeated): those of its marker, else of its line."""
    stones, known = ctx.frame("markers"), ctx.frame("boundary_lines")
    listed = stones["division_codes"] if "division_codes" in stones else pd.Series(dtype="str")
    of_marker = codes.looked_up(frame["marker_id"], listed)
    if known.empty:
        return codes.normal(codes.split_list(of_marker))
    both = known["left_code"] + ";" + known["right_code"]
    return codes.normal(codes.split_list(of_marker.fillna(codes.looked_up(frame["line_code"], both))))


RULE = Rule(
    code="MRK502",
    name="one-side-present",
    title=Text("联检或修复缺一方", "inspection or repair without the neighbour"),
    layers=("inspections",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第六条（修复界桩须毗邻一方在场）、第十二条（联合检查）",
    message=Text(
        "{inspected_on} 对 {marker} 的联检或修复，到场的是 {parties}，缺少 {absent}。",
        "At the joint inspection or repair of {marker} on {inspected_on} {parties} took part; {absent} was not present.",
    ),
    check=one_side_present,
    uses=("markers", "boundary_lines"),
    params=(Param("repair_words", list, Text("处理中表示修复的词", "words of an action that mean a repair")),),
)
