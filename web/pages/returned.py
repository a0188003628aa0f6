"""Returned lists: batches taken in, rows judged, repairs looked at and accepted, the answer in the sender's form."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from register import profiles
from register.cases.applying import PlanOutcome, apply_plan
from register.cases.privacy import masked_log, redacted
from register.cases.returned import desk, maps
from register.cases.returned.answering import answer as write_answer
from register.cases.returned.batches import MEDIA_TYPES, refresh, take
from register.cases.returned.desk import GROUP, ReturnedDesk, Seen
from register.cases.returned.progress import progress
from register.cases.sensitive import Sight
from register.dictionary import FIX_STATES, VERDICTS
from register.exchange.plans import read_plan, write_plan
from register.people import Right
from register.store import Register, opened
from rulebook.errors import CallError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.errors import wants_json
from web.language import lang, t
from web.papers import download
from web.tabs import Tab

pages = Blueprint("returned", __name__, url_prefix="/returned")
TAB = Tab("returned.index", Text("反馈", "Returned"), 50)
UPLOADS = {"returned.take_in": (".csv", ".xlsx", ".xlsm", ".txt"), "returned.follow_plan": (".csv",)}
LARGEST_UPLOAD = 64 << 20
ROWS = 50  # on a page
PREVIEW = 500  # edits shown before all of a group are accepted
FILTERS = ("verdict", "state", "township", "rule", "text")
TOLD = "told"


@pages.record_once
def _take_place(state: Any) -> None:
    state.app.extensions["returned"] = ReturnedDesk()


@pages.app_url_value_preprocessor
def _room_for_lists(endpoint: str | None, values: object) -> None:
    """A sender's list is larger than any other form."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_UPLOAD


@pages.get("")
def index() -> str:
    """Batches with progress and due dates, and taking a list in."""
    with opened(review().address) as register:
        batches = progress(register, review().today)
    return render_template(
        "returned/index.html",
        batches=batches[::-1],
        maps=sorted(path.stem for path in maps.FOLDER.glob("*.toml")),
        may_decide=person().may(Right.DECIDE),
        accepted=",".join(UPLOADS["returned.take_in"]),
    )


@pages.post("")
def take_in() -> BaseResponse:
    """Take in the uploaded list under the name of a batch."""
    actor = _decider()
    with _uploaded("returned.take_in") as path, opened(review().address) as register:
        chosen = request.form.get("map", "")
        batch = request.form.get("batch", "").strip() or path.stem
        taken = take(
            register, path, batch, given=maps.load(_shipped(chosen)) if chosen else None, actor=actor, today=_today()
        )
    again = t("；这份清单以前收过，已重新核实", "; it was in already and has been judged again") if taken.again else ""
    _tell(t(f"收到 {taken.rows} 行，已逐行核实{again}。", f"{taken.rows} rows taken in and judged{again}."))
    return redirect(url_for(".batch", batch=batch))


@pages.get("/<batch>")
def batch(batch: str) -> str:
    """A batch: counts, groups of repairs, and the rows that fit the filters of the address bar."""
    with _seen(batch) as (register, seen):
        log = desk.changes(register, seen.case)
        sight = Sight.of(person(), profiles.load(register.profile_name))
    rows = _fitting(seen.rows)
    start = max(min(request.args.get("offset", 0, type=int), max(len(rows) - 1, 0)), 0)
    shown = rows.iloc[start : start + ROWS]
    done = log.drop_duplicates(["layer", "record_id"]).set_index(["layer", "record_id"])["change_id"].to_dict()
    return render_template(
        "returned/batch.html",
        case=seen.case,
        rows=_told_rows(shown, seen, done, sight),
        count=len(rows),
        start=start,
        following=start + ROWS if start + ROWS < len(rows) else None,
        preceding=max(start - ROWS, 0) if start else None,
        counts={name: _counts(seen.rows[column]) for name, column in _facets().items()},
        groups=seen.groups().to_dict("records"),
        changes=_in_effect(seen, done, log),
        given={name: request.args.get(name, "") for name in FILTERS},
        verdicts=VERDICTS,
        states=FIX_STATES,
        proposals=len(seen.plan),
        conflicts=int(seen.plan["conflict"].notna().sum()),
        told=session.pop(TOLD, None),
        may_decide=person().may(Right.DECIDE),
        own_form=Path(str(seen.case.body["name"])).suffix.lower() in (".xlsx", ".xlsm"),
    )


@pages.get("/<batch>/preview")
def preview(batch: str) -> str:
    """All edits of one group, before → after, to be accepted together."""
    with _seen(batch) as (register, seen):
        sight = Sight.of(person(), profiles.load(register.profile_name))
    group = {name: request.args.get(name, "") for name in GROUP}
    edits = seen.group(**group)
    return render_template(
        "returned/preview.html",
        case=seen.case,
        group=group,
        edits=_shown(edits.head(PREVIEW), sight),
        count=len(edits),
        most=PREVIEW,
        digest=desk.digest(edits),
        may_decide=person().may(Right.DECIDE),
    )


@pages.post("/<batch>/accept")
def accept(batch: str) -> Response | BaseResponse:
    """Apply what the row ``number`` asks for, or all of a group (``rule``, ``cause``, ``township``)."""
    actor = _decider()
    with _seen(batch) as (register, seen):
        number = request.form.get("number", "")
        group = {name: request.form.get(name, "") for name in GROUP}
        edits = seen.edits_of(number) if number else seen.group(**group)
        outcome = desk.accept(register, seen, edits, request.form.get("digest", ""), actor=actor, today=_today())
    return _answered(batch, _sentence(outcome), outcome.change_id)


@pages.post("/<batch>/reject")
def reject(batch: str) -> Response | BaseResponse:
    """Do not follow the row ``number``."""
    actor, number = _decider(), request.form.get("number", "")
    with _seen(batch) as (register, seen):
        change = desk.reject(register, seen, number, reason=request.form.get("reason", ""), actor=actor)
    return _answered(batch, t(f"第 {number} 行不采纳。", f"Row {number} is not followed."), change)


@pages.post("/<batch>/exempt")
def exempt(batch: str) -> Response | BaseResponse:
    """Exempt what the row ``number`` complains of, with a reason."""
    actor, number = _decider(), request.form.get("number", "")
    with _seen(batch) as (register, seen):
        change = desk.excuse(register, seen, number, reason=request.form.get("reason", ""), actor=actor, today=_today())
    return _answered(batch, t(f"第 {number} 行的问题已豁免。", f"The problem of row {number} is exempt."), change)


@pages.post("/<batch>/undo")
def undo(batch: str) -> Response | BaseResponse:
    """Take back a change of this batch, or one record of it (``record`` = ``layer:id``)."""
    actor = _decider()
    change_id = request.form.get("change", 0, type=int)
    layer, _, record_id = request.form.get("record", "").partition(":")
    with _seen(batch) as (register, seen):
        review().undo(change_id, actor=actor, record=(layer, record_id) if record_id else None)
        refresh(register, seen.case, actor=actor, today=_today())
    return _answered(batch, t(f"已撤销修改 {change_id}。", f"Change {change_id} is undone."), None)


@pages.get("/<batch>/plan.csv")
def plan(batch: str) -> Response:
    """The proposed edits as a fix plan, to be decided in a spreadsheet."""
    person().require(Right.DECIDE)
    with _seen(batch) as (_, seen):
        return _file(f"{batch}-plan.csv", "text/csv", lambda path: write_plan(path, seen.plan))


@pages.post("/<batch>/plan")
def follow_plan(batch: str) -> BaseResponse:
    """Apply the accepted rows of a plan that was decided in a spreadsheet."""
    actor = _decider()
    with _uploaded("returned.follow_plan") as path, _seen(batch) as (register, seen):
        decided = read_plan(path)
        reason = f"反馈清单 {batch}：{path.name}"
        outcome = apply_plan(register, decided, actor=actor, reason=reason, case_id=seen.case.id)
        refresh(register, seen.case, actor=actor, today=_today())
    _tell(_sentence(outcome), outcome.change_id)
    return redirect(url_for(".batch", batch=batch))


@pages.post("/<batch>/answer")
def answer(batch: str) -> Response:
    """The answer in the sender's form, as ``form`` csv or xlsx; the batch counts as answered."""
    actor, form = _decider(), request.form.get("form", "")
    if form not in ("csv", "xlsx"):
        raise CallError(f"答复的格式是 csv 或 xlsx，不是“{form}”。", f'The answer is csv or xlsx, not "{form}".')

    with _seen(batch) as (register, seen):

        def write(path: Path) -> None:
            write_answer(register, seen.case, path, actor=actor, today=_today())

        return _file(f"{batch}-{t('答复', 'answer')}.{form}", MEDIA_TYPES[f".{form}"], write)


@contextmanager
def _seen(batch: str) -> Iterator[tuple[Register, Seen]]:
    found: ReturnedDesk = current_app.extensions["returned"]
    with opened(review().address) as register:
        yield register, found.see(register, batch, today=_today(), lang=lang())


def _facets() -> dict[str, str]:
    return {"verdict": "verdict", "state": "fix_state", "township": "township", "rule": "rule"}


def _fitting(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that fit every filter of the address bar."""
    for name, column in _facets().items():
        if wanted := request.args.get(name, ""):
            rows = rows[rows[column].fillna("").eq(wanted)]
    if text := request.args.get("text", "").strip():
        columns = ["row_no", "upstream_id", "record_code", "record_name", "problem_type", "problem_text", "record_id"]
        joined = rows[columns].astype("object").fillna("").astype("str").agg(" ".join, axis=1)
        rows = rows[joined.str.contains(text, case=False, regex=False).astype("bool")] if len(rows) else rows
    return rows


def _told_rows(rows: pd.DataFrame, seen: Seen, done: dict[tuple[str, str], int], sight: Sight) -> list[dict[str, Any]]:
    """Rows for people: texts without personal data, proposed edits, the change that did it."""
    texts = rows.assign(**{name: redacted(rows[name].astype("object")) for name in ("problem_text", "answer")})
    told = []
    for row in texts.astype("object").where(texts.notna(), None).to_dict("records"):
        edits = seen.edits_of(row["row_no"])
        told.append(
            {
                **row,
                "edits": _shown(edits, sight),
                "digest": desk.digest(edits),
                "conflict": bool(edits["conflict"].notna().any()),
                "change": done.get((row["layer"], row["record_id"])) if row["fix_state"] == "applied" else None,
            }
        )
    return told


def _shown(edits: pd.DataFrame, sight: Sight) -> list[dict[str, Any]]:
    shown = sight.log(masked_log(edits))
    return shown.astype("object").where(shown.notna(), None).to_dict("records")


def _in_effect(seen: Seen, done: dict[tuple[str, str], int], log: pd.DataFrame) -> list[dict[str, Any]]:
    """Changes of the batch that repaired rows still count on, newest first, with the number of those rows."""
    applied = seen.rows[seen.rows["fix_state"].eq("applied")]
    numbers = [done.get(mark) for mark in zip(applied["layer"], applied["record_id"], strict=True)]
    counts = pd.Series(numbers, dtype="object").dropna().value_counts().to_dict()
    first = log[log["change_id"].isin(list(counts))].drop_duplicates("change_id")
    return [{**one, "rows": counts[one["change_id"]]} for one in first[["change_id", "at", "actor"]].to_dict("records")]


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.dropna().value_counts().items() if value}


def _sentence(outcome: PlanOutcome) -> str:
    if not outcome.stale and not outcome.refused:
        return t(f"已执行 {outcome.applied} 处修改。", f"{outcome.applied} edits applied.")
    reasons = "；".join(dict.fromkeys(t(reason) for _, _, reason in outcome.rows if reason is not None))
    return t(
        f"执行 {outcome.applied} 处；{outcome.stale} 处已过时，{outcome.refused} 处不能执行：{reasons}。",
        f"{outcome.applied} edits applied; {outcome.stale} out of date, {outcome.refused} refused: {reasons}.",
    )


def _answered(batch: str, sentence: str, change_id: int | None) -> Response | BaseResponse:
    if wants_json():
        return jsonify(sentence=sentence, change_id=change_id)
    _tell(sentence, change_id)
    return redirect(url_for(".batch", batch=batch, **_kept()))


def _kept() -> dict[str, str]:
    """The filters of the page that a form stood on."""
    return {name: request.form[f"at_{name}"] for name in (*FILTERS, "offset") if request.form.get(f"at_{name}")}


def _tell(sentence: str, change_id: int | None = None) -> None:
    session[TOLD] = {"sentence": sentence, "change": change_id}


def _decider() -> str:
    person().require(Right.DECIDE)
    return actor_required()


def _today() -> str:
    return review().today


def _shipped(name: str) -> str:
    known = sorted(path.stem for path in maps.FOLDER.glob("*.toml"))
    if name not in known:
        raise CallError(
            f"没有映射“{name}”，可用：{'、'.join(known)}。", f'There is no map "{name}": {", ".join(known)}.'
        )
    return name


@contextmanager
def _uploaded(endpoint: str) -> Iterator[Path]:
    """The uploaded file under its own name in a folder that is gone afterwards."""
    given, suffixes = request.files.get("file"), UPLOADS[endpoint]
    if given is None or not given.filename:
        raise CallError("请选择文件。", "Choose a file.")
    name = Path(given.filename.replace("\\", "/")).name
    if Path(name).suffix.lower() not in suffixes:
        raise CallError(
            f"应是 {'、'.join(suffixes)} 文件，不是“{name}”。", f'A {", ".join(suffixes)} file is due, not "{name}".'
        )
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / name
        given.save(path)
        given.close()
        yield path


def _file(name: str, media_type: str, write: Callable[[Path], object]) -> Response:
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / f"file{Path(name).suffix}"
        write(path)
        return download(path.read_bytes(), name, media_type)
