"""Puts the site together: settings, language, protection, pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from web import assets, desk, errors, language, security, words
from web.config import SiteConfig
from web.pages import (
    applications,
    divisions,
    findings,
    history,
    lines,
    maps,
    markers,
    names,
    naming_plan,
    packages,
    plate_papers,
    plates,
    plates_renumbering,
    records,
    report,
    returned,
    rules,
    signs,
)

PAGES = (
    divisions,
    findings,
    rules,
    history,
    records,
    maps,
    names,
    plates,
    plates_renumbering,
    plate_papers,
    applications,
    naming_plan,
    signs,
    lines,
    markers,
    returned,
    packages,
    report,
)
TABS = sorted((module.TAB for module in PAGES if hasattr(module, "TAB")), key=lambda tab: tab.order)


def build(register_path: str | Path, *, config: SiteConfig | None = None, today: str = "") -> Flask:
    """The Flask application over one register; see ``web.create_app``."""
    assets.require()
    app = Flask("web")
    app.config["SITE"] = config or SiteConfig()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    desk.init_app(app, register_path, today)
    for part in (language, security, errors, words):
        part.init_app(app)
    for module in PAGES:
        app.register_blueprint(module.pages)
    app.jinja_env.globals["tabs"] = TABS
    return app
