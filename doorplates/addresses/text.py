"""Address texts as they are compared: width, blanks and the sign of a dash must not make two of one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from gazetteer.text import plain

JOINTS = "－—–−‐‑‒―"
_SUB_NUMBER = r"号?(?:-|之|附)([0-9]+)号?"
_ODD = "[^0-9A-Za-z\u4e00-\u9fff-]"


def comparable(texts: pd.Series) -> pd.Series:
    """Texts in half width, without blanks and invisible characters, with one sign for each dash; empty is missing."""
    texts = texts.astype("str")
    odd = texts.str.contains(_ODD, regex=True).fillna(False).astype(bool)
    if not odd.any():
        return texts.where(texts.ne(""))
    rewritten = texts.where(texts.ne("")).copy()
    rewritten[odd] = plain(texts[odd]).str.replace(f"[{JOINTS}]", "-", regex=True)
    return rewritten


def same_sub_numbers(texts: pd.Series) -> pd.Series:
    """Comparable texts with every way of writing a sub-number (12号附3, 12之3号, 12-3号) written 12-3号."""
    subbed = texts.str.contains("[0-9]号?[-之附][0-9]", regex=True).fillna(False).astype(bool)
    rewritten = texts.copy()
    rewritten[subbed] = texts[subbed].str.replace(_SUB_NUMBER, r"-\1号", regex=True)
    return rewritten


def looked_up(keys: pd.Series, values: pd.Series | dict[str, str]) -> pd.Series:
    """``keys.map(values)`` as text, also where nothing is found (pandas would make that a column of numbers)."""
    return keys.map(values).astype("str")


def by_distinct(texts: pd.Series, rewrite: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """``rewrite(texts)`` for a column with few different texts: each is rewritten once."""
    codes, distinct = pd.factorize(texts.astype("str"))
    rewritten = rewrite(pd.Series(distinct, dtype="str"))
    return rewritten.reindex(codes).set_axis(texts.index)
