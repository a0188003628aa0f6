"""Each rule against its case file: every bad case is flagged as told, no good one is, repairs cure what they name."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from register.catalogue import BY_CODE, RULES
from rulebook.rules import Rule, Safety
from tests import case_files


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, case, parsed.get("context", {}), id=f"{rule.code}-{kind}-{number}")
        for rule in RULES
        for parsed in [case_files.load(rule.code)]
        for number, case in enumerate(parsed.get(kind, ()))
    ]


def flagged_ids(rule: Rule, case: dict[str, Any]) -> list[str]:
    if "flagged" in case:
        return sorted(case["flagged"])
    layer = next(iter(case["records"])) if case.get("records") else case.get("on", rule.layers[0])
    key = case_files.DICTIONARY[layer].key[-1]
    rows = case["records"][layer] if case.get("records") else [case]
    return sorted(str(row.get(key, f"r{number}")) for number, row in enumerate(rows))


@pytest.mark.parametrize(("rule", "case", "context"), cases("bad"))
def test_bad_case_is_flagged(rule: Rule, case: dict[str, Any], context: dict[str, Any]) -> None:
    report = case_files.run_case(rule, case, context)
    assert not report.crashes, report.crashes[0].trace
    assert not report.not_run, report.not_run[0].reason
    findings = list(report)
    assert sorted(finding.record_id for finding in findings) == flagged_ids(rule, case)
    first = findings[0]
    for attribute in ("variant", "level"):
        if attribute in case:
            assert getattr(first, attribute) == case[attribute]
    if "related" in case:
        assert sorted(first.related) == sorted(case["related"])
    for name, value in case.get("evidence", {}).items():
        assert case_files.as_json(first.evidence[name]) == value, name
    for lang in ("zh", "en"):
        assert first.message.within(lang)


@pytest.mark.parametrize(("rule", "case", "context"), cases("good"))
def test_good_case_is_silent(rule: Rule, case: dict[str, Any], context: dict[str, Any]) -> None:
    report = case_files.run_case(rule, case, context)
    assert not report.crashes, report.crashes[0].trace
    assert not report.not_run, report.not_run[0].reason
    assert [finding.message.en for finding in report] == []


@pytest.mark.parametrize(("rule", "case", "context"), [one for one in cases("bad") if "fixed" in one.values[1]])
def test_repair_gives_what_the_case_says(rule: Rule, case: dict[str, Any], context: dict[str, Any]) -> None:
    findings = list(case_files.run_case(rule, case, context))
    edits = {edit["field"]: edit["after"] for finding in findings for edit in finding.edits}
    assert {name: edits.get(name) for name in case["fixed"]} == case["fixed"]


@pytest.mark.parametrize(("rule", "case", "context"), [one for one in cases("bad") if one.values[0].fix is Safety.SAFE])
def test_safe_repair_silences_the_rule_and_makes_no_other_louder(
    rule: Rule, case: dict[str, Any], context: dict[str, Any]
) -> None:
    before = case_files.layers_of(case_files.records_of(rule, case, context))
    report = case_files.check(rule, before, case)
    after = case_files.apply_fixes(before, report)
    assert list(case_files.check(rule, after, case)) == []
    louder = Counter(case_files.check_all(RULES, after, {}).by_rule())
    louder.subtract(case_files.check_all(RULES, before, {}).by_rule())
    assert [code for code, more in louder.items() if more > 0] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_declared_fix_is_the_observed_one(rule: Rule) -> None:
    parsed = case_files.load(rule.code)
    proposes = any(
        finding.edits
        for case in parsed["bad"]
        for finding in case_files.run_case(rule, case, parsed.get("context", {}))
    )
    assert proposes == (rule.fix is not Safety.NONE)


def test_every_rule_has_bad_and_good_cases() -> None:
    for code in BY_CODE:
        parsed = case_files.load(code)
        assert parsed.get("bad") and parsed.get("good"), code
