"""Inspections of lines and markers: the five-year cycle, what proves a state, which marker a visit belongs to.

Functions take frames of the dictionary (index = record id) and never change them. They serve the rules of the register
and the case work alike, so that a due list and a finding cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

NOT_SEEN = ("lost", "not_found")
OVERDUE, SOON, IN_TIME, UNKNOWN = "overdue", "soon", "in_time", "unknown"


def cycle(lines: pd.DataFrame, *, years: int, today: str, soon_days: int = 0) -> pd.DataFrame:
    """When each line has to be inspected again, indexed like ``lines``.

    ``last`` is the last joint inspection, else the agreement (``basis``: inspected, agreed or empty), ``due`` the day
    ``years`` later, ``days`` how many are left (negative: overdue), ``state`` one of overdue, soon, in_time, unknown.
    """
    inspected, agreed = (pd.to_datetime(lines[name], errors="coerce") for name in ("last_inspected_on", "agreed_on"))
    last = inspected.fillna(agreed)
    due = last + pd.DateOffset(years=years)
    days = (due - pd.Timestamp(today)).dt.days
    state = np.select([days.isna(), days < 0, days <= soon_days], [UNKNOWN, OVERDUE, SOON], IN_TIME)
    basis = np.select([inspected.notna(), agreed.notna()], ["inspected", "agreed"], "")
    return pd.DataFrame(
        {
            "last": last.dt.strftime("%Y-%m-%d"),
            "basis": basis,
            "due": due.dt.strftime("%Y-%m-%d"),
            "days": days.astype("Int64"),
            "state": state,
        },
        index=lines.index,
    )


def has_proof(visits: pd.DataFrame) -> pd.Series:
    """Whether a visit brought a photograph or a written finding (the note)."""
    photos = visits["photos"].astype("str").fillna("").str.strip(" ;；,，、")
    note = visits["note"].astype("str").fillna("").str.strip()
    return photos.ne("") | note.ne("")


def latest(visits: pd.DataFrame) -> pd.DataFrame:
    """The last visit of each marker, indexed by marker id, with ``visit`` (its record id)."""
    named = visits[visits["marker_id"].notna()].rename_axis("visit").reset_index()
    ordered = named.sort_values(["inspected_on", "visit"]).drop_duplicates("marker_id", keep="last")
    return ordered.set_index("marker_id")


def states_due(markers: pd.DataFrame, visits: pd.DataFrame, *, need_proof: Sequence[str]) -> pd.DataFrame:
    """Markers whose latest visit proves another state than the recorded one: ``marker``, ``visit``, ``before``, ``after``.

    Not found is not lost and changes nothing; a state in ``need_proof`` without photograph or finding neither.
    """
    seen = latest(visits)
    seen = seen[seen.index.isin(markers.index)]
    proven = ~seen["condition"].isin(list(need_proof)) | has_proof(seen)
    recorded = markers["status"].reindex(seen.index)
    changed = seen["condition"].notna() & seen["condition"].ne("not_found") & seen["condition"].ne(recorded) & proven
    found = seen[changed]
    return pd.DataFrame(
        {
            "marker": found.index,
            "visit": found["visit"].to_numpy(),
            "before": recorded[changed].to_numpy(),
            "after": found["condition"].to_numpy(),
        }
    ).sort_values("marker", ignore_index=True)


def plain_name(texts: pd.Series) -> pd.Series:
    """Names and numbers of markers as they are compared: without blanks, full-width forms folded, in capitals."""
    text = texts.astype("str").str.normalize("NFKC").str.replace(r"[\s\u200b\ufeff]+", "", regex=True)
    return text.str.upper().str.removesuffix("界桩").replace("", pd.NA)


def named_marker(names: pd.Series, markers: pd.DataFrame) -> pd.Series:
    """Ids of the markers that ``names`` stand for: an id, the number on the stone or the name, where it is one only."""
    wanted = plain_name(names)
    found = pd.Series(pd.NA, index=names.index, dtype="object")
    for known in (markers.index.to_series(), markers["number"], markers["name"]):
        table = pd.Series(markers.index, index=plain_name(known))
        table = table[table.index.notna() & ~table.index.duplicated(keep=False)]
        found = found.where(found.notna(), wanted.map(table))
    return found


def nearest_marker(places: pd.Series, markers: pd.DataFrame, *, within_m: float) -> pd.DataFrame:
    """For each place (points in the plane) the nearest marker within ``within_m``: ``marker``, ``distance_m``; missing
    where there is none, or where a second one is so near that the place does not tell them apart.
    """
    result = pd.DataFrame({"marker": pd.Series(pd.NA, index=places.index, dtype="object"), "distance_m": np.nan})
    stones = markers["geometry"][~(markers["geometry"].isna() | markers["geometry"].is_empty)]
    points = places[~(places.isna() | shapely.is_empty(places.to_numpy()))]
    if stones.empty or points.empty:
        return result
    tree = STRtree(stones.to_numpy())
    place, stone = tree.query(points.to_numpy(), predicate="dwithin", distance=within_m)
    pairs = pd.DataFrame({"place": points.index[place], "marker": stones.index[stone]})
    pairs["distance_m"] = shapely.distance(points.to_numpy()[place], stones.to_numpy()[stone])
    pairs = pairs.sort_values(["place", "distance_m", "marker"])
    second = pairs.groupby("place")["distance_m"].nth(1).to_numpy()
    first = pairs.drop_duplicates("place").set_index("place")
    several = pairs.groupby("place").size().gt(1).reindex(first.index)
    rival = pd.Series(np.inf, index=first.index)
    rival[several] = second
    clear = first[rival > 2 * first["distance_m"]]
    result.loc[clear.index, ["marker", "distance_m"]] = clear[["marker", "distance_m"]]
    return result


def stones_along(line: shapely.Geometry, points: pd.Series) -> pd.DataFrame:
    """Stones in their order along a line, from its digitised start: ``part`` (of a line in several), ``along_m``,
    ``step_m`` (along the line from the stone before, missing for the first of a part), ``off_m`` (from the line).

    ``points`` are the stones' places by id, in the CRS of the line (metres). Stones without a place come last.
    """
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in ("part", "along_m", "step_m", "off_m")})
    blank = empty.reindex(points.index)
    if line is None or line.is_empty:
        return blank
    placed = points[~(points.isna() | shapely.is_empty(points.to_numpy()))]
    if placed.empty:
        return blank
    parts = shapely.get_parts(shapely.line_merge(shapely.force_2d(line)))
    apart = shapely.distance(placed.to_numpy()[:, None], parts[None, :])
    part = apart.argmin(axis=1)
    table = pd.DataFrame(
        {
            "part": part.astype("float64"),
            "along_m": shapely.line_locate_point(parts[part], placed.to_numpy()),
            "off_m": apart[np.arange(len(placed)), part],
        },
        index=placed.index,
    )
    table = table.rename_axis("stone").reset_index().sort_values(["part", "along_m", "stone"]).set_index("stone")
    table["step_m"] = table.groupby("part")["along_m"].diff()
    return pd.concat([table[["part", "along_m", "step_m", "off_m"]], blank.drop(index=placed.index)])
