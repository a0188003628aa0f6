"""What the map asks for: folium's script, layers as GeoJSON, findings as points."""

import pytest

from rulebook.errors import FileError
from tests.web import little_county
from web import create_app, maps
from web.config import SiteConfig, checked, read_config

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_the_script_builds_the_map_over_the_register(client):
    answer = client.get("/map.js")
    assert answer.mimetype == "text/javascript"
    assert "var map_register = L.map(" in answer.text
    assert "120.7" in answer.text
    assert "tileLayer" not in answer.text
    assert "<script" not in answer.text


def test_the_map_asks_for_leaflet_alone():
    links = maps.links("/static/vendor/")
    assert links == {
        "scripts": ["/static/vendor/leaflet/dist/leaflet.js"],
        "styles": ["/static/vendor/leaflet/dist/leaflet.css"],
    }


def test_a_base_map_opens_the_policy_for_its_host_alone(register_path):
    site = SiteConfig(base_map=TILES, base_map_attribution="某图")
    client = create_app(register_path, config=site, today=little_county.TODAY).test_client()
    policy = client.get("/rules").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example.org;" in policy
    assert "default-src 'self';" in policy
    assert "tiles.example.org/{z}" in client.get("/map.js").text


@pytest.mark.parametrize(
    "layer", ["divisions", "roads", "doorplates", "place_names", "markers", "boundary_lines", "areas"]
)
def test_layers_are_geojson(client, layer):
    answer = client.get(f"/api/layers/{layer}?zoom=17").json
    assert answer["type"] == "FeatureCollection"
    assert len(answer["features"]) == len(little_county.frames().get(layer, ()))


def test_a_layer_is_cut_to_the_view(client):
    everything = client.get("/api/layers/place_names?zoom=17").json["features"]
    lng, lat = everything[0]["geometry"]["coordinates"]
    view = f"{lng - 0.001},{lat - 0.001},{lng + 0.001},{lat + 0.001}"
    assert [one["id"] for one in client.get(f"/api/layers/place_names?zoom=17&bbox={view}").json["features"]] == [
        everything[0]["id"]
    ]


def test_findings_are_points_and_follow_the_filters(client, fingerprint):
    points = client.get("/api/findings?rule=NAM102").json["features"]
    assert {one["id"] for one in points} == set(fingerprint.values())
    assert {one["geometry"]["type"] for one in client.get("/api/findings").json["features"]} == {"Point"}
    assert client.get("/api/findings?rule=NAM102&township=330683001").json["features"][0]["id"] == fingerprint["P1"]


def test_a_finding_has_its_shape(client, fingerprint):
    shapes = client.get(f"/api/findings/{fingerprint['P1']}").json
    assert shapes["geometry"]["type"] == "Point"
    assert shapes["moves"] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('colour = "red"', "没有设置“colour”"),
        ("title = 3", "类型不对"),
        ('language = "fr"', "只能是 zh 或 en"),
        ('base_map = "https://tiles.example.org/"', "瓦片地址"),
        ('base_map = "https://{s}.example.org/{z}/{x}/{y}"', "瓦片地址"),
        ('base_map = "javascript:{z}{x}{y}"', "瓦片地址"),
        ('base_map = "https://a.org; script-src *; /{z}/{x}/{y}"', "瓦片地址"),
        ("title = ", "读不了网站配置"),
    ],
)
def test_wrong_settings_are_refused_with_key_and_value(tmp_path, line, words):
    path = tmp_path / "site.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_config(path)
    assert words in caught.value.text.zh
    assert str(path) in caught.value.text.en


def test_settings_are_read(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(f'title = "地名"\nlanguage = "en"\nbase_map = "{TILES}"\n', encoding="utf-8")
    assert read_config(path).base_map_origin == "https://tiles.example.org"
    assert checked({}, "nothing") == SiteConfig()
