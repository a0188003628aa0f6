"""Address texts as they are compared: width, blanks and the sign of a dash must not make two of one."""

from __future__ import annotations

import pandas as pd

from gazetteer.text import plain

JOINTS = "－—–−‐‑‒―"
_SUB_NUMBER = r"号?(?:-|之|附)([0-9]+)号?"


def comparable(texts: pd.Series) -> pd.Series:
    """Texts in half width, without blanks and invisible characters, with one sign for each dash; empty is missing."""
    return plain(texts).str.replace(f"[{JOINTS}]", "-", regex=True)


def same_sub_numbers(texts: pd.Series) -> pd.Series:
    """Comparable texts with every way of writing a sub-number (12号附3, 12之3号, 12-3号) written 12-3号."""
    return texts.str.replace(_SUB_NUMBER, r"-\1号", regex=True)
