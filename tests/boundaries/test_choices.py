"""Each choice for a gap or an overlap leaves neighbours with the very same vertices, at every level."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely

from boundaries import halving
from boundaries.rules import gap, overlap, unexpected_part, untiled_parent
from boundaries.rules.differing_edge import RULE as DIFFERING_EDGE
from register.dictionary import DICTIONARY
from rulebook import engine
from rulebook.report import Report
from tests import case_files
from tests.boundaries.mosaic import Frames, mosaic, register, replaced
from tests.boundaries.test_coverage import HURT, shrunk

TILING = (unexpected_part.RULE, gap.RULE, overlap.RULE, untiled_parent.RULE, DIFFERING_EDGE)
NEIGHBOUR = "330683101201"
OTHER_TOWN = "330683100202"  # south of HURT


def check(frames: Frames) -> Report:
    return engine.run(TILING, frames, case_files.load_profile(), today=case_files.TODAY, crs=case_files.METRIC)


def county() -> Frames:
    return register(mosaic(4, 3, 80), 4)


def with_gap(width: float) -> Frames:
    frames = county()
    return replaced(frames, HURT, shrunk(frames["divisions"].geometry[HURT], width))


def with_overlap(width: float) -> Frames:
    frames = county()
    shapes = frames["divisions"].geometry
    strip = shapely.difference(shapes[HURT], shrunk(shapes[HURT], width))
    return replaced(frames, NEIGHBOUR, shapely.union(shapes[NEIGHBOUR], strip))


def between_towns(distance: float) -> Frames:
    """The village and its town keep away from (or reach into) the town in the south."""
    frames = county()
    shapes = frames["divisions"].geometry
    edge = shapely.intersection(shapes[HURT], shapes[OTHER_TOWN])
    strip = shapely.buffer(edge, abs(distance), cap_style="flat")
    for code in (HURT, HURT[:9] + "000"):
        shape = frames["divisions"].geometry[code]
        new = shapely.difference(shape, strip) if distance < 0 else shapely.union(shape, strip)
        frames = replaced(frames, code, new)
    return frames


def chosen(frames: Frames, option: str) -> Frames:
    """The frames after one choice of the only finding."""
    findings = [one for one in check(frames) if one.rule.code in ("BND301", "BND302")]
    assert len(findings) == 1
    names = {edit["option"] for edit in findings[0].edits}
    own = [edit for edit in findings[0].edits if edit["option"].startswith(option)]
    assert own, names
    divisions, areas = frames["divisions"].copy(), []
    for edit in own:
        if edit["layer"] == "areas":
            areas.append(json.loads(edit["after"]))
        else:
            divisions.loc[edit["record_id"], "geometry"] = shapely.from_wkt(edit["after"])
    made = case_files.layers_of({"areas": areas}) if areas else {}
    return {**frames, "divisions": divisions, **({"areas": made["areas"]} if areas else {})}


def villages(frames: Frames) -> Any:
    frame = frames["divisions"]
    return frame[frame["level"].eq("village")].geometry.to_numpy()


FAULTS = {
    "gap": lambda: with_gap(3.0),
    "thin gap": lambda: with_gap(0.06),
    "overlap": lambda: with_overlap(3.0),
    "thin overlap": lambda: with_overlap(0.06),
    "gap between towns": lambda: between_towns(-3.0),
    "overlap between towns": lambda: between_towns(3.0),
}


@pytest.mark.parametrize("option", ["1", "2", "split"])
@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_choice_the_edge_is_the_same_in_both(fault: str, option: str) -> None:
    cured = chosen(FAULTS[fault](), option)
    assert list(check(cured)) == []
    for level in ("village", "township"):
        frame = cured["divisions"]
        assert shapely.coverage_is_valid(frame[frame["level"].eq(level)].geometry.to_numpy())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_choices_share_the_ground_as_they_say(fault: str) -> None:
    frames = FAULTS[fault]()
    finding = next(one for one in check(frames) if one.rule.code in ("BND301", "BND302"))
    ground = finding.geometry.area
    takers = [edit["option"][4:] for edit in finding.edits if edit["option"][:1] in "12"]
    first, second = takers[0], next(one for one in takers if one != takers[0])
    after = {option: chosen(frames, option)["divisions"].geometry.area for option in ("1", "2", "split")}
    assert after["1"][first] - after["2"][first] == pytest.approx(ground, rel=1e-6)
    assert after["2"][second] - after["1"][second] == pytest.approx(ground, rel=1e-6)
    assert after["1"][first] - after["split"][first] == pytest.approx(ground / 2, rel=0.15)


@pytest.mark.parametrize("fault", FAULTS)
def test_disputed_ground_stays_and_is_only_mentioned(fault: str) -> None:
    frames = FAULTS[fault]()
    entered = chosen(frames, "disputed")
    assert entered["divisions"] is not frames["divisions"]
    assert (entered["divisions"].geometry == frames["divisions"].geometry).all()
    assert entered["areas"]["kind"].tolist() == ["disputed"]
    assert {(one.variant, one.level) for one in check(entered) if one.rule.code in ("BND301", "BND302")} == {
        ("disputed", "info")
    }
    assert DICTIONARY["areas"].geometry == "MultiPolygon"


def test_a_ribbon_is_cut_along_its_middle() -> None:
    left, right = shapely.box(0, 0, 10, 100), shapely.Polygon([(14, 0), (30, 0), (30, 100), (14, 100), (12, 50)])
    patch = shapely.Polygon([(10, 0), (14, 0), (12, 50), (14, 100), (10, 100)])
    found = halving.halves(patch, (left, right))
    one, other = found.first, found.second
    assert shapely.area([one, other]) == pytest.approx([150, 150], rel=0.01)
    assert shapely.touches(one, left)
    assert shapely.touches(other, right)


def test_a_ring_is_cut_where_both_sides_are_equally_near() -> None:
    island, sea = (
        shapely.Point(0, 0).buffer(10),
        shapely.box(-100, -100, 100, 100).difference(shapely.Point(0, 0).buffer(20)),
    )
    patch = shapely.Point(0, 0).buffer(20).difference(island)
    found = halving.halves(patch, (island, sea))
    one, other = found.first, found.second
    assert one.area + other.area == pytest.approx(patch.area)
    assert np.sqrt((one.area + island.area) / np.pi) == pytest.approx(15, rel=0.02)


def test_a_patch_along_one_side_only_stays_whole() -> None:
    patch, side, far = shapely.box(10, 0, 12, 10), shapely.box(0, 0, 10, 10), shapely.box(50, 0, 60, 10)
    assert halving.halves(patch, (side, far)).second.is_empty
    assert halving.halves(patch, (far, side)).first.is_empty
