"""Stones along a line, which marker a place means, when a line is due, what a visit proves."""

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries import inspections, photos
from tests.case_files import layers_of


def series(**places):
    return pd.Series({name: shapely.Point(place) for name, place in places.items()}, dtype="object")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12, unique=True), st.booleans())
def test_stones_stand_in_their_order_whatever_order_they_are_given_in(positions, turned):
    line = shapely.LineString([(0, 0), (4000, 0), (10_000, 0)])
    points = pd.Series({f"s{x}": shapely.Point(x, 3) for x in positions}, dtype="object")
    along = inspections.stones_along(shapely.reverse(line) if turned else line, points)
    assert along.index.tolist() == [f"s{x}" for x in sorted(positions, reverse=turned)]
    assert along["off_m"].eq(3).all()
    assert along["step_m"].sum() == max(positions) - min(positions)
    assert along["step_m"].isna().sum() == 1


def test_each_part_of_a_line_counts_for_itself_and_stones_without_a_place_come_last():
    line = shapely.MultiLineString([[(0, 0), (100, 0)], [(500, 0), (600, 0)]])
    points = pd.concat(
        [series(b=(90, 0), a=(10, 0), c=(550, 0)), pd.Series({"x": None, "y": shapely.Point()}, dtype="object")]
    )
    along = inspections.stones_along(line, points)
    assert along.index.tolist()[:3] == ["a", "b", "c"]
    assert set(along.index[3:]) == {"x", "y"}
    assert along.loc["b", "step_m"] == 80
    assert along.loc[["c", "x"], "step_m"].isna().all()


def test_without_a_line_or_stones_nothing_is_said():
    assert inspections.stones_along(None, series(a=(0, 0)))["along_m"].isna().all()
    assert inspections.stones_along(shapely.LineString([(0, 0), (1, 0)]), pd.Series(dtype="object")).empty


@pytest.mark.parametrize(
    ("last", "agreed", "state", "days"),
    [
        ("2021-06-01", None, "in_time", 0),
        ("2021-05-31", None, "overdue", -1),
        ("2021-06-30", None, "in_time", 29),
        (None, "2020-02-29", "overdue", -458),
        (None, None, "unknown", None),
    ],
)
def test_a_line_is_due_five_years_after_the_last_inspection_or_the_agreement(last, agreed, state, days):
    lines = pd.DataFrame({"last_inspected_on": [last], "agreed_on": [agreed]}, index=["L1"], dtype="str")
    found = inspections.cycle(lines, years=5, today="2026-06-01", soon_days=-1).iloc[0]
    assert found["state"] == state
    assert (None if pd.isna(found["days"]) else found["days"]) == days


def markers(**places):
    rows = [
        {"id": name, "number": f"N{name}", "name": f"{name}号", "status": "intact", "geometry": f"POINT ({x} {y})"}
        for name, (x, y) in places.items()
    ]
    return layers_of({"markers": rows})["markers"]


def test_a_marker_is_found_by_id_number_or_name_written_in_any_width():
    known = markers(m1=(0, 0), m2=(9, 0))
    wanted = pd.Series(["m1", "Nm2", "ｍ２号", "m1号界桩", "m3", None], dtype="str")
    found = inspections.named_marker(wanted, known)
    assert found.where(found.notna(), None).tolist() == ["m1", "m2", "m2", "m1", None, None]


def test_a_name_that_two_markers_have_means_none():
    known = markers(m1=(0, 0), m2=(9, 0)).assign(name="嵊新线5号")
    assert inspections.named_marker(pd.Series(["嵊新线5号"], dtype="str"), known).isna().all()


def test_a_place_means_the_nearest_marker_unless_two_are_about_as_near():
    known = markers(m1=(0, 0), m2=(40, 0))
    found = inspections.nearest_marker(series(clear=(5, 0), between=(18, 0), far=(0, 80)), known, within_m=50)
    assert found["marker"].where(found["marker"].notna(), None).to_dict() == {
        "clear": "m1",
        "between": None,
        "far": None,
    }
    assert found.loc["clear", "distance_m"] == 5


def visits(*rows):
    given = [{"id": f"v{number}", "inspected_on": "2026-05-01", **row} for number, row in enumerate(rows)]
    return layers_of({"inspections": given})["inspections"]


def test_only_the_latest_and_proven_visit_changes_a_state():
    seen = visits(
        {"marker_id": "m1", "condition": "lost"},
        {"marker_id": "m2", "condition": "lost", "photos": "a.jpg"},
        {"marker_id": "m3", "condition": "not_found"},
        {"marker_id": "m4", "condition": "damaged", "note": "断裂", "inspected_on": "2021-05-01"},
        {"marker_id": "m4", "condition": "intact"},
        {"marker_id": "m5", "condition": "text_faded"},
        {"marker_id": "gone", "condition": "text_faded"},
    )
    known = markers(**{f"m{n}": (n, 0) for n in range(1, 6)})
    found = inspections.states_due(known, seen, need_proof=["moved", "damaged", "lost"])
    assert list(zip(found["marker"], found["before"], found["after"], strict=True)) == [
        ("m2", "intact", "lost"), ("m5", "intact", "text_faded"),
    ]  # fmt: skip


def test_facts_of_photographs_survive_writing_and_reading_and_foolish_text_is_none():
    facts = [{"name": "b.jpg", "sha256": "bb", "taken_at": None, "lon": 120.5, "lat": 29.5}, {"name": "a.jpg"}]
    assert photos.facts_of(photos.facts_text(facts)) == [
        {"name": "a.jpg"}, {"lat": 29.5, "lon": 120.5, "name": "b.jpg", "sha256": "bb"},
    ]  # fmt: skip
    assert photos.facts_text([]) is None
    for text in (None, "", "[", "{}", "[1, {}]", float("nan")):
        assert photos.facts_of(text) == []
