"""NAM109."""

from __future__ import annotations

import pandas as pd

from gazetteer.renaming import rename
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.split import parts_of
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def generic_term_missing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names without a generic part, or without anything before it.

    ## What it does
    zh: 找出结尾没有通名的名称，以及只有通名、没有专名的名称。
    en: Finds names that do not end in a generic term, and names that are nothing but a generic term.

    ## Why it matters
    zh: 地名应由专名和通名组成；没有通名看不出是路是村，只有通名指不到一个地方。
    en: A name consists of a specific and a generic part: without the latter one cannot tell a road from a village,
        without the former it points nowhere.

    ## Example
    zh: 道路名称 `剡溪`，通名栏为“路”，应为 `剡溪路`。
    en: A road named `剡溪` whose generic part is recorded as 路 should be `剡溪路`.

    ## Fix safety
    zh: 需复核：只有通名栏已填、名称恰缺这一通名时才提出补上。
    en: Review: proposed only where the generic part is recorded and just left out of the name.

    ## Trap
    zh: 自然村落的名称没有可分的通名（如周口店），不查；登记的专名加通名恰为名称的，以登记为准。
    en: Natural villages have no separable generic part (周口店) and are not checked; where the recorded parts make
        the name, the record is believed.
    """
    parts = parts_of(ctx)
    checked = parts["kind"].isin(ctx.param("kinds")) & (parts["name"].str.len() > 1) & ~parts["recorded"]
    known = plain(frame["generic"])
    lacks = parts["name"] == plain(frame["specific"])
    completed = (parts["name"] + known).where(lacks & ~parts["bare"])
    variant = (
        pd.Series("", index=frame.index, dtype="str").mask(completed.notna(), "recorded").mask(parts["bare"], "bare")
    )
    findings = flag(frame, checked & parts["generic"].isna(), variant=variant, name=frame["name"], completed=completed)
    return rename(findings, ctx, completed)


RULE = Rule(
    code="NAM109",
    name="generic-term-missing",
    title=Text("名称没有通名或没有专名", "generic or specific part of a name missing"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=NEEDED_TABLES,
    message=Text("名称“{name}”的结尾没有通名。", 'The name "{name}" does not end in a generic term.'),
    variants={
        "recorded": Variant(
            Text(
                "名称“{name}”的结尾没有通名；按登记的通名应为：{completed}。",
                'The name "{name}" does not end in a generic term; with the recorded one it would be: {completed}.',
            )
        ),
        "bare": Variant(
            Text("名称“{name}”只有通名，没有专名。", 'The name "{name}" is a generic term without a specific part.')
        ),
    },
    check=generic_term_missing,
)
