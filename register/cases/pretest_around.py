"""What stands around a proposed name: names that sound alike, places whose names it holds, widths and lengths."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.neighbours import nearest_first, parts_of_name
from gazetteer.rules.generic_term_does_not_fit import SIZES
from gazetteer.sound import BANDS
from register.cases.name_book import NameBook
from rulebook.profile import Profile
from rulebook.report import geojson

if TYPE_CHECKING:
    from register.cases.pretest import Proposal

MOST_SHOWN = 30
LIMITS = ("min_width_m", "max_width_m", "min_length_m", "max_length_m")


def alike_rows(
    book: NameBook, name: str, keys: dict[str, str], shape: BaseGeometry | None, without: frozenset[str]
) -> pd.DataFrame:
    """Rows of the book's index that sound or look like ``name``, with ``band`` and ``distance_m``: likest band first,
    then the nearest on the ground.
    """
    together = book.words.modifiers.directions | frozenset(book.words.profile.setting("position_words"))
    rows = book.index.alike(name, keys, together)
    rows = rows[~(rows["layer"] + ":" + rows["record_id"]).isin(list(without))]
    rows = nearest_first(rows, book.index.shapes, shape)
    return rows.sort_values("band", key=lambda bands: bands.map(BANDS.index), kind="stable")


def told(book: NameBook, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The first of ``alike_rows`` as plain values: ``layer``, ``record_id``, ``name``, ``pinyin``, ``band``, ``status``,
    ``distance_m`` (None without a place), ``geometry`` (GeoJSON).
    """
    return _told(book, rows.head(MOST_SHOWN), ("band", "pinyin", "status"))


def held_places(book: NameBook, name: str, shape: BaseGeometry | None, without: frozenset[str]) -> list[dict[str, Any]]:
    """Divisions and names in force whose whole name stands inside ``name``: as ``told``, with ``lies_there``
    (distance nought; None without a place).
    """
    rows = book.index.held(name)
    rows = rows[~(rows["layer"] + ":" + rows["record_id"]).isin(list(without))]
    found = _told(book, nearest_first(rows, book.index.shapes, shape).head(MOST_SHOWN), ())
    divisions = book.layers["divisions"]
    numbers = sorted({number for part in parts_of_name(name) for number in book.divisions_named.get(part, ())})
    chosen = divisions.iloc[numbers]
    for code, place, held in zip(chosen.index, chosen["name"], chosen.geometry, strict=True):
        distance = None if shape is None or held is None else float(shapely.distance(held, shape))
        found.append(
            {
                "layer": "divisions",
                "record_id": code,
                "name": place,
                "distance_m": None if distance is None else round(distance, 1),
                "geometry": None,
            }
        )
    for one in found:
        one["lies_there"] = None if one["distance_m"] is None else one["distance_m"] == 0
    return found


def fit_of(generic: str | None, proposal: Proposal, profile: Profile) -> dict[str, Any] | None:
    """The generic term of a road against width and length: ``generic``, ``width_m``, ``length_m``, the profile's
    ``limits`` (None where it has none for this term) and what it asks of other terms; None for what is no road.
    """
    if proposal.kind != "road" or not generic:
        return None
    table = profile.table(SIZES).set_index("term")
    sizes = {
        str(term): {limit: float(row[limit]) for limit in LIMITS if not pd.isna(row[limit])}
        for term, row in table.to_dict("index").items()
    }
    length = shapely.length(proposal.geometry) if proposal.geometry is not None else 0.0
    width, long = proposal.width_m, round(float(length), 1) if length > 0 else None
    limits = sizes.get(generic)
    return {
        "generic": generic,
        "width_m": width,
        "length_m": long,
        "limits": limits,
        "fits": _within(width, limits, "width") and _within(long, limits, "length") if limits else None,
        "sizes": sizes,
    }


def _within(value: float | None, limits: dict[str, float], what: str) -> bool:
    return value is None or limits.get(f"min_{what}_m", 0.0) <= value <= limits.get(f"max_{what}_m", math.inf)


def _told(book: NameBook, rows: pd.DataFrame, more: tuple[str, ...]) -> list[dict[str, Any]]:
    shapes = geojson([book.index.shapes[number] for number in rows.index], book.crs)
    columns = ["layer", "record_id", "name", "distance_m", *more]
    return [
        {
            **{column: None if pd.isna(value) else value for column, value in row.items()},
            "distance_m": None if pd.isna(row["distance_m"]) else round(float(row["distance_m"]), 1),
            "geometry": shape,
        }
        for row, shape in zip(rows[columns].to_dict("records"), shapes, strict=True)
    ]
