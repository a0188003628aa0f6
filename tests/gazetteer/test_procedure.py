"""The way of a name: order of the steps, what each needs, when it is due."""

import pandas as pd
import pytest

from gazetteer.procedure import FACTS, MAIN_ROAD, PROCESS, STEPS, State, missing, next_step, steps_from
from gazetteer.procedure_terms import WorkingDays, dues, terms_of
from register import profiles

PROFILE = profiles.load("national")
CALENDAR = WorkingDays.from_table(PROFILE.table("working_days"))
TERMS = terms_of(
    {name: term for name, term in PROFILE.setting("naming")["terms"].items() if name in STEPS},
    {"NAM502": 15, "NAM503": 15},
)
FULL = dict.fromkeys(FACTS, "x") | {"action": "naming", "kind": "road", "geometry": True, "verdict": "pass", "former": False, "notice_until": "2026-03-08"}  # fmt: skip


def lacking(step, on="2026-03-09", **changes):
    return [one.fact for one in missing(STEPS[step], FULL | changes, on)]


def test_the_steps_lead_from_the_draft_to_the_sign():
    passed, state = [State.DRAFT], State.DRAFT
    while (step := next_step(state)) is not None:
        state = step.after
        passed.append(state)
    assert tuple(passed) == MAIN_ROAD
    assert next_step("rejected") is None


def test_a_returned_case_is_pretested_again_and_a_closed_one_goes_nowhere():
    assert [step.name for step in steps_from("returned")] == ["pretest"]
    assert [step.name for step in steps_from("noticed")] == ["approve", "return", "reject"]
    assert steps_from("sign_ordered") == steps_from("rejected") == []


@pytest.mark.parametrize("step", PROCESS)
def test_a_full_case_lacks_nothing(step):
    assert lacking(step) == []


def test_an_announcement_needs_its_six_fields():
    empty = dict.fromkeys(FACTS, None)
    assert lacking("announce", **empty) == [
        "name", "pinyin", "division_code", "location", "authority", "approved_on", "channel",
    ]  # fmt: skip


def test_a_name_is_approved_only_after_the_notice_has_run_out():
    assert lacking("approve", on="2026-03-08") == [""]
    assert lacking("approve", on="2026-03-09") == []


def test_a_failing_or_former_name_needs_a_reason():
    assert lacking("submit", verdict="fail", despite="") == ["despite"]
    assert lacking("approve", former=True, reuse_reason=None) == ["reuse_reason"]
    assert lacking("submit", verdict="warn", despite="") == []


def test_renaming_and_abolition_need_a_ground_and_a_record():
    assert lacking("submit", action="renaming", ground="", record="roads:R1") == ["ground"]
    assert lacking("pretest", action="abolition", record="", name="") == [""]
    assert lacking("submit", action="abolition", record="roads:R1", name="", meaning="", geometry=False) == []


def due(step, **facts):
    return next(one for one in dues(facts, TERMS, CALENDAR) if one.step == step)


def test_filing_and_announcement_are_due_in_fifteen_calendar_days():
    assert due("file", state="approved", approve_on="2026-09-30").due_on == "2026-10-15"
    assert due("announce", state="filed", approve_on="2026-09-30", file_on="2026-10-10").due_on == "2026-10-15"


def test_an_announcement_of_a_department_counts_from_the_filing():
    facts = {"state": "filed", "approve_on": "2026-03-01", "file_on": "2026-03-10", "by_government": False}
    assert due("announce", **facts).due_on == "2026-03-25"


def test_working_days_leave_out_weekends_and_holidays_and_count_days_made_up():
    assert CALENDAR.after("2026-02-13", 1) == "2026-02-14"  # a Saturday that is worked
    assert CALENDAR.after("2026-02-14", 1) == "2026-02-24"  # after the Spring Festival
    found = due("accept", state="submitted", submit_on="2026-09-30")
    assert (found.due_on, found.holidays_known, found.term.binding) == ("2026-10-13", True, False)
    assert not due("accept", state="submitted", submit_on="2031-03-03").holidays_known


def test_what_is_done_is_no_longer_due():
    assert [one.step for one in dues({"state": "announced", "approve_on": "2026-03-01"}, TERMS, CALENDAR)] == [
        "order-sign"
    ]
    assert dues({"state": "rejected", "approve_on": "2026-03-01"}, TERMS, CALENDAR) == []


def test_days_left_are_negative_when_the_date_is_past():
    assert due("file", state="approved", approve_on="2026-03-01").days_left("2026-03-20") == -4


def test_the_table_has_every_day_once():
    table = PROFILE.table("working_days")
    assert table["date"].is_unique
    assert pd.to_datetime(table["date"]).is_monotonic_increasing
