"""The chain of divisions that an address text begins with: 浙江省 绍兴市 嵊州市 剡湖街道.

A text has few different beginnings, so each distinct one is taken apart once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from doorplates.addresses.divisions import LEVELS, current_divisions, former_divisions
from doorplates.addresses.text import by_distinct
from rulebook.context import Context, derived

SEPARATORS = r"[\s,，、。;；:：/|>-]"
ROAD_WORDS = "[东南西北中]?(?:路|街|巷|弄|大道|桥)"


@dataclass(frozen=True)
class DivisionNames:
    """Names of divisions from the province down to the township, with their rank in ``LEVELS``."""

    ranks: Mapping[str, int]

    @property
    def pattern(self) -> str:
        """Alternatives of all names, the longest first."""
        return "|".join(map(re.escape, sorted(self.ranks, key=lambda name: (-len(name), name))))

    def heads(self, texts: pd.Series) -> pd.Series:
        """The part of each text that is a chain of division names, separators included; may be empty."""
        link = rf"(?:{self.pattern})(?:(?<!县)|(?!{ROAD_WORDS}))"
        chain = rf"^({SEPARATORS}*(?:{link}{SEPARATORS}*)*)"
        before_numbers = texts.str.replace(r"[0-9０-９].*", "", regex=True)
        return by_distinct(before_numbers, lambda distinct: distinct.str.extract(chain)[0])

    def links(self, head: str) -> list[str]:
        """The names of one chain, in the order written."""
        return re.findall(self.pattern, head)


@derived("divisions")
def division_names(ctx: Context) -> DivisionNames:
    """Names of the divisions in force and of former ones, and those that the profile's list knows."""
    listed = ctx.table("known_divisions")[["name", "level"]]
    parts = [listed, former_divisions(ctx)[["name", "level"]], current_divisions(ctx)[["name", "level"]]]
    named = pd.concat(parts, ignore_index=True).drop_duplicates("name", keep="last")
    named = named[named["level"].isin(LEVELS[:4]) & named["name"].str.len().gt(1)]
    return DivisionNames(dict(zip(named["name"], named["level"].map(LEVELS.index), strict=True)))
