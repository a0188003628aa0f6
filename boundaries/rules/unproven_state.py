"""MRK503."""

from __future__ import annotations

import pandas as pd

from boundaries import inspections
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def unproven_state(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Inspections that call a marker moved, damaged or lost without a photo or a written finding.

    ## What it does
    zh: 现状为移动、损坏、丢失的检查记录，应有照片或文字说明（备注），否则报告。
    en: An inspection that says moved, damaged or lost must have a photo or a written note.

    ## Why it matters
    zh: 这些状态会引起双方恢复界桩的程序，没有凭据无法启动；没找到不等于丢失。
    en: These states start a procedure of both sides, which needs proof; not found is not yet lost.

    ## Example
    zh: 现状 `lost`，没有照片也没有说明；若只是没找到，应填 not_found。
    en: The condition `lost` without photo or note; if it was merely not found, say not_found.

    ## Fix safety
    zh: 不提供自动修改：补照片、说明，或改为“未找到”。
    en: None: add a photo or a note, or say not found.

    ## Trap
    zh: “未找到”不需要凭据，但也不能据此认定丢失。
    en: "Not found" needs no proof, and proves no loss.
    """
    claimed = frame["condition"].isin(ctx.param("states"))
    return flag(
        frame,
        claimed & ~inspections.has_proof(frame),
        marker=frame["marker_id"].fillna(frame.index.to_series()),
        inspected_on=frame["inspected_on"],
        condition=frame["condition"],
    )


RULE = Rule(
    code="MRK503",
    name="state-without-proof",
    title=Text("界桩状态没有凭据", "state of a marker without proof"),
    layers=("inspections",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="惯例（联检记录附照片；未找到与丢失分别认定）",
    message=Text(
        "{inspected_on} 的检查把界桩 {marker} 记为 {condition}，没有照片也没有说明。",
        "The inspection of {inspected_on} calls marker {marker} {condition}, without a photo or a note.",
    ),
    check=unproven_state,
    params=(Param("states", list, Text("须有凭据的状态", "states that need proof")),),
)
