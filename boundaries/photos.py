"""Photographs of inspections: what is known of each picture, and what makes one doubtful.

The field ``photos`` of an inspection names its pictures; ``photo_facts`` is a JSON list with what was read from those that
were handed in: ``name``, ``sha256``, ``taken_at`` (local time, ISO), ``lon``, ``lat`` (degrees), each of the last three
only where the picture says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

SEPARATORS = r"\s*[;；]\s*"
CAMERA_CRS = "EPSG:4326"  # what cameras write
REPEATED, OLD, FAR, OTHER_DAY, UNDATED = "repeated", "old", "far", "other_day", "undated"
DAY_IN_NAME = r"(?<!\d)(20\d{6})(?!\d)"  # as cameras name their pictures: IMG_20260501_093000.jpg
COLUMNS = ("visit", "name", "sha256", "taken_at", "lon", "lat")


def facts_text(pictures: Iterable[Mapping[str, Any]]) -> str | None:
    """``photo_facts`` of pictures, in the order of their names; None for none."""
    kept = sorted(
        ({key: value for key, value in one.items() if value is not None} for one in pictures),
        key=lambda one: one["name"],
    )
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def facts_of(text: Any) -> list[dict[str, Any]]:
    """The pictures in one ``photo_facts``; what is not such a list counts as none."""
    if not isinstance(text, str):
        return []
    try:
        read = json.loads(text)
    except ValueError:
        return []
    listed = read if isinstance(read, list) else []
    return [one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]


def pictures(visits: pd.DataFrame) -> pd.DataFrame:
    """One row per visit and picture, with ``COLUMNS``; of pictures that are only named the rest is missing."""
    facts = visits["photo_facts"].dropna() if "photo_facts" in visits else pd.Series(dtype="str")
    told = pd.DataFrame(
        [{"visit": visit, **one} for visit, text in facts.items() for one in facts_of(text)], columns=list(COLUMNS)
    )
    names = visits["photos"].dropna().str.split(SEPARATORS, regex=True).explode().str.strip()
    named = names[names.ne("")].rename("name").rename_axis("visit").reset_index().drop_duplicates()
    only_named = named.merge(told[["visit", "name"]].drop_duplicates(), how="left", indicator=True)
    only_named = only_named.loc[only_named["_merge"].eq("left_only"), ["visit", "name"]]
    both = [part for part in (told, only_named) if len(part)]
    table = pd.concat(both, ignore_index=True) if both else told
    table = table.reindex(columns=list(COLUMNS))
    for name in ("lon", "lat"):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    texts = ["visit", "name", "sha256", "taken_at"]
    return table.astype(dict.fromkeys(texts, "str")).sort_values(["visit", "name"], ignore_index=True)


def doubts(visits: pd.DataFrame, markers: pd.DataFrame, *, crs: CRS | None, far_m: float, days: int) -> pd.DataFrame:
    """Doubtful pictures: ``visit``, ``photo``, ``doubt`` (one of the five, the heaviest), ``other`` (visit that has the
    same picture), ``distance_m`` (from the marker), ``taken_on``, ``since`` (visit before).

    A picture is repeated when another, earlier visit has it (equal content, else equal name where neither was handed in);
    old when it was taken (else: by its name was taken) before the marker's visit before; far when it says a place further than ``far_m`` from
    the marker; of another day when it was taken more than ``days`` from the visit; undated when it says no time.
    """
    table = pictures(visits)
    own = visits.reindex(table["visit"])
    handed_in = table["sha256"].notna()
    taken = pd.to_datetime(table["taken_at"].str[:10], errors="coerce")
    named = pd.to_datetime(table["name"].str.extract(DAY_IN_NAME)[0], format="%Y%m%d", errors="coerce")
    visited = pd.to_datetime(pd.Series(own["inspected_on"].to_numpy(), index=table.index), errors="coerce")
    before = pd.to_datetime(_visit_before(visits).reindex(table["visit"]).set_axis(table.index), errors="coerce")
    other = _earlier_use(table, visited)
    distance = _distance(table, own, markers, crs)
    tests = [
        (REPEATED, other.notna()),
        (OLD, taken.fillna(named) < before),
        (FAR, distance > far_m),
        (OTHER_DAY, (taken - visited).abs() > pd.Timedelta(days=days)),
        (UNDATED, handed_in & taken.isna()),
    ]
    doubt = np.select([test.to_numpy(dtype=bool) for _, test in tests], [name for name, _ in tests], "")
    found = pd.DataFrame(
        {
            "visit": table["visit"],
            "photo": table["name"],
            "doubt": doubt,
            "other": other,
            "distance_m": distance,
            "taken_on": taken.fillna(named).dt.strftime("%Y-%m-%d"),
            "since": before.dt.strftime("%Y-%m-%d"),
        }
    )
    return found[found["doubt"] != ""].reset_index(drop=True)


def _visit_before(visits: pd.DataFrame) -> pd.Series:
    """The day of the marker's visit before each visit (an earlier day), missing for the first."""
    days = visits[["marker_id", "inspected_on"]].dropna().drop_duplicates().sort_values(["marker_id", "inspected_on"])
    days = days.assign(before=days.groupby("marker_id")["inspected_on"].shift())
    joined = visits[["marker_id", "inspected_on"]].merge(days, how="left", on=["marker_id", "inspected_on"])
    return pd.Series(joined["before"].to_numpy(), index=visits.index)


def _earlier_use(table: pd.DataFrame, visited: pd.Series) -> pd.Series:
    """The first other visit that has the same picture, for every use but the first."""
    content = table["sha256"].where(table["sha256"].notna(), "name:" + table["name"].str.casefold())
    uses = pd.DataFrame({"content": content, "visit": table["visit"], "day": visited})
    first = uses.sort_values(["content", "day", "visit"]).drop_duplicates("content").set_index("content")["visit"]
    earliest = content.map(first)
    return earliest.where(earliest != table["visit"])


def _distance(table: pd.DataFrame, own: pd.DataFrame, markers: pd.DataFrame, crs: CRS | None) -> pd.Series:
    """Metres from where each picture says it was taken to the visit's marker, else to the place of the visit."""
    nowhere = pd.Series(np.nan, index=table.index)
    said = (table["lon"].notna() & table["lat"].notna()).to_numpy()
    if crs is None or not said.any() or "geometry" not in own:
        return nowhere
    there = np.array([None] * len(table), dtype=object)
    turn = Transformer.from_crs(CAMERA_CRS, crs, always_xy=True)
    x, y = turn.transform(table["lon"].to_numpy()[said], table["lat"].to_numpy()[said])
    there[said] = shapely.points(x, y)
    place = np.array(own["geometry"].to_numpy(), dtype=object)
    if "geometry" in markers and len(markers):
        stones = np.array(markers["geometry"].reindex(own["marker_id"]).to_numpy(), dtype=object)
        known = ~(shapely.is_missing(stones) | shapely.is_empty(stones))
        place = np.where(known, stones, place)
    return pd.Series(shapely.distance(there, place), index=table.index)
