"""The front-end files: everything folium links to is served by us, or refused with a sentence."""

import json
import re

import folium
import pytest
from folium.plugins import Draw

from web import assets

BASE = "/static/vendor/"


def rendered_links(element: folium.Map) -> list[str]:
    page = assets.localise(element, BASE).get_root().render()
    return re.findall(r'(?:src|href)="([^"]+)"', page)


def test_every_link_of_a_map_with_a_marker_is_our_own():
    plain = folium.Map([29.6, 120.8], tiles=None)
    folium.Marker([29.6, 120.8], popup="x", icon=folium.Icon(prefix="fa")).add_to(plain)
    links = rendered_links(plain)
    assert len(links) == len(assets.FOLIUM_LINKS)
    assert all(link.startswith(BASE) for link in links)


def test_the_classes_of_folium_stay_as_they_are():
    before = list(folium.Map.default_js)
    assets.localise(folium.Map([29.6, 120.8], tiles=None), BASE)
    assert folium.Map.default_js == before


def test_a_link_that_is_not_served_is_refused_by_name():
    drawn = folium.Map([29.6, 120.8], tiles=None)
    Draw().add_to(drawn)
    with pytest.raises(assets.UnservedLinkError, match="Draw asks for leaflet_draw_js"):
        assets.localise(drawn, BASE)


def test_localising_twice_is_localising_once():
    plain = folium.Map([29.6, 120.8], tiles=None)
    assert rendered_links(plain) == rendered_links(plain)


def test_missing_files_are_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "VENDOR", tmp_path)
    with pytest.raises(assets.AssetsMissingError) as caught:
        assets.require()
    assert "make setup" in caught.value.text.zh
    assert "make setup" in caught.value.text.en


def test_the_lock_pins_every_package_and_names_no_address():
    lock = json.loads((assets.VENDOR.parents[2] / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert all("resolved" not in package for package in packages.values())
    wanted = {name.removeprefix("node_modules/") for name in packages}
    assert {re.match(r"(@[^/]+/)?[^/]+", name)[0] for name in assets.files()} <= wanted


def test_the_pinned_leaflet_is_the_one_that_folium_links_to():
    lock = json.loads((assets.VENDOR.parents[2] / "package-lock.json").read_text())
    links = dict(folium.Map.default_js)
    assert f"leaflet@{lock['packages']['node_modules/leaflet']['version']}/" in links["leaflet"]
