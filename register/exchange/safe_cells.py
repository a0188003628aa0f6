"""Text cells that a spreadsheet shows and never runs, and back again without loss."""

from __future__ import annotations

import pandas as pd

RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
_ESCAPED = tuple("'" + sign for sign in RUNNABLE)


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet might take for a formula (or that begins with one)."""
    return "'" + text if text.startswith(RUNNABLE) else text


def unguard(text: str) -> str:
    """Take the apostrophe away that :func:`guard` has put there."""
    return text[1:] if text.startswith(_ESCAPED) else text


def guarded(column: pd.Series) -> pd.Series:
    """:func:`guard` for a column; missing cells become empty."""
    text = column.astype("object").where(column.notna(), "").astype("str")
    return text.where(~text.str.startswith(RUNNABLE), "'" + text)


def unguarded(column: pd.Series) -> pd.Series:
    """:func:`unguard` for a column of text."""
    return column.where(~column.str.startswith(_ESCAPED), column.str.slice(1))
