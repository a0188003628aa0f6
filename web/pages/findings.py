"""The first page: what is wrong, counted, listed and on the map; one finding; accepting its repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register import pages as catalogue_pages
from register.catalogue import BY_CODE
from rulebook.errors import CallError
from rulebook.language import Text
from web.desk import actor_required, keep_actor, review
from web.errors import NotFoundError, wants_json
from web.filters import Filters, facet_counts, read_box
from web.language import t
from web.tabs import Tab

PAGE_SIZE = 100

pages = Blueprint("findings", __name__)
TAB = Tab("findings.index", Text("问题", "Findings"), 10)


@dataclass(frozen=True)
class Listing:
    """What the list shows: the findings that fit, one page of them, and counts that follow the filters."""

    filters: Filters
    items: list[dict[str, Any]]
    offset: int
    counts: dict[str, Any]

    @property
    def page(self) -> list[dict[str, Any]]:
        """Findings of this page of the list."""
        return self.items[self.offset : self.offset + PAGE_SIZE]

    @property
    def preceding(self) -> int | None:
        """Where the page before begins, None when this is the first."""
        return max(self.offset - PAGE_SIZE, 0) if self.offset else None

    @property
    def following(self) -> int | None:
        """Where the next page begins, None when this is the last."""
        after = self.offset + PAGE_SIZE
        return after if after < len(self.items) else None

    def beside(self, fingerprint: str) -> tuple[str | None, str | None]:
        """Fingerprints before and after one in the list."""
        order = [one["fingerprint"] for one in self.items]
        if fingerprint not in order:
            return None, order[0] if order else None
        place = order.index(fingerprint)
        return order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None


def listing() -> Listing:
    """The list that this request asks for."""
    filters = Filters.of(request.args)
    found, _ = review().findings(text=filters.text, bbox=read_box(filters.box))
    offset = request.args.get("offset", 0, type=int)
    return Listing(filters, [one for one in found if filters.fits(one)], max(offset, 0), facet_counts(found, filters))


@pages.get("/")
def index() -> str:
    """Counts, list and map."""
    return render_template("findings.html", **_list_words(), summary=review().summary(), selected=None)


@pages.get("/findings/list")
def list_part() -> str:
    """The list alone, for our script."""
    return render_template("parts/list.html", **_list_words())


@pages.get("/findings/<fingerprint>")
def finding(fingerprint: str) -> str:
    """One finding beside list and map, for those who come by an address."""
    one = find(fingerprint)
    return render_template(
        "findings.html", **_list_words(), summary=review().summary(), selected=one, **_finding_words(one)
    )


@pages.get("/findings/<fingerprint>/part")
def finding_part(fingerprint: str) -> str:
    """One finding alone, for our script."""
    one = find(fingerprint)
    return render_template("parts/finding.html", listing=listing(), selected=one, **_finding_words(one))


@pages.post("/findings/<fingerprint>/accept")
def accept(fingerprint: str) -> Response | BaseResponse:
    """Apply the proposed repair and answer what became of it."""
    find(fingerprint)
    outcome = review().accept(
        fingerprint,
        actor=actor_required(),
        reason=request.form.get("reason", "").strip(),
        option=request.form.get("option", ""),
    )
    return told(outcome, t("已接受", "Accepted"))


@pages.post("/actor")
def name_actor() -> BaseResponse:
    """Keep who works here."""
    name = request.form.get("actor", "").strip()
    if not name:
        raise CallError("经办人姓名不能为空。", "The name must not be empty.")
    answer = jsonify(actor=name) if wants_json() else redirect(url_for("findings.index"))
    return keep_actor(answer, name)  # type: ignore[arg-type]


def find(fingerprint: str, option: str = "") -> dict[str, Any]:
    """A finding of this register (with the shapes of one of its choices), else the page that says it is gone."""
    try:
        return review().finding(fingerprint, option)
    except CallError as gone:
        raise NotFoundError(*gone.text) from gone


def told(outcome: dict[str, Any], verb: str) -> Response | BaseResponse:
    """The outcome of a change: JSON for our script, the history page for a plain form."""
    if not wants_json():
        return redirect(url_for("history.index", change=outcome["change_id"]))
    gone, new = len(outcome["gone"]), len(outcome["new"])
    parts = [t(f"{verb}，修改号 {outcome['change_id']}", f"{verb}, change {outcome['change_id']}")]
    if gone:
        parts.append(t(f"问题减少 {gone} 条", f"{gone} fewer finding{'s' * (gone > 1)}"))
    if new:
        parts.append(t(f"新出现 {new} 条", f"{new} new"))
    return jsonify(**outcome, sentence=t("，", "; ").join(parts) + t("。", "."))


def _list_words() -> dict[str, Any]:
    shown = listing()
    given = request.args.get("view", "")
    view = given if given in ("overview", "list") else "list" if shown.filters.active else "overview"
    return {"listing": shown, "filters": shown.filters, "townships": review().townships(), "view": view}


def _finding_words(one: dict[str, Any]) -> dict[str, Any]:
    rule = BY_CODE.get(one["rule"])
    before, after = listing().beside(one["fingerprint"])
    return {
        "rule_page": rule.page() if rule else {},
        "basis": rule.basis if rule else "",
        "options": one.get("alternatives") or ({"": one["fix"]} if one["fix"] else {}),
        "headings": catalogue_pages.HEADINGS,
        "previous": before,
        "following": after,
    }
