"""``diming plate`` from the words of a call to what is printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from register.store import opened
from tests.case_files import METRIC, layers_of
from tests.register.cli.conftest import Outcome

Cli = Callable[..., Outcome]
KEYS = {"text", "legal", "main", "sub", "kind", "range_to", "building", "unit", "room", "canonical", "question"}
LINE = "LINESTRING (580000 3270000, 580500 3270000)"


@pytest.fixture
def street(tmp_path: Path, cli: Cli) -> Path:
    """A register with one road and its plates, one of them out of order."""
    path = tmp_path / "county.gpkg"
    assert cli("init", path).code == 0
    numbers = ["1", "3", "45", "7", "9"]
    plates = [
        {"id": f"p{place}", "number": number, "road_id": "r", "geometry": f"POINT ({580010 + 20 * place} 3270010)"}
        for place, number in enumerate(numbers)
    ]
    records = {
        "roads": [{"id": "r", "name": "剡溪路", "status": "in_use", "numbering": "odd_left", "geometry": LINE}],
        "doorplates": [
            {"kind": "road", "division_code": "330683100201", "status": "in_use", **plate} for plate in plates
        ],
    }
    with opened(path) as register:
        for name in records:
            register.put(name, layers_of(records)[name], actor="tester", reason="first import")
    return path


def test_parse_tells_all_keys_of_each_text(cli: Cli) -> None:
    first, second, third = cli("plate", "parse", "12号附3", "27-29", "497路", "--format", "json").json
    assert set(first) == KEYS
    assert (first["legal"], first["main"], first["sub"], first["canonical"]) == (True, 12, 3, "12-3")
    assert second["legal"] is None
    assert "附号" in second["question"]
    assert third["legal"] is False


def test_parse_asks_in_english(cli: Cli) -> None:
    assert "sub-number" in cli("plate", "parse", "27-29", "--lang", "en").out


def test_propose_at_a_place(street: Path, cli: Cli) -> None:
    point = gpd.GeoSeries([shapely.Point(580112, 3270010)], crs=METRIC).to_crs("EPSG:4490")[0]
    outcome = cli("plate", "propose", street, "--road", "r", "--at", f"{point.x},{point.y}", "--format", "json")
    assert outcome.code == 0
    (row,) = outcome.json
    assert set(row) == {"point", "number", "side", "reason", "alternatives"}
    assert (row["number"], row["side"]) == ("11", "left")
    assert row["point"] == pytest.approx([point.x, point.y], abs=1e-6)


def test_propose_for_the_points_of_files(street: Path, tmp_path: Path, cli: Cli) -> None:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([580140, 580125], [3270010, 3269990]), crs=METRIC)
    degrees = points.to_crs("EPSG:4490").geometry
    points.to_file(tmp_path / "new.gpkg", layer="new")
    table = "\n".join(["lon,lat", *(f"{point.x:.9f},{point.y:.9f}" for point in degrees)])
    (tmp_path / "new.csv").write_text(table, encoding="utf-8")
    for name in ("new.gpkg", "new.csv"):
        outcome = cli("plate", "propose", street, "--road", "r", "--points", tmp_path / name, "--format", "json")
        assert [row["number"] for row in outcome.json] == ["13", "14"], name


@pytest.mark.parametrize(
    "words",
    [
        ["--road", "nowhere", "--at", "120.8,29.5"],
        ["--road", "r", "--at", "here"],
        ["--road", "r"],
        ["--road", "r", "--points", "missing.gpkg"],
    ],
)
def test_a_wrong_call_is_one_sentence(street: Path, cli: Cli, words: list[str]) -> None:
    outcome = cli("plate", "propose", street, *words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert len(outcome.err.strip().splitlines()) == 1


def test_renumber_writes_a_plan_that_can_be_applied(street: Path, tmp_path: Path, cli: Cli) -> None:
    plan = tmp_path / "plan.csv"
    assert cli("plate", "renumber", street, "--road", "r", "--out", plan).code == 0
    text = plan.read_text(encoding="utf-8-sig")
    plan.write_text(text.replace(",doorplates,p2,number,", "yes,doorplates,p2,number,").replace(",yesyes,", ",yes,"))
    applied = json.loads(cli("apply", street, plan, "--actor", "clerk", "--reason", "renumbered").out)
    assert applied["applied"] == 1
    with opened(street) as register:
        assert register.layer("doorplates").at["p2", "number"] == "5"
    assert "DOR302" not in cli("check", street, "--format", "jsonl").out.rpartition('"not_run"')[0]
