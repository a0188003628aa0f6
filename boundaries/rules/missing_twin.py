"""MRK202."""

from __future__ import annotations

import pandas as pd

from boundaries import markers
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def missing_twin(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Double or triple markers of which one is not on record.

    ## What it does
    zh: 同一界线、同一序号的界桩，有 A 就应有 B，有 C、D、E 之一就应三者齐全；报告缺少的那些。
    en: Markers of one line and serial: where there is an A there is a B, where there is one of C, D, E there are all three;
        the missing ones are told.

    ## Why it matters
    zh: 双立、三立界桩共用一个编号，缺一颗就说不清界线从哪里过。
    en: They share one number and the line runs between them; without one of them its course is not told.

    ## Example
    zh: 5号界桩只有 `A`，没有 B。
    en: Number 5 has only its `A`, no B.

    ## Fix safety
    zh: 不提供自动修改：要补登或到实地查找。
    en: None: the other is to be entered or looked for.

    ## Trap
    zh: 类型写错的单立界桩也会被报告。
    en: A single marker with a wrong type letter is told as well.
    """
    table = markers.stones(ctx)
    table = table[table["twins"].ne("") & ~table["tri_point"]].rename_axis("record_id").reset_index()
    stem = table["number"].str.replace(r"[A-Ea-e]$", "", regex=True)
    table["shared"] = table["serial"].astype("str").fillna(stem).fillna(table["record_id"])
    table["line"] = table["lines"].map(lambda one: ";".join(sorted(one)))
    if table.empty:
        return flag(frame.iloc[:0])
    groups = table.sort_values("record_id").groupby(["line", "twins", "shared"], as_index=False)
    faults = groups.agg(
        record_id=("record_id", "first"),
        members=("record_id", tuple),
        number=("number", "first"),
        present=("type_code", lambda letters: sorted(set(letters))),
        geometry=("geometry", "first"),
    )
    faults["missing"] = [
        sorted(set(wanted) - set(has)) for wanted, has in zip(faults["twins"], faults["present"], strict=True)
    ]
    faults = faults[faults["missing"].map(len) > 0]
    faults["related"] = faults["members"].map(lambda ids: tuple(f"markers:{one}" for one in ids[1:]))
    return flag_faults(faults[["record_id", "related", "number", "present", "missing", "geometry"]], frame)


RULE = Rule(
    code="MRK202",
    name="twin-missing",
    title=Text("同号双立、三立界桩缺少", "twin marker missing"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 17796（A、B 同号双立，C、D、E 同号三立）",
    message=Text(
        "界桩 {number} 只有 {present}，缺少同号的 {missing}。",
        "Of marker {number} there is only {present}; {missing} of the same number is missing.",
    ),
    check=missing_twin,
)
