"""NAM203."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among
from gazetteer.spelling import Spelling
from gazetteer.spellings import NEEDED_TABLES, spellings_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def reading_uncertain(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with a character whose reading nothing settles.

    ## What it does
    zh: 找出含多音字、而当地读音表和词典都定不了读音的名称；有常用读音的字，只在记录用了另一读音时才问。
    en: Finds names with a character of several readings that neither the local table nor the dictionary settles; where
        one reading is the usual one, it asks only when the record uses another.

    ## Why it matters
    zh: 地名读音要按当地实际，机器猜错就会上牌。
    en: A place is read as its people read it; a machine's guess ends up on the sign.

    ## Example
    zh: `重山路` 读 Chóngshān 还是 Zhòngshān？
    en: Is `重山路` read Chóngshān or Zhòngshān?

    ## Fix safety
    zh: 不提供修复：问清后写入当地读音表，以后不再问。
    en: None: ask, then put the word into the local table of readings, and it is never asked again.

    ## Trap
    zh: 拼写栏已填的也要问一次，因为它可能就是机器生成的。
    en: A filled romanisation is asked about too, since it may have been made by a machine.
    """
    spelt = spellings_of(ctx)
    written = frame["pinyin"]
    asked = {one: spelling.uncertain for one, spelling in spelt.items() if spelling.uncertain}
    usual = spelt[~among(spelt.index, asked)]
    given = written.reindex(usual.index)
    differing = [
        isinstance(text, str) and text.strip() not in ("", spelling.pinyin) and _has_choice(spelling)
        for text, spelling in zip(given, usual, strict=True)
    ]
    unusual = {
        one: _chosen_otherwise(spelling, given[one])
        for one, spelling in usual[differing].items()
        if spelling.accepts(given[one])
    }
    chars = pd.Series({**asked, **{one: found for one, found in unusual.items() if found}}, dtype="object")
    chars = chars.map("".join)
    variant = pd.Series("", index=frame.index, dtype="str").mask(among(frame.index, list(unusual)), "unusual")
    return flag(
        frame,
        pd.Series(among(frame.index, chars.index), index=frame.index),
        variant=variant,
        name=frame["name"],
        characters=chars.reindex(frame.index),
        written=written,
    )


def _has_choice(spelling: Spelling) -> bool:
    return any(len(syllable.options) > 1 for syllable in spelling.syllables)


def _chosen_otherwise(spelling: Spelling, written: str) -> tuple[str, ...]:
    """Characters for which ``written``, an accepted form, uses another than the usual reading."""
    text = written.lower()
    return tuple(
        dict.fromkeys(
            syllable.char
            for syllable in spelling.syllables
            if len(syllable.options) > 1
            and syllable.reading not in text
            and any(other in text for other in syllable.options[1:])
        )
    )


RULE = Rule(
    code="NAM203",
    name="reading-uncertain",
    title=Text("多音字读音待定", "reading of a character uncertain"),
    layers=("place_names", "roads"),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="中国地名汉语拼音字母拼写规则（汉语地名部分，1984）第 8 条",
    tables=NEEDED_TABLES,
    message=Text(
        "“{name}”中的多音字“{characters}”读什么？登记的拼写：{written}。",
        'How is {characters} in "{name}" read? Recorded romanisation: {written}.',
    ),
    variants={
        "unusual": Variant(
            Text(
                "“{name}”中的“{characters}”登记的是少见的读音（{written}），是否当地读音？",
                '{characters} in "{name}" is recorded with an unusual reading ({written}); is it the local one?',
            )
        )
    },
    check=reading_uncertain,
)
