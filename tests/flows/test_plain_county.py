"""A county that nobody looked at while the rules were written: no finding when clean, each fault by its rule."""

from __future__ import annotations

import pytest

from register.catalogue import BY_CODE, RULES
from rulebook import engine
from rulebook.report import Finding
from rulebook.rules import Rule
from tests.case_files import METRIC, load_profile
from tests.flows import plain_county

TODAY = "2026-06-01"


def findings(rules: tuple[Rule, ...], frames: plain_county.Frames) -> list[Finding]:
    layers = plain_county.registered(frames)
    report = engine.run(rules, layers, load_profile(), today=TODAY, crs=METRIC)
    assert [crash.trace for crash in report.crashes] == []
    return list(report)


def test_nothing_is_found_in_a_clean_county() -> None:
    assert [(one.rule.code, one.record_id, one.message.en) for one in findings(RULES, plain_county.clean())] == []


@pytest.mark.parametrize(
    ("code", "record", "faults"),
    [pytest.param(*fault, id=f"{fault[0]}-{number}") for number, fault in enumerate(plain_county.FAULTS)],
)
def test_a_fault_is_found_by_its_rule(code: str, record: str, faults: tuple[plain_county.Fault, ...]) -> None:
    frames = plain_county.clean()
    for fault in faults:
        fault(frames)
    found = findings((BY_CODE[code],), frames)
    assert [one.record_id for one in found] == [record]
