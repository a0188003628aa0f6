"""Boundary markers by line: types, twins, positions along the line; frames that several rules share.

Types: Q single; A and B a pair that shares one number, on the two sides of the line; C, D, E three that share one
number; S a tri-point (GB/T 17796). A marker that names three lines is a tri-point whatever its letter.
"""

from __future__ import annotations

import bisect
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries import codes, lines
from rulebook.context import Context, derived

TWINS = {"A": "AB", "B": "AB", "C": "CDE", "D": "CDE", "E": "CDE"}
SCRAPPED = "scrapped"


@derived("markers")
def stones(ctx: Context) -> pd.DataFrame:
    """Markers in force that are not scrapped, with ``lines`` (tuple of line codes), ``sides`` (tuple of normal
    division codes), ``tri_point``, ``twins`` (letters that share the number, "" for single ones).
    """
    frame = ctx.frame("markers").sort_index()
    frame = frame[~frame["status"].eq(SCRAPPED)]
    named = _tuples(codes.split_list(frame["line_codes"]), frame.index)
    sides = _tuples(codes.normal(codes.split_list(frame["division_codes"])), frame.index)
    return frame.assign(
        lines=named,
        sides=sides,
        tri_point=frame["type_code"].eq("S") | named.map(len).ge(3),
        twins=frame["type_code"].map(TWINS).astype("str").fillna(""),
    )


def _tuples(members: pd.Series, index: pd.Index) -> pd.Series:
    grouped = members.groupby(level=0).agg(lambda one: tuple(dict.fromkeys(one))).reindex(index).astype("object")
    return grouped.map(lambda one: one if isinstance(one, tuple) else ()).astype("object")


@derived("markers")
def by_line(ctx: Context) -> pd.DataFrame:
    """One row per marker and line it names: ``marker``, ``line``, ``serial``, ``type_code``, ``tri_point``, ``twins``."""
    frame = stones(ctx)
    columns = ["lines", "serial", "type_code", "tri_point", "twins"]
    table = frame[columns].explode("lines").rename_axis("marker").reset_index().rename(columns={"lines": "line"})
    return table.dropna(subset="line").reset_index(drop=True)


@derived("markers", "boundary_lines")
def positions(ctx: Context) -> pd.DataFrame:
    """Rows of :func:`by_line` whose marker and line have geometries, with ``part`` (number of the line's part, joined
    parts being one), ``along_m`` (from the digitised start of the part), ``distance_m`` (to the line).
    """
    table = by_line(ctx)
    shapes = lines.lines(ctx).geometry
    points = stones(ctx)["geometry"]
    usable = points[~(points.is_empty | points.isna())]
    table = table[table["line"].isin(shapes.index) & table["marker"].isin(usable.index)]
    parts = pd.DataFrame({"shape": shapes.map(shapely.get_parts)}).explode("shape").rename_axis("line").reset_index()
    parts["part"] = parts.groupby("line").cumcount()
    pairs = table.merge(parts, on="line")
    where = usable.reindex(pairs["marker"]).to_numpy()
    curve = pairs.pop("shape").to_numpy()
    pairs["distance_m"] = shapely.distance(where, curve)
    pairs["along_m"] = shapely.line_locate_point(curve, where)
    nearest = pairs.sort_values(["marker", "line", "distance_m", "part"]).drop_duplicates(["marker", "line"])
    return nearest.reset_index(drop=True)


@derived("markers", "boundary_lines")
def misplaced(ctx: Context) -> pd.DataFrame:
    """Markers whose serial breaks the order along their line, the fewest there can be: ``marker``, ``line``,
    ``serial``, ``before`` and ``after`` (serials of the neighbours in order along the line), ``conflicts`` (tuple of
    markers in order with which the serial is exchanged). The direction of numbering is not assumed.
    """
    table = positions(ctx)
    table = table[table["serial"].notna() & ~table["tri_point"]].sort_values(["line", "part", "along_m", "marker"])
    rows = []
    for (line, _), group in table.groupby(["line", "part"], sort=True):
        serial = group["serial"].astype(int).tolist()
        ids = group["marker"].tolist()
        kept = max(longest_rising(serial), longest_rising([-one for one in serial]), key=len)
        rising = len(kept) < 2 or serial[kept[-1]] >= serial[kept[0]]
        in_order = set(kept)
        for at in range(len(serial)):
            if at not in in_order:
                low = [k for k in kept if k < at and (serial[k] > serial[at]) == rising and serial[k] != serial[at]]
                high = [k for k in kept if k > at and (serial[k] < serial[at]) == rising and serial[k] != serial[at]]
                before = [serial[k] for k in kept if k < at][-1:]
                after = [serial[k] for k in kept if k > at][:1]
                wrong = tuple(ids[k] for k in [*low, *high])
                rows.append((ids[at], line, serial[at], *(before or [None]), *(after or [None]), wrong))
    return pd.DataFrame(rows, columns=["marker", "line", "serial", "before", "after", "conflicts"])


def longest_rising(values: list[int]) -> list[int]:
    """Positions of a longest subsequence that never falls (patience sorting, n log n)."""
    ends: list[int] = []
    places: list[int] = []
    back: list[int] = []
    for place, value in enumerate(values):
        at = bisect.bisect_right(ends, value)
        back.append(places[at - 1] if at else -1)
        ends[at : at + 1], places[at : at + 1] = [value], [place]
    chain, place = [], places[-1] if places else -1
    while place >= 0:
        chain.append(place)
        place = back[place]
    return chain[::-1]


@derived("markers")
def repeated(ctx: Context) -> pd.DataFrame:
    """Serials that several markers of one line have without being twins: ``line``, ``serial``, ``markers`` (tuple)."""
    table = by_line(ctx)
    table = table[table["serial"].notna() & ~table["tri_point"]].sort_values(["line", "serial", "marker"])
    rows = [
        (line, int(serial), tuple(group["marker"]))
        for (line, serial), group in table[table.duplicated(["line", "serial"], keep=False)].groupby(["line", "serial"])
        if not _proper_twins(group)
    ]
    return pd.DataFrame(rows, columns=["line", "serial", "markers"])


def _proper_twins(group: pd.DataFrame) -> bool:
    letters = group["type_code"].tolist()
    return bool(group["twins"].nunique() == 1 and group["twins"].iloc[0] and len(set(letters)) == len(letters))


def budget(survey: Any, line: Any, *, survey_default: float, line_default: float) -> Any:
    """Mean error of a marker's distance from its line: root of the sum of squares of both accuracies."""
    return np.hypot(np.where(np.isnan(survey), survey_default, survey), np.where(np.isnan(line), line_default, line))
