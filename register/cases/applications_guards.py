"""What must hold before a step of a naming case is taken: nothing missing, dates in order, nothing settled changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gazetteer.procedure import FACTS, STEPS, Action, State, Step, missing
from register.cases.casebook import Case
from register.people import Person
from rulebook.errors import CallError

AFTER_APPROVAL = ("file", "announce", "order-sign")
FROM_NOTICE = ("notice_from", "notice_days")  # facts that stand once the notice has begun
FROM_APPROVAL = ("approval_no", "authority", "place_code", "category", "pinyin", "division_code", "meaning")  # likewise


def require(step: Step, facts: Mapping[str, Any], on: str, *, first_only: bool = False) -> None:
    """Raise CallError that names all that is missing. ``first_only``: what a pre-test itself cannot do without."""
    gaps = missing(STEPS["pretest"] if first_only else step, facts, on)
    if gaps:
        raise CallError(
            f"还不能{step.title.zh}：" + "；".join(f"{gap.what.zh}（{gap.basis.zh}）" for gap in gaps) + "。",
            f'The step "{step.title.en}" lacks: ' + "; ".join(f"{gap.what.en} ({gap.basis.en})" for gap in gaps) + ".",
        )


def in_order(step: Step, case: Case, by_government: bool, on: str, today: str) -> None:
    """Steps are dated in order, and none in the future. Announcing need not wait for the filing where a government
    approves: both are reckoned from the approval.
    """
    if on > today:
        raise CallError(f"日期 {on} 在今天（{today}）之后。", f"The date {on} is after today ({today}).")
    loose = AFTER_APPROVAL if by_government and step.name in AFTER_APPROVAL else ()
    latest = max((one["on"] for one in case.body.get("trail", ()) if one["step"] not in loose), default="")
    if on < latest:
        raise CallError(
            f"{step.title.zh}的日期 {on} 早于上一步的日期 {latest}。",
            f'The step "{step.title.en}" on {on} is before the step of {latest}.',
        )


def refuse_settled(case: Case, given: Mapping[str, Any]) -> None:
    """Facts that a notice or an approval has made known are not changed behind it."""
    if case.body["action"] == Action.ABOLITION and "name" in given:
        raise CallError("销名的名称是登记的名称，不能改。", "The name of an abolition is that of its record.")
    settled = FROM_NOTICE if case.state == State.NOTICED else ()
    if case.approved_on:
        settled = (*FROM_NOTICE, *FROM_APPROVAL)
    before = case.body["facts"]
    wrong = [name for name in settled if name in given and given[name] != before.get(name)]
    if wrong:
        titles = [FACTS[name] for name in wrong]
        raise CallError(
            f"已公示或批准，不能再改：{'、'.join(title.zh for title in titles)}。",
            f"Made known by the notice or the approval, not to be changed: {', '.join(title.en for title in titles)}.",
        )


def own_township(person: Person, code: str | None) -> None:
    """Raise CallError when a clerk is given a case of another township."""
    if not person.cares_for(code):
        raise CallError(
            f"{code or '未填政区'} 不在您负责的乡镇（{person.township}）。",
            f"{code or 'A case without a division'} is not in your township ({person.township}).",
        )
