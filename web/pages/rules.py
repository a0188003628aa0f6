"""The catalogue of rules, and the page of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from register import catalogue
from register.pages import GROUPS
from rulebook.errors import ProfileError
from rulebook.language import Text
from web.desk import review
from web.errors import NotFoundError
from web.language import lang
from web.tabs import Tab

pages = Blueprint("rules", __name__)
TAB = Tab("rules.index", Text("规则", "Rules"), 80)


@pages.get("/rules")
def index() -> str:
    """Every rule, by group, with how much it found and, where it did not run, why."""
    summary, entries = review().summary(), _entries()
    groups = [
        (title, members)
        for prefix, title in GROUPS.items()
        if (members := [entry for entry in entries if entry["code"].startswith(prefix)])
    ]
    return render_template("rules.html", groups=groups, summary=summary, idle=_reasons(summary))


@pages.get("/rules/<code>")
def rule(code: str) -> str:
    """The page of one rule."""
    try:
        titles = {param.name: param.title for param in catalogue.rule(code).params}
    except ProfileError as unknown:
        raise NotFoundError(*unknown.text) from unknown
    summary = review().summary()
    entry = next(entry for entry in _entries() if entry["code"] == code)
    return render_template(
        "rule.html", rule=entry, summary=summary, reason=_reasons(summary).get(code), param_titles=titles
    )


def _entries() -> list[dict[str, Any]]:
    return [both[lang()] for both in review().rules()]


def _reasons(summary: dict[str, Any]) -> dict[str, Any]:
    return {one["rule"]: one["reason"] for one in summary["not_run"]}
