"""Puts the site together: settings, language, protection, pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from web import assets, desk, errors, language, security, words
from web.config import SiteConfig
from web.pages import findings, history, maps, records, rules

BLUEPRINTS = (findings.pages, rules.pages, history.pages, records.pages, maps.pages)


def build(register_path: str | Path, *, config: SiteConfig | None = None, today: str = "") -> Flask:
    """The Flask application over one register; see ``web.create_app``."""
    assets.require()
    app = Flask("web")
    app.config["SITE"] = config or SiteConfig()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    desk.init_app(app, register_path, today)
    for part in (language, security, errors, words):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
