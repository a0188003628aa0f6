"""Names reserved for planned roads and areas: used, released, counted, proposed from themes."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from register.cases import naming_plan
from register.cases.applications import Application, open_application
from register.cases.casebook import case_numbered
from register.cases.naming_plan import Reservation, coverage, proposals, release, reserve, use
from register.dictionary import DICTIONARY
from register.store import open_register
from rulebook.errors import CallError
from tests.register.test_applications import CLERK, FACTS, HEAD, OFFICER, quick, walked  # noqa: F401 - a fixture
from tests.web import little_county
from tests.web.little_county import SOUTH, WEST

PLANNED = [
    {"id": "N1", "name": "规划一路（暂名）", "status": "planned", "division_code": "330683001000"},
    {"id": "N2", "name": "映山路", "status": "planned", "division_code": "330683001000"},
]
LINES = [
    shapely.LineString([(WEST + 5000, SOUTH + 2500), (WEST + 6000, SOUTH + 2500)]),
    shapely.LineString([(WEST + 5000, SOUTH + 3000), (WEST + 8000, SOUTH + 3000)]),
]


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    path = little_county.build(tmp_path_factory.mktemp("county") / "county.gpkg")
    register = open_register(path)
    roads = gpd.GeoDataFrame(
        pd.DataFrame(PLANNED), geometry=[shapely.MultiLineString([one]) for one in LINES], crs=4549
    )
    area = gpd.GeoDataFrame(
        [{"id": "A1", "kind": "development_zone", "name": "新区"}],
        geometry=[shapely.MultiPolygon([shapely.box(WEST + 4500, SOUTH + 2000, WEST + 7500, SOUTH + 3500)])],
        crs=4549,
    )
    for name, frame in (("roads", roads), ("areas", area)):
        register.put(name, DICTIONARY[name].conform(frame), actor="导入", reason="规划")
    register.close()
    return path


@pytest.fixture
def register(planned, tmp_path):
    path = tmp_path / "county.gpkg"
    path.write_bytes(planned.read_bytes())
    found = open_register(path)
    yield found
    found.close()


def test_a_reserved_name_stands_in_the_plan_and_goes_back_as_it_was(register, quick):  # noqa: F811
    case = reserve(register, Reservation("锦绣路", "road", "roads:N1"), OFFICER, today="2026-03-02")
    road = register.layer("roads").loc["N1"]
    assert (road["name"], road["status"], case.records) == ("锦绣路", "planned", ("roads:N1",))
    with pytest.raises(CallError, match=case.id):
        reserve(register, Reservation("文昌路", "road", "roads:N1"), OFFICER, today="2026-03-02")
    with pytest.raises(CallError, match="reason"):
        release(register, case.id, OFFICER, reason="")
    assert release(register, case.id, OFFICER, reason="规划调整", today="2026-03-03").state == "released"
    assert register.layer("roads").at["N1", "name"] == "规划一路（暂名）"
    assert pd.isna(register.layer("roads").at["N1", "pinyin"])
    with pytest.raises(CallError, match="stands"):
        release(register, case.id, OFFICER, reason="again")


def test_a_name_for_an_area_is_a_planned_record_of_its_own(register, quick):  # noqa: F811
    case = reserve(register, Reservation("文昌路", "road", "areas:A1"), OFFICER, today="2026-03-02")
    made = register.layer("roads").loc[case.records[0].partition(":")[2]]
    assert (made["name"], made["status"], made["division_code"]) == ("文昌路", "planned", "330683001000")
    release(register, case.id, OFFICER, reason="不用", today="2026-03-05")
    assert register.layer("roads").at[made["id"], "valid_to"] == "2026-03-05"


def test_a_naming_case_uses_the_reserved_name_of_its_place(register, quick):  # noqa: F811
    reserved = reserve(register, Reservation("锦绣路", "road", "roads:N1"), OFFICER, today="2026-03-02")
    wanted = Application("naming", "road", ("锦绣路",), geometry=LINES[0], facts=FACTS)
    case = walked(register, open_application(register, wanted, CLERK, today="2026-03-02"), "approved")
    assert case.records == ("roads:N1",)
    road = register.layer("roads").loc["N1"]
    assert (road["name"], road["status"], road["place_code"]) == ("锦绣路", "approved", "33068300123500000001")
    used = case_numbered(register, reserved.id)
    assert (used.state, used.body["used_by"], used.closed_on) == ("used", case.id, "2026-03-15")


def test_the_planned_record_elsewhere_is_not_taken_over(register, quick):  # noqa: F811
    far = shapely.affinity.translate(LINES[1], yoff=-2500)
    wanted = Application("naming", "road", ("映山路",), geometry=far, facts=FACTS)
    assert open_application(register, wanted, OFFICER, today="2026-03-02").records == ()


def test_a_name_approved_elsewhere_is_put_to_use(register, quick):  # noqa: F811
    case = reserve(register, Reservation("锦绣路", "road", "roads:N1"), OFFICER, today="2026-03-02")
    with pytest.raises(CallError, match="may not"):
        use(register, case.id, OFFICER, approval_no="x", approved_on="2026-03-04", today="2026-03-05")
    use(register, case.id, HEAD, approval_no="嵊政函〔2026〕5号", approved_on="2026-03-04", today="2026-03-05")
    road = register.layer("roads").loc["N1"]
    assert (road["status"], road["approved_on"], road["approval_no"]) == ("approved", "2026-03-04", "嵊政函〔2026〕5号")


def test_what_cannot_be_reserved_is_told(register, quick):  # noqa: F811
    for wanted, word in (
        (Reservation("大世界路", "road", "roads:N1"), "fails the pre-test"),
        (Reservation("锦绣路", "road", "roads:R1"), "not a planned record"),
        (Reservation("锦绣路", "road", "roads:N9"), "N9"),
        (Reservation("锦绣路", "road", "areas:A9"), "A9"),
        (Reservation("锦绣路", "road", "doorplates:D1"), "doorplates:D1"),
        (Reservation("锦绣路", "road"), "planned road, the area or the place"),
    ):
        with pytest.raises(CallError, match=word):
            reserve(register, wanted, OFFICER, today="2026-03-02")
    with pytest.raises(CallError, match="may not"):
        reserve(register, Reservation("锦绣路", "road", "roads:N1"), CLERK)


def test_coverage_counts_planned_roads_with_names(register, quick):  # noqa: F811
    found = coverage(register)
    assert (found["planned"], found["named"], found["reserved"], found["share"]) == (2, 1, 0, 0.5)
    assert (found["km"], found["named_km"]) == (4.0, 3.0)
    assert [one["id"] for one in found["unnamed"]] == ["N1"]
    reserve(register, Reservation("锦绣路", "road", "roads:N1"), OFFICER, today="2026-03-02")
    found = coverage(register)
    assert (found["named"], found["reserved"], found["unnamed"]) == (2, 1, [])


def test_coverage_of_a_register_without_planned_roads(tmp_path):
    register = open_register(little_county.build(tmp_path / "county.gpkg"))
    assert coverage(register)["share"] is None
    register.close()


def test_themes_give_free_names_that_pass(register, monkeypatch):
    verdicts = {"锦绣路": "pass", "大同路": "warn", "文昌路": "pass", "春晖路": "pass"}

    def pretest(proposal, register, *, lang, today):
        return type("Outcome", (), {"verdict": verdicts[proposal.name], "pinyin": "X Lù"})

    monkeypatch.setattr(naming_plan.pretest, "pretest", pretest)
    themes = pd.DataFrame(
        {"specific": ["锦绣", "滨江", "映山", "大同", None, "文昌", "锦绣", "春晖"], "theme": "文化"}, dtype="str"
    )
    found = proposals(register, themes, "road", generic="路")
    assert [one["name"] for one in found] == ["锦绣路", "文昌路", "春晖路"]  # 滨江 is in use, 映山 is planned
    assert found[0] == {"name": "锦绣路", "pinyin": "X Lù", "meaning": None, "theme": "文化"}
    assert [one["name"] for one in proposals(register, themes, "road", generic="路", limit=1)] == ["锦绣路"]
