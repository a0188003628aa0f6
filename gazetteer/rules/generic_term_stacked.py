"""NAM110."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.renaming import rename
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.split import TABLE, parts_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

VILLAGES = ("division", "village_seat", "natural_village", "other")


def generic_term_stacked(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names that end in two generic terms where one is meant.

    ## What it does
    zh: 找出通名重复（路路）或叠用（大厦广场、路大道）的名称。
    en: Finds names that double the generic term (路路) or stack two of them (大厦广场, 路大道).

    ## Why it matters
    zh: 一个地名只有一个通名；重叠的通名多是录入或命名时的差错。
    en: A name has one generic part; a second one is mostly a slip of typing or of naming.

    ## Example
    zh: `剡溪路路` 应为 `剡溪路`。
    en: `剡溪路路` should be `剡溪路`.

    ## Fix safety
    zh: 需复核：重复的去掉一个；叠用的给出保留前一个或后一个两种改法。
    en: Review: of a doubled term one goes; of two stacked terms either may be kept.

    ## Trap
    zh: 已成为专名的通名不算：公园路、新街路、剡溪路12弄；铁路、公路、马路是词，不是叠用；
        行政村名“上村村”由自然村名加“村”而成。
    en: A generic term that became part of the specific one does not count: 公园路, 新街路, 剡溪路12弄; 铁路, 公路 and
        马路 are words; the village name 上村村 is a hamlet's name and 村.
    """
    parts = parts_of(ctx)
    name, kind = parts["name"], parts["kind"]
    doubled = _doubled(name, kind, ctx.table(TABLE))
    found = doubled
    for checked, firsts, seconds in (
        ("road", ctx.param("road_firsts"), ctx.param("road_seconds")),
        ("estate_building", ctx.param("building_terms"), ctx.param("building_terms")),
    ):
        ends = name.str.extract(f"^(?P<body>.+?)(?P<first>{_any(firsts)})(?P<second>{_any(seconds)})$")
        words = (ends["body"] + ends["first"]).str.contains(f"(?:{_any(ctx.param('words'))})$", regex=True, na=False)
        found = found.fillna(ends.where((kind == checked) & ~words))
    wrong = found["body"].notna()
    keep_first, keep_second = found["body"] + found["first"], found["body"] + found["second"]
    findings = flag(frame, wrong, name=frame["name"], first=found["first"], second=found["second"])
    findings = rename(findings, ctx, keep_first.where(wrong), option="1")
    return rename(findings, ctx, keep_second.where(wrong & (keep_second != keep_first)), option="2")


def _doubled(name: pd.Series, kind: pd.Series, terms: pd.DataFrame) -> pd.DataFrame:
    """``body``, ``first`` and ``second`` of names of a checked kind that end in one of its terms twice."""
    ends = name.str.extract(r"^(?P<body>.+?)(?P<first>.{1,3})(?P<second>(?P=first))$")
    known = pd.MultiIndex.from_frame(terms[["kind", "term"]])
    generic = pd.MultiIndex.from_arrays([kind, ends["first"]]).isin(known)
    return ends.where(generic & ~kind.isin(VILLAGES))


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words)


RULE = Rule(
    code="NAM110",
    name="generic-term-stacked",
    title=Text("通名重复或叠用", "generic term doubled or stacked"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条；道路命名规则（各地）：禁止使用重叠通名",
    params=(
        Param("road_firsts", list, Text("后面不应再跟道路通名的道路通名", "road terms no other may follow")),
        Param("road_seconds", list, Text("叠在其后的道路通名", "road terms that are stacked on them")),
        Param("building_terms", list, Text("不应叠用的楼宇、小区通名", "building terms that are not stacked")),
        Param("words", list, Text("不是通名的词", "words that are no generic terms")),
    ),
    tables=NEEDED_TABLES,
    message=Text(
        "名称“{name}”的通名“{first}”后面又有通名“{second}”。",
        'In the name "{name}" the generic term {first} is followed by another one, {second}.',
    ),
    check=generic_term_stacked,
)
