"""Exact coordinates of boundary markers are sensitive: who lacks the right sees them rounded, wherever they appear.

One object, :class:`Sight`, is asked by everything that leaves the register: pages, map, history, findings, plans, papers.
Rounding puts a coordinate on the nearest knot of a grid (``rounding_m`` of the profile's ``[settings.inspections]``), so that repeated
looks and searches by a small box tell no more than one look.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries.photos import facts_of
from register.people import Person, Right
from rulebook.changes import WHOLE_RECORD
from rulebook.profile import Profile
from rulebook.report import Finding
from rulebook.values import GEOMETRY, to_text

LAYERS = ("markers", "inspections")
NUMBERS = frozenset({"easting", "northing", "lon", "lat", "x", "y"})
PHOTO_FACTS = "photo_facts"
LARGEST_DEGREES = 360.0
METRES_PER_DEGREE = 100_000.0  # round numbers of degrees for round numbers of metres
HIDDEN = "*****"
# Coordinates inside a sentence: degrees and minutes, degrees with three decimals or more, metres of a plane system.
IN_TEXT = re.compile(
    r"\d{1,3}\s*[°度]\s*\d{1,2}(?:\.\d+)?\s*[′'分]?(?:\s*\d{1,2}(?:\.\d+)?\s*[″\"秒]?)?"
    r"|(?<![\d.])\d{2,3}\.\d{3,}|(?<![\d.])\d{6,8}\.\d+|(?<![\w.])\d{7}(?!\w)"
)


@dataclass(frozen=True)
class Sight:
    """What somebody may see of markers: exact coordinates, or such as are rounded to ``step_m`` metres."""

    exact: bool = True
    step_m: float = 0.0

    @classmethod
    def of(cls, person: Person, profile: Profile) -> Sight:
        """The sight of a person in a register of that profile."""
        if person.may(Right.SEE_EXACT_MARKERS):
            return cls()
        return cls(exact=False, step_m=float(profile.setting("inspections")["rounding_m"]))

    def hides(self, layer: str) -> bool:
        """Whether something of this layer's places is kept back."""
        return not self.exact and layer in LAYERS

    def number(self, value: float) -> float:
        """A coordinate in metres or degrees."""
        if self.exact or not math.isfinite(value):
            return value
        step = self._step(value)
        return round(round(value / step) * step, 6)

    def shapes(self, layer: str, shapes: np.ndarray) -> np.ndarray:
        """Geometries of a layer."""
        return self.snapped(shapes) if self.hides(layer) else shapes

    def snapped(self, shapes: np.ndarray) -> np.ndarray:
        """Geometries with every coordinate on the grid."""
        if self.exact:
            return shapes

        def snap(xy: np.ndarray) -> np.ndarray:
            step = np.where(np.abs(xy) <= LARGEST_DEGREES, self.step_m / METRES_PER_DEGREE, self.step_m)
            return np.round(np.round(xy / step) * step, 6)

        return shapely.transform(shapes, snap)

    def along(self, metres: float | None) -> float | None:
        """A distance along a line: with the line's shape it is as good as a coordinate."""
        if self.exact or metres is None or not math.isfinite(metres):
            return metres
        return round(metres / self.step_m) * self.step_m

    def sentence(self, text: str) -> str:
        """A free text, coordinates in it starred out."""
        return text if self.exact else IN_TEXT.sub(HIDDEN, text)

    def cell(self, layer: str, field: str, text: str | None) -> str | None:
        """One cell as canonical text."""
        if text is None or not self.hides(layer):
            return text
        if field == GEOMETRY:
            return to_text(self.snapped(np.array([shapely.from_wkt(text)]))[0])
        if field == PHOTO_FACTS:
            return self._photo_facts(text)
        if field == WHOLE_RECORD:
            record = json.loads(text)
            return json.dumps({name: self.cell(layer, name, cell) for name, cell in record.items()}, ensure_ascii=False)
        if field in NUMBERS:
            try:
                return to_text(self.number(float(text)))
            except ValueError:
                return HIDDEN
        return self.sentence(text)

    def frame(self, layer: str, frame: pd.DataFrame) -> pd.DataFrame:
        """A layer's records for papers and files."""
        if not self.hides(layer):
            return frame
        shown = frame.copy()
        if GEOMETRY in shown:
            shown[GEOMETRY] = self.snapped(shown[GEOMETRY].to_numpy())
        for name in shown.columns.drop(GEOMETRY, errors="ignore"):
            column = shown[name]
            if name in NUMBERS and pd.api.types.is_numeric_dtype(column):
                shown[name] = column.map(self.number, na_action="ignore")
            elif pd.api.types.is_string_dtype(column) or column.dtype == object:
                shown[name] = column.map(lambda cell, of=str(name): self.cell(layer, of, cell), na_action="ignore")
        return shown

    def log(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the change log."""
        if self.exact:
            return rows
        shown = rows.copy()
        here = shown["layer"].isin(LAYERS)
        for column in ("before", "after"):
            given = here & shown[column].notna()
            shown.loc[given, column] = [
                self.cell(layer, field, text)
                for layer, field, text in shown.loc[given, ["layer", "field", column]].itertuples(index=False)
            ]
        reasons = shown["reason"].notna()
        shown.loc[reasons, "reason"] = shown.loc[reasons, "reason"].map(self.sentence)
        return shown

    def plan(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of a fix plan. Repairs of what may not be seen are left out: rounded ones could not be applied."""
        if self.exact:
            return rows
        kept = rows[~(rows["layer"].isin(LAYERS) & rows["field"].isin({*NUMBERS, GEOMETRY, PHOTO_FACTS, WHOLE_RECORD}))]
        return kept.assign(reason=kept["reason"].map(self.sentence, na_action="ignore"))

    def finding(self, finding: Finding) -> Finding:
        """A finding whose message, evidence, place and repair show no exact coordinate of a marker."""
        if self.exact or not concerns_markers(finding):
            return finding
        own = finding.layer in LAYERS
        shape = finding.geometry
        if shape is not None and (own or shape.geom_type in ("Point", "MultiPoint")):
            shape = self.snapped(np.array([shape], dtype=object))[0]
        edits = tuple(
            {**edit, **{side: self.cell(edit["layer"], edit["field"], edit[side]) for side in ("before", "after")}}
            for edit in finding.edits
        )
        evidence = {name: self._fact(name, value) for name, value in finding.evidence.items()}
        return replace(finding, geometry=shape, edits=edits, evidence=evidence)

    def _fact(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._fact(name, member) for member in value]
        if isinstance(value, str):
            return self.sentence(value)
        if name in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(float(value))
        return value

    def _photo_facts(self, text: str) -> str:
        told = [
            {name: self.number(float(value)) if name in NUMBERS else value for name, value in one.items()}
            for one in facts_of(text)
        ]
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    def _step(self, value: float) -> float:
        return self.step_m / METRES_PER_DEGREE if abs(value) <= LARGEST_DEGREES else self.step_m


EXACT = Sight()


def concerns_markers(finding: Finding) -> bool:
    """Whether a finding is about markers or their inspections, or names one."""
    return finding.layer in LAYERS or any(mark.partition(":")[0] in LAYERS for mark in finding.related)
