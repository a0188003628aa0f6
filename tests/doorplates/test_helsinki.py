"""Inference on real house numbers: streets and addresses of OpenStreetMap in the middle of Helsinki (© OpenStreetMap
contributors, ODbL; not part of this project). The file is named by DIMING_HELSINKI; without it the test is skipped.

Streets are drawn there in many pieces, in any order and direction, carriageways apart. The city numbers every street by
one rule, so what is inferred street by street has to come out the same: the side of the odd numbers as one walks
with the rising numbers.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from doorplates.practice import practice
from doorplates.rules import numbers_missing
from register import profiles
from register.dictionary import DICTIONARY
from rulebook.context import Context, Run

CITY_CRS = CRS("EPSG:3879")
FILE = os.environ.get("DIMING_HELSINKI", "")
pytestmark = pytest.mark.skipif(not Path(FILE).is_file(), reason="DIMING_HELSINKI names no file")


@cache
def city() -> pd.DataFrame:
    """Practice of every street that has addresses."""
    plates = gpd.read_file(FILE, layer="address").to_crs(CITY_CRS)
    ways = gpd.read_file(FILE, layer="road").to_crs(CITY_CRS)
    ways = ways[ways["name"].isin(plates["street"])]
    streets = ways.groupby("name")["geometry"].agg(lambda parts: shapely.multilinestrings(list(parts)))
    plates = plates[plates["street"].isin(streets.index)].reset_index(drop=True)
    number = plates["house_no"].str.extract(r"^(\d+)", expand=False)
    roads = gpd.GeoDataFrame(
        {"id": streets.index, "name": streets.index, "status": "in_use"},
        geometry=gpd.GeoSeries(streets.to_numpy(), crs=CITY_CRS),
    )
    records = gpd.GeoDataFrame(
        {
            "id": [f"p{n}" for n in plates.index], "kind": "road", "road_id": plates["street"], "number": number,
            "division_code": "1", "status": "in_use",
        },
        geometry=gpd.GeoSeries(plates.geometry.to_numpy(), crs=CITY_CRS),
    )  # fmt: skip
    layers = {"roads": DICTIONARY["roads"].conform(roads), "doorplates": DICTIONARY["doorplates"].conform(records)}
    ctx = Context(Run(layers, profiles.load(), "2026-11-24", CITY_CRS), numbers_missing.RULE, "doorplates")
    return practice(ctx)


def test_the_side_of_odd_numbers_is_the_same_all_over_the_city() -> None:
    told = city()
    sure = told[told["source"].eq("plates") & told["starts"].isin(["start", "end"])]
    assert len(sure) >= 25
    walking = sure["numbering"].eq("odd_left") == sure["starts"].eq("start")
    assert walking.value_counts(normalize=True).max() >= 0.95


def test_most_plates_speak_for_the_practice_of_their_street() -> None:
    told = city()
    sure = told[told["source"].eq("plates")]
    assert sure["against"].dropna().map(len).sum() / sure["plates"].sum() <= 0.08
