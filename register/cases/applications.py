"""A name's case from the draft to the sign: opened by a township, judged, consulted, approved, filed, announced.

Every step is one change of the log together with the records it writes; ``gazetteer.procedure`` says what may follow
what and what is needed first, ``register.people`` who may do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.layers import KINDS
from gazetteer.procedure import (
    ACTION_NAMES,
    CLOSED,
    STATE_NAMES,
    STEPS,
    Action,
    Missing,
    State,
    Step,
    missing,
    next_step,
)
from gazetteer.procedure_terms import dues, later
from register.cases import casebook
from register.cases.applications_approval import approval, proposed_facts
from register.cases.applications_facts import (
    KIND,
    calendar,
    checked_facts,
    divisions_of,
    facts_of,
    iso_date,
    merged,
    profile_of,
    shape_of,
    terms,
)
from register.cases.applications_guards import in_order, own_township, refuse_settled, require
from register.cases.applications_pretest import dependents, layer_of, pretest_names, standing_record
from register.cases.applications_records import fitted
from register.cases.casebook import Case, EditRow
from register.cases.checking import today_text
from register.cases.names import romanise
from register.cases.naming_plan import planned_here
from register.cases.pretest_sheet import numbered, proposals_in
from register.people import Person, Right
from register.store import Register
from rulebook.errors import CallError
from rulebook.profile import unknown
from rulebook.values import GEOMETRY, to_text

EARLY = (State.DRAFT, State.PRETESTED, State.RETURNED)
JUDGED_BY = ("name", "width_m")  # facts that a pre-test depends on


@dataclass(frozen=True)
class Application:
    """What somebody applies for. ``record`` (``layer:id``) is the name to change, or the planned record to be named;
    ``geometry`` is in the register's CRS; ``facts`` are those of ``gazetteer.procedure.FACTS``. What is left empty is
    taken from the pre-test ``sheet`` (its number), where one is given.
    """

    action: str
    kind: str
    names: tuple[str, ...] = ()
    record: str = ""
    geometry: BaseGeometry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""


def open_application(register: Register, wanted: Application, person: Person, *, today: str = "") -> Case:
    """Open a case as a draft and return it; raises CallError for what cannot be applied for."""
    person.require(Right.FILE)
    today = today or today_text()
    if wanted.sheet:
        wanted = _from_sheet(register, wanted)
    if wanted.action not in tuple(Action):
        raise unknown("事项", "action", wanted.action, tuple(Action), KIND)
    if wanted.kind not in KINDS:
        raise unknown("地名类型", "kind", wanted.kind, KINDS, KIND)
    proposed = tuple(dict.fromkeys(name.strip() for name in wanted.names if name.strip()))
    layer, body = layer_of(wanted.kind), {"action": wanted.action, "kind": wanted.kind}
    if wanted.sheet:
        body["sheet"] = wanted.sheet
    facts = checked_facts(wanted.facts)
    shape, mark = fitted(wanted.kind, wanted.geometry), wanted.record
    if not mark and wanted.action == Action.NAMING and proposed:
        mark = planned_here(register, layer, proposed, shape)
    if mark:
        record = standing_record(register, mark, wanted.action, today)
        if mark.partition(":")[0] != layer:
            raise CallError(
                f"{mark} 不是 {wanted.kind} 类地名的记录。", f"{mark} is not a record of the kind {wanted.kind}."
            )
        shape = shape if shape is not None else record[GEOMETRY]
        body |= {"record": mark, "old_name": record["name"]} if wanted.action != Action.NAMING else {"record": mark}
        known = {name: to_text(record.get(name)) for name in ("division_code", "road_class", "width_m")}
        if wanted.action == Action.ABOLITION:
            proposed = ()
            facts["name"] = record["name"]
            known["pinyin"] = to_text(record["pinyin"]) or romanise((record["name"],), wanted.kind)[0]["pinyin"]
        facts = checked_facts({name: value for name, value in known.items() if value is not None}) | facts
    elif wanted.action != Action.NAMING:
        raise CallError("更名、销名要指明原有地名的记录。", "Renaming and abolition need the record of the name.")
    if shape is not None and not shape.is_empty:
        body[GEOMETRY] = to_text(shape)
        facts.setdefault("division_code", divisions_of(register, shape) or None)
        if wanted.kind == "road":
            facts.setdefault("length_m", round(float(shapely.length(shape)), 1))
    if proposed:
        facts.setdefault("name", proposed[0])
    code = str(facts.get("division_code") or "").split(";")[0] or person.township or None
    own_township(person, code)
    return casebook.open_case(
        register,
        KIND,
        _title(wanted.action, (body.get("old_name"), facts.get("name"))),
        state=State.DRAFT.value,
        actor=person.name,
        today=today,
        body=merged({**body, "names": list(proposed)}, facts),
        division_code=code,
        records=(mark,) if mark else (),
    )


def amend(
    register: Register,
    case_id: str,
    facts: Mapping[str, Any],
    person: Person,
    *,
    names: tuple[str, ...] = (),
    geometry: BaseGeometry | None = None,
) -> Case:
    """Fill in facts. As long as a case has not been filed its names and place may be changed too, and it is a draft
    again where the pre-test depends on what was changed; afterwards only the bureau fills in, and not these.
    """
    case = naming_case(register, case_id)
    early = case.state in EARLY
    person.require(Right.FILE if early else Right.DECIDE)
    own_township(person, case.division_code)
    if case.state in CLOSED:
        raise CallError("已办结的事项不能再改。", "A case that is closed is not changed any more.")
    given = checked_facts(facts)
    refuse_settled(case, given)
    body: dict[str, Any] = dict(case.body)
    before = dict(body.get("facts", {}))
    if names:
        body["names"] = list(dict.fromkeys(name.strip() for name in names if name.strip()))
        given.setdefault("name", body["names"][0])
    if geometry is not None:
        shape = fitted(body["kind"], geometry)
        body[GEOMETRY] = to_text(shape)
        given.setdefault("division_code", divisions_of(register, geometry) or None)
        if body["kind"] == "road":
            given.setdefault("length_m", round(float(shapely.length(geometry)), 1))
    if given.get("name") and given["name"] not in body["names"]:
        body["names"] = [*body["names"], given["name"]]
    changed = [name for name in JUDGED_BY if name in given and given[name] != before.get(name)]
    if not early and (names or geometry is not None or changed):
        raise CallError(
            "报送以后不能再改名称、位置和宽度；请先退回。",
            "Name, place and width are not changed once a case is filed; return it first.",
        )
    body = merged(body, given)
    anew = names or geometry is not None or changed
    state = State.DRAFT.value if anew and case.state == State.PRETESTED else case.state
    title = _title(body["action"], (body.get("old_name"), body["facts"].get("name")))
    code = str(body["facts"].get("division_code") or "").split(";")[0] or case.division_code
    after = replace(case, body=body, state=state, title=title, division_code=code)
    if after != case:
        casebook.step(register, case, after, actor=person.name, reason="填写事项内容")
    return after


def take_step(
    register: Register,
    case_id: str,
    step_name: str,
    person: Person,
    *,
    facts: Mapping[str, Any] | None = None,
    on: str = "",
    reason: str = "",
    today: str = "",
) -> Case:
    """Take a step ``on`` a date (default ``today``), with facts filled in at the same time, and return the case.

    Raises CallError when the role may not, the state does not allow it, a reason or anything else is missing; then
    nothing is written.
    """
    if step_name not in STEPS:
        raise unknown("步骤", "step", step_name, STEPS, KIND)
    step, today = STEPS[step_name], today or today_text()
    person.require(Right(step.right))
    case = naming_case(register, case_id)
    own_township(person, case.division_code)
    if case.state not in step.before:
        state = STATE_NAMES[State(case.state)]
        raise CallError(
            f"事项 {case_id} 的状态是“{state.zh}”，不能{step.title.zh}。",
            f'Case {case_id} is "{state.en}": it cannot take the step "{step.title.en}".',
        )
    on = iso_date(on, "日期", "the date") if on else today
    given = checked_facts(facts or {})
    refuse_settled(case, given)
    changed = [name for name in JUDGED_BY if name in given and given[name] != case.body["facts"].get(name)]
    if changed and step_name != "pretest":
        raise CallError("名称和宽度在预审之前填写。", "Name and width are filled in before the pre-test.")
    body = merged(case.body, given)
    if given.get("name") and given["name"] not in body["names"]:
        body["names"] = [*body["names"], given["name"]]
    in_order(step, case, facts_of(case, profile_of(register))["by_government"], on, today)
    if step.needs_reason and not reason.strip():
        raise CallError(f"{step.title.zh}要写明理由。", f'The step "{step.title.en}" needs a reason.')
    title = _title(body["action"], (body.get("old_name"), body["facts"].get("name")))
    after, edits = _done(register, replace(case, title=title, body=body), step, on, today)
    entry = {"step": step.name, "on": on, "actor": person.name, "role": person.role.value, "reason": reason.strip()}
    after = replace(after, state=step.after.value, body={**after.body, "trail": [*case.body.get("trail", ()), entry]})
    after = replace(after, due_on=_next_due(register, after), closed_on=on if step.after in CLOSED else None)
    casebook.step(register, case, after, actor=person.name, reason=reason.strip() or step.title.zh, edits=edits)
    return after


def naming_case(register: Register, case_id: str) -> Case:
    """The naming case of that number; raises CallError when there is none."""
    case = casebook.case_numbered(register, case_id)
    if case.kind != KIND or "action" not in case.body:
        raise CallError(f"事项 {case_id} 不是地名申请。", f"Case {case_id} is not an application for a name.")
    return case


def lacking(register: Register, case: Case, on: str) -> dict[str, list[Missing]]:
    """For each step that brings the case forward from here: what it still needs on that day."""
    facts, found = _default_facts(register, case), {}
    step, reached = next_step(case.state), facts
    while step is not None:
        found[step.name] = missing(step, reached, on)
        reached = {**reached, "state": step.after.value, "approved_on": reached["approved_on"] or on}
        step = next_step(step.after)
    return found


def _from_sheet(register: Register, wanted: Application) -> Application:
    """The application with names, kind, place and width of its pre-test sheet where it does not say otherwise."""
    asked = proposals_in(numbered(register, wanted.sheet))
    width = {} if asked[0].width_m is None else {"width_m": asked[0].width_m}
    return replace(
        wanted,
        kind=wanted.kind or asked[0].kind,
        names=wanted.names or tuple(one.name for one in asked),
        geometry=wanted.geometry if wanted.geometry is not None else asked[0].geometry,
        facts={**width, **wanted.facts},
    )


def proposed(register: Register, case: Case) -> dict[str, Any]:
    """Facts that an approval and a filing fill in by themselves where nobody says otherwise."""
    return proposed_facts(register, case, profile_of(register))


def _done(register: Register, case: Case, step: Step, on: str, today: str) -> tuple[Case, list[EditRow]]:
    """The case with what the step adds to it, and the edits of records; raises CallError for what is missing."""
    case = replace(case, body=merged(case.body, _defaults(register, case, step, on)))
    edits: list[EditRow] = []
    if step.name in ("pretest", "submit", "approve"):
        require(step, facts_of(case, profile_of(register)), on, first_only=True)
        case = _pretested(register, case, today)
    require(step, facts_of(case, profile_of(register)), on)
    if step.name == "approve":
        case, edits = approval(register, case, on)
    elif step.name == "file":
        case = replace(case, filed_on=on)
    elif step.name == "announce":
        case = replace(case, announced_on=on)
    return case, edits


def _pretested(register: Register, case: Case, today: str) -> Case:
    """The case with a pre-test of today against the register as it is."""
    body, shape = dict(case.body), shape_of(case.body)
    notes = dependents(register, body["record"]) if body.get("record") and body["action"] != Action.NAMING else []
    if body["action"] == Action.ABOLITION:
        standing_record(register, body["record"], body["action"], today)
        tested, verdict = [], "warn" if notes else "pass"
    else:
        own = (body["record"].partition(":")[2],) if body.get("record") else ()
        if own:
            standing_record(register, body["record"], body["action"], today)
        width = body["facts"].get("width_m")
        tested = pretest_names(register, body["names"], body["kind"], shape, width, without=own, today=today)
        verdict = next(one["verdict"] for one in tested if one["name"] == body["facts"]["name"])
    body["pretest"] = {
        "on": today,
        "revision": register.revision,
        "verdict": verdict,
        "names": tested,
        "notes": [note._asdict() for note in notes],
    }
    return replace(case, body=body)


def _defaults(register: Register, case: Case, step: Step, on: str) -> dict[str, Any]:
    """Facts that a step fills in itself where they are still empty."""
    facts = case.body["facts"]
    own = profile_of(register).setting("naming")
    if step.name == "notice":
        start, days = facts.get("notice_from") or on, int(facts.get("notice_days") or own["notice_days"])
        if start < on:
            raise CallError(
                f"公示起始日期 {start} 早于办理日期 {on}。", f"The notice from {start} is before the step of {on}."
            )
        return {"notice_from": start, "notice_days": days, "notice_until": later(start, days - 1)}
    given = _default_facts(register, case)
    names = {"approve": ("authority", "place_code", "category"), "file": ("filing_to",)}.get(step.name, ())
    return {name: given[name] for name in names if not facts.get(name) and given[name]}


def _default_facts(register: Register, case: Case) -> dict[str, Any]:
    """The facts of a case with those that the profile or the register fill in."""
    profile = profile_of(register)
    facts = facts_of(case, profile)
    proposed = proposed_facts(register, case, profile)
    return facts | {name: facts[name] or value for name, value in proposed.items()}


def _next_due(register: Register, case: Case) -> str | None:
    profile = profile_of(register)
    found = dues(facts_of(case, profile), terms(profile), calendar(profile))
    return found[0].due_on if found else None


def _title(action: str, names: tuple[str | None, ...]) -> str:
    old, new = names
    match action:
        case Action.RENAMING:
            return f"{ACTION_NAMES[Action.RENAMING].zh}：{old} → {new or '（待拟）'}"
        case Action.ABOLITION:
            return f"{ACTION_NAMES[Action.ABOLITION].zh}：{old}"
        case _:
            return f"{ACTION_NAMES[Action.NAMING].zh}：{new or '（待拟）'}"
