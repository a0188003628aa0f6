"""The pages of the pre-test: form, answer while typing, numbered sheet, check by its number."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyproj import CRS

from register.store import create_register
from tests import case_files
from web import create_app
from web.config import SiteConfig

SQUARE = "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))"
LINE = "120.8300,29.5500\n120.8330,29.5500"
ROWS = {
    "roads": [{"id": "a", "name": "剡溪路"}, {"id": "b", "name": "滨江路", "geometry": "LINESTRING (580000 3270300, 580500 3270300)"}],
    "divisions": [{"code": "330683100201", "name": "甲村", "level": "village", "kind": "村", "geometry": SQUARE}],
    "areas": [{"id": "A1", "kind": "built_up", "name": "城区", "geometry": SQUARE}],
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = tmp_path_factory.mktemp("site") / "county.gpkg"
    frames = case_files.layers_of(
        {name: [{**case_files.DEFAULTS.get(name, {}), **row} for row in several] for name, several in ROWS.items()}
    )
    register = create_register(str(path), "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name in ROWS:
        register.put(name, frames[name], actor="test", reason="test")
    register.close()
    return create_app(path, config=SiteConfig(actor="张三"), today="2026-11-24").test_client()


def send(client: FlaskClient, **fields: object) -> tuple[int, str]:
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/names/test").text)
    assert token
    sent = {"csrf": token[1], "names": "剡溪路", "kind": "road", "points": LINE, **fields}
    answer = client.post("/names/test", data=sent, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, answer.text


def test_the_form_is_there_and_in_the_head(client: FlaskClient) -> None:
    page = client.get("/names/test").text
    assert '<textarea id="names"' in page
    assert 'href="/names/test"' in client.get("/rules").text


def test_every_name_has_its_verdict(client: FlaskClient) -> None:
    code, page = send(client, names="剡溪路\n剡西路\n锦绣路")
    assert code == 200
    assert re.findall(r'class="result (\w+)"', page) == ["fail", "warn", "pass"]
    assert "NAM401" in page


def test_an_uploaded_line_is_taken(client: FlaskClient) -> None:
    line = {"type": "LineString", "coordinates": [[120.83, 29.55], [120.833, 29.55]]}
    file = (io.BytesIO(json.dumps({"type": "Feature", "properties": {}, "geometry": line}).encode()), "road.geojson")
    code, page = send(client, points="", file=file)
    assert code == 200
    assert "120.8300000,29.5500000" in page
    assert "NAM401" in page


@pytest.mark.parametrize(
    "fields", [{"names": " "}, {"points": "east,north"}, {"points": "999,999"}, {"width_m": "-3"}, {"kind": "street"}]
)
def test_a_wrong_form_is_one_sentence(client: FlaskClient, fields: dict[str, str]) -> None:
    code, page = send(client, **fields)
    assert code == 400
    assert "Traceback" not in page


def test_a_sheet_is_kept_printed_and_checked_by_its_number(client: FlaskClient) -> None:
    code, page = send(client, names="剡西路", keep="1")
    assert code == 200
    number = re.search(r"pretest-2026-\d{4}", page)
    assert number
    address = f"/names/sheets/{number[0]}"
    printed = client.get(f"{address}/paper.html").text
    assert number[0] in printed and "剡西路" in printed and "data:image/png" in printed
    docx = client.get(f"{address}/paper.docx").data
    document = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    assert number[0] in document and "需要斟酌" in document
    assert "与当时相同" in client.get(f"{address}?recheck=1").text
    assert number[0] in client.get("/names/sheets").text


def test_an_unknown_number_is_not_found(client: FlaskClient) -> None:
    assert client.get("/names/sheets/pretest-2026-9999").status_code == 404


def test_an_answer_comes_while_typing(client: FlaskClient) -> None:
    said = client.get("/names/answer", query_string={"name": "剡西路", "kind": "road", "points": LINE}).get_json()
    assert said["verdict"] == "warn"
    assert said["pinyin"] == "Shànxī Lù"
    assert [one["name"] for one in said["neighbours"]] == ["剡溪路"]
    assert said["neighbours"][0]["distance_m"] >= 0
    assert client.get("/names/answer", query_string={"name": ""}).get_json() == {"name": ""}


def test_names_are_escaped(client: FlaskClient) -> None:
    _, page = send(client, names="<b>路", points="")
    assert "<b>路" not in page


def test_the_paper_of_the_office_wins(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/names/sheets/pretest-2026-0001/paper.pdf").status_code == 404
