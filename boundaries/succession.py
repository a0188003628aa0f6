"""What became of the codes of divisions, and which of several heirs a record belongs to.

A code with one heir is followed without a look at the record. Where there are several, the ground decides: the heir
that a point stands in, those that a line runs through or an area reaches. What the ground leaves open is a choice for
a person, with the shares of the heirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries import parcelling
from boundaries.drafting import Unit

LEAST_M = 50.0  # a shorter piece of a line comes from the drawing of the borders (as NAM304)
LEAST_SHARE = 0.02  # likewise
MOST = 0.98
SAMPLES = 100  # points along a line that borders on divisions
SAME_DISTANCE_M = 1.0

DECIDED_COLUMNS = ("after", "shares", "decided")


@dataclass(frozen=True)
class Succession:
    """Units before and after a reorganisation by normal code, and the heirs of every code whose records have to be
    looked at: those that ended and those that gave ground away. A code that goes on is among its own heirs.
    """

    before: Mapping[str, Unit]
    after: Mapping[str, Unit]
    heirs: Mapping[str, tuple[str, ...]]

    @classmethod
    def between(cls, before: Mapping[str, Unit], after: Mapping[str, Unit], tolerance_m: float) -> Succession:
        """What the units ``after`` say of those ``before``."""
        found: dict[str, list[str]] = {code: [] for code in before}
        for code, unit in after.items():
            for old in unit.origin:
                found[old].append(code)
        heirs = {code: _with_ground(before[code], own, after, tolerance_m) for code, own in found.items()}
        return cls(before, after, {code: own for code, own in heirs.items() if own != (code,)})

    def decide(self, quoted: pd.Series, shapes: Any, *, along: bool = False) -> pd.DataFrame:
        """What follows normal codes that records quote: ``after`` (code, or codes joined by ``;`` where several go on;
        missing where nothing can be said), ``shares`` (tuple of code and share), ``decided``.

        The result has the rows of ``quoted`` whose code has heirs. ``shapes`` are the records' geometries, row by row.
        ``along``: the records lie on the border of what they quote (lines, markers), so that the nearest heir is theirs.
        """
        parts = []
        for code in quoted[quoted.isin(list(self.heirs))].unique():
            own = quoted.eq(code).fillna(False).to_numpy(dtype=bool)
            rows = quoted.index[own]
            several = len(self.heirs[code]) > 1
            parts.append(self._several(code, rows, shapes[own], along) if several else self._single(code, rows))
        if not parts:
            return pd.DataFrame({name: pd.Series(dtype="object") for name in DECIDED_COLUMNS})
        return pd.concat(parts).sort_index()

    def _single(self, code: str, rows: pd.Index) -> pd.DataFrame:
        heir = self.heirs[code][0]
        return _decided(rows, [heir] * len(rows), [((heir, 1.0),)] * len(rows), np.ones(len(rows), dtype=bool))

    def _several(self, code: str, rows: pd.Index, shapes: Any, along: bool) -> pd.DataFrame:
        heirs = [one for one in self.heirs[code] if self.after[one].geometry is not None]
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        shares = np.zeros((len(rows), len(heirs)))
        if heirs and there.any():
            ground = np.array([self.after[one].geometry for one in heirs], dtype=object)
            shares[there] = _nearest_shares(shapes[there], ground) if along else _shares(shapes[there], ground)
        decided = (shares > 0).sum(axis=1) == 1
        whole = np.array([*(((one, 1.0),) for one in heirs), None], dtype=object)[:-1]
        first = shares.argmax(axis=1) if heirs else np.zeros(len(rows), dtype=int)
        after, pairs = np.full(len(rows), None, dtype=object), np.full(len(rows), None, dtype=object)
        after[decided] = np.array(heirs, dtype=object)[first[decided]]
        everyone = tuple((one, 0.0) for one in self.heirs[code])
        for row in np.flatnonzero(~decided):
            order = [place for place in np.argsort(-shares[row], kind="stable") if shares[row, place]]
            pairs[row] = tuple((heirs[place], round(float(shares[row, place]), 4)) for place in order) or everyone
            after[row] = ";".join(heirs[place] for place in order) or None
        pairs[decided] = whole[first[decided]]
        return _decided(rows, after, pairs, decided)


def _decided(rows: pd.Index, after: Any, shares: Any, decided: Any) -> pd.DataFrame:
    columns = {"after": pd.Series(after, rows, dtype="object"), "shares": pd.Series(shares, rows, dtype="object")}
    return pd.DataFrame({**columns, "decided": decided}, index=rows)


def _with_ground(old: Unit, heirs: list[str], after: Mapping[str, Unit], tolerance_m: float) -> tuple[str, ...]:
    """Those of a division's heirs that have some of its ground, the one with most of it first."""
    ground = old.geometry
    if ground is None or len(heirs) < 2:
        return tuple(heirs)
    area = {}
    for code in heirs:
        shape = after[code].geometry
        patches = parcelling.wide(shapely.intersection(ground, shape), tolerance_m) if shape is not None else []
        area[code] = float(shapely.area(patches).sum()) if len(patches) else 0.0
    kept = [code for code in heirs if area[code] > 0] or heirs
    return tuple(sorted(kept, key=lambda code: (-area[code], code)))


def _shares(shapes: Any, ground: Any) -> np.ndarray:
    """Part of each shape in each polygon, 1 for the polygon of a point; pieces too small to count are left out."""
    dimension = shapely.get_dimensions(shapes)
    shares = np.zeros((len(shapes), len(ground)))
    shapely.prepare(ground)
    for column, polygon in enumerate(ground):
        points = dimension == 0
        shares[points, column] = shapely.intersects(polygon, shapes[points])
        wide = np.flatnonzero((dimension > 0) & shapely.intersects(polygon, shapes))
        measure = np.where(dimension[wide] == 1, shapely.length(shapes[wide]), shapely.area(shapes[wide]))
        cut = shapely.intersection(shapes[wide], polygon)
        inside = np.where(dimension[wide] == 1, shapely.length(cut), shapely.area(cut))
        part = np.divide(inside, measure, out=np.zeros(len(wide)), where=measure > 0)
        short = (dimension[wide] == 1) & (inside < LEAST_M) & (part < MOST)
        shares[wide, column] = np.where((part < LEAST_SHARE) | short, 0.0, part)
    clear = shares.max(axis=1) >= MOST
    several = clear & (dimension > 0)
    shares[several] = np.where(shares[several] >= MOST, shares[several], 0.0)
    return shares


def _nearest_shares(shapes: Any, ground: Any) -> np.ndarray:
    """Part of each shape that is nearest to each polygon; a point between two polygons belongs to both."""
    shares = np.zeros((len(shapes), len(ground)))
    for row, shape in enumerate(shapes):
        points = np.array([shape], dtype=object)
        if shapely.get_dimensions(shape) > 0:
            middle = (np.arange(SAMPLES) + 0.5) / SAMPLES
            points = shapely.line_interpolate_point(shapely.line_merge(shape), middle, normalized=True)
            points = points if not shapely.is_missing(points).any() else shapely.points(shapely.get_coordinates(shape))
        away = shapely.distance(points[:, None], ground[None, :])
        near = away <= away.min(axis=1, keepdims=True) + SAME_DISTANCE_M
        shares[row] = (near / near.sum(axis=1, keepdims=True)).mean(axis=0)
        if len(points) > 1:
            shares[row] = np.where(shares[row] < LEAST_SHARE, 0.0, shares[row])
    return shares
