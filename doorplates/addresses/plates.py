"""Finds doorplates by owner (road or place), number and parts, for whole columns at once.

Owners, numbers and parts (building|unit|room) are places in lists; together they make one whole number that is looked
up in a hash table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class PlateIndex:
    """``rows``: where the plates stand in the frame they come from, in the order of their keys. ``keys``: distinct keys;
    ``first`` and ``count`` say where the plates of each stand in ``rows``.
    """

    owners: dict[str, int]
    numbers: dict[str, int]
    parts: dict[str, int]
    rows: Codes
    keys: pd.Index
    first: Codes
    count: Codes

    @classmethod
    def of(cls, plates: pd.DataFrame) -> PlateIndex:
        """From ``links.plate_keys``: ``road_id``, ``place_id``, ``number``, ``parts`` by id of the plate."""
        known = plates.assign(owner=plates["road_id"].fillna(plates["place_id"]), row=np.arange(len(plates)))
        known = known[known[["owner", "number", "parts"]].notna().all(axis=1)]
        owner, owners = pd.factorize(known["owner"])
        number, numbers = pd.factorize(known["number"])
        part, parts = pd.factorize(known["parts"])
        key = _key(owner, number, part, len(numbers), len(parts))
        order = np.lexsort((pd.factorize(known.index, sort=True)[0], key))
        keys, first, count = np.unique(key[order], return_index=True, return_counts=True)
        return cls(
            {one: at for at, one in enumerate(owners)},
            {one: at for at, one in enumerate(numbers)},
            {one: at for at, one in enumerate(parts)},
            known["row"].to_numpy()[order],
            pd.Index(keys),
            first,
            count,
        )

    def owner_codes(self, ids: list[str | None]) -> Codes:
        """Places of roads and places in ``owners``; -1 where one has no doorplate."""
        return _codes(self.owners, ids)

    def number_codes(self, numbers: list[str | None]) -> Codes:
        """Places of canonical numbers in ``numbers``; -1 where no doorplate carries one."""
        return _codes(self.numbers, numbers)

    def part_codes(self, parts: list[str | None]) -> Codes:
        """Places of ``building|unit|room`` in ``parts``; -1 where no doorplate carries them."""
        return _codes(self.parts, parts)

    def places(self, owner: Codes, number: Codes, part: Codes) -> Codes:
        """Where in ``keys`` each combination of places in the three lists stands; -1 where there is none."""
        if not len(self.keys):
            return np.full(len(owner), -1, dtype=np.int64)
        there = (owner >= 0) & (number >= 0) & (part >= 0)
        key = _key(owner, number, part, len(self.numbers), len(self.parts))
        return np.asarray(self.keys.get_indexer(np.where(there, key, -1)), dtype=np.int64)

    def only(self, places: list[Codes]) -> Codes:
        """The row of the one plate that stands at any of several places, -1 where there is none or several."""
        total, found = self.counted(places)
        return np.where(total == 1, self.rows[found] if len(self.rows) else -1, -1)

    def counted(self, places: list[Codes]) -> tuple[Codes, Codes]:
        """How many plates stand at any of several places of a row, and the first of them in ``rows`` (-1: none)."""
        total = np.zeros(len(places[0]), dtype=np.int64)
        found = np.full(len(places[0]), -1, dtype=np.int64)
        for turn, place in enumerate(places):
            new = place >= 0
            for earlier in places[:turn]:
                new &= place != earlier
            total[new] += self.count[place[new]]
            found[new & (found < 0)] = self.first[place[new & (found < 0)]]
        return total, found


def _codes(known: dict[str, int], texts: list[str | None]) -> Codes:
    return np.array([-1 if one is None else known.get(one, -1) for one in texts], dtype=np.int64)


def _key(owner: Codes, number: Codes, part: Codes, numbers: int, parts: int) -> Codes:
    return (owner * numbers + number) * parts + part
