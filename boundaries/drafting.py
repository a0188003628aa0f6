"""Divisions on the drafting table: as they stand while the changes of one reorganisation are worked out in turn.

Every unit remembers which divisions before the reorganisation it comes from (``origin``), so that what became of a
code can be told at the end, however many changes it went through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely import MultiPolygon

from boundaries import codes, coverage, parcelling
from boundaries.reorganisation import ReorganisationError
from rulebook.schema import in_force
from rulebook.values import GEOMETRY, column_text

NOT_CARRIED = {"code", "level", "parent_code", "valid_from", "valid_to", "source", GEOMETRY}
LOWEST = "village"
SERIAL_DIGITS = 3


@dataclass(frozen=True)
class Unit:
    """One division. ``record_id`` is the record it is kept on, None when it gets a new one; ``cells`` are canonical
    texts of what it carries along, its code, level and parent left out.
    """

    code: str
    cells: Mapping[str, str]
    geometry: MultiPolygon | None
    record_id: str | None
    origin: frozenset[str]

    @property
    def name(self) -> str:
        """Its name, or its code where it has none."""
        return self.cells.get("name", self.code)

    @property
    def label(self) -> str:
        """Name and code for sentences."""
        return f"{self.cells['name']}（{self.code}）" if "name" in self.cells else self.code


def level_of(code: str) -> str:
    """Level that the zeros of a normal code say."""
    return {width: level for level, width in codes.WIDTHS.items()}[len(codes.stem(code))]


def parent_of(code: str) -> str:
    """Normal code of the division one level up; empty for a province."""
    upper = codes.UPPER.get(level_of(code))
    return code[: codes.WIDTHS[upper]].ljust(12, "0") if upper else ""


@dataclass
class Draft:
    """``units`` by normal code; ``used`` are all codes that the register ever knew; ``ranges`` are first and last serial
    of the kinds of villages; ``notes`` say of a division why it got the code it has.
    """

    units: dict[str, Unit]
    used: set[str]
    ranges: tuple[tuple[int, int], ...]
    tolerance_m: float
    notes: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, divisions: pd.DataFrame, on: str, ranges: Iterable[tuple[int, int]], tolerance_m: float) -> Draft:
        """The divisions of a register (ended ones included) in force on an ISO date."""
        now = in_force(divisions, on)
        now = now[codes.well_formed(codes.normal(now["code"]))]
        carried = [name for name in now.columns if name not in NOT_CARRIED]
        texts = pd.DataFrame({name: column_text(now[name]) for name in carried}, index=now.index)
        shapes: Any = now[GEOMETRY].to_numpy() if isinstance(now, gpd.GeoDataFrame) else [None] * len(now)
        units = {}
        for record_id, code, row, shape in zip(
            now.index, codes.normal(now["code"]), texts.to_dict("records"), shapes, strict=True
        ):
            cells = {str(name): cell for name, cell in row.items() if cell is not None}
            units[code] = Unit(code, cells, _sound(shape), str(record_id), frozenset({code}))
        used = set(codes.normal(divisions["code"]).dropna()) | set(divisions["code"].dropna())
        return cls(units, used, tuple(ranges), tolerance_m)

    def unit(self, code: str) -> Unit:
        """The unit of that code. Raises ReorganisationError when it is not in force."""
        if code in self.units:
            return self.units[code]
        same = [one for one in self.units if codes.stem(one) and one[:9] == code[:9]] or list(self.units)
        near = ", ".join(sorted(same)[:3])
        ended = code in self.used
        raise ReorganisationError(
            f"区划 {code} {'已不在用（已撤销、改码，或尚未生效）' if ended else '不在登记库中'}；在用的例如 {near}。",
            f"Division {code} is {'no longer (or not yet) in force' if ended else 'not in the register'}; "
            f"in force are for example {near}.",
        )

    def children(self, code: str) -> list[Unit]:
        """Units one level below, in the order of their codes."""
        return [self.units[one] for one in sorted(self.units) if parent_of(one) == code]

    def require_free(self, code: str) -> None:
        """Raise ReorganisationError when a code is in force or was ever used: a code has one meaning for good."""
        if code in self.units:
            raise ReorganisationError(
                f"代码 {code} 正由“{self.units[code].name}”使用，不能再给别的区划。",
                f"The code {code} is in use by {self.units[code].name} and cannot be given to another division.",
            )
        if code in self.used:
            raise ReorganisationError(
                f"代码 {code} 曾经用过（已撤销或改码），不能重新启用；请换一个没有用过的代码。",
                f"The code {code} was used before and has ended; a code is not used again, give one that is new.",
            )

    def require_parent(self, code: str) -> None:
        """Raise ReorganisationError when the division above a new code is not there though its level is recorded."""
        above, level = parent_of(code), level_of(code)
        known = any(level_of(one) == codes.UPPER.get(level) for one in self.units)
        if above and known and above not in self.units:
            raise ReorganisationError(
                f"代码 {code} 的上级 {above} 不在登记库中；请先设立上级，或改正代码。",
                f"The division {above} above the code {code} is not in the register; make it first or mend the code.",
            )

    def put(self, unit: Unit) -> None:
        """Take a unit into the draft."""
        self.units[unit.code] = unit
        self.used.add(unit.code)

    def remove(self, code: str) -> Unit:
        """Take a unit out of the draft: the division has ended."""
        return self.units.pop(code)

    def recode(
        self,
        code: str,
        new: str,
        said: Mapping[str, str],
        member_codes: Mapping[str, str],
        *,
        parents_keep_ground: bool = False,
    ) -> None:
        """Give a unit another code, and its subdivisions the codes that go with it.

        Where the new code lies in another division the unit takes its ground there, unless ``parents_keep_ground``:
        then the ground of the divisions above is settled already.
        """
        self.require_free(new)
        self.require_parent(new)
        children = self.children(code)
        old = self.remove(code)
        cells = renamed(old.cells, {**self._statistics_code(old, new), **said})
        self.put(replace(old, code=new, cells=cells, record_id=None))
        if not parents_keep_ground:
            self.shift(old.geometry, code, new)
        self.adopt(children, new, member_codes)

    def _statistics_code(self, unit: Unit, new: str) -> dict[str, str]:
        """The statistics code that goes with a new code: under another division's it is the serial within that one's,
        where this is known; otherwise it is not known any more.
        """
        above = self.units.get(parent_of(new))
        if "nbs_code" not in unit.cells or above is None or above.code == parent_of(unit.code):
            return {}
        start = codes.WIDTHS[level_of(above.code)]
        known = codes.normal_code(above.cells.get("nbs_code"))
        return {"nbs_code": known[:start] + new[start:] if known else ""}

    def adopt(self, children: Iterable[Unit], parent: str, member_codes: Mapping[str, str]) -> None:
        """Bring units under another parent that has their ground already: each keeps its serial where that is free,
        else gets the next of its range. Raises ReorganisationError when ``member_codes`` name a code elsewhere.
        """
        for child in children:
            new = self.code_within(child, parent, member_codes)
            if new != child.code:
                self.recode(child.code, new, {}, member_codes, parents_keep_ground=True)

    def code_within(self, child: Unit, parent: str, member_codes: Mapping[str, str]) -> str:
        """The code that a unit gets under a parent."""
        given = member_codes.get(child.code)
        if given is None:
            return child.code if parent_of(child.code) == parent else self._free_code(child, parent)
        if parent_of(given) != parent:
            raise ReorganisationError(
                f"下级 {child.label} 的新代码 {given} 不属于 {parent}。",
                f"The new code {given} of {child.label} does not lie in {parent}.",
            )
        return given

    def reshape(self, code: str, geometry: MultiPolygon | None, origin: Iterable[str] = ()) -> None:
        """Give a unit other ground, and with it the past of those it came from."""
        unit = self.units[code]
        self.units[code] = replace(unit, geometry=geometry, origin=unit.origin | set(origin))

    def shift(self, ground: MultiPolygon | None, giver: str, taker: str) -> None:
        """Move ground between the divisions above ``giver`` and ``taker``, up to the first that they share."""
        giver, taker = parent_of(giver), parent_of(taker)
        while giver and giver != taker:
            came = self.units[giver].origin if giver in self.units else frozenset()
            if ground is not None and giver in self.units and (shape := self.units[giver].geometry) is not None:
                self.reshape(giver, parcelling.less(shape, ground))
            if taker in self.units:
                shape = self.units[taker].geometry
                both = shape if ground is None or shape is None else parcelling.joined([shape, ground])
                self.reshape(taker, both, came)
            giver, taker = parent_of(giver), parent_of(taker)

    def _free_code(self, child: Unit, parent: str) -> str:
        """The child's serial under the parent, or the one after the highest used of the same range."""
        below = codes.LOWER[level_of(parent)]
        start = codes.WIDTHS[level_of(parent)]
        stem, tail = parent[:start], child.code[codes.WIDTHS[below] :]
        wanted = child.code[start : codes.WIDTHS[below]]
        if self._is_free(stem + wanted + tail):
            return stem + wanted + tail
        serial = int(wanted)
        low, high = next((pair for pair in self.ranges if pair[0] <= serial <= pair[1]), (1, 10 ** len(wanted) - 1))
        taken = {int(one[start : codes.WIDTHS[below]]) for one in self.used if one.startswith(stem) and len(one) == 12}
        inside = [number for number in taken if low <= number <= high]
        follow = [*range(max(inside, default=low - 1) + 1, high + 1), *range(low, high + 1)]
        for number in follow:
            new = f"{stem}{number:0{len(wanted)}d}{tail}"
            if number not in taken and self._is_free(new):
                self.notes[new] = (
                    f"顺序号 {wanted} 在 {parent} 已用过，顺编为 {number:0{len(wanted)}d}",
                    f"the serial {wanted} was already used in {parent}, so it is {number:0{len(wanted)}d}",
                )
                return new
        raise ReorganisationError(
            f"{parent} 没有空余的下级代码可给 {child.label}。", f"{parent} has no code left for {child.label}."
        )

    def _is_free(self, code: str) -> bool:
        return code not in self.units and code not in self.used


def _sound(shape: Any) -> MultiPolygon | None:
    """The polygonal ground of a shape, mended where it is invalid; None where there is none."""
    if shape is None or shape.is_empty:
        return None
    plane = shapely.force_2d(shape)
    whole = plane if plane.is_valid else shapely.make_valid(plane, method="structure", keep_collapsed=False)
    return coverage.areal(whole) if shapely.area(whole) > 0 else None


def renamed(cells: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Cells of a unit after a change said something about it; the romanisation of another name is not kept."""
    stale = {"pinyin"} if said.get("name", cells.get("name")) != cells.get("name") else set()
    told = {name: cell for name, cell in {**cells, **said}.items() if name not in stale or name in said}
    return {name: cell for name, cell in told.items() if cell}


def new_cells(unit: Unit, effective_on: str, basis: str) -> dict[str, Any]:
    """The cells of the record of a new division."""
    return {
        **{name: cell for name, cell in unit.cells.items() if name != "note"},
        "code": unit.code,
        "level": level_of(unit.code),
        "parent_code": parent_of(unit.code),
        "valid_from": effective_on,
        "source": basis,
        GEOMETRY: unit.geometry,
    }
