"""What segmentation knows of names: the register's divisions, roads and places, and the shipped lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from doorplates.addresses.divisions import LEVELS
from doorplates.addresses.text import comparable
from gazetteer.layers import STATUSES_IN_FORCE

PART_OF_LEVEL = {**{level: level for level in LEVELS}, "village": "community"}
PART_OF_KIND = {"natural_village": "natural_village", "estate_building": "estate", "village_seat": "community"}


@dataclass(frozen=True)
class Word:
    """A known name as a part of addresses: ``value`` is the standard name, ``short`` a form without its ending."""

    part: str
    value: str
    short: bool = False


@dataclass(frozen=True)
class Lexicon:
    """``words``: text → what it may be. ``endings``: generic term → part. ``abroad``: provinces whose prefectures and
    counties are not among the words. ``lengths``: first character → the lengths of the words that begin with it.
    """

    words: Mapping[str, tuple[Word, ...]]
    endings: Mapping[str, str]
    abroad: tuple[str, ...] = ()
    lengths: Mapping[str, tuple[int, ...]] = field(init=False)
    ending_pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[0], set()).add(len(word))
        object.__setattr__(self, "lengths", {first: tuple(sorted(found)) for first, found in lengths.items()})
        longest_first = sorted(self.endings, key=lambda ending: (-len(ending), ending))
        object.__setattr__(self, "ending_pattern", re.compile("|".join(map(re.escape, longest_first))))

    def ends(self, text: str, start: int) -> list[int]:
        """Where the known words end that begin at ``start``, the shortest first."""
        return [
            start + length
            for length in self.lengths.get(text[start], ())
            if start + length <= len(text) and text[start : start + length] in self.words
        ]


def build(
    *,
    tables: Mapping[str, pd.DataFrame],
    county_code: str = "",
    divisions: pd.DataFrame | None = None,
    roads: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> Lexicon:
    """A lexicon from the profile's ``tables`` (known_divisions, former_divisions, division_suffixes,
    estate_generic_terms, road_generic_endings) and, where there is a register, its layers.

    Names without their ending (嵊州, 甘霖) are known for the county ``county_code`` and what it lies in or holds: in a
    text from elsewhere they would be guesses.
    """
    words: dict[str, list[Word]] = {}

    def add(name: str, word: Word) -> None:
        if len(name) > 1 and word not in words.setdefault(name, []):
            words[name].append(word)

    listed = pd.concat(
        [
            tables["known_divisions"][["code", "name", "level"]],
            tables["former_divisions"][["code", "name", "level"]],
            *([] if divisions is None else [divisions[["code", "name", "level"]].dropna()]),
        ],
        ignore_index=True,
    )
    suffixes = tables["division_suffixes"]
    own = (county_code, county_code[:4] + "00", county_code[:2] + "0000")
    for code, name, level in zip(listed["code"], comparable(listed["name"]), listed["level"], strict=True):
        if level in PART_OF_LEVEL:
            add(name, Word(PART_OF_LEVEL[level], name))
            core = _core(name, level, suffixes)
            if level != "village" and county_code and str(code)[:6] in own and core != name:
                add(core, Word(PART_OF_LEVEL[level], name, short=True))
    for name in _in_force(roads):
        add(name, Word("road", name))
    if places is not None:
        for kind, part in PART_OF_KIND.items():
            for name in _in_force(places[places["kind"].eq(kind)]):
                add(name, Word(part, name))
    endings = {
        **dict(zip(tables["estate_generic_terms"]["term"], ["estate"] * 10_000, strict=False)),
        **dict(zip(tables["road_generic_endings"]["ending"], tables["road_generic_endings"]["part"], strict=True)),
        **{
            suffix: PART_OF_LEVEL[level]
            for level, suffix in zip(suffixes["level"], suffixes["suffix"], strict=True)
        },
        "自然村": "natural_village",
    }  # fmt: skip
    known = set(listed.loc[listed["level"].eq("county"), "code"].astype("str").str[:2])
    provinces = listed[listed["level"].eq("province") & ~listed["code"].astype("str").str[:2].isin(known)]
    return Lexicon({name: tuple(found) for name, found in words.items()}, endings, tuple(provinces["name"]))


def _core(name: str, level: str, suffixes: pd.DataFrame) -> str:
    if level == "township":
        endings: Iterable[str] = suffixes.loc[suffixes["level"].eq(level), "suffix"]
    else:
        endings = ("省", "市", "县", "区")
    return next((name.removesuffix(one) for one in endings if name.endswith(one) and len(name) > len(one) + 1), name)


def _in_force(frame: pd.DataFrame | None) -> list[str]:
    if frame is None or frame.empty:
        return []
    standing = frame["status"].isna() | frame["status"].isin(STATUSES_IN_FORCE)
    return [str(name) for name in comparable(frame.loc[standing, "name"].astype("str")).dropna().unique()]
