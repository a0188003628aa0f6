"""The page of changes of divisions: a draft, its preview, choosing, applying, taking back."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from register.cases import review as desk
from register.store import opened
from tests.register.division_county import HEAD, MERGE, SPLIT, TODAY, WEST_HALF, build
from web import create_app
from web.config import SiteConfig


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("county") / "county.gpkg")


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "county.gpkg"))


@pytest.fixture
def client(path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(desk, "catalogue", SimpleNamespace(RULES=()))
    return create_app(path, config=SiteConfig(actor="李敏"), today=TODAY).test_client()


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/divisions").text)
    assert found
    return found[1]


def upload(client: FlaskClient, text: str, **files: bytes) -> Any:
    form: dict[str, Any] = {"csrf": token(client), "change": (BytesIO(text.encode()), "变更.toml")}
    form["files"] = [(BytesIO(content), name.replace("_", ".")) for name, content in files.items()]
    return client.post("/divisions", data=form, content_type="multipart/form-data")


def test_a_draft_shows_what_it_would_do_and_changes_nothing(client: FlaskClient, path: Path) -> None:
    answer = upload(client, HEAD + SPLIT)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).text
    assert "东圃西社区" in page
    assert page.count("<svg viewBox") == 2
    assert page.count('class="ground made"') == 2
    assert page.count('class="ground ended"') == 1
    assert re.search(r"待选择", page)
    assert 'name="choice|roads|R1|division_code" value="330683001005"' in page
    assert 'value="330683001005;330683001006"' in page
    assert "style=" not in page
    assert "<script>" not in page
    with opened(path) as register:
        assert "330683001005" not in register.layer("divisions").index
    assert "division_change-2026-0001" in client.get("/divisions").text


def test_choices_are_applied_and_taken_back(client: FlaskClient, path: Path) -> None:
    place = upload(client, HEAD + SPLIT).headers["Location"]
    form = {
        "csrf": token(client),
        "choice|roads|R1|division_code": "330683001006",
        "choice|addresses|AN|division_code": "330683001005",
        "choice|roads|R2|division_code": "",
        "rest": "proposals",
        "reason": "按批复",
    }
    answer = client.post(f"{place}/apply", data=form)
    assert answer.status_code == 302
    with opened(path) as register:
        roads, addresses = register.layer("roads"), register.layer("addresses")
        change = register.revision
    assert roads.loc["R1", "division_code"] == "330683001006"
    assert roads.loc["R2", "division_code"] == "330683001005;330683001006"
    assert addresses.loc["AN", ["division_code", "community"]].tolist() == ["330683001005", "东圃西社区"]
    page = client.get(place).text
    assert f"/changes/{change}/undo" in page
    assert "已执行" in page
    assert page.count("<svg viewBox") == 2
    assert client.post(f"{place}/apply", data=form).status_code == 400
    assert client.post(f"/changes/{change}/undo", data={"csrf": token(client)}).status_code == 302
    assert "执行变更" in client.get(place).text
    with opened(path) as register:
        assert register.layer("roads").loc["R1", "division_code"] == "330683001001"


def test_what_is_not_chosen_may_be_left(client: FlaskClient, path: Path) -> None:
    place = upload(client, HEAD + SPLIT).headers["Location"]
    client.post(f"{place}/apply", data={"csrf": token(client), "rest": "open"})
    with opened(path) as register:
        assert register.layer("roads").loc["R1", "division_code"] == "330683001001"
        assert register.layer("doorplates").loc["R1-1", "division_code"] == "330683001005"


def test_shapes_come_with_the_upload_and_may_be_large(client: FlaskClient) -> None:
    wkt = (
        b'{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},'
        b'"features":[{"type":"Feature","properties":{"note":"%s"},"geometry":{"type":"Polygon","coordinates":[[[570000,3265000],'
        b"[571000,3265000],[571000,3267000],[570000,3267000],[570000,3265000]]]}}]}"
    )
    text = HEAD + SPLIT.replace(f'geometry = "{WEST_HALF}"', 'geometry_file = "west.geojson"')
    padding = b"x" * 30_000
    answer = upload(client, text, west_geojson=wkt % padding)
    assert answer.status_code == 302, answer.text
    large = upload(client, HEAD + MERGE + "#" * 1_500_000)
    assert large.status_code == 302
    large.request.environ["wsgi.input"].close()  # the test client leaves its temporary file open
    assert client.post("/actor", data={"actor": "x" * 2_000_000, "csrf": token(client)}).status_code == 413


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + MERGE.replace("330683206", "330683999"), "330683999000"),
        ("effective_on = ", "TOML"),
        (
            HEAD
            + SPLIT.replace(WEST_HALF, "POLYGON ((570000 3265000, 570500 3265000, 570500 3267000, 570000 3265000))"),
            "无归属",
        ),
    ],
)
def test_a_wrong_file_gets_a_sentence(client: FlaskClient, path: Path, text: str, said: str) -> None:
    answer = upload(client, text)
    assert answer.status_code == 400
    assert said in answer.text
    with opened(path) as register:
        assert register.layer("cases").empty


def test_a_draft_that_no_longer_fits_says_why_and_may_be_dropped(client: FlaskClient) -> None:
    first, second = (upload(client, HEAD + MERGE).headers["Location"] for _ in range(2))
    client.post(f"{first}/apply", data={"csrf": token(client)})
    page = client.get(second).text
    assert "现在不能执行" in page
    assert "330683100000" in page
    assert client.post(f"{second}/drop", data={"csrf": token(client)}).status_code == 302
    assert "已放弃" in client.get("/divisions").text


def test_readers_see_and_do_not_decide(path: Path) -> None:
    reader = create_app(path, config=SiteConfig(actor="王", role="reader"), today=TODAY).test_client()
    assert "预览" not in reader.get("/divisions").text
    assert upload(reader, HEAD + MERGE).status_code == 400


def test_another_case_is_no_change_of_divisions(client: FlaskClient) -> None:
    assert client.get("/divisions/none-2026-0001").status_code == 404


def test_without_the_token_nothing_is_taken_in(client: FlaskClient) -> None:
    form = {"change": (BytesIO((HEAD + MERGE).encode()), "a.toml")}
    assert client.post("/divisions", data=form, content_type="multipart/form-data").status_code == 400
