"""Front-end files that the site serves itself, and the one place where folium's links are turned to them.

The files come from ``package-lock.json`` by ``tools/fetch_assets.py`` and lie under ``static/vendor`` with the paths
they have in their packages, so that the pictures and fonts which a style sheet names are found beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rulebook.errors import FileError

VENDOR = Path(__file__).parent / "static" / "vendor"

FOLIUM_LINKS = {
    "leaflet": "leaflet/dist/leaflet.js",
    "leaflet_css": "leaflet/dist/leaflet.css",
    "jquery": "jquery/dist/jquery.min.js",
    "bootstrap": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap_css": "bootstrap/dist/css/bootstrap.min.css",
    "awesome_markers": "leaflet.awesome-markers/dist/leaflet.awesome-markers.min.js",
    "awesome_markers_css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "awesome_markers_font_css": "@fortawesome/fontawesome-free/css/all.min.css",
}
"""folium's name of a link → the file that we serve for it."""

DROPPED_LINKS = frozenset({"glyphicons_css", "awesome_rotate_css"})
"""Links that no package holds: icons of an older Bootstrap (use ``prefix="fa"``) and rotated icons (not used)."""

COMPANIONS = (
    "leaflet/dist/images",
    "leaflet.awesome-markers/dist/images",
    "@fortawesome/fontawesome-free/webfonts",
)
"""Folders that the style sheets above refer to."""


class UnservedLinkError(FileError):
    """A map asks for a script or style sheet that the site does not serve."""


class AssetsMissingError(FileError):
    """The front-end files were not fetched when this copy was set up."""


def files() -> tuple[str, ...]:
    """Every single file that the links need."""
    return tuple(FOLIUM_LINKS.values())


def require() -> None:
    """Raise AssetsMissingError when a front-end file is missing, as in a checkout without ``make setup``."""
    missing = [name for name in files() if not (VENDOR / name).is_file()]
    if missing:
        raise AssetsMissingError(
            f"缺少网页所需的前端文件（如 {missing[0]}）。请先运行 make setup，或安装发布的 wheel 包。",
            f"Front-end files of the site are missing ({missing[0]} and {len(missing) - 1} more). "
            "Run `make setup` first, or install the released wheel.",
        )


def localise(element: Any, base_url: str) -> Any:
    """Turn the links of a folium element and all that it holds to our own files under ``base_url``; returns it.

    The lists are replaced on the instances, folium's classes stay as they are.

    Raises
    ------
    UnservedLinkError
        A link is neither served nor dropped by name.
    """
    for part in _parts(element):
        part.default_js = _local(part, part.default_js, base_url)
        part.default_css = _local(part, part.default_css, base_url)
    return element


def _parts(element: Any) -> Iterator[Any]:
    from folium.elements import JSCSSMixin

    if isinstance(element, JSCSSMixin):
        yield element
    for child in element._children.values():
        yield from _parts(child)


def _local(part: Any, links: list[tuple[str, str]], base_url: str) -> list[tuple[str, str]]:
    kept = [(name, url) for name, url in links if name not in DROPPED_LINKS]
    for name, url in kept:
        if name not in FOLIUM_LINKS and not url.startswith(base_url):
            raise UnservedLinkError(
                f"地图部件 {type(part).__name__} 需要本站没有提供的文件 {name}（{url}）。",
                f"The map part {type(part).__name__} asks for {name} ({url}), which this site does not serve.",
            )
    return [(name, base_url + FOLIUM_LINKS[name] if name in FOLIUM_LINKS else url) for name, url in kept]
