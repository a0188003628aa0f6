"""A whole source that is off is told once, by name, and its one repair brings every record back."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from boundaries import datums
from boundaries.rules.steady_shift import RULE
from rulebook.values import from_text
from tests import case_files

CRS_120 = CRS("EPSG:4549")
SHIFTS = {one.name: one for one in (*datums.web_shifts(CRS_120), *datums.other_zones(CRS_120))}
ROADS, EACH = 6, 10


def county(moved: datums.Shift | None, vector: tuple[float, float] = (0.0, 0.0)) -> dict[str, object]:
    """Roads in two directions with doorplates of two sources along them; those of one source are moved."""
    rng = np.random.default_rng(3)
    roads, plates = [], []
    for number in range(ROADS):
        start = np.array([577_000.0, 3_275_000.0]) + 700 * number
        along = np.array([400.0, 0.0]) if number % 2 else np.array([0.0, 400.0])
        end = start + along
        roads.append({"id": f"R{number}", "geometry": f"LINESTRING ({start[0]} {start[1]}, {end[0]} {end[1]})"})
        places = start + np.outer(rng.uniform(0, 1, EACH), along) + rng.choice([-8, 8], (EACH, 1)) * (along[::-1] > 0)
        for source in ("实测", "图商"):
            there = places
            if source == "图商":
                there = places + np.array(vector) if moved is None else moved.apply(places)
            plates += [
                {
                    "id": f"{source}{number}-{n}",
                    "road_id": f"R{number}",
                    "source": source,
                    "geometry": f"POINT ({x} {y})",
                }
                for n, (x, y) in enumerate(there)
            ]
    filled = {"roads": roads, "doorplates": plates}
    return case_files.layers_of(
        {layer: [{**case_files.DEFAULTS[layer], **row} for row in rows] for layer, rows in filled.items()}
    )


@pytest.mark.parametrize("name", SHIFTS)
def test_a_known_shift_of_a_source_is_told_once_and_undone_for_all(name: str) -> None:
    (found,) = case_files.check(RULE, county(SHIFTS[name]), {})
    assert (found.evidence["shift"], found.evidence["source"]) == (name, "图商")
    assert found.evidence["records"] == ROADS * EACH == len(found.edits)
    assert found.evidence["residual_m"] < 10
    true = county(None)["doorplates"].geometry
    after = {edit["record_id"]: from_text(edit["after"], None) for edit in found.edits}
    assert max(shapely.distance(after[one], true[one]) for one in after) < 0.01


def test_an_unknown_vector_is_found_by_size_and_direction() -> None:
    (found,) = case_files.check(RULE, county(None, (90.0, -60.0)), {})
    assert found.variant == "unknown"
    assert (found.evidence["east_m"], found.evidence["north_m"]) == (
        pytest.approx(90, abs=10),
        pytest.approx(-60, abs=10),
    )
    assert len(found.edits) == ROADS * EACH


@pytest.mark.parametrize("vector", [(0.0, 0.0), (10.0, -10.0)])
def test_records_at_their_roads_are_left_alone(vector: tuple[float, float]) -> None:
    assert not list(case_files.check(RULE, county(None, vector), {}))
