"""The papers of naming cases: one template each, filled from one case or, where a list is announced, from several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.procedure import (
    ACTION_NAMES,
    CLOSED,
    FACTS,
    GROUNDS,
    MAIN_ROAD,
    PROCESS,
    SIX_FIELDS,
    STEPS,
    Action,
    State,
)
from gazetteer.procedure import missing as lacking_for
from register.cases.applications_approval import office_names
from register.cases.applications_facts import chosen_test, facts_of, profile_of, shape_of
from register.cases.casebook import Case
from register.documents import sketch
from register.documents.paper import Paper
from register.documents.templates import fill
from register.exchange.words import words_of
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.profile import Profile, unknown
from rulebook.values import GEOMETRY

PAPERS: dict[str, Text] = {
    "application": Text("地名申请表", "application form"),
    "opinion": Text("审核意见", "opinion"),
    "approval": Text("批复（代拟稿）", "draft of the approval"),
    "notice": Text("公示", "public notice"),
    "announcement": Text("公告", "announcement"),
    "filing": Text("备案登记表", "filing form"),
    "sign-order": Text("地名标志设置通知", "order of the sign"),
}
READY_FROM = {
    "application": State.DRAFT,
    "opinion": State.PRETESTED,
    "approval": State.CONSULTED,
    "notice": State.CONSULTED,
    "announcement": State.APPROVED,
    "filing": State.APPROVED,
    "sign-order": State.APPROVED,
}
SEVERAL = ("approval", "notice", "announcement")  # papers that may list the names of several cases
KIND_WORDS = {value: word for (field, word), value in reversed(words_of("place_names").items()) if field == "kind"}
CLASS_WORDS = {value: word for (field, word), value in reversed(words_of("roads").items()) if field == "road_class"}
LEVEL_WORDS = {"error": "错误", "warning": "警告", "question": "疑问", "info": "提示"}
VERDICT_WORDS = {"pass": "可以采用", "warn": "需要斟酌", "fail": "不宜采用"}
NEAR_M = 300.0  # roads this near are drawn on the sketch
COLOUR = "#b3342c"


def ready_papers(case: Case) -> list[str]:
    """Papers that a case can give in its state; a case that was sent back or rejected gives form and opinion."""
    if case.state not in MAIN_ROAD:
        return ["application", *(["opinion"] if case.body.get("pretest") else [])]
    reached = MAIN_ROAD.index(State(case.state))
    return [name for name in PAPERS if MAIN_ROAD.index(READY_FROM[name]) <= reached]


def paper(register: Register, cases: Sequence[Case], name: str, *, today: str, own: str | Path | None = None) -> Paper:
    """The paper ``name`` of a case; ``own`` is the bureau's folder of templates.

    Raises CallError where a case is not that far, for a list of cases where the paper speaks of one, and for an
    announcement that lacks one of its six fields.
    """
    if name not in PAPERS:
        raise unknown("文书", "paper", name, PAPERS, "documents")
    if not cases or (len(cases) > 1 and name not in SEVERAL):
        raise CallError(
            f"{PAPERS[name].zh}一次只写一件事项。", f"A paper of the kind {PAPERS[name].en} speaks of one case."
        )
    for case in cases:
        if name not in ready_papers(case):
            raise CallError(
                f"事项 {case.id} 还没有办到能出{PAPERS[name].zh}的一步。",
                f"Case {case.id} is not far enough for the paper: {PAPERS[name].en}.",
            )
    profile = profile_of(register)
    if name == "announcement":
        _require_six(cases, profile)
    return fill(name, facts(register, cases, profile, today=today), own=own)


def facts(register: Register, cases: Sequence[Case], profile: Profile, *, today: str) -> dict[str, Any]:
    """What templates may speak of: ``case`` (the first), ``cases``, ``office``, ``today``, ``sketch``."""
    townships = _division_names(register)
    told = [_told(case, profile, townships) for case in cases]
    return {
        "case": told[0],
        "cases": told,
        "office": office_names(profile),
        "today": today,
        "sketch": place_sketch(register, cases[0]),
    }


def _told(case: Case, profile: Profile, divisions: dict[str, str]) -> dict[str, Any]:
    """A case in words: every fact of the procedure (empty text where it is not known) and what follows from them."""
    known = facts_of(case, profile)
    own = {name: "" if known[name] is None else _whole(known[name]) for name in FACTS}
    codes = str(own["division_code"]).split(";") if own["division_code"] else []
    test, body = chosen_test(case.body), case.body
    action = Action(body["action"])
    words = {
        "id": case.id,
        "action": ACTION_NAMES[action].zh,
        "naming": action == Action.NAMING,
        "renaming": action == Action.RENAMING,
        "abolition": action == Action.ABOLITION,
        "kind": KIND_WORDS.get(body["kind"], body["kind"]),
        "category_word": CLASS_WORDS.get(str(own["road_class"])) or KIND_WORDS.get(body["kind"], body["kind"]),
        "names": body.get("names", []),
        "old_name": body.get("old_name") or "",
        "subject": body.get("old_name") if action == Action.ABOLITION else own["name"],
        "specific": test.get("specific", ""),
        "generic": test.get("generic", ""),
        "divisions": "、".join(dict.fromkeys(divisions.get(code, code) for code in codes)),
        "ground_word": GROUNDS[own["ground"]].zh if own["ground"] else "",
        "opened_on": case.opened_on or "",
        "filed_on": case.filed_on or "",
        "announced_on": case.announced_on or "",
        "dates": {name.replace("-", "_"): known.get(f"{name}_on", "") or "" for name in PROCESS},
        "step_titles": {name: step.title.zh for name, step in STEPS.items()},
        "tested": [_tested(one) for one in body.get("pretest", {}).get("names", [])],
        "tested_on": body.get("pretest", {}).get("on", ""),
        "notes": [note["zh"] for note in body.get("pretest", {}).get("notes", [])],
        "verdict": VERDICT_WORDS.get(str(known["verdict"]), ""),
        "trail": [{**one, "title": STEPS[one["step"]].title.zh} for one in body.get("trail", [])],
        "closed": case.state in CLOSED,
    }
    return {**own, **words, "extent": _extent(own)}


def _tested(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "pinyin": one["pinyin"],
        "verdict": VERDICT_WORDS[one["verdict"]],
        "findings": [
            f"{finding['rule']}（{LEVEL_WORDS[finding['level']]}）{finding['message']['zh']}"
            for finding in one["findings"]
        ],
        "former": [
            f"{found['layer']}:{found['record_id']}（{found['until'] or '日期不详'}）" for found in one["former"]
        ],
        "not_run": one["not_run"],
    }


def _extent(own: dict[str, Any]) -> str:
    """Where a place is and how large, as notices write it: 位于…，起…，至…，长…米，宽…米."""
    parts = [
        (own["location"], "{}"),
        (own["direction"], "{}走向"),
        (own["start"], "起自{}"),
        (own["end"], "止于{}"),
        (own["length_m"], "长{}米"),
        (own["width_m"], "宽{}米"),
        (own["surface"], "{}路面"),
    ]
    return "，".join(words.format(value) for value, words in parts if value != "")


def _whole(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value


def _require_six(cases: Sequence[Case], profile: Profile) -> None:
    """Raise CallError when an announcement would lack one of its six fields (备案公告管理办法)."""
    for case in cases:
        gaps = [gap for gap in lacking_for(STEPS["announce"], facts_of(case, profile), "") if gap.fact in SIX_FIELDS]
        if gaps:
            raise CallError(
                f"事项 {case.id} 的公告缺少：{'、'.join(FACTS[gap.fact].zh for gap in gaps)}。",
                f"The announcement of {case.id} lacks: {', '.join(FACTS[gap.fact].en for gap in gaps)}.",
            )


def _division_names(register: Register) -> dict[str, str]:
    """Code → name as papers write it, with the township before a village."""
    frame = register.layer("divisions")
    frame = frame[frame["valid_to"].isna()]
    names = dict(zip(frame["code"], frame["name"], strict=True))
    above = {code: names.get(code[:9] + "000", "") for code in names}
    return {code: name if above[code] in ("", name) else above[code] + name for code, name in names.items()}


def place_sketch(register: Register, case: Case) -> str:
    """The place as a picture in the page: in red, with the roads around it; empty without a place."""
    shape = shape_of(case.body)
    if shape is None or shape.is_empty:
        return ""
    marks = [sketch.Mark(one, sketch.GREY, 3) for one in _around(register, shape)]
    marks.append(sketch.Mark(shape, COLOUR, 6, "1"))
    return sketch.data_url(sketch.sketch(marks, width=1000, height=440, focus=shapely.buffer(shape, NEAR_M / 3)))


def _around(register: Register, shape: BaseGeometry) -> list[BaseGeometry]:
    frame = register.layer("roads")
    roads = frame[frame["valid_to"].isna()][GEOMETRY].to_numpy()
    near = shapely.STRtree(roads).query(shape, predicate="dwithin", distance=NEAR_M) if len(roads) else []
    return [roads[one] for one in near if not roads[one].equals(shape)]


def paper_file(paper_: Paper, form: str) -> tuple[bytes, str]:
    """The paper as bytes and their media type, ``html`` or ``docx``."""
    if form == "docx":
        return paper_.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return paper_.html().encode("utf-8"), "text/html; charset=utf-8"
