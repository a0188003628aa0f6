"""The folium map of the review page. Its script has an address of its own, so that no page needs an inline one."""

from __future__ import annotations

from typing import Any, ClassVar

import folium

from web import assets
from web.config import SiteConfig

MAP_ID = "register"
DEEPEST_ZOOM = 20
WIDEST_ZOOM = 7


class ReviewMap(folium.Map):
    """A folium map that needs Leaflet alone: our pages bring their own style and icons."""

    default_js: ClassVar = [link for link in folium.Map.default_js if link[0] == "leaflet"]
    default_css: ClassVar = [link for link in folium.Map.default_css if link[0] == "leaflet_css"]


def review_map(extent: tuple[float, float, float, float], site: SiteConfig) -> ReviewMap:
    """The map over ``extent`` (west, south, east, north in degrees), with the base map of the site if it has one.

    In scripts it is the variable ``map_register``; layers are put on it by ``static/js/map``.
    """
    shown = ReviewMap(
        tiles=None, prefer_canvas=True, zoom_control="bottomright",
        minZoom=WIDEST_ZOOM, maxZoom=DEEPEST_ZOOM, zoomSnap=0.25,
    )  # fmt: skip
    shown._id = MAP_ID
    if site.base_map:
        folium.TileLayer(
            site.base_map,
            attr=site.base_map_attribution or site.base_map_origin,
            max_zoom=DEEPEST_ZOOM,
            max_native_zoom=site.base_map_max_zoom,
        ).add_to(shown)
    west, south, east, north = extent
    shown.fit_bounds([[south, west], [north, east]])
    return shown


def links(base_url: str) -> dict[str, list[str]]:
    """Addresses of the scripts and style sheets that the map needs."""
    shown = assets.localise(ReviewMap(tiles=None), base_url)
    return {"scripts": [url for _, url in shown.default_js], "styles": [url for _, url in shown.default_css]}


def script(shown: Any) -> str:
    """The script that builds the map in the page's element ``map_register``."""
    figure = shown.get_root()
    figure.render()
    return str(figure.script.render())
