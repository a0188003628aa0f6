"""One boundary marker: what is recorded, its neighbours, visits with photographs, findings, history, registration form."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from boundaries import photos
from register.cases import marker_papers
from register.cases.inspection_photos import shown
from register.cases.marker_facts import TYPES
from rulebook.language import Text
from web.desk import review
from web.errors import NotFoundError
from web.pages.history import changes_of
from web.pages.lines import CYCLE, desk, found_or_404
from web.papers import own_templates, paper_answer

pages = Blueprint("markers", __name__, url_prefix="/markers")
NO_PICTURE = Text("没有这张照片。", "There is no such picture.")


@pages.get("/<path:marker_id>")
def marker(marker_id: str) -> str:
    """All about one marker."""
    with desk() as found:
        facts = found_or_404(lambda: found.marker(marker_id))
        exact = found.sight.exact
    record = review().record("markers", marker_id)
    centre = record["geometry"] and record["geometry"]["coordinates"]
    return render_template(
        "markers/marker.html",
        marker=facts,
        record=record,
        changes=changes_of(record["log"]),
        cycle=CYCLE,
        types=TYPES,
        exact=exact,
        centre=centre,
    )


@pages.get("/form.<any(docx,html):form>/<path:marker_id>")
def form(form: str, marker_id: str) -> Response:
    """The registration form."""
    with desk() as found:
        found_or_404(lambda: found.marker(marker_id))
        filled = marker_papers.registration_form(found, marker_id, own=own_templates() or "")
    return paper_answer(filled, form, f"{filled.title} {marker_id}")


@pages.get("/photos/<sha256>.jpg")
def photo(sha256: str) -> Response:
    """A photograph of a visit, without the place and time that the camera wrote into it."""
    with desk() as found:
        named = {
            one["sha256"]
            for text in found.visits["photo_facts"].dropna()
            for one in photos.facts_of(text)
            if "sha256" in one
        }
        kept = found.register.attachment(sha256) if sha256 in named else None
    if kept is None:
        raise NotFoundError(*NO_PICTURE)
    return Response(shown(kept.content), mimetype="image/jpeg")
