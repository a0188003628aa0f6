"""What protects the pages: a policy that allows our own files only, and a token on every request that writes."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session

from rulebook.language import Text

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN = "csrf"  # noqa: S105 - the name of the field, not a secret
HEADER = "X-CSRF-Token"
FOREIGN = Text(
    "这个网站只在本机使用，请用启动时显示的地址打开。",
    "This site is for this computer only: open it by the address that it printed when it started.",
)
STALE = Text(
    "页面已过期（可能网站重新启动过），什么都没有写入。请刷新页面再试。",
    "This page is out of date (the site may have been restarted); nothing was written. Reload it and try again.",
)


def init_app(app: Flask) -> None:
    """Set the cookie rules, check tokens and add the headers."""
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    app.config.setdefault("HOSTS", frozenset())
    app.before_request(_check_host)
    app.before_request(_check_token)
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """The token of this visitor, made when first asked for."""
    if TOKEN not in session:
        session[TOKEN] = secrets.token_urlsafe(24)
    return str(session[TOKEN])


def policy(picture_origin: str = "") -> str:
    """The content security policy; pictures may also come from the origin of the base map."""
    pictures = " ".join(("'self' data:", picture_origin)).strip()
    return (
        f"default-src 'self'; img-src {pictures}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _check_host() -> None:
    """Where ``HOSTS`` are set, a page elsewhere must not reach this site by a name of its own."""
    hosts = current_app.config["HOSTS"]
    if hosts and urlsplit(f"//{request.host}").hostname not in hosts:
        abort(400, FOREIGN)


def _check_token() -> None:
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(HEADER) or request.form.get(TOKEN, "")
    known = str(session.get(TOKEN, ""))
    if not known or not hmac.compare_digest(given.encode(), known.encode()):
        abort(400, STALE)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy(current_app.config["SITE"].base_map_origin))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
