"""Characters of names, one row each, so that tables of characters can be joined to them.

通用规范汉字表 (2013): 8105 characters; level 3 holds those of personal and place names and of science.
"""

from __future__ import annotations

import pandas as pd

from gazetteer.text import HAN, plain

LEVELS = "characters"
VARIANTS = "character_variants"


def characters(names: pd.Series) -> pd.Series:
    """The Chinese characters of each name in order; the index repeats."""
    return plain(names).dropna().str.findall(f"[{HAN}]").explode().dropna().astype("str")


def together(chars: pd.Series) -> pd.Series:
    """The different characters of one record as one text, in order."""
    frame = pd.DataFrame({"id": chars.index, "char": chars.to_numpy()}).drop_duplicates()
    return frame.groupby("id", sort=False)["char"].agg("".join).astype("str")
