"""Address texts as they are compared: width, blanks and the writing of numbers must not make two of one."""

from __future__ import annotations

import pandas as pd

BLANKS = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+"
JOINTS = "－—–−‐‑‒―"
_SUB_NUMBER = r"号?(?:-|之|附)([0-9]+)号?"


def comparable(texts: pd.Series) -> pd.Series:
    """Texts in half width, without blanks and invisible characters, with one sign for each dash."""
    return texts.str.normalize("NFKC").str.replace(BLANKS, "", regex=True).str.replace(f"[{JOINTS}]", "-", regex=True)


def same_sub_numbers(texts: pd.Series) -> pd.Series:
    """Comparable texts with every way of writing a sub-number (12号附3, 12之3号, 12-3号) written 12-3号."""
    return texts.str.replace(_SUB_NUMBER, r"-\1号", regex=True)
