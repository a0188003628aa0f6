"""Division codes that names carry: lists of codes in one cell, and the codes that the register knows."""

from __future__ import annotations

import pandas as pd

from rulebook.context import Context, derived

COUNTY_DIGITS, TOWNSHIP_DIGITS = 6, 9


def listed(cells: pd.Series) -> pd.Series:
    """One row a code of cells such as ``330683001001;330683002000``; the index repeats, missing cells are left out."""
    filled = cells.dropna()
    if len(filled) and filled.str.match("^[0-9]+$", na=False).all():
        return filled
    codes = filled.str.split(r"[;；,，]", regex=True).explode().str.strip()
    return codes[codes != ""].dropna()


@derived("divisions")
def division_prefixes(ctx: Context) -> tuple[frozenset[str], frozenset[str]]:
    """Known county codes (6 digits) and township codes (9 digits), those of ended divisions included."""
    history = ctx.history("divisions")
    codes = history["code"].dropna() if "code" in history else pd.Series(dtype="str")
    below = codes[codes.str[COUNTY_DIGITS:TOWNSHIP_DIGITS] != "000"]
    return frozenset(codes.str[:COUNTY_DIGITS]), frozenset(below.str[:TOWNSHIP_DIGITS])
