"""Doorplates on paper and metal: choose plates, order and draw them, certify them, send them to the field."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response as BaseResponse

from register import profiles
from register.cases import (
    plate_drawings,
    plate_facts,
    plate_metal,
    plate_numbers,
    plate_orders,
    plate_papers,
    plate_trip_forms,
    plate_trip_import,
    plate_trips,
)
from register.cases.casebook import all_cases, case_numbered
from register.cases.plate_facts import Choice
from register.exchange.plans import write_plan
from register.people import Person, Right
from register.store import opened
from rulebook.errors import CallError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.language import lang, t
from web.papers import XLSX, download, own_templates, page, paper_answer
from web.tabs import Tab

pages = Blueprint("plate_papers", __name__, url_prefix="/plate-papers")
TAB = Tab("plate_papers.index", Text("牌证", "Plate papers"), 35)
MOST_ROWS = 200
SUFFIXES = {"xlsx": XLSX, "geojson": "application/geo+json", "gpx": "application/gpx+xml"}
UPLOADS = (".xlsx", ".csv", ".geojson", ".json", ".gpx")


@pages.get("")
def index() -> str:
    """Plates that fit ``?q=`` (number, certificate number, road or place) and the filters, with what to do with them."""
    with opened(review().address) as register:
        ids = plate_facts.fitting(register, request.args.get("q", ""), _filters(request.args), today=review().today)
        found = plate_facts.facts(register, Choice(ids=tuple(ids[:MOST_ROWS])), today=review().today) if ids else None
        orders = all_cases(register, kind=plate_orders.KIND)[::-1][:10]
        roads = register.layer("roads")
        rows = [] if found is None else plate_drawings.records(found)
        roads = roads[roads["valid_to"].isna()].sort_values("name")
    return render_template(
        "plate_papers.html",
        rows=rows,
        count=len(ids),
        most=MOST_ROWS,
        orders=orders,
        roads=list(zip(roads["id"], roads["name"], strict=True)),
        townships=review().townships(),
        given=request.args,
        issued=request.args.get("issued", type=int),
    )


@pages.post("/selection")
def selection() -> Response | BaseResponse:
    """Do with the ticked plates (none ticked: all that fit the filters) what the button says."""
    do, who, today = request.form.get("do", ""), person(), review().today
    with opened(review().address) as register:
        ids = tuple(request.form.getlist("plate"))
        if not ids:
            filters = _filters(request.form)
            text = request.form.get("q", "")
            ids = tuple(plate_facts.fitting(register, text, filters, today=today, narrowed=True))
            if not ids:
                raise CallError("没有符合条件的门牌。", "No doorplate fits what was asked for.")
        choice = Choice(ids=ids)
        if do == "certificates":
            issued = plate_papers.issue(register, ids, _named(who), today=today)
            return redirect(url_for(".index", **_kept(), issued=sum(one.fresh for one in issued)))
        if do in ("order", "sheet"):
            plates, profile = plate_orders.prepared(register, choice, today=today)
            if do == "sheet":
                drawn = plates[plates["ready"]]
                return page(plate_drawings.sheet(drawn, profile, t("门牌图样", "Drawings of plates")))
            case = plate_orders.place_order(register, plates, _named(who), today=today)
            rows, title = plate_orders.order_rows(plates, lang()), f"{t('门牌制作清单', 'Plates to be made')} {case.id}"
    if do == "order":
        return _file(f"{case.id}.xlsx", XLSX, lambda path: plate_orders.write_order(path, rows, lang(), title))
    if do == "trip":
        wanted = plate_trips.Wanted(choice, any_plate=True, most=len(ids))
        trip, _ = plate_trips.plan_trip(review().address, wanted, _named(who), today=today)
        return redirect(url_for(".trip", trip_id=trip.id))
    raise CallError("没有说明要做什么。", "It was not said what to do.")


@pages.get("/plate")
def plate() -> str:
    """The papers of the plate ``?id=``."""
    plate_id, who = request.args.get("id", ""), person()
    with opened(review().address) as register:
        plates, _ = plate_orders.prepared(register, Choice(ids=(plate_id,)), today=review().today)
        papers = plate_papers.papers_of(register, plate_id)
        profile = profiles.load(register.profile_name)
        numbers = {
            case.id: plate_numbers.paper_number(profile, "proof_number", case.id)
            for case in papers
            if case.kind == plate_papers.PROOF
        }
    row = plate_drawings.records(plates)[0]
    shown = {**row, "remarks": plates["remarks"].iloc[0]}
    if not who.may(Right.SEE_PERSONAL):
        shown |= {name: plate_papers.REDACTED for name in plate_metal.PERSONAL if shown[name]}
    return render_template(
        "plate_paper.html",
        plate=shown,
        certificates=[case for case in papers if case.kind == plate_papers.CERTIFICATE],
        proofs=[case for case in papers if case.kind == plate_papers.PROOF],
        numbers=numbers,
        others=plate_papers.OTHERS,
        may_decide=who.may(Right.DECIDE),
    )


@pages.get("/plate.svg")
def drawing() -> Response:
    """The drawing of the plate ``?id=``; ``&save=1`` to save it."""
    plate_id = request.args.get("id", "")
    with opened(review().address) as register:
        plates, profile = plate_orders.prepared(register, Choice(ids=(plate_id,)), today=review().today)
    svg = plate_drawings.drawing(plate_drawings.records(plates)[0], profile)
    if request.args.get("save"):
        return download(svg, f"{plate_id}.svg", "image/svg+xml")
    return Response(svg, mimetype="image/svg+xml")


@pages.post("/certificate")
def certify() -> BaseResponse:
    """Issue the certificate of the plate ``id``; with ``reason`` note that it is printed again."""
    plate_id, reason = request.form.get("id", ""), request.form.get("reason", "").strip()
    with opened(review().address) as register:
        issued = plate_papers.issue(register, [plate_id], _named(person()), today=review().today)[0]
        if reason and not issued.fresh:
            plate_papers.reissue(register, issued.number, _named(person()), reason, today=review().today)
    return redirect(url_for(".plate", id=plate_id))


@pages.get("/certificate.<any(html, docx):form>")
def certificate(form: str) -> Response:
    """The certificate of the plate ``?id=``, masked for who may not see personal data."""
    plate_id = request.args.get("id", "")
    with opened(review().address) as register:
        paper = plate_papers.certificate(register, plate_id, person(), own=own_templates(), today=review().today)
    return paper_answer(paper, form, f"{t('门牌证', 'certificate')}-{plate_id}")


@pages.post("/proof")
def prove() -> BaseResponse:
    """Number an address proof for the plate ``id`` with the addresses given for other papers."""
    plate_id = request.form.get("id", "")
    others = dict(zip(request.form.getlist("paper"), request.form.getlist("address"), strict=False))
    asked = plate_papers.Proof(plate_id, others, request.form.get("purpose", "").strip())
    with opened(review().address) as register:
        plate_papers.prove(register, asked, _named(person()), own=own_templates(), today=review().today)
    return redirect(url_for(".plate", id=plate_id))


@pages.get("/proof.<any(html, docx):form>")
def proof(form: str) -> Response:
    """The address proof ``?case=`` as it was issued."""
    with opened(review().address) as register:
        case = case_numbered(register, request.args.get("case", ""))
        if case.kind != plate_papers.PROOF:
            raise CallError(f"{case.id} 不是地址证明。", f"{case.id} is no address proof.")
        paper = plate_papers.proof_paper(register, case, person(), own=own_templates())
    return paper_answer(paper, form, case.id)


@pages.get("/trips")
def trips() -> str:
    """All trips, and making one of the findings that only the field can settle."""
    with opened(review().address) as register:
        cases = plate_trips.all_trips(register)[::-1]
    waiting = [one for one in review().findings(layer="doorplates")[0] if one["remedy"] == "field"]
    return render_template(
        "plate_trips.html",
        cases=cases,
        states=plate_trips.STATES,
        waiting=len({one["record_id"] for one in waiting}),
        rules=sorted({(one["rule"], t(one["title"])) for one in waiting}),
        townships=review().townships(),
        most=plate_trips.MOST_POINTS,
    )


@pages.post("/trips")
def new_trip() -> BaseResponse:
    """Make a trip of doubtful plates."""
    most = request.form.get("most", plate_trips.MOST_POINTS, type=int)
    wanted = plate_trips.Wanted(
        Choice(township=request.form.get("township", "")),
        rule=request.form.get("rule", ""),
        most=min(max(most, 1), 500),
        start=request.form.get("start", "").strip(),
        inspector=request.form.get("inspector", "").strip(),
    )
    trip, _ = plate_trips.plan_trip(review().address, wanted, _named(person()), today=review().today)
    return redirect(url_for(".trip", trip_id=trip.id))


@pages.get("/trips/<trip_id>")
def trip(trip_id: str) -> str:
    """One trip: sketch, points in the order of visit, what came back."""
    return _trip_page(trip_id, None)


@pages.post("/trips/<trip_id>/answers")
def answers(trip_id: str) -> str:
    """Take in the file that came back and say what became of every row."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise CallError("请选择踏勘结果文件。", "Choose the file that came back.")
    who = _named(person())
    with tempfile.TemporaryDirectory(prefix="diming-") as folder, opened(review().address) as register:
        report = plate_trip_import.import_answers(
            register, _saved(given, Path(folder)), who, trip=trip_id, replacing=bool(request.form.get("replace")),
            today=review().today,
        )  # fmt: skip
    return _trip_page(trip_id, report.as_json(lang()))


@pages.get("/trips/<trip_id>/sketch.png")
def sketch(trip_id: str) -> Response:
    """The sketch of a trip."""
    with opened(review().address) as register:
        png = plate_trip_forms.picture(register, plate_trips.trip(register, trip_id))
    return Response(png, mimetype="image/png")


@pages.get("/trips/<trip_id>/form.<any(xlsx, geojson, gpx, html, docx):suffix>")
def form(trip_id: str, suffix: str) -> Response:
    """The form of a trip to take along."""
    with opened(review().address) as register:
        case = plate_trips.trip(register, trip_id)
        if suffix in ("html", "docx"):
            return paper_answer(plate_trip_forms.paper(register, case, own=own_templates()), suffix, trip_id)
        name = f"{trip_id}.{suffix}"
        return _file(name, SUFFIXES[suffix], lambda path: plate_trip_forms.write(path, register, case, lang()))


@pages.get("/trips/<trip_id>/plan.csv")
def plan(trip_id: str) -> Response:
    """Corrections of a trip as a fix plan."""
    with opened(review().address) as register:
        rows = plate_trips.proposals(register, trip_id, lang())
    return _file(f"{trip_id}-plan.csv", "text/csv", lambda path: write_plan(path, rows))


def _trip_page(trip_id: str, report: dict[str, Any] | None) -> str:
    with opened(review().address) as register:
        case = plate_trips.trip(register, trip_id)
        proposals = len(plate_trips.proposals(register, trip_id, lang()))
    return render_template(
        "plate_trip.html",
        case=case,
        points=plate_trip_forms.rows(case, lang()),
        open_points=len(plate_trips.open_points(case)),
        state=plate_trips.STATES[case.state],
        proposals=proposals,
        report=report,
        accepted=",".join(UPLOADS),
    )


def _filters(given: MultiDict[str, str]) -> Choice:
    return Choice(
        road=given.get("road", ""),
        township=given.get("township", ""),
        status=given.get("status", ""),
        uncertified=bool(given.get("uncertified")),
    )


def _kept() -> dict[str, str]:
    """The filters of the form, to come back to the same list."""
    names = ("q", "road", "township", "status", "uncertified")
    return {name: request.form[name] for name in names if request.form.get(name)}


def _named(who: Person) -> Person:
    return replace(who, name=actor_required())


def _saved(given: FileStorage, folder: Path) -> Path:
    suffix = Path(given.filename or "").suffix.lower()
    if suffix not in UPLOADS:
        raise CallError(
            f"踏勘结果应是 {'、'.join(UPLOADS)} 文件，不是“{given.filename}”。",
            f'What comes back is {", ".join(UPLOADS)}, not "{given.filename}".',
        )
    path = folder / f"answers{suffix}"
    given.save(path)
    return path


def _file(name: str, media_type: str, write: Any) -> Response:
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / name
        write(path)
        return download(path.read_bytes(), name, media_type)
