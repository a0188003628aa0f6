"""The sample county: drawn up the same every time, as committed, and without a fault but those planted."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from pyproj import CRS

from register import catalogue, profiles
from register.cases.demo import SAMPLE
from register.dictionary import DICTIONARY
from register.exchange.reading import read
from rulebook import engine
from tools.sample_county import county, faults, files, words

TABLES = ("divisions.gpkg", "areas.kml", "roads.shp", "place_names.geojson", "doorplates.xlsx", "doorplates_huangze.csv",
          "addresses.csv", "markers.csv", "marker_witnesses.csv", "inspections.geojson", "cases.csv", "expected.csv")  # fmt: skip
LIMIT_BYTES = 1_500_000


@pytest.fixture(scope="module")
def clean() -> dict[str, pd.DataFrame]:
    return county.build()


@pytest.fixture(scope="module")
def written(clean: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    files.write(folder, *faults.plant(clean))
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_the_generator_writes_what_is_committed(written: Path, name: str) -> None:
    again, committed = read(written / name), read(SAMPLE / name)
    assert [source.name for source in again] == [source.name for source in committed]
    for new, old in zip(again, committed, strict=True):
        assert_frame_equal(new.table, old.table)
        if old.geometry is not None:
            assert shapely.equals_exact(new.geometry, old.geometry, 1e-6).all()


def test_the_truncated_file_is_the_beginning_of_the_whole_one() -> None:
    whole, part = (SAMPLE / "doorplates.xlsx").read_bytes(), (SAMPLE / "doorplates_truncated.xlsx").read_bytes()
    assert 0 < len(part) < len(whole)
    assert whole.startswith(part)


def test_the_sample_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < LIMIT_BYTES


def test_the_county_without_planted_faults_has_no_finding(clean: dict[str, pd.DataFrame]) -> None:
    layers = {
        name: layer.conform(clean[name]) if name in clean else layer.empty(county.CRS)
        for name, layer in DICTIONARY.items()
    }
    report = engine.run(
        catalogue.RULES, layers, profiles.load(), today=county.TODAY, crs=CRS.from_user_input(county.CRS)
    )
    assert [(crash.rule.code, crash.error) for crash in report.crashes] == []
    assert [(finding.rule.code, finding.layer, finding.record_id, finding.message.zh) for finding in report] == []


def test_every_rule_of_the_catalogue_has_a_planted_fault() -> None:
    planted = set(pd.read_csv(SAMPLE / "expected.csv", dtype="str")["rule"])
    assert set(catalogue.BY_CODE) - planted == set()


def test_villages_share_every_vertex_of_their_edges(clean: dict[str, pd.DataFrame]) -> None:
    divisions = gpd.GeoDataFrame(clean["divisions"])
    current = divisions[divisions["valid_to"].isna()]
    for level in ("village", "township"):
        shapes = current.loc[current["level"].eq(level)].geometry.array
        assert shapely.coverage_is_valid(shapes)
        assert shapely.equals_exact(
            shapely.normalize(shapely.coverage_union_all(shapes)),
            shapely.normalize(divisions.geometry.iloc[0].geoms[0]),
            tolerance=0,
        )


def test_lines_run_on_the_outline_with_the_county_on_their_declared_side(clean: dict[str, pd.DataFrame]) -> None:
    outline = gpd.GeoDataFrame(clean["divisions"]).geometry.iloc[0]
    lines = gpd.GeoDataFrame(clean["boundary_lines"])
    assert shapely.equals(shapely.line_merge(shapely.union_all(lines.geometry.array)), outline.geoms[0].exterior)
    for line, right in zip(lines.geometry, lines["right_code"], strict=True):
        inside = shapely.buffer(line, -0.5, single_sided=True)
        assert outline.intersection(inside).area > 0.99 * inside.area
        assert right == "330683000000"


def bare(syllables: str) -> str:
    """Sound without tones and without what the accent does not tell apart."""
    letters = unicodedata.normalize("NFD", syllables.replace(" ", ""))
    sound = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "f"), ("h", "f")):
        sound = sound.replace(one, other)
    return sound


@pytest.mark.parametrize("listed", ["villages", "natural_villages", "roads", "places"])
def test_no_two_names_of_a_list_sound_alike(listed: str) -> None:
    rows = [row for row in words.read(listed) if row.get("kind") not in ("facility", "park_reserve", "natural")]
    names = [(row.get("name") or row["specific"], bare(row["syllables"])) for row in rows]
    alike = [(one, two) for (one, first), (two, second) in itertools.combinations(names, 2) if first == second]
    assert alike == []
