"""NAM503."""

from __future__ import annotations

import pandas as pd

from gazetteer.deadlines import overdue
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def announcement_overdue(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Approved names that were not announced in time.

    ## What it does
    zh: 批准（已备案的自备案）之日起超过期限仍未公告，或超过期限才公告的事项。
    en: Finds cases not announced, or announced late, after the days allowed from filing, or from approval where not filed.

    ## Why it matters
    zh: 标准地名应及时向社会公告，公众才知道新名称。
    en: Standard names are announced so that the public learns of them.

    ## Example
    zh: `2026-03-02` 批准，到 4 月仍未公告。
    en: Approved on `2026-03-02` and not announced in April.

    ## Fix safety
    zh: 不提供修复：要去办理。
    en: None: it has to be done.

    ## Trap
    zh: 本级政府批准的自批准之日起算，其他部门批准的自备案之日起算；登记中分不出，取较晚的一个。
    en: Names approved by the government count from approval, others from filing; where both dates are known the later holds.
    """
    return overdue(frame, ctx, frame["filed_on"].fillna(frame["approved_on"]), frame["announced_on"])


RULE = Rule(
    code="NAM503",
    name="announcement-overdue",
    title=Text("公告超期", "announcement overdue"),
    layers=("cases",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第十四条",
    params=(Param("days", int, Text("期限（日）", "days allowed")),),
    message=Text(
        "“{title}”自 {since} 起已 {days:.0f} 日未公告，期限为 {allowed_days} 日。",
        '"{title}" has not been announced for {days:.0f} days since {since}; {allowed_days} are allowed.',
    ),
    variants={
        "late": Variant(
            Text(
                "“{title}”自 {since} 起第 {days:.0f} 日才公告（{done_on}），期限为 {allowed_days} 日。",
                '"{title}" was announced on {done_on}, {days:.0f} days after {since}; {allowed_days} are allowed.',
            )
        )
    },
    check=announcement_overdue,
)
