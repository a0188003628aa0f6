"""The report of a year on the site: figures, paragraph, quality card with its chart, and the same to save or print."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register.cases import report as reporting
from register.cases import report_charts, report_quality
from register.cases.report_quality import GRADES, MEASURES
from register.people import Right
from register.store import opened
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.language import lang
from web.papers import download, own_templates, paper_answer
from web.tabs import Tab

pages = Blueprint("report", __name__, url_prefix="/report")
TAB = Tab("report.index", Text("年报", "Report"), 85)
YEARS = 6  # offered in the list


@pages.get("")
def index() -> str:
    """The report of ``?year=`` (default: this year)."""
    made = _made()
    this_year = int(review().today[:4])
    return render_template(
        "report.html",
        report=made,
        years=range(this_year, this_year - YEARS, -1),
        measures=MEASURES,
        grades=GRADES,
        rows=reporting.card_rows(made.card, lang()),
        moves=reporting.moves(made.card, lang()),
        may_keep=person().may(Right.DECIDE),
    )


@pages.get("/chart.svg")
def chart() -> Response:
    """The chart of the quality card; ``&save=1`` to save it."""
    svg = report_charts.svg(report_quality.card(review().address, today=review().today), lang())
    if request.args.get("save"):
        return download(svg, "quality-card.svg", "image/svg+xml")
    return Response(svg, mimetype="image/svg+xml")


@pages.get("/year.<any(html, docx, md, json):form>")
def year(form: str) -> Response:
    """The report of ``?year=`` to print or save."""
    made = _made()
    name = f"report-{made.year}"
    if form == "md":
        return download(reporting.markdown(made, lang()), f"{name}.md", "text/markdown")
    if form == "json":
        told = json.dumps(reporting.as_json(made, lang()), ensure_ascii=False, indent=1)
        return download(told, f"{name}.json", "application/json")
    paper = reporting.paper(made, lang(), for_word=form == "docx", own=own_templates())
    return paper_answer(paper, form, name)


@pages.post("/keep")
def keep() -> BaseResponse:
    """Keep the quality card as it stands, for the next to be compared with."""
    made = report_quality.card(review().address, today=review().today)
    who = replace(person(), name=actor_required())
    with opened(review().address) as register:
        report_quality.keep(register, made, who)
    return redirect(url_for(".index", year=request.form.get("year", "")))


def _made() -> reporting.YearReport:
    chosen = request.args.get("year", type=int) or int(review().today[:4])
    return reporting.year_report(review().address, chosen, today=review().today)
