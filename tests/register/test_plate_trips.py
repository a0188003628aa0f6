"""Field trips to doorplates: a good tour, forms that come back in three formats, every row answered for."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from register.cases import plate_trip_forms, plate_trip_import, plate_trips
from register.cases.applying import apply_plan
from register.cases.casebook import all_cases
from register.cases.plate_facts import Choice
from register.cases.plate_trips import Answer, Wanted
from register.cases.tours import tour
from register.people import Person, Role
from register.store import create_register
from rulebook.errors import CallError, SchemaError
from tests.case_files import layers_of

TODAY = "2026-03-20"
INSPECTOR = Person("张勘", Role.INSPECTOR)
PLATE = {"kind": "road", "road_id": "r", "division_code": "330683001001", "status": "in_use"}
SPOTS = {"a": 580020, "b": 580400, "c": 580030, "d": 580410, "e": None}
ROAD = {"id": "r", "name": "官河路", "status": "in_use", "geometry": "LINESTRING (580000 3270000, 580500 3270000)"}


@pytest.fixture
def register(tmp_path):
    made = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", CRS(4549))
    plates = [
        {"id": plate, "number": str(2 * place + 1), **PLATE, "geometry": x and f"POINT ({x} 3270010)"}
        for place, (plate, x) in enumerate(SPOTS.items())
    ]
    for name, frame in layers_of({"roads": [ROAD], "doorplates": plates}).items():
        made.put(name, frame, actor="导入", reason="导入")
    return made


@pytest.fixture
def case(register):
    return plate_trips.plan_trip(register.address, Wanted(Choice(road="r"), any_plate=True), INSPECTOR, today=TODAY)[0]


def imported(register, path, **more):
    return plate_trip_import.import_answers(register, path, INSPECTOR, today=TODAY, **more).as_json("en")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6, unique=True), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_tour_visits_each_spot_once_tells_its_length_and_is_nearly_the_shortest(spots, from_home):
    xy, home = np.array(spots, dtype="float64"), np.array([25.0, 60.0]) if from_home else None
    order, length = tour(xy, home)
    assert sorted(order) == list(range(len(xy)))

    def walked(sequence):
        way = xy[list(sequence)] if home is None else np.vstack([home, xy[list(sequence)], home])
        return float(np.hypot(*np.diff(way, axis=0).T).sum())

    assert length == pytest.approx(walked(order))
    assert length <= 1.3 * min(walked(one) for one in itertools.permutations(range(len(xy)))) + 1e-9


def test_a_tour_undoes_crossings():
    corners = np.array([[0, 0], [100, 100], [100, 0], [0, 100.0]])
    assert tour(corners, np.array([-10.0, 0.0]))[1] == pytest.approx(10 + 100 + 100 + 100 + np.hypot(10, 100))


def test_a_trip_has_its_points_in_a_good_order_and_those_without_a_place_last(case):
    plates = [point["plate"] for point in case.body["points"]]
    assert plates[-1] == "e"
    assert {frozenset(plates[:2]), frozenset(plates[2:4])} == {frozenset("ac"), frozenset("bd")}
    assert case.body["length_m"] == pytest.approx(390, abs=0.1)
    assert case.id == "plate-trip-2026-0001"


def test_only_findings_for_the_field_make_a_trip_and_a_plate_is_on_one_open_trip(register):
    register.put("doorplates", layers_of({"doorplates": [{"id": "far", "number": "9", **PLATE, "geometry": "POINT (580300 3270900)"}]})["doorplates"], actor="x", reason="y")  # fmt: skip
    case, left = plate_trips.plan_trip(register.address, Wanted(rule="DOR304"), INSPECTOR, today=TODAY)
    assert [point["plate"] for point in case.body["points"]] == ["far"]
    assert case.body["points"][0]["reasons"][0]["rule"] == "DOR304"
    assert left == 0
    with pytest.raises(CallError):
        plate_trips.plan_trip(register.address, Wanted(rule="DOR304"), INSPECTOR, today=TODAY)
    with pytest.raises(CallError):
        plate_trips.plan_trip(register.address, Wanted(), Person("读", Role.READER), today=TODAY)


def form(register, case, path):
    plate_trip_forms.write(path, register, case, "zh")
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".geojson", ".gpx"])
def test_a_form_that_was_not_filled_in_changes_nothing_and_loses_nothing(register, case, tmp_path, suffix):
    report = imported(register, form(register, case, tmp_path / f"trip{suffix}"))
    located = 4 if suffix == ".gpx" else 5
    assert (report["read"], report["unanswered"], report["in"], report["refused"]) == (located, located, 0, [])
    assert report["trips"][0]["open"] == [1, 2, 3, 4, 5]


def filled(register, case, path, **answers):
    """A CSV of the form with answers by plate."""
    rows = pd.DataFrame(plate_trip_forms.rows(case, "zh")).astype("object")
    for plate, cells in answers.items():
        for name, value in cells.items():
            rows.loc[rows["plate"] == plate, name] = value
    rows.rename(columns={name: text.zh for name, text in plate_trip_forms.COLUMNS.items()}).to_csv(path, index=False)
    return path


GOOD = {
    "a": {"answer": "与登记一致", "visited_on": "2026/3/19"},
    "b": {"answer": "corrected_number", "number_found": "5-1号", "remarks": "=牌面清楚"},
    "c": {"answer": "位置更正", "lon_found": "120.826", "lat_found": "29.545"},
    "d": {"answer": "未找到门牌"},
    "e": {"answer": "not_reached"},
}


def test_every_answer_comes_in_once_and_the_trip_is_done(register, case, tmp_path):
    path = filled(register, case, tmp_path / "trip.csv", **GOOD)
    first = imported(register, path)
    assert (first["read"], first["in"], first["already_in"], first["refused"]) == (5, 5, 0, [])
    assert first["trips"][0]["state"] == "done"
    revision = register.revision
    again = imported(register, path)
    assert (again["in"], again["already_in"], again["change_ids"]) == (0, 5, [])
    assert register.revision == revision
    assert plate_trips.trip(register, case.id).body["answers"]["a"]["visited_on"] == "2026-03-19"


def test_corrections_wait_in_a_plan_until_the_desk_accepts_them(register, case, tmp_path):
    imported(register, filled(register, case, tmp_path / "trip.csv", **GOOD))
    assert register.layer("doorplates").at["b", "number"] == "3"
    plan = plate_trips.proposals(register, case.id, "zh").set_index("record_id")
    assert plan["field"].to_dict() == {"b": "number", "c": "geometry", "d": "status"}
    assert plan.at["b", "after"] == "5-1"
    assert plan.at["d", "accept"] == "no"
    moved = shapely.from_wkt(plan.at["c", "after"])
    assert 579000 < moved.x < 581000
    accepted = plan.reset_index().assign(accept=lambda rows: rows["accept"].fillna("yes"))
    apply_plan(register, accepted, actor="李敏", reason="踏勘")
    plates = register.layer("doorplates")
    assert plates.at["b", "number"] == "5-1"
    assert plates.at["c", "geometry"].equals(moved)
    assert plates.at["d", "status"] == "in_use"
    assert list(plate_trips.proposals(register, case.id, "zh")["record_id"]) == ["d"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"answer": "好像对"}, "not one of"),
        ({"answer": "corrected_number"}, "needs number_found"),
        ({"answer": "corrected_number", "number_found": "1"}, "as registered"),
        ({"answer": "corrected_number", "number_found": "甲乙"}, "not a doorplate number"),
        ({"answer": "corrected_position"}, "needs lon_found"),
        ({"answer": "corrected_position", "lon_found": "29.5", "lat_found": "120.8"}, "exchanged"),
        ({"answer": "corrected_position", "lon_found": "10", "lat_found": "20"}, "outside the county"),
        ({"answer": "corrected_position", "lon_found": "x", "lat_found": "20"}, "decimal degrees"),
        ({"answer": "confirmed", "lon_found": "120.8"}, "go together"),
        ({"answer": "confirmed", "visited_on": "昨天"}, "no date"),
        ({"answer": "confirmed", "visited_on": "2026-04-01"}, "after today"),
        ({"number_found": "7"}, "answer is empty"),
        ({"answer": "confirmed", "trip": "plate-trip-2020-0001"}, "plate-trip-2020-0001"),
        ({"answer": "confirmed", "no": "77"}, "no point 77"),
        ({"answer": "confirmed", "plate": "zz"}, "no plate zz"),
        ({"answer": "confirmed", "no": "5"}, "not one point"),
    ],
)
def test_a_wrong_row_is_refused_alone_and_says_why(register, case, tmp_path, cells, said):
    path = filled(register, case, tmp_path / "trip.csv", a=cells, b={"answer": "confirmed"})
    report = imported(register, path)
    assert [said in one["reason"] for one in report["refused"]] == [True]
    assert report["refused"][0]["row"] == 2 + [p["plate"] for p in case.body["points"]].index("a")
    assert report["in"] == 1
    assert report["read"] == report["in"] + report["already_in"] + report["unanswered"] + len(report["refused"])


def test_another_answer_is_refused_unless_the_first_could_not_reach_or_it_is_to_replace(register, case, tmp_path):
    imported(
        register, filled(register, case, tmp_path / "1.csv", a={"answer": "not_reached"}, b={"answer": "confirmed"})
    )
    later = filled(register, case, tmp_path / "2.csv", a={"answer": "confirmed"}, b={"answer": "not_found"})
    report = imported(register, later)
    assert report["in"] == 1 and "answered otherwise" in report["refused"][0]["reason"]
    assert imported(register, later, replacing=True)["in"] == 1
    assert plate_trips.trip(register, case.id).body["answers"]["b"]["answer"] == "not_found"


def test_a_point_moved_in_a_geojson_is_its_new_position(register, case, tmp_path):
    path = form(register, case, tmp_path / "trip.geojson")
    page = json.loads(path.read_text(encoding="utf-8"))
    for feature in page["features"][:2]:
        feature["properties"]["answer"] = "corrected_position"
    page["features"][0]["geometry"]["coordinates"][0] += 0.0005
    path.write_text(json.dumps(page), encoding="utf-8")
    report = imported(register, path)
    assert (report["in"], len(report["refused"])) == (1, 1)  # the second was not moved
    assert len(plate_trips.proposals(register, case.id, "en")) == 1


def test_answers_come_back_in_the_comment_of_a_waypoint(register, case, tmp_path):
    path = form(register, case, tmp_path / "trip.gpx")
    text = path.read_text(encoding="utf-8")
    text = text.replace("answer=; number_found=; remarks=", "答复：号码更正; number_found=77; remarks=新牌", 1)
    path.write_text(text, encoding="utf-8")
    report = imported(register, path)
    assert (report["in"], report["unanswered"]) == (1, 3)
    first = case.body["points"][0]["plate"]
    assert plate_trips.trip(register, case.id).body["answers"][first]["number"] == "77"


def test_a_file_of_something_else_is_told(register, case, tmp_path):
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(SchemaError):
        imported(register, tmp_path / "x.csv")


def test_two_people_answer_one_trip_at_once(register, case):
    plates = [point["plate"] for point in case.body["points"]]
    stale = plate_trips.trip(register, case.id)
    plate_trips.take_in(register, case.id, {plates[0]: Answer("confirmed")}, INSPECTOR, today=TODAY)
    with pytest.MonkeyPatch.context() as patch:  # the second reads what was there before, once
        told = iter([stale])
        real = plate_trips.trip
        patch.setattr(plate_trips, "trip", lambda reg, number: next(told, None) or real(reg, number))
        plate_trips.take_in(register, case.id, {plates[1]: Answer("not_found")}, INSPECTOR, today=TODAY)
    assert set(plate_trips.trip(register, case.id).body["answers"]) == set(plates[:2])


def test_the_sheet_shows_the_order_the_length_and_a_sketch(register, case):
    html = plate_trip_forms.paper(register, case).html()
    assert case.id in html and "0.4 公里" in html and "data:image/png;base64," in html and "无坐标" in html
    assert all_cases(register, kind=plate_trips.KIND) == [case]


def test_roads_far_from_the_points_do_not_stop_the_sketch(register, case):
    plain = plate_trip_forms.picture(register, case)
    far = {
        **ROAD,
        "id": "s",
        "geometry": "MULTILINESTRING ((580000 3271100, 580100 3271100), (590000 3290000, 590100 3290000))",
    }
    register.put("roads", layers_of({"roads": [far]})["roads"], actor="x", reason="y")
    assert plate_trip_forms.picture(register, case).startswith(plain[:4])
