"""Numbers for new buildings and renumbering, on roads where the right answer is plain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pytest
import shapely

from doorplates.allocation import Proposal, propose
from doorplates.grammar import parse
from doorplates.numbering_row import sub_number
from doorplates.renumbering import renumber
from doorplates.rules import numbers_missing
from doorplates.village_numbers import propose_in_place
from register import profiles
from rulebook.context import Context, Run
from tests.case_files import METRIC, TODAY, layers_of

X, Y = 580000, 3270000


def with_numbering(ctx: Context, **given: Any) -> Context:
    """The same view by a profile with other settings of numbering."""
    profile = ctx.run.profile
    numbering = {**profile.setting("numbering"), **given}
    other = replace(profile, settings={**profile.settings, "numbering": numbering})
    return replace(ctx, run=replace(ctx.run, profile=other, cache={}))


def context(
    plates: list[tuple[str, int, int]], status: str = "in_use", more: dict[str, Any] | None = None, **road: Any
) -> Context:
    """A road of 500 m running east, odd numbers on the left (north), and plates (number, metres, side)."""
    records = {
        "roads": [
            {"id": "r", "name": "剡溪路", "status": "in_use", "numbering": "odd_left",
             "geometry": f"LINESTRING ({X} {Y}, {X + 500} {Y})", **road},
            *([more] if more else []),
        ],
        "doorplates": [
            {"id": f"p{place:02d}", "kind": "road", "road_id": "r", "number": number, "status": status,
             "division_code": "330683100201", "geometry": f"POINT ({X + metres} {Y + 10 * side})"}
            for place, (number, metres, side) in enumerate(plates)
        ],
    }  # fmt: skip
    layers = layers_of({name: rows for name, rows in records.items() if rows})
    return Context(Run(layers, profiles.load(), TODAY, METRIC), numbers_missing.RULE, "doorplates")


def ask(ctx: Context, *spots: tuple[float, float]) -> list[Proposal]:
    return propose(gpd.GeoSeries([shapely.Point(X + x, Y + y) for x, y in spots], crs=METRIC), "r", ctx)


ODD = [("1", 10, 1), ("3", 30, 1), ("5", 50, 1), ("15", 150, 1)]


@pytest.mark.parametrize(
    ("plates", "spot", "number", "side"),
    [
        (ODD, (104, 10), "11", "left"),                        # a little past half-way between 5 and 15
        (ODD, (170, 10), "17", "left"),                        # after the last, by the spacing
        (ODD, (210, 10), "21", "left"),                        # further on: numbers are kept in reserve
        (ODD, (100, -10), "10", "right"),                      # the first on the other side: 10 m a number
        ([("11", 200, 1), ("13", 220, 1)], (100, 10), "1", "left"),    # before the first: 10 m a number
        ([("1", 10, 1), ("3", 30, 1)], (20, 10), "1-1", "left"),       # nothing is free
        ([("1", 10, 1), ("1-1", 12, 1), ("3", 30, 1)], (15, 10), "1-2", "left"),
    ],
)  # fmt: skip
def test_number_between_neighbours(plates: Any, spot: Any, number: str, side: str) -> None:
    (one,) = ask(context(plates), spot)
    assert (one.number, one.side) == (number, side)
    assert one.reason.zh and one.reason.en


def test_alternatives_are_free_numbers_of_the_side() -> None:
    (one,) = ask(context(ODD), (104, 10))
    assert one.alternatives == ("9", "13")


def test_several_buildings_get_rising_numbers_none_twice() -> None:
    found = ask(context(ODD), (120, 10), (60, 10), (90, 10), (100, -10))
    assert [one.number for one in found] == ["11", "7", "9", "10"]


@pytest.mark.parametrize("status", ["reserved", "cancelled"])
def test_reserved_and_cancelled_numbers_are_not_given_out(status: str) -> None:
    (one,) = ask(context([("1", 10, 1), ("3", 30, 1)], status=status), (1, 10))
    assert one.number not in {"1", "3"}


def test_numbers_rising_against_the_line() -> None:
    (one,) = ask(context([("1", 490, 1), ("3", 470, 1), ("5", 450, 1), ("15", 350, 1)]), (396, 10))
    assert one.number == "11"


def test_consecutive_road() -> None:
    ctx = context([("1", 10, 1), ("2", 20, 1), ("6", 60, 1)], numbering="consecutive")
    assert [one.number for one in ask(ctx, (40, 10))] == ["4"]


def test_stored_spacing_decides_beyond_the_last() -> None:
    (one,) = ask(context(ODD, spacing_m=5.0), (200, 10))
    assert one.number == "25"


@pytest.mark.parametrize(("spot", "road"), [((100, 300), {}), ((100, 0), {}), ((100, 10), {"numbering": ""})])
def test_no_number_where_none_is_honest(spot: tuple[float, float], road: dict[str, Any]) -> None:
    (one,) = ask(context([("1", 10, 1)], **road), spot)
    assert one.number is None
    assert one.reason.en


def test_a_point_without_geometry() -> None:
    (one,) = propose(gpd.GeoSeries([None], crs=METRIC), "r", context(ODD))
    assert one.number is None


@pytest.mark.parametrize(("main", "sub"), [(12, 1), (12, 14), (1, 3), (1, 2)])
def test_sub_numbers_are_written_so_that_nothing_is_asked(main: int, sub: int) -> None:
    parsed = parse(sub_number(main, sub))
    assert (parsed["legal"], parsed["main"], parsed["sub"]) == (True, main, sub)
    assert parsed["canonical"] == sub_number(main, sub)


def test_renumbering_changes_only_what_does_not_fit() -> None:
    ctx = context([("1", 10, 1), ("3", 30, 1), ("45", 50, 1), ("9", 90, 1), ("11", 110, 1), ("8", 70, 1), ("9", 92, 1)])
    found = {plate: (rule, one.number) for plate, rule, one in renumber("r", ctx)}
    assert found == {"p02": ("DOR302", "5"), "p05": ("DOR301", "7"), "p06": ("DOR401", "9-1")}


def test_a_road_in_order_needs_no_renumbering() -> None:
    assert renumber("r", context(ODD)) == []


def test_a_first_number_far_from_the_start_waits_for_vacant_land() -> None:
    (one,) = ask(context(ODD), (300, -10))
    assert one.number == "30"
    (one,) = ask(context([]), (300, -10))
    assert one.number == "2"


def test_numbers_of_one_gap_are_shared_before_any_sub_number() -> None:
    found = ask(context(ODD), (140, 10), (142, 10), (144, 10), (146, 10), (148, 10))
    assert sorted(one.number for one in found if one.number) == ["11", "13", "7", "9", "9-1"]


def test_the_reserve_of_the_profile_stays_free() -> None:
    ctx = with_numbering(context(ODD), reserve=1)
    assert [one.number for one in ask(ctx, (104, 10), (155, 10))] == ["11", "19"]
    assert [one.number for one in ask(ctx, (58, 10))] == ["9"]


def test_every_number_has_two_alternatives_that_are_free() -> None:
    for spot in ((104, 10), (170, 10), (20, 10), (5, 10), (100, -10)):
        (one,) = ask(context(ODD), spot)
        assert len({one.number, *one.alternatives}) == 3
        assert not {one.number, *one.alternatives} & {"1", "3", "5", "15"}


def test_few_plates_that_agree_are_enough_to_number_by() -> None:
    (one,) = ask(context([("1", 10, 1), ("3", 30, 1), ("2", 12, -1)], numbering=""), (50, -10))
    assert one.number in {"4", "6"}


def test_a_road_without_plates_is_numbered_by_the_profile() -> None:
    assert ask(context([], numbering=""), (50, 10))[0].number is None
    assert ask(with_numbering(context([], numbering=""), convention="odd_right"), (5, 10))[0].number == "2"


def test_two_sides_numbered_consecutively_share_no_number() -> None:
    plates = [(str(n), 20 * n, 1) for n in range(1, 9)] + [(str(n), 20 * (17 - n), -1) for n in range(9, 17)]
    found = ask(context(plates, numbering="consecutive"), (200, 10), (400, 10), (5, -10), (1, -10))
    assert len({one.number for one in found}) == 4
    assert all(int(one.number or 0) > 16 for one in found)


@pytest.mark.parametrize(("rule", "road"), [("as_asked", None), ("higher_class", "b"), ("nearest", "b")])
def test_a_corner_building_follows_the_rule_of_the_profile(rule: str, road: str | None) -> None:
    second = {"id": "b", "name": "越秀路", "status": "in_use", "road_class": "arterial",
              "geometry": f"LINESTRING ({X + 500} {Y - 200}, {X + 500} {Y + 200})"}  # fmt: skip
    ctx = with_numbering(context(ODD, road_class="lane", more=second), corner=rule)
    (corner, inside) = ask(ctx, (495, 12), (300, 12))
    assert corner.road_id == road
    assert (corner.number is None) == (road is not None)
    assert inside.number


def test_houses_of_a_village_go_on_after_the_last_near_before_far() -> None:
    layers = layers_of(
        {
            "place_names": [{"id": "v", "name": "北塘村", "kind": "natural_village", "status": "in_use",
                             "division_code": "330683100201", "geometry": f"POINT ({X + 100} {Y + 200})"}],
            "roads": [{"id": "r", "name": "剡溪路", "status": "in_use", "geometry": f"LINESTRING ({X} {Y}, {X + 500} {Y})"}],
            "doorplates": [{"id": "p1", "kind": "village", "place_id": "v", "number": "4", "status": "in_use",
                            "division_code": "330683100201", "geometry": f"POINT ({X + 100} {Y + 190})"}],
        }
    )  # fmt: skip
    rule = replace(numbers_missing.RULE, uses=("place_names",))
    ctx = Context(Run(layers, profiles.load(), TODAY, METRIC), rule, "doorplates")
    spots = gpd.GeoSeries([shapely.Point(X + 100, Y + y) for y in (400, 110, 250)], crs=METRIC)
    found = propose_in_place(spots, "v", with_numbering(ctx, village_order=["near"]))
    assert [one.number for one in found] == ["7", "5", "6"]
    assert all(len(one.alternatives) == 2 for one in found)
