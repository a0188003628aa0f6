"""What is due in naming cases: the date, its basis, and what the step still needs; and what a person may see of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from doorplates.addresses.personal import REDACTED
from gazetteer.procedure import ACTION_NAMES, CLOSED, FACTS, STATE_NAMES, STEPS, Action, Missing, State, next_step
from gazetteer.procedure_terms import dues
from register.cases.applications import lacking
from register.cases.applications_facts import KIND, calendar, facts_of, profile_of, terms
from register.cases.casebook import Case, all_cases
from register.cases.checking import today_text
from register.people import Person, Right
from register.store import Register
from rulebook.language import Text


def naming_cases(register: Register, person: Person, *, state: str = "", text: str = "") -> list[Case]:
    """Applications of the person's townships, newest first, as the person may see them. Cases that were taken over from
    a list, without steps of their own, are not among them.
    """
    found = [case for case in all_cases(register, KIND, state) if "action" in case.body]
    return [
        visible(case, person)
        for case in reversed(found)
        if person.cares_for(case.division_code) and (not text or text in case.title or text in case.id)
    ]


def due_list(register: Register, person: Person, *, today: str = "") -> list[dict[str, Any]]:
    """What is due in open cases, earliest date first: ``case``, ``title``, ``action``, ``state``, ``step``, ``since``, ``due_on``,
    ``days_left`` (negative: overdue), ``basis``, ``binding`` (false: by analogy or practice), ``unit`` (calendar or
    working days), ``holidays_known``, ``missing`` (what the step still needs).
    """
    today = today or today_text()
    profile = profile_of(register)
    known, dated = terms(profile), calendar(profile)
    rows = []
    for case in naming_cases(register, person):
        if case.state in CLOSED:
            continue
        facts = facts_of(case, profile)
        gaps = lacking(register, case, today)
        for due in dues(facts, known, dated):
            rows.append(
                {
                    "case": case.id,
                    "title": case.title,
                    "action": case.body["action"],
                    "state": case.state,
                    "step": due.step,
                    "since": due.since,
                    "due_on": due.due_on,
                    "days_left": due.days_left(today),
                    "basis": due.term.basis,
                    "binding": due.term.binding,
                    "unit": due.term.unit,
                    "holidays_known": due.holidays_known,
                    "missing": gaps.get(due.step, []),
                }
            )
        if case.state == State.NOTICED and (until := facts["notice_until"]):
            rows.append(_end_of_notice(case, facts, until, today, gaps))
    return sorted(rows, key=lambda row: (row["due_on"], row["case"]))


def _end_of_notice(
    case: Case, facts: Mapping[str, Any], until: str, today: str, gaps: Mapping[str, list[Missing]]
) -> dict[str, Any]:
    """The day on which the public notice runs out: from the next day the name may be approved."""
    return {
        "case": case.id,
        "title": case.title,
        "action": case.body["action"],
        "state": case.state,
        "step": "notice",
        "since": facts["notice_from"],
        "due_on": until,
        "days_left": (date.fromisoformat(until) - date.fromisoformat(today)).days,
        "basis": Text(
            f"公示 {facts['notice_days']} 日（工作惯例）", f"public notice of {facts['notice_days']} days (practice)"
        ),
        "binding": False,
        "unit": "calendar",
        "holidays_known": True,
        "missing": gaps.get("approve", []),
    }


def visible(case: Case, person: Person) -> Case:
    """The case as a person may see it: what is personal only by those who have the right."""
    if person.may(Right.SEE_PERSONAL) or not case.body.get("personal"):
        return case
    return replace(case, body={**case.body, "personal": dict.fromkeys(case.body["personal"], REDACTED)})


def described(register: Register, case: Case, lang: str, today: str) -> dict[str, Any]:
    """A case for people and programs: its columns, facts with titles, pre-test, trail, next step and what it needs."""
    gaps = lacking(register, case, today)
    step = next_step(case.state)
    action, state = Action(case.body["action"]), State(case.state)
    facts = {**case.body.get("facts", {}), **case.body.get("personal", {})}
    return {
        "id": case.id,
        "title": case.title,
        "action": action.value,
        "action_name": ACTION_NAMES[action].within(lang),
        "kind": case.body["kind"],
        "state": state.value,
        "state_name": STATE_NAMES[state].within(lang),
        "record": case.body.get("record"),
        "old_name": case.body.get("old_name"),
        "names": case.body.get("names", []),
        **{
            name: getattr(case, name)
            for name in ("division_code", "actor", "opened_on", "due_on", "approved_on", "filed_on", "announced_on")
        },
        "closed_on": case.closed_on,
        "records": list(case.records),
        "facts": {name: facts[name] for name in FACTS if name in facts},
        "pretest": case.body.get("pretest"),
        "trail": case.body.get("trail", []),
        "next_step": step.name if step else None,
        "missing": {
            name: [{"fact": gap.fact, "what": gap.what.within(lang), "basis": gap.basis.within(lang)} for gap in found]
            for name, found in gaps.items()
            if name in STEPS
        },
    }
