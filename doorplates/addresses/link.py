"""Links segmented addresses with the register: division, road, place and doorplate, and how sure the match is.

Grades: A – exactly one doorplate fits entirely. B – one doorplate has the number, with a small difference: the address
is finer than it, names a former division, carries a remark, or its name only sounds the same. C – the road or place is
known and its doorplate is not, or several come into question. D – nothing is known.

Names, numbers and houses are resolved once for each combination; only the doorplates are looked up by row (``plates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from doorplates.addresses.gathering import Codes, combinations, taken
from doorplates.addresses.gazetteer import Gazetteer
from doorplates.addresses.names import SAME_NAME, Names, Resolved, resolve, township_of
from doorplates.addresses.near import SURE_BANDS
from doorplates.addresses.written import House, Number, PlateNumbers, on_plates, plain_parts, with_sub, written

LINKS = ("division_code", "road_id", "place_id", "doorplate_id", "grade", "standard_text")
REASON = "reason"
SEVERAL = "several_plates"
SURE = (SAME_NAME, *SURE_BANDS)
CANDIDATES = ("row", "layer", "id", "why")
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Candidate = tuple[int, str, str, str]
_NOTHING = pa.scalar("", pa.large_string())


@dataclass(frozen=True)
class Linked:
    """``columns``: ``LINKS`` and ``reason`` (why the grade is no A), by row. ``candidates``: for rows of grade B and C
    that are not settled by names and numbers alone, ``row`` (place in the input), ``layer``, ``id`` and ``why``.
    """

    columns: pd.DataFrame
    candidates: list[Candidate]


@dataclass(frozen=True)
class _Found:
    """By row: the doorplate (-1: none), grade and reason, and the road and place; and all candidates."""

    plate: Codes
    grade: np.ndarray[Any, Any]
    reason: np.ndarray[Any, Any]
    guessed: Mask
    candidates: list[Candidate]


@dataclass(frozen=True)
class _Asked:
    """Rows as places in the lists of doorplates: ``numbers`` (each way to carry one), parts, building alone."""

    numbers: list[Codes]
    parts: Codes
    building: Codes
    house: int
    in_house: Mask
    numberless: Mask

    def of(self, row: Codes) -> _Asked:
        """Some of the rows."""
        return _Asked(
            [one[row] for one in self.numbers],
            self.parts[row],
            self.building[row],
            self.house,
            self.in_house[row],
            self.numberless[row],
        )


@dataclass
class Linker:
    """Links addresses with one gazetteer; ``form`` is the profile's ``standard_address``. Keeps what it has resolved."""

    known: Gazetteer
    form: Mapping[str, Any]
    _resolved: dict[Names, Resolved] = field(default_factory=dict)
    _numbers: PlateNumbers = field(default_factory=PlateNumbers)

    def link(self, segments: pd.DataFrame) -> Linked:
        """Links of every row of ``segments``, with its index."""
        rows = segments.reset_index(drop=True)
        name, names = _combined(rows, Names)
        number, numbers = _combined(rows, Number)
        house, houses = _combined(rows, House)
        resolved = [self._resolve(one) for one in names]
        asked = self._asked((number, numbers), (house, houses))
        found = self._find(resolved, name, asked, rows["rest"].notna().to_numpy())
        columns = self._links(resolved, name, found)
        texts = self._texts(columns["division_code"], (name, resolved), (number, numbers), (house, houses))
        columns["standard_text"] = texts
        columns["grade"] = pd.Series(found.grade, dtype="str")
        columns[REASON] = pd.Series(found.reason, dtype="str").where(found.reason != "")
        return Linked(columns[[*LINKS, REASON]].astype("str").set_axis(segments.index), found.candidates)

    def link_one(self, parts: Mapping[str, str]) -> tuple[dict[str, str | None], list[Candidate]]:
        """The same for the parts of one address, much quicker than as a frame."""
        number, house = Number(*map(parts.get, Number._fields)), House(*map(parts.get, House._fields))
        resolved = self._resolve(Names(*map(parts.get, Names._fields)))
        here = np.zeros(1, dtype=np.int64)
        asked = self._asked((here, [number]), (here, [house]))
        found = self._find([resolved], here, asked, np.array(["rest" in parts]))
        row, records = int(found.plate[0]), self.known.plates.records
        plate = {name: _some(records[name].iloc[row]) if row >= 0 else None for name in records}
        road, place = (plate["road_id"], plate["place_id"]) if found.guessed[0] else (resolved.road, resolved.place)
        division = plate["division_code"] or resolved.division
        said = {
            part: text
            for texts in (
                self._names_written(resolved, division),
                self._number_written(number),
                self._house_written(house),
            )
            for part, text in texts.items()
        }
        text = "".join(said[part] for part in self._shown(resolved.names))
        return {
            "division_code": division,
            "road_id": road,
            "place_id": place,
            "doorplate_id": plate["id"],
            "grade": str(found.grade[0]),
            "standard_text": text or None,
            REASON: str(found.reason[0]) or None,
        }, found.candidates

    def _resolve(self, names: Names) -> Resolved:
        if names not in self._resolved:
            self._resolved[names] = resolve(names, self.known)
        return self._resolved[names]

    def _asked(self, numbered: tuple[Codes, list[Number]], housed: tuple[Codes, list[House]]) -> _Asked:
        (number, numbers), (house, houses) = numbered, housed
        index = self.known.plates.index
        rows = len(number)
        if not len(index.keys):
            nowhere, no = np.full(rows, -1, dtype=np.int64), np.zeros(rows, dtype=bool)
            return _Asked([nowhere], nowhere, nowhere, -1, no, no)
        ways = [on_plates(one) for one in numbers]
        self._numbers.learn(way for one in ways for way in one)
        most = max(map(len, ways), default=0)
        coded = [
            index.number_codes([self._numbers.canonical(one[at]) if at < len(one) else None for one in ways])[number]
            for at in range(max(most, 1))
        ]
        parts = [plain_parts(one) for one in houses]
        has_building = np.array([building != "||" for _, building in parts], dtype=bool)
        unnumbered = np.array([not one for one in ways], dtype=bool)
        return _Asked(
            coded,
            index.part_codes([whole for whole, _ in parts])[house],
            index.part_codes([building for _, building in parts])[house],
            int(index.part_codes(["||"])[0]),
            np.array([whole != "||" for whole, _ in parts], dtype=bool)[house],
            unnumbered[number] & has_building[house],
        )

    def _find(self, resolved: list[Resolved], name: Codes, asked: _Asked, remark: Mask) -> _Found:
        plates = self.known.plates
        road = plates.index.owner_codes([one.road for one in resolved])[name]
        place = plates.index.owner_codes([one.place for one in resolved])[name]
        has_owner = np.array([one.road is not None or one.place is not None for one in resolved], dtype=bool)[name]
        on_road = np.array([one.road is not None for one in resolved], dtype=bool)[name]
        town = np.array([plates.towns_at.get(one.town, -1) for one in resolved], dtype=np.int64)[name]
        owner = np.where(on_road, road, place)
        exact, coarse, several = self._plates(asked, owner, place)
        plate = np.where(exact >= 0, exact, coarse)
        stands = plates.town[plate]
        plate = np.where((plate >= 0) & (stands >= 0) & (town >= 0) & (stands != town), -1, plate)

        guess, candidates = self._guesses(asked, resolved, name)
        candidates += self._fitting(np.flatnonzero((several >= 0) & (plate < 0)), asked, owner)
        guessed = (plate < 0) & (guess >= 0)
        plate = np.where(guessed, guess, plate)
        renamed = np.array([one.other_name for one in resolved], dtype=bool)[name]
        doubt = np.zeros(len(name), dtype=bool)
        doubt[[row for row, *_ in candidates]] = True
        linked, finer = plate >= 0, (plate >= 0) & (plate != exact)
        certain = linked & ~guessed & ~finer & ~remark & ~renamed
        grade = np.select([certain, linked, has_owner | doubt], ["A", "B", "C"], "D")
        reason = np.select(
            [certain, guessed, finer, linked & renamed, linked, doubt, has_owner],
            ["", "near_name", "finer", "other_name", "remark", "candidates", "no_plate"],
            "",
        )
        return _Found(plate, grade, reason, guessed, sorted(candidates, key=lambda one: (one[0], one[3], one[2])))

    def _plates(self, asked: _Asked, owner: Codes, place: Codes) -> tuple[Codes, Codes, Codes]:
        """Rows of the doorplate that fits each address entirely, and of that of its house or building where the
        address is finer (-1: none or several); where several fit entirely, the first of them.

        An address of an estate without a number is known by its building: 剡溪花园3幢.
        """
        index, by_building = self.known.plates.index, self.known.plates.by_building
        if not len(index.keys):
            nowhere = np.full(len(owner), -1, dtype=np.int64)
            return nowhere, nowhere, nowhere
        fits = [index.places(owner, one, asked.parts) for one in asked.numbers]
        total, first = index.counted(fits)
        several = np.where(total > 1, index.rows[first], -1)
        exact = np.where(total == 1, index.rows[first], -1)
        if (place != owner).any():
            at_place = index.only([index.places(place, one, asked.parts) for one in asked.numbers])
            exact = np.where(exact >= 0, exact, at_place)
        house = np.where(asked.in_house, asked.house, -1)
        coarse = index.only([index.places(owner, one, house) for one in asked.numbers])
        if asked.numberless.any():
            anything = np.where(asked.numberless, 0, -1)
            entire = by_building.only([by_building.places(owner, anything, asked.parts)])
            building = by_building.only([by_building.places(owner, anything, asked.building)])
            exact, coarse = np.where(exact >= 0, exact, entire), np.where(coarse >= 0, coarse, building)
        return exact, coarse, several

    def _guesses(self, asked: _Asked, resolved: list[Resolved], name: Codes) -> tuple[Codes, list[Candidate]]:
        """For rows whose name several records bear, or none but some that are like it: the row of the only doorplate
        that comes into question (-1: none or several), and all that do.

        A name that merely looks alike, or sounds alike in the local accent, never settles a match.
        """
        guess = np.full(len(name), -1, dtype=np.int64)
        open_names = np.array([bool(one.owners) for one in resolved], dtype=bool)
        row = np.flatnonzero(open_names[name])
        pairs = [(int(at), *owner) for at in row for owner in resolved[name[at]].owners]
        if not pairs:
            return guess, []
        rows = np.array([at for at, *_ in pairs], dtype=np.int64)
        owner = self.known.plates.index.owner_codes([one for _, _, one, _ in pairs])
        exact, coarse, _ = self._plates(asked.of(rows), owner, owner)
        hits: dict[int, dict[int, str]] = {}
        for pair, plate in zip(pairs, np.where(exact >= 0, exact, coarse).tolist(), strict=True):
            if plate >= 0:
                hits.setdefault(pair[0], {}).setdefault(plate, pair[3])
        ids = self.known.plates.records["id"]
        candidates = [
            (at, "doorplates", str(ids.iloc[plate]), why) for at, found in hits.items() for plate, why in found.items()
        ]
        candidates += [pair for pair in pairs if pair[0] not in hits and pair[3] in SURE]
        for at, found in hits.items():
            ((plate, why), *others) = found.items()
            if not others and why in SURE:
                guess[at] = plate
        return guess, candidates

    def _fitting(self, row: Codes, asked: _Asked, owner: Codes) -> list[Candidate]:
        """All doorplates of rows that several fit entirely."""
        index, ids = self.known.plates.index, self.known.plates.records["id"]
        some = asked.of(row)
        found = {
            (int(at), int(plate))
            for number in some.numbers
            for at, place in zip(row, index.places(owner[row], number, some.parts), strict=True)
            if place >= 0
            for plate in index.rows[index.first[place] : index.first[place] + index.count[place]]
        }
        return [(at, "doorplates", str(ids.iloc[plate]), SEVERAL) for at, plate in found]

    def _links(self, resolved: list[Resolved], name: Codes, found: _Found) -> pd.DataFrame:
        records = self.known.plates.records
        columns = {
            "doorplate_id": taken(records["id"], found.plate),
            "division_code": taken(_texts(one.division for one in resolved), name),
            "road_id": taken(_texts(one.road for one in resolved), name),
            "place_id": taken(_texts(one.place for one in resolved), name),
        }
        stands = taken(records["division_code"], found.plate)
        columns["division_code"] = pc.coalesce(stands, columns["division_code"])
        if found.guessed.any():
            for part in ("road_id", "place_id"):
                columns[part] = pc.if_else(pa.array(found.guessed), taken(records[part], found.plate), columns[part])
        return pd.DataFrame({part: pd.array(column, dtype="str") for part, column in columns.items()})

    def _texts(
        self,
        division: pd.Series,
        named: tuple[Codes, list[Resolved]],
        numbered: tuple[Codes, list[Number]],
        housed: tuple[Codes, list[House]],
    ) -> pd.Series:
        """Standard texts: what names, numbers and houses are written as is worked out once each, and joined by row."""
        name, resolved = named
        at, pairs = combinations(pd.DataFrame({"name": name, "division": division}), ("name", "division"))
        of_names = [
            self._names_written(resolved[place], _some(code))
            for place, code in zip(pairs["name"].tolist(), pairs["division"].tolist(), strict=True)
        ]
        of_numbers = [self._number_written(one) for one in numbered[1]]
        of_houses = [self._house_written(one) for one in housed[1]]
        rural = np.array([_is_rural(resolved[place].names) for place in pairs["name"].tolist()], dtype=bool)[at]
        blocks = []
        for part in self._all_shown():
            places, texts = (at, of_names)
            if part in House._fields:
                places, texts = (housed[0], of_houses)
            elif part in Number._fields:
                places, texts = (numbered[0], of_numbers)
            block = taken(_texts(one[part] for one in texts), places)
            in_villages = part in self.form["village_only"]
            blocks.append(pc.if_else(pa.array(rural), block, _NOTHING) if in_villages else block)
        joined = pd.Series(pd.array(pc.binary_join_element_wise(*blocks, _NOTHING), dtype="str"))
        return joined.where(joined.ne("")).astype("str")

    def _all_shown(self) -> list[str]:
        return [part for part in self.form["order"] if part not in self.form["optional"]]

    def _shown(self, names: Names) -> list[str]:
        """The parts that a canonical text of an address with these names has."""
        rural = _is_rural(names)
        return [part for part in self._all_shown() if rural or part not in self.form["village_only"]]

    def _names_written(self, resolved: Resolved, division: str | None) -> dict[str, str]:
        """County and township that are not said are filled in from the code of the division."""
        divisions, names, town = self.known.divisions, resolved.names, township_of(division)
        said = names._asdict()
        said["township"] = said["township"] or (divisions.names.get(town) if town else None)
        said["county"] = said["county"] or (divisions.county_names.get(f"{division[:6]}000000") if division else None)
        return self._written(said)

    def _number_written(self, number: Number) -> dict[str, str]:
        return self._written({**number._asdict(), "plate_no": with_sub(number)})

    def _house_written(self, house: House) -> dict[str, str]:
        return self._written(house._asdict())

    def _written(self, said: Mapping[str, str | None]) -> dict[str, str]:
        words = self.form["words"]
        return {part: written(value, words.get(part, "")) if value else "" for part, value in said.items()}


def _is_rural(names: Names) -> bool:
    """Whether an address is one by village: it has neither road nor estate."""
    return names.road is None and names.estate is None


def _combined(rows: pd.DataFrame, kind: Any) -> tuple[Codes, list[Any]]:
    """For each row the place of its combination, and the combinations as named tuples."""
    places, distinct = combinations(rows, kind._fields)
    plain = distinct.astype("object").where(distinct.notna(), None)
    return places, [kind(*one) for one in plain.itertuples(index=False, name=None)]


def _texts(values: Any) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def _some(value: Any) -> str | None:
    return value if isinstance(value, str) else None
