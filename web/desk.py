"""The desk of one site: the review of its register and the person who works at it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, current_app, request

from register.cases.review import Review
from register.people import Person, role_named
from register.store import opened
from rulebook.errors import CallError

ACTOR_COOKIE = "actor"
LONGEST_ACTOR = 40
YEAR = 365 * 24 * 3600


def init_app(app: Flask, register_path: str | Path, today: str = "") -> None:
    """Open the register once, so that a wrong address is told before the first page."""
    with opened(register_path):
        app.extensions["review"] = Review(str(register_path), today)
    app.context_processor(lambda: {"site": current_app.config["SITE"], "actor": actor(), "person": person()})


def review() -> Review:
    """The review of this site's register, as the person at work may see it."""
    found: Review = current_app.extensions["review"]
    return found.seen_by(person())


def actor() -> str:
    """Who works here, as kept by the browser, else as set for the site; may be empty."""
    return request.cookies.get(ACTOR_COOKIE, "").strip()[:LONGEST_ACTOR] or current_app.config["SITE"].actor


def actor_required() -> str:
    """Who works here; raises CallError when nobody said so, because a decision is logged by a name."""
    name = actor()
    if not name:
        raise CallError(
            "请先在页面右上角填写经办人姓名，修改要记在他名下。",
            "Enter your name at the top right first: every change is logged by a name.",
        )
    return name


def person() -> Person:
    """Who works here and in which role."""
    site = current_app.config["SITE"]
    return Person(actor(), role_named(site.role), site.township)


def keep_actor(response: Response, name: str) -> Response:
    """Let the browser keep the name."""
    response.set_cookie(ACTOR_COOKIE, name.strip()[:LONGEST_ACTOR], max_age=YEAR, httponly=True, samesite="Strict")
    return response
