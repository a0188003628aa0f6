"""The review site: thin pages over the register. Importing it loads neither Flask nor folium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.config import SiteConfig

__all__ = ["create_app"]


def create_app(register_path: str | Path, *, config: SiteConfig | None = None, today: str = "") -> Flask:
    """The site over one register.

    Parameters
    ----------
    register_path
        Address of the register.
    config
        What the office has set: title, language, base map, who works here. Default: nothing set.
    today
        The ISO date that deadlines are reckoned with; default: the clock's.

    Raises
    ------
    AssetsMissingError
        The front-end files were not fetched.
    RegisterError
        There is no register at that address.
    """
    from web.factory import build

    return build(register_path, config=config, today=today)
