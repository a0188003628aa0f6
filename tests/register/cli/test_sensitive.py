"""Exact coordinates of markers show nowhere to those without the right: findings, plans, history, records, map."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from register.cases.review import Review
from register.cases.sensitive import EXACT, Sight
from register.people import Person, Role
from register.profiles import load
from register.store import opened
from rulebook.changes import ChangeSet, edits_frame
from tests.case_files import layers_of

READER = Person("", Role.READER)
ROUNDED = Sight.of(READER, load("national"))
EASTING, NORTHING, LON, LAT = "580412.21", "3274952.92", "120.8300001", "29.5900001"
SECRETS = re.compile(r"580412|3274952|120\.830?0*1|29\.590?0*1|120\.82\d{2}|29\.58\d{2}")


def test_roles_with_the_right_see_what_is_written():
    assert Sight.of(Person("", Role.INSPECTOR), load("national")) == EXACT
    assert EXACT.cell("markers", "easting", EASTING) == EASTING


@given(st.floats(-1e7, 5e7), st.floats(0, 200))
def test_rounding_keeps_within_half_a_step_and_is_the_same_twice(metres, degrees):
    for value, step in ((metres, 500.0), (degrees, 0.005)):
        if (abs(value) <= 360) == (step < 1):
            rounded = ROUNDED.number(value)
            assert abs(rounded - value) <= step / 2 + 1e-6
            assert ROUNDED.number(rounded) == rounded


def test_cells_records_and_sentences_are_rounded():
    assert ROUNDED.cell("markers", "easting", EASTING) == "580500"
    assert ROUNDED.cell("markers", "lon", LON) == "120.83"
    assert ROUNDED.cell("roads", "easting", EASTING) == EASTING
    assert ROUNDED.cell("markers", "geometry", f"POINT ({EASTING} {NORTHING})") == "POINT (580500 3275000)"
    record = json.dumps({"id": "m1", "lon": LON, "description": f"东经120°49′48.2″，{NORTHING}"})
    shown = json.loads(ROUNDED.cell("markers", "*", record))
    assert shown == {"id": "m1", "lon": "120.83", "description": "东经*****，*****"}
    photos = json.dumps([{"name": "a.jpg", "lon": 120.8300001, "lat": 29.5900001}])
    assert "29.5900001" not in ROUNDED.cell("inspections", "photo_facts", photos)


def test_words_that_are_no_coordinates_stay():
    said = "嵊州市330683与诸暨市交界，06810683001Q，2024-05-01，方位227°，距离35.2米"
    assert ROUNDED.sentence(said) == said


def test_frames_keep_their_index_and_other_layers():
    marker = {"id": "m1", "geometry": f"POINT ({EASTING} {NORTHING})", "easting": EASTING, "note": f"见{NORTHING}"}
    frames = layers_of({"markers": [marker]})
    shown = ROUNDED.frame("markers", frames["markers"])
    assert shown.index.equals(frames["markers"].index)
    assert shown["geometry"].iloc[0].equals(shapely.Point(580500, 3275000))
    assert shown["easting"].iloc[0] == 580500
    assert shown["note"].iloc[0] == "见*****"
    assert ROUNDED.frame("roads", frames["roads"]) is frames["roads"]
    assert np.isclose(frames["markers"]["easting"].iloc[0], 580412.21)


@pytest.fixture
def register_path(tmp_path, cli):
    path = tmp_path / "county.gpkg"
    assert cli("init", path).code == 0
    marker = {
        "id": "m1", "number": "06810683001Q", "name": "诸嵊线1号", "line_codes": "L1", "status": "intact",
        "division_codes": "330681000000;330683000000", "easting": EASTING, "northing": NORTHING, "lon": "120.95",
        "lat": LAT, "recorded_crs": "EPSG:4549", "geometry": f"POINT ({EASTING} {NORTHING})",
    }  # fmt: skip
    line = {
        "code": "L1", "name": "诸嵊线", "level": "county", "left_code": "330681000000", "right_code": "330683000000",
        "geometry": "MULTILINESTRING ((570000 3270000, 590000 3281000))",
    }  # fmt: skip
    visit = {"id": "i1", "marker_id": "m1", "inspected_on": "2026-05-01", "condition": "moved", "fix_type": "rtk",
             "geometry": "POINT (580440.21 3274952.92)"}  # fmt: skip
    with opened(path) as register:
        for name, rows in {"boundary_lines": [line], "markers": [marker], "inspections": [visit]}.items():
            register.put(name, layers_of({name: rows})[name], actor="tester", reason=f"导入 {name}")
        moved = [("markers", "m1", "lat", LAT, "29.5911111"), ("markers", "m1", "lat", "29.5911111", LAT)]
        for edit in moved:
            register.apply(ChangeSet(edits_frame([edit]), "tester", f"改正 {LON}"))
    return path


def test_no_output_of_the_commands_tells_a_reader(register_path, cli, tmp_path):
    for words in (
        *(("check", register_path, "--format", form) for form in ("table", "jsonl", "csv", "html")),
        *(("log", register_path, "--format", form) for form in ("table", "json", "jsonl", "csv")),
        ("log", register_path, "--record", "markers:m1", "--format", "jsonl"),
    ):
        told = cli(*words)
        assert told.code in (0, 1), told.err
        hidden = cli(*words, "--role", "reader")
        assert not SECRETS.search(hidden.out + hidden.err), words
    assert SECRETS.search(cli("log", register_path, "--format", "jsonl").out)
    assert SECRETS.search(cli("check", register_path, "--format", "csv").out)


def test_the_plan_for_a_reader_has_no_repair_of_places(register_path, cli, tmp_path):
    plan = tmp_path / "plan.csv"
    cli("check", register_path, "--plan", plan, "--role", "reader")
    assert not SECRETS.search(plan.read_text("utf-8-sig"))


def test_an_unknown_role_is_told(register_path, cli):
    told = cli("log", register_path, "--role", "king")
    assert told.code == 2
    assert "king" in told.err


def test_the_desk_shows_a_reader_rounded_places_everywhere(register_path):
    review = Review(str(register_path), "2026-06-01")
    reader = review.seen_by(READER)
    seen = [
        reader.findings()[0], reader.log(), reader.record("markers", "m1"), reader.record("inspections", "i1"),
        reader.layer_geojson("markers"), reader.layer_geojson("inspections"), reader.extent(),
        *[reader.finding(one["fingerprint"]) for one in reader.findings()[0]],
    ]  # fmt: skip
    assert not SECRETS.search(json.dumps(seen, ensure_ascii=False))
    assert SECRETS.search(json.dumps(review.findings()[0]))
    codes = {one["rule"] for one in review.findings()[0]}
    assert "MRK303" in codes
    assert [one["fingerprint"] for one in reader.findings()[0]] == [one["fingerprint"] for one in review.findings()[0]]


def test_a_small_box_does_not_find_the_place(register_path):
    reader = Review(str(register_path), "2026-06-01").seen_by(READER)
    x, y = Review(str(register_path), "2026-06-01").layer_geojson("markers")["features"][0]["geometry"]["coordinates"]
    around = (x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4)
    assert reader.layer_geojson("markers", around)["features"] == []
    assert not [one for one in reader.findings(bbox=around)[0] if one["layer"] in ("markers", "inspections")]


def test_the_log_of_other_layers_is_left_alone():
    rows = pd.DataFrame(
        {"layer": ["roads"], "field": ["geometry"], "before": [None], "after": ["POINT (1 2)"], "reason": ["改线"]}
    )
    assert ROUNDED.log(rows).equals(rows)
