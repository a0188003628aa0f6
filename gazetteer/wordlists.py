"""Names that hold a word of one class of the list of non-standard words: what several rules share."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.split import kind_of
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag

WORDS = "nonstandard_words"
GONE = ("historic", "abolished")


def holding(frame: pd.DataFrame, ctx: Context, word_class: str) -> Findings:
    """Flag the names of the rule's ``kinds`` that hold a word of ``word_class``; names no longer used are left out."""
    table = ctx.table(WORDS)
    words = table["word"][table["class"] == word_class].sort_values(key=lambda column: -column.str.len(), kind="stable")
    pattern = "|".join(re.escape(word) for word in words)
    judged = kind_of(frame).isin(ctx.param("kinds")) & ~frame["status"].isin(GONE)
    found = plain(frame["name"]).where(judged).str.extract(f"({pattern})", expand=False)
    return flag(frame, found.notna(), name=frame["name"], word=found)
