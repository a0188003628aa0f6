"""Division codes as columns: one normal form, the level a code belongs to, the code one level up.

A code has twelve digits: province 2, prefecture 2, county 2 (GB/T 2260), township 3 (GB/T 10114), village 3.
Shorter codes (2, 4, 6, 9 digits) stand for the same division and are padded with zeros.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from boundaries.layers import LEVELS

WIDTHS = dict(zip(LEVELS, (2, 4, 6, 9, 12), strict=True))
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
SEPARATORS = r"\s*[;；,，、]\s*"
TOP_LEVELS = LEVELS[:3]
UPPER = {below: above for above, below in itertools.pairwise(LEVELS)}
LOWER = dict(itertools.pairwise(LEVELS))


def normal(codes: pd.Series) -> pd.Series:
    """Codes with full-width digits and blanks repaired, padded to twelve digits; other text as it is."""
    text = codes.astype("str").str.translate(FULL_WIDTH_DIGITS).str.replace(r"[\s\u200b\ufeff]+", "", regex=True)
    short = text.str.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}").fillna(False).astype(bool)
    return text.where(~short, text.str.pad(12, side="right", fillchar="0"))


def normal_of_many(codes: pd.Series) -> pd.Series:
    """:func:`normal` for a long column that repeats few codes: each distinct one is looked at once."""
    distinct = pd.Series(codes.dropna().unique(), dtype="str")
    return looked_up(
        codes.astype("str"), pd.Series(normal(distinct).to_numpy(), index=distinct.to_numpy(), dtype="str")
    )


def normal_code(code: str | None) -> str | None:
    """:func:`normal` of one code."""
    found = normal(pd.Series([code], dtype="str")).iloc[0]
    return None if pd.isna(found) else str(found)


def well_formed(codes: pd.Series) -> pd.Series:
    """Whether a code has twelve digits, a province, and no filled part below an empty one (the county part of a
    prefecture without counties may be empty).
    """
    return codes.str.fullmatch(r"[1-9][0-9]{11}").fillna(False).astype(bool) & ~(
        codes.str.fullmatch(r"\d\d00(?!0{8})\d{8}|\d{6}000(?!000)\d{3}").fillna(False).astype(bool)
    )


def level_of(codes: pd.Series) -> pd.Series:
    """Level that the trailing zeros of normal codes say; missing for malformed codes."""
    levels = np.select(
        [
            ~well_formed(codes),
            ~codes.str.endswith("000").fillna(False).astype(bool),
            ~codes.str.endswith("0" * 6).fillna(False).astype(bool),
            ~codes.str.endswith("0" * 8).fillna(False).astype(bool),
            ~codes.str.endswith("0" * 10).fillna(False).astype(bool),
        ],
        ["", "village", "township", "county", "prefecture"],
        "province",
    )
    return pd.Series(levels, index=codes.index, dtype="str").replace("", pd.NA).astype("str")


def parent_of(codes: pd.Series) -> pd.Series:
    """Normal code of the division one level up; missing for provinces and malformed codes."""
    level = level_of(codes)
    parent = pd.Series(pd.NA, index=codes.index, dtype="str")
    for above, below in itertools.pairwise(LEVELS):
        parent = parent.mask(level.eq(below), codes.str[: WIDTHS[above]].str.pad(12, side="right", fillchar="0"))
    return parent


def stem(code: str) -> str:
    """The digits of a normal code that all divisions inside it share."""
    for width in (2, 4, 6, 9):
        if code[width:] == "0" * (12 - width):
            return code[:width]
    return code


def split_list(column: pd.Series) -> pd.Series:
    """One row per member of a ``;`` separated list (index repeated), blank members dropped."""
    members = column.dropna().str.split(SEPARATORS, regex=True).explode().str.strip()
    return members[members.ne("") & members.notna()].astype("str")


def looked_up(keys: pd.Series, mapping: pd.Series) -> pd.Series:
    """The text that ``mapping`` (index: key) has for each key, missing where it has none."""
    return keys.map(mapping.astype("object")).astype("str")
