"""NAM202."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.records import among
from gazetteer.spelling import Spelling, letters, without_tones
from gazetteer.spellings import NEEDED_TABLES, proposed, spellings_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def romanisation_differs(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Romanisations that differ from the spelling rules.

    ## What it does
    zh: 按 1984 年拼写规则生成拼写并与记录比较：用字母、声调、分词、大小写、隔音符号，以及把通名译成英文的。
    en: Spells the name by the rules of 1984 and compares: letters, tones, word division, capitals, apostrophes, and
        generic terms put into English.

    ## Why it matters
    zh: 汉语拼音是拼写中国地名的统一规范，路牌和公告上写错就是不规范地名。
    en: Pinyin is the one norm for spelling Chinese place names; a wrong sign or announcement is a non-standard name.

    ## Example
    zh: `Shànxī Road` 应为 `Shànxī Lù`。
    en: `Shànxī Road` should be `Shànxī Lù`.

    ## Fix safety
    zh: 需复核：按规则生成；多音字以当地读音为准。
    en: Review: made by the rules; for characters of several readings the local one holds.

    ## Trap
    zh: 规则留有选择的都算对：学府南路可写 Xuéfǔ Nánlù 或 Xuéfǔnán Lù，序数可用数字或拼音；
        没有定读的多音字，任何一个登记的读音都放过（见 NAM203）。
    en: Where the rules leave a choice all forms pass: Xuéfǔ Nánlù or Xuéfǔnán Lù, ordinals in digits or spelt out;
        of a character without a settled reading any listed one passes (NAM203).
    """
    written = frame["pinyin"].str.strip()
    given = written[written.notna() & (written != "")]
    spelt = spellings_of(ctx)
    spelt = spelt[among(spelt.index, given.index)]
    right = proposed(spelt)
    suspect = right.index[right != given.reindex(right.index)]
    wrong = pd.Index(
        [one for one, spelling in zip(suspect, spelt[suspect], strict=True) if not spelling.accepts(given[one])],
        dtype="str",
    )
    english = re.compile(rf"\b(?:{'|'.join(ctx.param('english_terms'))})\b", flags=re.IGNORECASE)
    variant = pd.Series([_difference(given[one], spelt[one], english) for one in wrong], index=wrong, dtype="str")
    right = right[wrong]
    return flag(
        frame,
        pd.Series(among(frame.index, wrong), index=frame.index),
        variant=variant,
        name=frame["name"],
        written=frame["pinyin"],
        right=right,
    ).propose("pinyin", right)


def _difference(written: str, spelling: Spelling, english: re.Pattern[str]) -> str:
    """What is wrong: ``english``, ``division`` (words, capitals, apostrophes), ``tone``, or ``""`` for the letters."""
    if english.search(written):
        return "english"
    given, wanted = (letters(text) for text in (written, spelling.pinyin))
    if given == wanted:
        return "division"
    return "tone" if without_tones(given) == without_tones(wanted) else ""


RULE = Rule(
    code="NAM202",
    name="romanisation-differs",
    title=Text("罗马字母拼写不合规则", "romanisation differs from the rules"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="中国地名汉语拼音字母拼写规则（汉语地名部分，1984）；地名管理条例（2022）第十五条",
    params=(Param("english_terms", list, Text("不应出现的英文通名", "English generic terms that must not occur")),),
    tables=NEEDED_TABLES,
    message=Text(
        "“{name}”拼作“{written}”，按规则应为“{right}”。",
        '"{name}" is spelt "{written}"; by the rules it is "{right}".',
    ),
    variants={
        "english": Variant(
            Text(
                "“{name}”的拼写“{written}”用了英文通名，应为“{right}”。",
                'The romanisation "{written}" of "{name}" has an English generic term; it should be "{right}".',
            )
        ),
        "tone": Variant(
            Text(
                "“{name}”的拼写“{written}”声调不对或缺声调，应为“{right}”。",
                'The romanisation "{written}" of "{name}" has wrong or no tone marks; it should be "{right}".',
            )
        ),
        "division": Variant(
            Text(
                "“{name}”的拼写“{written}”分词、大小写或隔音符号不对，应为“{right}”。",
                'The romanisation "{written}" of "{name}" has wrong word division, capitals or apostrophes; '
                'it should be "{right}".',
            )
        ),
    },
    check=romanisation_differs,
)
