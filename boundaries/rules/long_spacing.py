"""MRK403."""

from __future__ import annotations

import numpy as np
import pandas as pd

from boundaries import markers
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def long_spacing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Neighbouring markers of a line that stand far apart.

    ## What it does
    zh: 沿界线量相邻两颗界桩之间的距离，超过上限的提示。
    en: Measures along the line from each marker to the next; longer than the limit is told.

    ## Why it matters
    zh: 间距过长的一段，界线走向只能靠图，容易起争议；也可能漏登了界桩。
    en: On a long stretch the line is known from the map only; or a marker in between is missing from the register.

    ## Example
    zh: 界桩在 `POINT (1000 0)`，下一颗在15公里外。
    en: A marker at `POINT (1000 0)`, the next one fifteen kilometres on.

    ## Fix safety
    zh: 不提供自动修改：是否增设由双方商定。
    en: None: both sides decide whether to add a marker.

    ## Trap
    zh: 间距没有强制标准，上限按公布的县级界线实例自定（每4至12公里一颗）。
    en: No norm sets a spacing; the limit is our own, from published county lines (a marker every 4 to 12 km).
    """
    table = markers.positions(ctx).sort_values(["line", "part", "along_m", "marker"])
    following = table.groupby(["line", "part"])[["marker", "along_m"]].shift(-1)
    table["next"], table["spacing_m"] = following["marker"], following["along_m"] - table["along_m"]
    far = table[table["spacing_m"] > ctx.param("longest_km") * 1000]
    first, second = (pd.Series(np.sort(far[["marker", "next"]].to_numpy(dtype=str), axis=1)[:, n]) for n in (0, 1))
    faults = pd.DataFrame(
        {
            "record_id": first,
            "key": far["line"].to_numpy() + " " + second,
            "related": second.map(lambda one: (f"markers:{one}",)),
            "number": frame["number"].reindex(first).to_numpy(),
            "line": far["line"].to_numpy(),
            "next_number": frame["number"].reindex(second).to_numpy(),
            "spacing_km": far["spacing_m"].to_numpy() / 1000,
            "geometry": frame["geometry"].reindex(first).to_numpy(),
        }
    )
    return flag_faults(faults, frame) if len(faults) else flag(frame.iloc[:0])


RULE = Rule(
    code="MRK403",
    name="spacing-too-long",
    title=Text("界桩间距过长", "markers far apart"),
    layers=("markers",),
    level=Level.INFO,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="惯例（浙江公布的县级界线约4至12公里一颗界桩）",
    message=Text(
        "界线 {line} 上界桩 {number} 到下一颗 {next_number} 沿线有 {spacing_km:.1f} 公里。",
        "Along line {line} it is {spacing_km:.1f} km from marker {number} to the next, {next_number}.",
    ),
    check=long_spacing,
    needs=("boundary_lines",),
    params=(Param("longest_km", float, Text("最长间距（公里）", "longest spacing in kilometres")),),
    spatial=True,
)
