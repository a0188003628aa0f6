"""DOR402."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.convention import conventions
from doorplates.steps import steps_along
from doorplates.taken import taken_numbers
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def numbers_missing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Numbers missing between neighbouring plates of a built stretch.

    ## What it does
    zh: 在依次编号的道路上，相邻两块门牌相距不远、中间却缺号的，每段报一条并列出所缺号码。已预留、已注销、被区段占用或编在别处的号码不算缺。号码本来就不连续（按间距编号）的路不判断。
    en: On a road numbered in sequence, reports each pair of neighbours that stand close while numbers between them are
        missing, and lists these. Numbers reserved, cancelled, inside a range or used elsewhere on the road are not
        missing. On roads whose numbers skip anyway (numbered by distance) nothing is said.

    ## Why it matters
    zh: 缺号处多有漏登的房屋。
    en: Where a number is missing, a house has often been left out.

    ## Example
    zh: `5` 号与 9 号相邻而缺 7 号。
    en: Number `5` is next to 9, and 7 is missing.

    ## Fix safety
    zh: 不提出修改：补编还是预留由人决定。
    en: None: whether to issue or reserve it is for people to decide.

    ## Trap
    zh: 房屋合并后号码可能是有意空出的。
    en: After houses were joined a number may have been left out on purpose.
    """
    steps = steps_along(ctx)
    convention = conventions(ctx)["numbering"]
    unit = pd.Series(np.where(steps["road_id"].map(convention).eq("consecutive"), 1, 2), index=steps.index)
    regular = steps["step"].eq(unit).groupby(steps["row"]).transform("mean") >= ctx.param("min_regular")
    gap = regular & (steps["step"] > unit) & (steps["gap_m"] <= ctx.param("max_gap_m"))
    gap &= steps["step"] <= unit * (ctx.param("max_missing") + 1)
    candidates = _between(steps[gap], unit[gap])
    taken = pd.MultiIndex.from_frame(taken_numbers(ctx))
    missing = candidates[~pd.MultiIndex.from_frame(candidates[["road_id", "number"]]).isin(taken)]
    listed = missing.groupby("after")["number"].agg(lambda numbers: [str(number) for number in numbers])
    found = steps.loc[listed.index]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": found["before"].to_numpy(),
                "related": pd.Series([(f"doorplates:{one}",) for one in found.index], dtype="object"),
                "road": found["road_id"].map(ctx.frame("roads")["name"]).to_numpy(),
                "before": found["before"].map(frame["number"]).to_numpy(),
                "after": frame["number"].reindex(found.index).to_numpy(),
                "missing": listed.to_numpy(),
                "gap_m": found["gap_m"].to_numpy(),
                "geometry": frame["geometry"].reindex(found["before"]).to_numpy(),
            }
        ),
        frame,
    )


def _between(steps: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Numbers strictly between the two plates of each step: ``after`` (id of the later plate), ``road_id``, ``number``."""
    counts = (steps["step"] - 1) // unit
    rows = np.repeat(np.arange(len(steps)), counts)
    nth = np.arange(len(rows)) - np.repeat((counts.cumsum() - counts).to_numpy(), counts) + 1
    return pd.DataFrame(
        {
            "after": steps.index.to_numpy()[rows],
            "road_id": steps["road_id"].to_numpy()[rows],
            "number": steps["main_before"].to_numpy()[rows] + nth * unit.to_numpy()[rows],
        }
    )


RULE = Rule(
    code="DOR402",
    name="numbers-missing-in-a-built-stretch",
    title=Text("已建路段缺号", "numbers missing in a built stretch"),
    layers=("doorplates",),
    needs=("roads",),
    params=(
        Param(
            "max_gap_m",
            float,
            Text("视为已建路段的最大间距（米）", "largest distance of neighbours in a built stretch"),
        ),
        Param("min_regular", float, Text("依次编号的最低占比", "lowest share of regular steps in the row")),
        Param("max_missing", int, Text("一处最多缺号数，更多为跳号", "most missing numbers; more is a jump")),
    ),
    level=Level.INFO,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 35639-2017 附录B（资料性）：依次编号，不跳号",
    message=Text(
        "{road}{before}号与{after}号相距 {gap_m:.0f} 米，中间缺 {missing} 号。",
        "On {road}, between {before} and {after}, {gap_m:.0f} m apart, numbers are missing: {missing}.",
    ),
    spatial=True,
    check=numbers_missing,
)
