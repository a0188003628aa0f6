"""Addresses whose divisions have other names from a day on: the segments and the beginning of the texts follow.

``moves`` has a row an address: for county, township and community the name before and the name after
(``county_old``, ``county_new`` …), missing where the level is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from doorplates.addresses.chain import ROAD_WORDS, SEPARATORS
from doorplates.addresses.divisions import core_names

LEVELS = {"county": "county", "township": "township", "community": "village"}
MOVE_COLUMNS = [f"{segment}_{side}" for segment in LEVELS for side in ("old", "new")]


def changing(moves: pd.DataFrame) -> pd.DataFrame:
    """The moves in which some name changes."""
    differs = pd.Series(False, index=moves.index)
    for segment in LEVELS:
        old, new = moves[f"{segment}_old"], moves[f"{segment}_new"]
        differs |= old.notna() & new.notna() & old.ne(new)
    return moves[differs]


def new_segment(column: pd.Series, segment: str, moves: pd.DataFrame, suffixes: pd.DataFrame) -> pd.Series:
    """New values of a segment column where it names the old division, with or without the word for its kind."""
    old, new = moves[f"{segment}_old"], moves[f"{segment}_new"]
    said = column.reindex(moves.index)
    level = LEVELS[segment]
    names_it = said.eq(old)
    if level != "county":
        names_it |= core_names(said, suffixes, level).eq(core_names(old, suffixes, level))
    hit = said.notna() & names_it & new.notna() & said.ne(new) & old.ne(new)
    return new[hit.fillna(False).astype(bool)]


def new_texts(texts: pd.Series, moves: pd.DataFrame, upper_names: Iterable[str]) -> pd.Series:
    """Texts with the old names in their chain of divisions replaced, only those that change.

    ``upper_names`` are names of provinces, prefectures and counties that a text may begin with. A name inside the name of
    a road or bridge (北漳镇路) is none of a division.
    """
    there = texts.reindex(moves.index).dropna()
    grouped = moves.loc[there.index].fillna("").groupby(MOVE_COLUMNS, sort=False).groups
    parts = [
        _replaced(there[rows], dict(zip(MOVE_COLUMNS, names, strict=True)), upper_names)
        for names, rows in grouped.items()
    ]
    if not parts:
        return there
    new = pd.concat(parts)
    return new[new.ne(there.reindex(new.index))]


def _replaced(texts: pd.Series, names: dict[str, str], upper_names: Iterable[str]) -> pd.Series:
    words = "|".join(map(re.escape, sorted(set(upper_names), key=lambda name: (-len(name), name))))
    head = rf"{SEPARATORS}*(?:(?:{words}){SEPARATORS}*)*" if words else rf"{SEPARATORS}*"
    for segment in LEVELS:
        old, new = names[f"{segment}_old"], names[f"{segment}_new"]
        if old and new and old != new:
            pattern = re.compile(rf"^({head}){re.escape(old)}(?!{ROAD_WORDS})")
            texts = texts.str.replace(pattern, lambda found, name=new: found[1] + name, regex=True)
        both = "|".join(re.escape(name) for name in dict.fromkeys((new, old)) if name)
        if both:
            head += rf"(?:(?:{both}){SEPARATORS}*)?"
    return texts
