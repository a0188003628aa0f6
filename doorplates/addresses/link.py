"""Links segmented addresses with the register: division, road, place and doorplate, and how sure the match is.

Grades: A – exactly one doorplate fits entirely. B – one doorplate has the number, with a small difference: the address
is finer than it, names a former division, carries a remark, or its name only sounds the same. C – the road or place is
known and its doorplate is not, or several come into question. D – nothing is known.

Names are resolved once for each combination of names, numbers once for each number; only the doorplates are looked up
by row (``plates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from doorplates.addresses.gathering import Codes, combinations, gathered
from doorplates.addresses.gazetteer import Gazetteer
from doorplates.addresses.links import address_keys, joined_parts
from doorplates.addresses.names import NAMES, SAME_NAME, Resolved, completed, resolve
from doorplates.addresses.near import SURE_BANDS
from doorplates.addresses.standard import NUMBERS, standard_texts

LINKS = ("division_code", "road_id", "place_id", "doorplate_id", "grade", "standard_text")
REASON = "reason"
SEVERAL = "several_plates"
SURE = (SAME_NAME, *SURE_BANDS)
CANDIDATES = ["row", "layer", "id", "why"]
_FORMS = ("number", "in_lane", "in_group")


@dataclass(frozen=True)
class Linked:
    """``columns``: ``LINKS`` and ``reason`` (why the grade is no A), by row. ``candidates``: for rows of grade B and C
    that are not settled by names and numbers alone, ``row`` (place in the input), ``layer``, ``id`` and ``why``.
    """

    columns: pd.DataFrame
    candidates: pd.DataFrame


@dataclass(frozen=True)
class _Asked:
    """Rows as places in lists: of names, numbers, and parts (building, unit, room) that doorplates know."""

    name: Codes
    numbers: list[Codes]
    parts: Codes
    building: Codes
    house: int
    in_house: np.ndarray[tuple[int], np.dtype[np.bool_]]
    numberless: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def of(self, row: Codes) -> _Asked:
        """Some of the rows."""
        return _Asked(
            self.name[row],
            [one[row] for one in self.numbers],
            self.parts[row],
            self.building[row],
            self.house,
            self.in_house[row],
            self.numberless[row],
        )


def link(segments: pd.DataFrame, known: Gazetteer, form: Mapping[str, Any]) -> Linked:
    """Links of every row of ``segments``. ``form`` is the profile's ``standard_address``."""
    rows = segments.reset_index(drop=True)
    name, names = combinations(rows, NAMES)
    resolved = resolve(names, known)
    number, numbers = combinations(rows, NUMBERS)
    asked = _asked(rows, name, (number, numbers), known, form["words"])

    road = known.plates.index.owners.get_indexer(resolved.road)[name]
    place = known.plates.index.owners.get_indexer(resolved.place)[name]
    owner = np.where(resolved.road.notna().to_numpy()[name], road, place)
    exact, coarse, several = _plates(asked, owner, place, known)
    plate = np.where(exact >= 0, exact, coarse)
    plate = np.where(_contradicts(known.plate_towns[plate], resolved.town[name], plate), -1, plate)

    guess, candidates = _guesses(asked, resolved, known)
    candidates = pd.concat([candidates, _several(several, plate, asked, owner, known)], ignore_index=True)
    guessed = (plate < 0) & (guess >= 0)
    plate = np.where(guessed, guess, plate)

    road_id, place_id = gathered(resolved.road, name), gathered(resolved.place, name)
    if guessed.any():
        road_id = road_id.where(~guessed, gathered(known.plates.roads, np.where(guessed, guess, -1)))
        place_id = place_id.where(~guessed, gathered(known.plates.places, np.where(guessed, guess, -1)))
    remark, renamed = rows["rest"].notna().to_numpy(), resolved.other_name[name]
    open_to_question = np.zeros(len(rows), dtype=bool)
    open_to_question[candidates["row"].to_numpy(dtype=np.int64)] = True
    has_owner = road_id.notna().to_numpy() | place_id.notna().to_numpy()
    grade = np.select(
        [guessed, (plate >= 0) & (plate == exact) & ~remark & ~renamed, plate >= 0, has_owner | open_to_question],
        ["B", "A", "B", "C"],
        "D",
    )
    reason = np.select(
        [grade == "A", guessed, (plate >= 0) & (plate != exact), (plate >= 0) & renamed, plate >= 0,
         open_to_question, has_owner],
        ["", "near_name", "finer", "other_name", "remark", "candidates", "no_plate"],
        "",
    )  # fmt: skip
    columns = pd.DataFrame({"road_id": road_id, "place_id": place_id})
    columns["doorplate_id"] = gathered(known.plates.ids, plate)
    stands = gathered(known.plates.divisions, plate)
    columns["division_code"] = stands.fillna(gathered(resolved.division, name))
    place_of_names, pairs = combinations(
        pd.DataFrame({"name": name, "division": columns["division_code"]}), ("name", "division")
    )
    current = resolved.current.take(pairs["name"]).reset_index(drop=True)
    written = place_of_names, completed(current, pairs["division"], known)
    columns["standard_text"] = standard_texts(written, (number, numbers), rows, form)
    columns["grade"] = pd.Series(grade, dtype="str")
    columns[REASON] = pd.Series(reason, dtype="str").where(reason != "")
    ordered = columns[[*LINKS, REASON]].astype("str").set_axis(segments.index)
    return Linked(ordered, candidates.sort_values(["row", "why", "id"]).reset_index(drop=True))


def _asked(
    rows: pd.DataFrame, names: Codes, numbered: tuple[Codes, pd.DataFrame], known: Gazetteer, words: dict[str, str]
) -> _Asked:
    index, (number, numbers) = known.plates.index, numbered
    if not len(index.keys):
        nowhere, no = np.full(len(rows), -1, dtype=np.int64), np.zeros(len(rows), dtype=bool)
        return _Asked(names, [nowhere], nowhere, nowhere, -1, no, no)
    alone = numbers.reindex(columns=[*NUMBERS, "road_id", "place_id", "building", "unit", "room"]).astype("str")
    keys = address_keys(alone, words)
    coded = [index.numbers.get_indexer(keys[one])[number] for one in _FORMS]
    inside, houses = combinations(rows, ("building", "unit", "room"))
    parts = joined_parts(houses)
    building = parts.str.extract(r"^([^|]*)")[0] + "||"
    return _Asked(
        names,
        coded,
        index.parts.get_indexer(parts)[inside],
        index.parts.get_indexer(building)[inside],
        int(index.parts.get_indexer(["||"])[0]),
        parts.ne("||").to_numpy()[inside],
        keys["number"].isna().to_numpy()[number] & building.ne("||").to_numpy()[inside],
    )


def _plates(asked: _Asked, owner: Codes, place: Codes, known: Gazetteer) -> tuple[Codes, Codes, Codes]:
    """Rows of the doorplate that fits each address entirely, and of that of its house or building where the address is
    finer (-1: none or several); where several fit entirely, the first of them.

    An address of an estate without a number is known by its building: 剡溪花园3幢.
    """
    index, by_building = known.plates.index, known.plates.by_building
    fits = [index.places(owner, one, asked.parts) for one in asked.numbers]
    total, first = index.counted(fits)
    several = np.where(total > 1, index.rows[first] if len(index.rows) else -1, -1)
    exact = index.only(fits)
    exact = np.where(exact >= 0, exact, index.only([index.places(place, one, asked.parts) for one in asked.numbers]))
    anything = np.where(asked.numberless, 0, -1)
    entire = by_building.only([by_building.places(owner, anything, asked.parts)])
    exact = np.where(exact >= 0, exact, entire)
    house = np.where(asked.in_house, asked.house, -1)
    coarse = index.only([index.places(owner, one, house) for one in asked.numbers])
    building = by_building.only([by_building.places(owner, anything, asked.building)])
    return exact, np.where(coarse >= 0, coarse, building), several


def _guesses(asked: _Asked, resolved: Resolved, known: Gazetteer) -> tuple[Codes, pd.DataFrame]:
    """For rows whose name several records bear, or none that sounds like it: the row of the only doorplate that comes
    into question (-1: none), and all that do.

    A name that merely looks alike, or sounds alike in the local accent, never settles a match.
    """
    guess = np.full(len(asked.name), -1, dtype=np.int64)
    owners = resolved.owners
    row = np.flatnonzero(np.isin(asked.name, owners["name"].to_numpy(dtype=np.int64)))
    if not len(row):
        return guess, pd.DataFrame(columns=CANDIDATES)
    pairs = pd.DataFrame({"row": row, "name": asked.name[row]}).merge(owners, on="name")
    there = asked.of(pairs["row"].to_numpy())
    owner = known.plates.index.owners.get_indexer(pairs["id"])
    exact, coarse, _ = _plates(there, owner, owner, known)
    pairs["plate"] = np.where(exact >= 0, exact, coarse)
    hits = pairs[pairs["plate"].ge(0)].sort_values(["row", "plate"]).drop_duplicates(["row", "plate"])
    single = hits[~hits.duplicated("row", keep=False) & hits["why"].isin(SURE)]
    guess[single["row"].to_numpy()] = single["plate"].to_numpy()
    without = pairs[~pairs["row"].isin(hits["row"]) & pairs["why"].isin(SURE)]
    plates = hits.assign(layer="doorplates", id=known.plates.ids.to_numpy(dtype=object)[hits["plate"].to_numpy()])
    return guess, pd.concat([plates, without])[CANDIDATES]


def _several(first: Codes, plate: Codes, asked: _Asked, owner: Codes, known: Gazetteer) -> pd.DataFrame:
    """All doorplates of rows that several fit entirely."""
    row = np.flatnonzero((first >= 0) & (plate < 0))
    if not len(row):
        return pd.DataFrame(columns=CANDIDATES)
    index, some = known.plates.index, asked.of(row)
    found = []
    for number in some.numbers:
        at = index.places(owner[row], number, some.parts)
        kept = at >= 0
        spread = np.repeat(row[kept], index.count[at[kept]])
        start = np.repeat(index.first[at[kept]], index.count[at[kept]])
        turn = np.arange(len(spread)) - np.repeat(
            np.cumsum(index.count[at[kept]]) - index.count[at[kept]], index.count[at[kept]]
        )
        found.append(pd.DataFrame({"row": spread, "plate": index.rows[start + turn]}))
    pairs = pd.concat(found).drop_duplicates()
    ids = known.plates.ids.to_numpy(dtype=object)[pairs["plate"].to_numpy()]
    return pairs.assign(layer="doorplates", id=ids, why=SEVERAL)[CANDIDATES]


def _contradicts(towns: Codes, said: Codes, plate: Codes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray((plate >= 0) & (towns >= 0) & (said >= 0) & (towns != said))
