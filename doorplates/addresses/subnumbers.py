"""Plate numbers of addresses in canonical form, with the sub-number apart: 12号附3 is 12 and 3."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from doorplates.grammar import parse_numbers

_USUAL = re.compile("([1-9][0-9]{0,4})(?:号?([-附之])([1-9][0-9]{0,4}))?")


class SubNumbers:
    """Takes numbers apart; each is read once. ``known``: number as read → number and sub-number."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str | None]] = {}

    def learn(self, numbers: Iterable[str]) -> None:
        """Read many at once, which is much quicker than one by one. The usual forms need no grammar."""
        new = [one for one in dict.fromkeys(numbers) if one not in self.known]
        for number in new:
            usual = _USUAL.fullmatch(number)
            if usual:
                self.known[number] = _usual(*usual.groups())
        other = pd.Series([one for one in new if one not in self.known], dtype="str")
        if len(other):
            self.known.update(zip(other, by_grammar(other), strict=True))

    def row(self, parts: dict[str, str]) -> dict[str, str]:
        """Parts of an address with their number taken apart; a sub-number that stands already is kept."""
        if "plate_no" not in parts:
            return parts
        if parts["plate_no"] not in self.known:
            self.learn([parts["plate_no"]])
        number, sub = self.known[parts["plate_no"]]
        return {**parts, "plate_no": number} | ({"sub_no": sub} if sub and "sub_no" not in parts else {})


def by_grammar(numbers: pd.Series) -> list[tuple[str, str | None]]:
    """Numbers taken apart by the grammar of doorplates; what may be a range stays whole."""
    parsed = parse_numbers(numbers)
    whole = parsed["canonical"].fillna(numbers)
    is_sub = (parsed["kind"].eq("sub") & parsed["main"].notna() & parsed["sub"].notna()).tolist()
    rows = zip(whole, parsed["main"], parsed["sub"], is_sub, strict=True)
    return [(str(main), str(sub)) if apart else (str(text), None) for text, main, sub, apart in rows]


def _usual(number: str, joint: str | None, second: str | None) -> tuple[str, str | None]:
    """A number alone or with a sub-number; a dash before a larger number of the same parity may be a range."""
    if joint is None or second is None:
        return number, None
    larger = int(second) > int(number) and (int(second) - int(number)) % 2 == 0
    return (f"{number}-{second}", None) if joint == "-" and larger else (number, second)
