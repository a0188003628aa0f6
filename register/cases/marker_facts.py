"""What pages and papers say about a boundary line and its stones: in order along the line, with their visits.

Everything here is already seen through a :class:`register.cases.sensitive.Sight`; whoever shows it need not round again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from boundaries import codes, photos
from boundaries import inspections as visits_of
from boundaries.markers import SCRAPPED
from register import profiles
from register.cases.checking import today_text
from register.cases.inspection_cycle import due_list
from register.cases.sensitive import EXACT, Sight
from register.exchange.words import words_of
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.schema import in_force
from rulebook.values import to_text

NOT_FOUND = "not_found"
TYPES = {
    "Q": Text("单立", "single"), "A": Text("同号双立（A）", "double (A)"), "B": Text("同号双立（B）", "double (B)"),
    "C": Text("同号三立（C）", "triple (C)"), "D": Text("同号三立（D）", "triple (D)"), "E": Text("同号三立（E）", "triple (E)"),
    "S": Text("三交点", "tri-point"),
}  # fmt: skip


def state_word(state: str | None) -> str:
    """A state of a marker or condition of a visit in Chinese, as papers have it."""
    words = {value: word for (name, word), value in reversed(words_of("inspections").items()) if name == "condition"}
    return words.get(state or "", state or "")


@dataclass
class Markers:
    """The lines, markers and visits of a register as somebody of one ``sight`` sees them on one day."""

    register: Register
    sight: Sight = EXACT
    today: str = ""

    @cached_property
    def day(self) -> str:
        """The day that records in force and cycles are reckoned with."""
        return self.today or today_text()

    @cached_property
    def _exact_markers(self) -> pd.DataFrame:
        return in_force(self.register.layer("markers"), self.day)

    @cached_property
    def markers(self) -> pd.DataFrame:
        """Markers in force."""
        return self.sight.frame("markers", self._exact_markers)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Lines in force."""
        return in_force(self.register.layer("boundary_lines"), self.day)

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Visits in force, the latest first."""
        frame = self.sight.frame("inspections", in_force(self.register.layer("inspections"), self.day))
        return frame.rename_axis("visit").sort_values(["inspected_on", "visit"], ascending=False)

    @cached_property
    def witnesses(self) -> pd.DataFrame:
        """Witness objects in force."""
        return in_force(self.register.layer("marker_witnesses"), self.day)

    @cached_property
    def _division_names(self) -> dict[str, str]:
        """Names of divisions by normal code: the register's own, else those of the shipped list (neighbouring counties)."""
        listed = profiles.load(self.register.profile_name).table("known_divisions")
        own = self.register.layer("divisions").dropna(subset="name")
        known = dict(zip(listed["code"], listed["name"], strict=True))
        return known | dict(zip(codes.normal(own["code"]), own["name"], strict=True))

    def division_name(self, code: str | None) -> str:
        """Name of a division, its code where the register does not know it."""
        normal = codes.normal_code(code)
        return self._division_names.get(normal or "", code or "")

    def sides(self, text: Any) -> list[str]:
        """Names of the divisions in a list of codes."""
        return [self.division_name(one) for one in _parts(text)]

    def line(self, code: str) -> dict[str, Any]:
        """All about one line: its ``cells``, ``cycle`` (see ``due_list``), ``sides``, ``stones`` in order, ``rounds``."""
        if code not in self.lines.index:
            raise CallError(f"没有界线“{code}”。", f'There is no line "{code}".')
        record = self.lines.loc[code]
        (cycle,) = due_list(self.register, today=self.day, line=code)
        stones = self.stones(code)
        seen = self.visits[self.visits["marker_id"].isin([one["id"] for one in stones])]
        rounds = seen["round"].dropna().drop_duplicates().tolist()
        return {
            "code": code,
            "name": to_text(record["name"]) or code,
            "cells": _cells(record),
            "cycle": cycle,
            "sides": [self.division_name(to_text(record[name])) for name in ("left_code", "right_code")],
            "stones": stones,
            "rounds": rounds,
        }

    def stones(self, code: str) -> list[dict[str, Any]]:
        """The stones of a line in their order along it: cells, distances, latest visit. Scrapped ones are left out."""
        exact = self._exact_markers
        on_line = exact["line_codes"].astype("str").str.split(";").explode().str.strip().eq(code).groupby(level=0).any()
        exact = exact[on_line.reindex(exact.index, fill_value=False) & exact["status"].ne(SCRAPPED)]
        order = visits_of.stones_along(self.lines.loc[code, "geometry"], exact["geometry"])
        latest = visits_of.latest(self.visits)
        stones = []
        for number, marker in enumerate(order.index, 1):
            place = {name: self.sight.along(_number(order.at[marker, name])) for name in ("along_m", "step_m")}
            visit = latest.loc[marker] if marker in latest.index else None
            stones.append(
                {
                    **_cells(self.markers.loc[marker]),
                    **place,
                    "id": marker,
                    "place": number,
                    "part": _number(order.at[marker, "part"]),
                    "visited_on": None if visit is None else to_text(visit["inspected_on"]),
                    "condition": None if visit is None else to_text(visit["condition"]),
                    "visit": None if visit is None else str(visit["visit"]),
                    "geometry": self.markers.at[marker, "geometry"],
                }
            )
        return stones

    def marker(self, marker_id: str) -> dict[str, Any]:
        """All about one marker: ``cells``, ``witnesses``, ``visits``, ``lines`` (each with neighbours and next due)."""
        if marker_id not in self.markers.index:
            raise CallError(f"没有界桩“{marker_id}”。", f'There is no marker "{marker_id}".')
        record = self.markers.loc[marker_id]
        own = self.visits[self.visits["marker_id"] == marker_id]
        beside = self.witnesses[self.witnesses["marker_id"] == marker_id].sort_values("seq")
        return {
            "id": marker_id,
            "name": to_text(record["name"]) or to_text(record["number"]) or marker_id,
            "cells": _cells(record),
            "sides": self.sides(record["division_codes"]),
            "caring": self.division_name(to_text(record["caring_code"])),
            "witnesses": [_cells(one) for one in beside.to_dict("records")],
            "visits": [self._visit(visit, one) for visit, one in zip(own.index, own.to_dict("records"), strict=True)],
            "lines": [
                self._neighbours(code, marker_id) for code in _parts(record["line_codes"]) if code in self.lines.index
            ],
            "geometry": record["geometry"],
        }

    def visit(self, visit_id: str) -> dict[str, Any]:
        """One visit."""
        if visit_id not in self.visits.index:
            raise CallError(f"没有检查记录“{visit_id}”。", f'There is no visit "{visit_id}".')
        return self._visit(visit_id, self.visits.loc[visit_id].to_dict())

    def _visit(self, visit_id: str, record: Mapping[str, Any]) -> dict[str, Any]:
        facts = {one["name"]: one for one in photos.facts_of(to_text(record.get("photo_facts")))}
        named = dict.fromkeys([*_parts(record["photos"]), *facts])
        return {
            **_cells(record),
            "id": visit_id,
            "present": self.sides(record["parties"]),
            "pictures": [facts.get(name, {"name": name}) for name in named],
        }

    def _neighbours(self, code: str, marker_id: str) -> dict[str, Any]:
        stones = self.stones(code)
        place = next((number for number, one in enumerate(stones) if one["id"] == marker_id), None)
        (cycle,) = due_list(self.register, today=self.day, line=code)
        around = (None, None)
        own: Mapping[str, Any] = {}
        if place is not None:
            own = stones[place]
            around = (stones[place - 1] if place else None, stones[place + 1] if place + 1 < len(stones) else None)
        return {
            "code": code,
            "name": to_text(self.lines.at[code, "name"]) or code,
            "cycle": cycle,
            "before": around[0],
            "after": around[1],
            "stone": own,
        }

    @cached_property
    def proof_states(self) -> list[str]:
        """States that need a photograph or a note."""
        return list(profiles.load(self.register.profile_name).rules["MRK503"]["states"])


def _parts(text: Any) -> list[str]:
    given = to_text(text) if not isinstance(text, float) else None
    return [part for one in (given or "").replace("；", ";").split(";") if (part := one.strip())]


def _cells(record: Mapping[str, Any] | pd.Series) -> dict[str, str | None]:
    return {str(name): to_text(value) for name, value in record.items() if name != "geometry"}


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
