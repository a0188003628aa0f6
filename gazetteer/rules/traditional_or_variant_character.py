"""NAM105."""

from __future__ import annotations

import pandas as pd

from gazetteer.characters import VARIANTS, characters, standard_forms, together
from gazetteer.records import among
from gazetteer.renaming import rename
from gazetteer.spellings import NEEDED_TABLES
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def traditional_or_variant_character(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with traditional or variant characters.

    ## What it does
    zh: 找出名称中不在《通用规范汉字表》而另有规范字的繁体字、异体字；拟用名称为错误，已有名称为警告。
    en: Finds characters outside the standard table that have a standard partner: an error in planned names, a warning
        in existing ones.

    ## Why it matters
    zh: 地名使用规范汉字；同一地名一处用繁、一处用简，就成了一名多写。
    en: Place names use standard characters; a name written in two forms is taken for two names.

    ## Example
    zh: `東塢路` 应为 `东坞路`。
    en: `東塢路` should be `东坞路`.

    ## Fix safety
    zh: 需复核：逐字换成规范字；个别异体字在人名地名中有意保留。
    en: Review: each is replaced by its standard partner; a few variants are kept on purpose in names.

    ## Trap
    zh: 表外而没有规范字可换的生僻字（如嶀）归 NAM106。
    en: Rare characters outside the table without a partner (such as 嶀) are the business of NAM106.
    """
    partners = standard_forms(ctx)
    chars = characters(frame["name"])
    old = together(chars[chars.map(partners.__contains__).astype("bool")])
    wrong = pd.Series(among(frame.index, old.index), index=frame.index)
    standard = frame["name"][wrong].str.translate(str.maketrans(partners))
    variant = pd.Series("", index=frame.index, dtype="str").mask(frame["status"] == "planned", "planned")
    findings = flag(
        frame, wrong, variant=variant, name=frame["name"], characters=old, standard=standard.reindex(frame.index)
    )
    return rename(findings, ctx, standard)


MESSAGE = Text(
    "名称“{name}”中的“{characters}”不是规范字，应为“{standard}”。",
    'In the name "{name}" the characters {characters} are traditional or variant forms; it should be "{standard}".',
)
RULE = Rule(
    code="NAM105",
    name="traditional-or-variant-character",
    title=Text("名称中有繁体字或异体字", "traditional or variant character in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条第（三）项；通用规范汉字表（2013）",
    tables=(*NEEDED_TABLES, VARIANTS),
    message=MESSAGE,
    variants={"planned": Variant(MESSAGE, Level.ERROR)},
    check=traditional_or_variant_character,
)
