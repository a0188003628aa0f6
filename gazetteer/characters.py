"""Characters of names, one row each, so that tables of characters can be joined to them.

通用规范汉字表 (2013): 8105 characters; level 3 holds those of personal and place names and of science.
"""

from __future__ import annotations

import pandas as pd

from gazetteer.text import HAN, plain
from rulebook.context import Context, derived

LEVELS = "characters"
VARIANTS = "character_variants"


@derived()
def standard_forms(ctx: Context) -> dict[str, str]:
    """Traditional or variant character → its standard form."""
    table = ctx.table(VARIANTS)
    return dict(zip(table["variant"], table["standard"], strict=True))


@derived()
def level_of(ctx: Context) -> dict[str, str]:
    """Character of the table → its level."""
    table = ctx.table(LEVELS)
    return dict(zip(table["char"], table["level"], strict=True))


def characters(names: pd.Series) -> pd.Series:
    """The Chinese characters of each name in order; the index repeats."""
    return plain(names).dropna().str.findall(f"[{HAN}]").explode().dropna().astype("str")


def together(chars: pd.Series) -> pd.Series:
    """The different characters of one record as one text, in order."""
    frame = pd.DataFrame({"id": chars.index, "char": chars.to_numpy()}).drop_duplicates()
    return frame.groupby("id", sort=False)["char"].agg("".join).astype("str")
