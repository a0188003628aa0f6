"""NAM502."""

from __future__ import annotations

import pandas as pd

from gazetteer.deadlines import overdue
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def filing_overdue(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Approved names that were not filed in time.

    ## What it does
    zh: 批准之日起超过期限仍未备案，或超过期限才备案的事项。
    en: Finds cases not filed, or filed late, after the days allowed from approval.

    ## Why it matters
    zh: 批准地名的机关应在批准之日起 15 日内报备案。
    en: Whoever approves a name reports it for filing within 15 days.

    ## Example
    zh: `2026-03-02` 批准，到 4 月仍未备案。
    en: Approved on `2026-03-02` and not filed in April.

    ## Fix safety
    zh: 不提供修复：要去办理。
    en: None: it has to be done.

    ## Trap
    zh: 法条写“日”而非“工作日”，按自然日计算。
    en: The law says days, not working days: calendar days are counted.
    """
    return overdue(frame, ctx, frame["approved_on"], frame["filed_on"])


RULE = Rule(
    code="NAM502",
    name="filing-overdue",
    title=Text("备案超期", "filing overdue"),
    layers=("cases",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第十三条",
    params=(Param("days", int, Text("期限（日）", "days allowed")),),
    message=Text(
        "“{title}”自 {since} 起已 {days:.0f} 日未备案，期限为 {allowed_days} 日。",
        '"{title}" has not been filed for {days:.0f} days since {since}; {allowed_days} are allowed.',
    ),
    variants={
        "late": Variant(
            Text(
                "“{title}”自 {since} 起第 {days:.0f} 日才备案（{done_on}），期限为 {allowed_days} 日。",
                '"{title}" was filed on {done_on}, {days:.0f} days after {since}; {allowed_days} are allowed.',
            )
        )
    },
    check=filing_overdue,
)
