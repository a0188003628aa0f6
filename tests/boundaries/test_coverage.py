"""Gaps and overlaps are found whatever the spacing of vertices, once, at the lowest level that shows them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries import coverage
from boundaries.rules import gap, overlap, unexpected_part, untiled_parent
from boundaries.rules.differing_edge import RULE as DIFFERING_EDGE
from rulebook import engine
from rulebook.report import Report
from tests import case_files
from tests.boundaries.mosaic import Frames, mosaic, register, replaced

TILING = (unexpected_part.RULE, gap.RULE, overlap.RULE, untiled_parent.RULE, DIFFERING_EDGE)
HURT = "330683101202"  # in the second row, inside the county


def check(frames: Frames) -> Report:
    profile = case_files.profiles.load()
    return engine.run(TILING, frames, profile, today=case_files.TODAY, crs=case_files.METRIC)


def county(vertices: int) -> Frames:
    return register(mosaic(4, 3, vertices), 4)


def shrunk(shape: shapely.Geometry, side: float) -> shapely.Geometry:
    """The shape without a strip of the given width along its western edge."""
    west = shape.bounds[0]
    edge = shapely.linestrings(shapely.get_coordinates(shape)[-(len(shapely.get_coordinates(shape)) // 4) - 1 :])
    assert edge.bounds[0] >= west
    return shapely.difference(shape, shapely.buffer(edge, side, cap_style="flat"))


@pytest.mark.parametrize("vertices", [4, 40, 400])
def test_a_clean_county_is_silent(vertices: int) -> None:
    report = check(county(vertices))
    assert not report.crashes, report.crashes[0].trace
    assert report.by_rule() == {}


@pytest.mark.parametrize("vertices", [40, 400, 2000])
@pytest.mark.parametrize("width", [0.1, 3.0, 40.0])
def test_a_gap_is_found_once_whatever_the_spacing(vertices: int, width: float) -> None:
    frames = county(vertices)
    shape = frames["divisions"].geometry[HURT]
    findings = list(check(replaced(frames, HURT, shrunk(shape, width))))
    assert [one.rule.code for one in findings] == ["BND301"]
    assert findings[0].record_id == "330683101201"
    assert f"divisions:{HURT}" in findings[0].related
    assert findings[0].evidence["width_m"] == pytest.approx(width, rel=0.3)


@pytest.mark.parametrize("vertices", [40, 400, 2000])
@pytest.mark.parametrize("width", [0.1, 3.0, 40.0])
def test_an_overlap_is_found_once_whatever_the_spacing(vertices: int, width: float) -> None:
    frames = county(vertices)
    shapes = frames["divisions"].geometry
    neighbour = shapes["330683101201"]
    strip = shapely.difference(shapes[HURT], shrunk(shapes[HURT], width))
    findings = list(check(replaced(frames, "330683101201", shapely.union(neighbour, strip))))
    assert [one.rule.code for one in findings] == ["BND302"]
    assert {findings[0].record_id, *findings[0].related} == {"330683101201", f"divisions:{HURT}"}


def test_first_choice_of_a_gap_or_overlap_cures_it() -> None:
    frames = county(40)
    shape = frames["divisions"].geometry[HURT]
    neighbour = frames["divisions"].geometry["330683101201"]
    grown = shapely.union(neighbour, shapely.difference(shape, shrunk(shape, 3.0)))
    for code, hurt in ((HURT, shrunk(shape, 3.0)), ("330683101201", grown)):
        broken = replaced(frames, code, hurt)
        report = check(broken)
        assert report.by_rule()
        fixed = case_files.apply_fixes(broken, report)
        assert {one.rule.code for one in check(fixed)} <= {"BND304"}


def test_a_stray_vertex_is_an_edge_that_differs() -> None:
    frames = county(400)
    shape = frames["divisions"].geometry[HURT]
    moved = shapely.get_coordinates(shape)
    moved[50] += [0.0, 0.04]
    findings = list(check(replaced(frames, HURT, shapely.Polygon(moved))))
    assert [one.rule.code for one in findings] == ["BND304"]
    repaired = case_files.apply_fixes(
        replaced(frames, HURT, shapely.Polygon(moved)), check(replaced(frames, HURT, shapely.Polygon(moved)))
    )
    assert list(check(repaired)) == []


def test_widths() -> None:
    ribbon = np.array([shapely.box(0, 0, 500, 0.2), shapely.Polygon([(0, 0), (100, 0), (50, 2)])])
    assert coverage.mean_width(ribbon) == pytest.approx([0.2, 1.0], rel=0.01)
    assert coverage.greatest_width(ribbon) == pytest.approx([0.2, 2.0], rel=0.15)


def test_contacts_count_each_neighbour_and_the_open_side() -> None:
    patch, shapes = shapely.box(10, 0, 11, 10), np.array([shapely.box(0, 0, 10, 10), shapely.box(11, 0, 20, 10)])
    found = coverage.contacts(np.array([patch]), shapes)
    expected = pd.DataFrame({"patch": [0, 0, 0], "shape": [-1, 0, 1], "length_m": [2.0, 10.0, 10.0]})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_holes_of_parts_within_holes() -> None:
    ring = shapely.difference(shapely.box(0, 0, 10, 10), shapely.box(2, 2, 8, 8))
    island = shapely.difference(shapely.box(3, 3, 7, 7), shapely.box(4, 4, 5, 5))
    found = coverage.holes(shapely.union_all([ring, island]))
    assert sorted(shapely.area(found)) == [1.0, 20.0]
