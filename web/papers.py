"""Papers as answers: a page to print or a DOCX. A paper brings its own style and nothing else: it may run no script."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app

from register.documents.paper import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def own_templates() -> str | None:
    """The folder with the bureau's own templates, as set for the site."""
    folder: str = current_app.config["SITE"].documents
    return folder or None


def page(html: str) -> Response:
    """A whole page with a style of its own, shut off from the site."""
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": PAGE_POLICY})


def paper_answer(paper: Paper, form: str, name: str) -> Response:
    """A paper as ``html`` to look at and print, or as ``docx`` to save."""
    return page(paper.html()) if form == "html" else download(paper.docx(), f"{name}.docx", DOCX)


def download(content: bytes | str, name: str, media_type: str) -> Response:
    """A file to save under that name."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
