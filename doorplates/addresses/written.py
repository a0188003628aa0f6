"""The numbers and houses of an address as doorplates carry them and as a standard text writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from doorplates.addresses.links import PARTS
from doorplates.grammar import parse_numbers

_PLAIN = re.compile("[1-9][0-9]{0,4}")
_ZEROS = re.compile("^0+(?=.)")


class Number(NamedTuple):
    """Lane, village group, plate number and sub-number of an address; None where it has none."""

    lane: str | None
    village_group: str | None
    plate_no: str | None
    sub_no: str | None


class House(NamedTuple):
    """Building, unit, floor and room of an address; None where it has none."""

    building: str | None
    unit: str | None
    floor: str | None
    room: str | None


class PlateNumbers:
    """Canonical forms of plate numbers; each is read once."""

    def __init__(self) -> None:
        self._canonical: dict[str, str] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Read many at once, which is much quicker than one by one."""
        new = [text for text in dict.fromkeys(texts) if text not in self._canonical]
        plain = [text for text in new if _PLAIN.fullmatch(text)]
        self._canonical.update(zip(plain, plain, strict=True))
        other = pd.Series([text for text in new if text not in self._canonical], dtype="str")
        if len(other):
            canonical = parse_numbers(other)["canonical"].fillna(other)
            self._canonical.update(zip(other, canonical, strict=True))

    def canonical(self, text: str) -> str:
        """The canonical form; the text where the grammar does not know it."""
        if text not in self._canonical:
            self.learn([text])
        return self._canonical[text]


def on_plates(number: Number) -> list[str]:
    """The ways a doorplate may carry a number: alone, after its lane, after its village group. Empty without a number."""
    if number.plate_no is None:
        return []
    alone = with_sub(number)
    return [alone, *(part + alone for part in (number.lane, number.village_group) if part is not None)]


def with_sub(number: Number) -> str:
    """Number with its sub-number as on a doorplate: 128, 128-1, 128附1."""
    sub = number.sub_no or ""
    return f"{number.plate_no or ''}{'-' if re.match('[0-9A-Za-z]', sub) else ''}{sub}"


def plain_parts(house: House) -> tuple[str, str]:
    """Building, unit and room as doorplates carry them (``building|unit|room``), and the building alone."""
    said = {"building": house.building, "unit": house.unit, "room": house.room}
    plain = [_ZEROS.sub("", (said[part] or "").removesuffix(word)) for part, word in PARTS.items()]
    return "|".join(plain), f"{plain[0]}||"


@lru_cache(maxsize=1 << 16)
def written(value: str, word: str) -> str:
    """A part as a standard text writes it: its word once."""
    return value.removesuffix(word) + word
