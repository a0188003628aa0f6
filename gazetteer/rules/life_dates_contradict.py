"""NAM501."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gazetteer.scope import LIVE
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

ENDED = ("historic", "abolished")


def life_dates_contradict(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Dates of beginning and end that contradict each other or the status.

    ## What it does
    zh: 找出历史地名、废止地名没有废止日期，在用地名已有废止日期，以及废止早于设立的记录；道路查失效早于生效。
    en: Finds historic or abolished names without an end, names in use with an end, and ends before the beginning; for
        roads, records that end before they begin.

    ## Why it matters
    zh: 使用时间决定一个名称还算不算数，查重和上报都靠它。
    en: The dates decide whether a name still counts, for duplicates and reports alike.

    ## Example
    zh: `香炉峰` 在用，却在 `2019-03-01` 废止。
    en: `香炉峰` is in use but was abolished on `2019-03-01`.

    ## Fix safety
    zh: 需复核：在用而有废止日期的，建议改为历史地名；日期也可能填错。
    en: Review: a name in use with an end is proposed to be historic; the date may be the wrong one.

    ## Trap
    zh: 废止日期在将来的不算矛盾。
    en: An end in the future is no contradiction.
    """
    if ctx.layer == "roads":
        history = ctx.history("roads")
        reversed_dates = history["valid_to"] < history["valid_from"]
        return flag(
            history,
            reversed_dates.fillna(False),
            variant="reversed",
            name=history["name"],
            begin=history["valid_from"],
            end=history["valid_to"],
        )
    begin, end = frame["established_on"], frame["abolished_on"]
    cases = {
        "reversed": end < begin,
        "endless": frame["status"].isin(ENDED) & end.isna(),
        "": frame["status"].isin(LIVE) & (end <= ctx.today),
    }
    variant = np.select([case.fillna(False) for case in cases.values()], list(cases), "fine")
    findings = flag(
        frame,
        pd.Series(variant != "fine", index=frame.index),
        variant=pd.Series(variant, index=frame.index),
        name=frame["name"],
        begin=begin,
        end=end,
    )
    return findings.propose("status", pd.Series("historic", index=frame.index).where(variant == ""))


RULE = Rule(
    code="NAM501",
    name="life-dates-contradict",
    title=Text("起止日期互相矛盾", "dates of a name contradict each other"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名普查登记表：使用时间、设立年份、废止年份",
    message=Text("“{name}”在用，却已在 {end} 废止。", '"{name}" is in use but was abolished on {end}.'),
    variants={
        "endless": Variant(
            Text("“{name}”是历史或废止地名，却没有废止日期。", '"{name}" is historic or abolished but has no end date.')
        ),
        "reversed": Variant(
            Text(
                "“{name}”的终止日期 {end} 早于起始日期 {begin}。",
                'The end {end} of "{name}" is before its beginning {begin}.',
            )
        ),
    },
    check=life_dates_contradict,
)
