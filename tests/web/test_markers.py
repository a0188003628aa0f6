"""Pages of lines and markers: what they show, handing in, and that no page tells a reader an exact place."""

import io
import json
import re
import zipfile
from urllib.parse import quote

import pytest

from register.cases.inspections import take_in
from register.store import opened
from rulebook.changes import ChangeSet, edits_frame
from tests.register import field_county
from tests.register.cli.test_markers import as_package, visit
from tests.register.field_county import lon_lat, picture
from web import create_app
from web.config import SiteConfig

EXACT = re.compile(
    "|".join(
        [
            r"58\d412",
            "3274952",
            *(re.escape(f"{degrees:.5f}") for one in field_county.PLACES for degrees in lon_lat(one)),
        ]
    )
)
READER_MAY_SEE = "581500"


@pytest.fixture
def reg(tmp_path):
    path = field_county.build(tmp_path / "county.gpkg")
    rows = [
        visit("m1", photos="a.jpg", lon=lon_lat("m1", 30)[0]),
        visit("m2", condition="damaged", note="桩身断裂，位于 581412.21, 3274952.92"),
        visit("m3", condition="not_found"),
    ]
    package = as_package(tmp_path / "field.zip", rows, {"a.jpg": picture(place=lon_lat("m1", 30))})
    with opened(path) as register:
        take_in(register, package, actor="张三", today=field_county.TODAY)
        edit = ("markers", "m1", "easting", "581412.21", "581412.99")
        register.apply(ChangeSet(edits_frame([edit]), "张三", "改正 581412.21"))
    return path


def client_of(reg, role="administrator"):
    config = SiteConfig(actor="李敏", role=role)
    return create_app(reg, config=config, today=field_county.TODAY).test_client()


@pytest.fixture
def client(reg):
    return client_of(reg)


def post(client, address, **form):
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/lines").text)[1]
    return client.post(address, data={"csrf": token, **form})


def test_lines_are_listed_with_what_is_due(client):
    text = client.get("/lines").text
    assert "诸嵊线" in text
    assert "已逾期" in text and "2025-06-30" in text
    assert "其后已查 2 / 5 颗，未找到 1" in text


def test_stones_stand_in_their_order_with_distances_and_states(client):
    text = client.get("/lines/L1").text
    places = [
        text.index(f">{name}</a>") for name in ("柯诸嵊三交点", "诸嵊线1号", "诸嵊线2号", "诸嵊线3号", "诸嵊线4号")
    ]
    assert places == sorted(places)
    assert text.count("1,000 m") == 4
    for state, word in (("damaged", "损坏"), ("not_found", "未找到")):
        assert f"stones.svg#{state}" in text and word in text
    assert client.get("/lines/L9").status_code == 404


def test_a_marker_shows_neighbours_visits_photographs_findings_and_history(client):
    text = client.get("/markers/m1").text
    for word in (
        "诸嵊线1号",
        "柯诸嵊三交点",
        "诸嵊线2号",
        "石桥",
        "第五轮",
        "2026-05-01 09:30:00",
        "2025-06-30",
        "改正",
    ):
        assert word in text, word
    assert "/records/" not in text.split("检查记录")[0]
    assert client.get("/markers/m9").status_code == 404


def test_photographs_are_shown_without_what_the_camera_wrote(client):
    address = re.search(r'src="(/markers/photos/[^"]+)"', client.get("/markers/m1").text)[1]
    answer = client.get(address)
    assert answer.mimetype == "image/jpeg"
    assert b"Exif" not in answer.data
    assert client.get(f"/markers/photos/{'0' * 64}.jpg").status_code == 404


@pytest.mark.parametrize("paper", ["record", "report"])
def test_papers_of_a_line_print_and_save(client, paper):
    assert "第五轮" in client.get(f"/lines/L1/{paper}.html").text
    assert client.get(f"/lines/L1/{paper}.docx").data.startswith(b"PK")
    assert client.get(f"/lines/L1/{paper}.html?round={quote('第九轮')}").status_code == 400


def test_handing_in_on_the_site_reports_and_counts_once(client, reg, tmp_path):
    lon, lat = lon_lat("m4", 450)
    rows = [visit("m4"), visit("m9", lon=lon, lat=lat)]
    package = as_package(tmp_path / "more.zip", rows).read_bytes()
    for word in ("收入 1", "已在库中 1"):
        text = post(client, "/lines/hand-in", file=(io.BytesIO(package), "more.zip")).text
        assert word in text
        assert "拒绝 1" in text and "m9" in text
    assert post(client, "/lines/hand-in", file=(io.BytesIO(b"no zip"), "bad.zip")).status_code == 400
    assert post(client, "/lines/hand-in").status_code == 400


def test_a_large_package_is_let_in_but_no_other_large_form(client):
    client.application.config["MAX_CONTENT_LENGTH"] = 20_000
    big = b"x" * 100_000
    assert post(client, "/lines/hand-in", file=(io.BytesIO(big), "big.zip")).status_code == 400
    assert post(client, "/lines/L1/trip", file=(io.BytesIO(big), "big.zip")).status_code == 413


def test_a_trip_is_opened_and_its_package_answered(client):
    answer = post(client, "/lines/L1/trip", round="第六轮", marker=["m1", "m2"])
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        trip = json.loads(re.search(r'id="trip">(.*?)</script>', archive.read("form.html").decode(), re.S)[1])
    assert [one["id"] for one in trip["stones"]] == ["m1", "m2"]
    assert "inspection-2026-0001" in client.get("/lines").text


def addresses(client):
    """Every page, paper and answer that can show a marker."""
    findings = [one["fingerprint"] for one in client.application.extensions["review"].findings()[0]]
    box = "120.0,29.0,121.5,30.5"
    photo = re.search(r'src="(/markers/photos/[^"]+)"', client.get("/markers/m1").text)[1]
    return [
        "/", "/?view=list", "/map.js", "/lines", "/lines/L1", "/history", "/api/findings", photo, "/records/boundary_lines/L1",
        *(f"/api/layers/{layer}?bbox={box}&zoom=16" for layer in ("markers", "inspections")),
        *(f"/lines/L1/{paper}.html" for paper in ("record", "report")),
        *(f"{part}/{one}" for one in field_county.PLACES for part in ("/markers", "/records/markers", "/markers/form.html")),
        *(f"/history?change={number}" for number in range(1, 6)),
        *(f"/findings/{one}{part}" for one in findings for part in ("", "/part")),
        *(f"/api/findings/{one}" for one in findings),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["reader", "clerk"])
def test_no_page_tells_exact_places_to_who_lacks_the_right(reg, role):
    client, told = client_of(reg, role), []
    for address in addresses(client):
        answer = client.get(address)
        assert answer.status_code == 200, address
        without_pictures = re.sub(r"data:image/[^\"]+", "", answer.get_data(as_text=False).decode("utf-8", "replace"))
        if EXACT.search(without_pictures):
            told.append((address, EXACT.search(without_pictures)[0]))
    assert told == []
    assert READER_MAY_SEE in client.get("/markers/m1").text
    assert post(client, "/lines/L1/trip").status_code == 400
    assert post(client, "/lines/hand-in", file=(io.BytesIO(b"x"), "a.csv")).status_code == 400


def test_the_walk_would_notice(client):
    seen = [
        address
        for address in addresses(client)
        if EXACT.search(client.get(address).get_data().decode("utf-8", "replace"))
    ]
    kinds = {re.sub(r"[0-9a-f]{16}|m\d|t1", "*", address) for address in seen}
    assert {"/markers/*", "/records/markers/*", "/markers/form.html/*", "/api/findings"} <= kinds
    assert any(address.startswith("/api/layers/markers") for address in kinds)


def test_every_page_speaks_english(client):
    for address in ("/lines", "/lines/L1", "/markers/m1"):
        main = re.search(r"<main.*?</main>", client.get(f"{address}?lang=en").text, re.S)[0]
        assert "下次联检" not in main and "Next inspection" in main
