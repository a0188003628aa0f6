"""A case is numbered once, moves with the records it writes, and is taken back whole."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pyproj import CRS

from register.cases.casebook import all_cases, case_numbered, new_record, open_case, step, steps
from register.store import create_register
from rulebook.errors import CallError, StaleEditError

TODAY = "2026-03-02"


@pytest.fixture
def register(tmp_path):
    return create_register(tmp_path / "county.gpkg", "national", CRS(4549))


def opened(register, **columns):
    return open_case(
        register, "name", "官河路", state="draft", actor="李敏", today=TODAY, body={"b": [1, "二"]}, **columns
    )


def test_a_case_reads_back_as_it_was_written(register):
    case = opened(register, division_code="330683001", records=("roads:R1", "roads:R2"))
    assert case.id == "name-2026-0001"
    assert case_numbered(register, case.id) == case
    assert all_cases(register, kind="name", state="draft") == [case]
    assert all_cases(register, kind="trip") == []


def test_numbers_are_never_given_twice(register):
    with ThreadPoolExecutor(6) as people:
        cases = list(people.map(lambda _: opened(register).id, range(12)))
    assert sorted(cases) == [f"name-2026-{number:04d}" for number in range(1, 13)]


def test_a_step_and_its_records_are_one_change(register):
    case = opened(register)
    road = new_record("roads", "R1", {"id": "R1", "name": "官河路", "status": "approved"})
    approved = replace(case, state="approved", approved_on=TODAY, records=("roads:R1",))
    change = step(register, case, approved, actor="王主任", reason="批准", edits=[road])
    assert case_numbered(register, case.id) == approved
    assert list(register.layer("roads").index) == ["R1"]
    assert set(steps(register, case.id)["change_id"]) == {change - 1, change}
    register.undo(change, actor="王主任", reason="撤销")
    assert case_numbered(register, case.id) == case
    assert register.layer("roads").empty


def test_a_case_that_moved_meanwhile_is_not_overwritten(register):
    case = opened(register)
    step(register, case, replace(case, state="filed"), actor="a", reason="b")
    with pytest.raises(StaleEditError):
        step(register, case, replace(case, state="rejected"), actor="c", reason="d")


def test_an_edit_that_went_stale_is_not_taken_for_a_number_in_use(register):
    with pytest.raises(StaleEditError):
        opened(register, edits=[("roads", "R9", "*", '{"id": "R9"}', None)])
    assert all_cases(register) == []


def test_an_unknown_number_is_told(register):
    with pytest.raises(CallError, match="name-2026-0009"):
        case_numbered(register, "name-2026-0009")


def test_a_file_is_kept_once_and_comes_back_as_it_was(register):
    first = register.attach("a.jpg", "image/jpeg", b"picture")
    assert register.attach("b.jpg", "image/jpeg", b"picture") == first
    kept = register.attachment(first)
    assert (kept.name, kept.media_type, kept.content) == ("a.jpg", "image/jpeg", b"picture")
    assert register.attachment("0" * 64) is None
