"""The pages on doorplates: roads, the strip of one, a number for a place, reserving it, and taking it back."""

import re

import pytest

from register.people import Role
from register.store import opened
from tests.web import little_county
from web import create_app
from web.config import SiteConfig
from web.strip import layout


@pytest.fixture
def place(register_path):
    """Degrees of a place beside the road, past the last number."""
    import geopandas as gpd
    import shapely

    point = shapely.Point(little_county.WEST + 4500 + 300, little_county.SOUTH + 1030)
    degrees = gpd.GeoSeries([point], crs="EPSG:4549").to_crs("EPSG:4490")[0]
    return f"{degrees.x:.7f},{degrees.y:.7f}"


def test_the_list_names_roads_and_their_practice(client):
    page = client.get("/plates").text
    assert "滨江路" in page
    assert "左单右双" in page
    assert little_county.HOSTILE not in page
    assert "滨江路" not in client.get("/plates?text=没有").text
    assert "odd left" in client.get("/plates?lang=en").text


def test_a_road_shows_its_plates_in_their_place(client):
    page = client.get("/plates?road=R1").text
    assert re.findall(r'data-plate="(D\d)"', page) == ["D1", "D3", "D5"]
    shapes = client.get("/api/plates?road=R1").json
    assert [plate["number"] for plate in shapes["plates"]] == ["1", "3", "5"]
    assert all(
        abs(a - b) < 0.001 for plate in shapes["plates"] for a, b in zip(plate["point"], plate["foot"], strict=True)
    )
    assert little_county.OWNER not in page


@pytest.mark.parametrize("address", ["/plates?road=none", "/api/plates?road=none", "/plates/strip?road=none"])
def test_a_road_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_a_number_is_proposed_without_scripts(client, place):
    page = client.get(f"/plates?road=R1&at={place}").text
    numbers = re.findall(r'name="number" value="([^"]+)"', page)
    assert len(numbers) == 3
    assert all(int(one) % 2 == 1 and int(one) > 5 for one in numbers[:1])
    assert client.get("/plates/proposal?road=R1&at=here").status_code == 400


def test_a_reserved_number_is_refused_to_the_next_and_can_be_taken_back(client, send, place, register_path):
    (number, *_) = re.findall(r'name="number" value="([^"]+)"', client.get(f"/plates/proposal?road=R1&at={place}").text)
    outcome = send("/plates/reserve", road="R1", at=place, number=number).json
    assert outcome["number"] == number
    with opened(register_path) as register:
        made = register.layer("doorplates").loc[outcome["id"]]
        assert (made["status"], made["number"]) == ("reserved", number)
        assert register.history(change_id=outcome["change_id"])["actor"].tolist() == ["李敏"]
    second = send("/plates/reserve", road="R1", at=place, number=number)
    assert second.status_code == 400
    assert number in second.json["error"]
    assert number in re.findall(r"<text[^>]*>([^<]+)</text>", client.get("/plates/strip?road=R1").text)
    assert send(f"/changes/{outcome['change_id']}/undo").status_code == 200
    assert outcome["id"] not in client.get("/plates/strip?road=R1").text


def test_a_plain_form_goes_back_to_the_road(client, place):
    page = client.get(f"/plates?road=R1&at={place}").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    fields["number"] = re.findall(r'name="number" value="([^"]+)"', page)[0]
    answer = client.post("/plates/reserve", data=fields)
    assert answer.status_code == 302
    assert "road=R1" in answer.location


def test_a_reader_may_look_but_not_reserve(register_path, place):
    app = create_app(register_path, config=SiteConfig(actor="李敏", role=Role.READER), today=little_county.TODAY)
    client = app.test_client()
    page = client.get(f"/plates?road=R1&at={place}").text
    assert 'class="primary"' not in page
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    answer = client.post("/plates/reserve", data={"csrf": token, "road": "R1", "at": place, "number": "7"})
    assert answer.status_code == 400


def test_numbers_on_the_strip_do_not_cover_each_other():
    plates = [{"number": str(100 + n), "side": 1, "position_m": 4.0 * n} for n in range(60)]
    drawn = layout(plates, 240.0)
    boxes = [(one["x"] - one["wide"], one["x"] + one["wide"], one["y"]) for one in drawn["marks"]]
    assert not any(a < d and c < b and y == z for n, (a, b, y) in enumerate(boxes) for c, d, z in boxes[n + 1 :])
    assert all(a >= 0 and b <= drawn["width"] for a, b, _ in boxes)
    assert layout([], 0.0)["marks"] == []


def test_only_the_stretch_with_plates_is_drawn_of_a_long_road():
    drawn = layout([{"number": str(n), "side": 1, "position_m": 500.0 + 20 * n} for n in range(9)], 3000.0)
    assert (drawn["from_start"], drawn["to_end"]) == (False, False)
    assert min(one["metres"] for one in drawn["ticks"]) >= 440
    assert layout([{"number": "1", "side": 1, "position_m": 20.0}], 60.0)["to_end"]


@pytest.fixture
def broken(register_path):
    """The road R1 with a stored convention and number 9 before 3 and 5."""
    from rulebook.changes import ChangeSet, edits_frame

    edits = [("doorplates", "D1", "number", "1", "9"), ("roads", "R1", "numbering", None, "odd_left")]
    with opened(register_path) as register:
        register.apply(ChangeSet(edits_frame(edits), "试验", "乱序"))


def test_a_renumbering_is_announced_applied_and_taken_back(client, send, register_path, broken):
    page = client.get("/plates/renumber?road=R1&start=2026-08-01").text
    assert "滨江路9号" in page
    assert "2026-08-01" in page
    assert send("/plates/renumber/announce", road="R1", stages="1", start="2026-08-01").status_code == 302
    page = client.get("/plates/renumber?road=R1").text
    assert "renumbering-2026-0001" in page
    notices = client.get("/plates/renumber/notices.csv?case=renumbering-2026-0001")
    assert "滨江路9号" in notices.data.decode("utf-8-sig")
    answer = send("/plates/renumber/apply", case="renumbering-2026-0001", stage="1")
    assert "/history" in answer.location
    with opened(register_path) as register:
        plates = register.layer("doorplates")
        assert plates.at["D1", "number"] == "1"
        assert plates.at["D1", "old_address"] == "滨江路9号"
        change = register.revision
    assert send("/plates/renumber/apply", case="renumbering-2026-0001", stage="1").status_code == 400
    assert send(f"/changes/{change}/undo").status_code == 200
    with opened(register_path) as register:
        assert register.layer("doorplates").at["D1", "number"] == "9"


@pytest.mark.parametrize("asked", ["road=none", "road=R1&stages=0", "road=R1&start=soon"])
def test_a_wrong_renumbering_is_one_sentence(client, asked):
    assert client.get(f"/plates/renumber?{asked}").status_code in {400, 404}


def test_a_road_in_order_has_nothing_to_renumber(client):
    assert "没有需要改号的门牌" in client.get("/plates/renumber?road=R1").text
