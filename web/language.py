"""The language of a page: asked for by ``?lang=``, kept in a cookie, Chinese when nobody said anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request

from rulebook.language import LANGUAGES, Text

COOKIE = "lang"
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Choose the language of each request and give templates ``t`` and ``lang``."""
    app.before_request(_choose)
    app.after_request(_keep)
    app.jinja_env.globals["t"] = t
    app.context_processor(lambda: {"lang": lang(), "other_language": _other_language()})


def t(zh: str | Text | Mapping[str, str], en: str = "") -> str:
    """A sentence in the language of the page: from its two forms, a Text, or a mapping of ``zh`` and ``en``."""
    if isinstance(zh, Text):
        return zh.within(lang())
    if isinstance(zh, Mapping):
        return zh[lang()]
    return Text(zh, en).within(lang())


def lang() -> str:
    """The language of this page."""
    return str(g.get("lang", current_app.config["SITE"].language))


def _other_language() -> str:
    """The address of the page in the other language."""
    arguments = {**request.args.to_dict(), "lang": "en" if lang() == "zh" else "zh"}
    return f"{request.path}?{urlencode(arguments)}"


def _choose() -> None:
    for candidate in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if candidate in LANGUAGES:
            g.lang = candidate
            return


def _keep(response: Response) -> Response:
    asked: Any = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(COOKIE, asked, max_age=YEAR, httponly=True, samesite="Strict")
    response.headers.setdefault("Content-Language", lang())
    return response
