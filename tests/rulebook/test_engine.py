"""The engine: rules that break, cannot run, or read what they did not declare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from pyproj import CRS

from register.dictionary import DICTIONARY
from rulebook import engine
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag, flag_faults, merge
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant
from tests.case_files import METRIC, layers_of

PROFILE = Profile("test", {}, {})


def rule(check: Any, **more: Any) -> Rule:
    told = {
        "code": "NAM999",
        "name": "test-rule",
        "title": Text("测试", "test"),
        "layers": ("roads",),
        "level": Level.WARNING,
        "remedy": Remedy.DESK,
        "fix": Safety.NONE,
        "basis": "测试",
        "message": Text("{name}", "{name}"),
        "check": check,
    }
    return Rule(**{**told, **more})


def flag_all(frame: pd.DataFrame, ctx: Context) -> Findings:
    return flag(frame, name=frame["name"])


def run(*rules: Rule, records: dict[str, Any], profile: Profile = PROFILE, crs: CRS | None = METRIC) -> Any:
    return engine.run(rules, layers_of(records), profile, today="2026-01-01", crs=crs)


TWO_ROADS = {
    "roads": [{"id": "a", "name": "甲路", "status": "in_use"}, {"id": "b", "name": "乙路", "status": "in_use"}]
}


def test_a_broken_rule_is_reported_and_the_others_run_on() -> None:
    def broken(frame: pd.DataFrame, ctx: Context) -> Findings:
        raise ZeroDivisionError("by zero")

    report = run(rule(broken), rule(flag_all, code="NAM998"), records=TWO_ROADS)
    assert [(crash.rule.code, crash.error) for crash in report.crashes] == [("NAM999", "ZeroDivisionError: by zero")]
    assert [(one.rule.code, one.record_id) for one in report] == [("NAM998", "a"), ("NAM998", "b")]


def test_a_rule_that_lacks_a_layer_says_so() -> None:
    report = run(rule(flag_all, needs=("divisions",)), records=TWO_ROADS)
    assert list(report) == []
    assert "divisions" in report.not_run[0].reason.en


def test_a_spatial_rule_needs_a_projected_crs() -> None:
    for crs in (None, CRS("EPSG:4490")):
        report = run(rule(flag_all, spatial=True), records=TWO_ROADS, crs=crs)
        assert "CRS" in report.not_run[0].reason.en


def test_a_switched_off_rule_says_so() -> None:
    off = replace(PROFILE, rules={"NAM999": {"enabled": False}})
    assert "switched off" in run(rule(flag_all), records=TWO_ROADS, profile=off).not_run[0].reason.en


def test_undeclared_reads_break_the_rule_also_through_a_shared_frame() -> None:
    @derived("divisions")
    def shared(ctx: Context) -> int:
        return len(ctx.frame("divisions"))

    def peeks(frame: pd.DataFrame, ctx: Context) -> Findings:
        ctx.frame("divisions")
        return flag_all(frame, ctx)

    def derives(frame: pd.DataFrame, ctx: Context) -> Findings:
        shared(ctx)
        return flag_all(frame, ctx)

    def measures(frame: pd.DataFrame, ctx: Context) -> Findings:
        ctx.param("tolerance_m")
        return flag_all(frame, ctx)

    for check in (peeks, derives, measures):
        assert "UndeclaredReadError" in run(rule(check), records=TWO_ROADS).crashes[0].error
    assert not run(rule(derives, uses=("divisions",)), records=TWO_ROADS).crashes


def test_a_shared_frame_is_built_once() -> None:
    built = []

    @derived("roads")
    def shared(ctx: Context) -> int:
        built.append(1)
        return 1

    def derives(frame: pd.DataFrame, ctx: Context) -> Findings:
        shared(ctx)
        return flag_all(frame, ctx)

    run(rule(derives), rule(derives, code="NAM998"), records=TWO_ROADS)
    assert built == [1]


def test_ended_and_future_records_are_not_checked_but_can_be_asked_for() -> None:
    roads = [
        {"id": "now", "valid_from": "2026-01-01"},
        {"id": "ended", "valid_to": "2026-01-01"},
        {"id": "later", "valid_from": "2026-01-02"},
    ]
    records = {"roads": [{"name": "甲路", "status": "in_use", **road} for road in roads]}

    def history(frame: pd.DataFrame, ctx: Context) -> Findings:
        return flag(ctx.history("roads"), name="x")

    assert [one.record_id for one in run(rule(flag_all), records=records)] == ["now"]
    assert [one.record_id for one in run(rule(history), records=records)] == ["now", "ended", "later"]


def test_the_profile_judges_the_level_of_rule_and_variant() -> None:
    variants = {
        "grave": Variant(Text("甚 {name}", "grave {name}"), Level.ERROR),
        "mild": Variant(Text("轻 {name}", "mild {name}")),
    }

    def both(frame: pd.DataFrame, ctx: Context) -> Findings:
        return flag(frame, name=frame["name"], variant=pd.Series(["grave", "mild"], index=frame.index))

    varied = rule(both, variants=variants)
    levels = lambda profile: [one.level for one in run(varied, records=TWO_ROADS, profile=profile)]  # noqa: E731
    assert levels(PROFILE) == ["error", "warning"]
    assert levels(replace(PROFILE, rules={"NAM999": {"level": "info"}})) == ["error", "info"]
    softer = replace(PROFILE, rules={"NAM999": {"variants": {"grave": "question"}}})
    assert levels(softer) == ["question", "warning"]
    first = next(iter(run(varied, records=TWO_ROADS)))
    assert first.message == Text("甚 甲路", "grave 甲路")


def test_merge_keeps_edits_with_their_findings() -> None:
    frame = layers_of(TWO_ROADS)["roads"]
    one = flag(frame.loc[["a"]], name="x").propose("name", "丙路")
    two = flag_faults(pd.DataFrame({"record_id": ["b", "a"], "name": ["y", "z"]}), frame).propose(
        "name", pd.Series(["丁路"], index=pd.Index([0], name="finding"))
    )
    both = merge([one, two])
    named = both.edits.assign(on=both.rows["record_id"].reindex(both.edits["finding"]).to_numpy())
    assert named[["on", "record_id", "before", "after"]].to_numpy().tolist() == [
        ["a", "a", "甲路", "丙路"],
        ["b", "b", "乙路", "丁路"],
    ]


def test_propose_leaves_out_what_has_no_value_after() -> None:
    frame = layers_of(TWO_ROADS)["roads"]
    found = flag(frame, name=frame["name"]).propose("name", pd.Series({"a": "丙路", "b": None}))
    assert found.edits[["record_id", "before", "after"]].to_numpy().tolist() == [["a", "甲路", "丙路"]]


def test_a_report_counts_records_and_leaves_out_exempt_findings() -> None:
    report = run(rule(flag_all), records=TWO_ROADS)
    first = next(iter(report))
    exempt = replace(report, exempt=frozenset({("NAM999", "a", first.fact_hash)}))
    assert (report.records, report.by_rule(), exempt.by_rule()) == (2, {"NAM999": 2}, {"NAM999": 1})


def test_wrong_profiles_name_the_nearest_known_name() -> None:
    from rulebook.errors import ProfileError
    from rulebook.profile import validate

    known = rule(flag_all, params=(Param("tolerance_m", float, Text("容差", "tolerance")),))
    for rules, nearest in (
        ({"NAM909": {}}, "NAM999"),
        ({"NAM999": {"tolerence_m": 1.0}}, "tolerance_m"),
        ({"NAM999": {"tolerance_m": 1.0, "level": "eror"}}, "error"),
        ({"NAM999": {"tolerance_m": 1.0, "variants": {"x": "error"}}}, "no variant"),
        ({"NAM999": {"tolerance_m": "wide"}}, "float"),
        ({"NAM999": {"tolerance_m": True}}, "float"),
        ({}, "tolerance_m"),
    ):
        with pytest.raises(ProfileError, match=nearest):
            validate(replace(PROFILE, rules=rules), [known])
    validate(replace(PROFILE, rules={"NAM999": {"tolerance_m": 2}}), [known])


def test_every_dictionary_layer_has_an_empty_frame_of_its_columns() -> None:
    for layer in DICTIONARY.values():
        assert set(layer.columns) <= set(layer.empty(METRIC).columns)
