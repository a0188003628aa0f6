"""Numbers for new buildings and renumbering, on roads where the right answer is plain."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely

from doorplates.allocation import Proposal, propose, sub_number
from doorplates.grammar import parse
from doorplates.renumbering import renumber
from doorplates.rules import numbers_missing
from register import profiles
from rulebook.context import Context, Run
from tests.case_files import METRIC, TODAY, layers_of

X, Y = 580000, 3270000


def context(plates: list[tuple[str, int, int]], status: str = "in_use", **road: Any) -> Context:
    """A road of 500 m running east, odd numbers on the left (north), and plates (number, metres, side)."""
    records = {
        "roads": [
            {"id": "r", "name": "剡溪路", "status": "in_use", "numbering": "odd_left",
             "geometry": f"LINESTRING ({X} {Y}, {X + 500} {Y})", **road}
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
        (ODD, (100, -10), "2", "right"),                       # the first on the other side
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
    assert set(one.alternatives) == {"9", "13", "7"}


def test_several_buildings_get_rising_numbers_none_twice() -> None:
    found = ask(context(ODD), (120, 10), (60, 10), (90, 10), (100, -10))
    assert [one.number for one in found] == ["11", "7", "9", "2"]


@pytest.mark.parametrize("status", ["reserved", "cancelled"])
def test_reserved_and_cancelled_numbers_are_not_given_out(status: str) -> None:
    (one,) = ask(
        context([("1", 10, 1), ("3", 30, 1)], status=status),
        (300, -10),
    )
    assert one.number == "2"
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
