"""Names that hold a word of one class of the list of non-standard words: what several rules share."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.split import kind_of
from gazetteer.text import plain
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag

WORDS = "nonstandard_words"
GONE = ("historic", "abolished")


@derived()
def patterns(ctx: Context) -> dict[str, str]:
    """Class of words → pattern of all its words, the longest first."""
    return {
        str(word_class): "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        for word_class, words in ctx.table(WORDS).groupby("class")["word"]
    }


def holding(frame: pd.DataFrame, ctx: Context, word_class: str) -> Findings:
    """Flag the names of the rule's ``kinds`` that hold a word of ``word_class``; names no longer used are left out."""
    pattern = patterns(ctx)[word_class]
    judged = kind_of(frame).isin(ctx.param("kinds")) & ~frame["status"].isin(GONE)
    found = plain(frame["name"]).where(judged).str.extract(f"({pattern})", expand=False)
    return flag(frame, found.notna(), name=frame["name"], word=found)
