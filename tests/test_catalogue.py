"""The catalogue tests itself: what is true of every rule."""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest

from register.catalogue import BY_CODE, RULES
from register.dictionary import DICTIONARY
from rulebook import engine
from rulebook.findings import FIXED_COLUMNS
from rulebook.language import placeholders
from rulebook.rules import SECTIONS, Rule
from tests import case_files

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def bad_layers(rule: Rule) -> list[dict[str, pd.DataFrame]]:
    parsed = case_files.load(rule.code)
    context = parsed.get("context", {})
    return [case_files.layers_of(case_files.records_of(rule, case, context)) for case in parsed["bad"]]


def test_codes_and_names_are_unique_and_in_order() -> None:
    assert len(BY_CODE) == len({(rule.code[:3], rule.name) for rule in RULES}) == len(RULES)


@each_rule
def test_identity_is_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"(NAM|DOR|ADR|DIV|BND|MRK|EXC)[1-5]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert {*rule.layers, *rule.needs, *rule.uses} <= set(DICTIONARY)
    assert rule.basis.strip()
    assert all(rule.title) and all(rule.message)


@each_rule
def test_page_is_complete_in_both_languages(rule: Rule) -> None:
    page = rule.page()
    assert tuple(page) == SECTIONS
    for heading, text in page.items():
        assert text.zh and text.en, heading
        assert re.search(r"[\u4e00-\u9fff]", text.zh), heading


@each_rule
def test_example_of_the_page_is_a_flagged_case(rule: Rule) -> None:
    literal = re.search(r"`([^`]+)`", rule.page()["Example"].zh)
    assert literal, "the example names what is flagged between backticks"
    assert literal[1] in repr(case_files.load(rule.code)["bad"])


@each_rule
def test_messages_agree_in_both_languages(rule: Rule) -> None:
    for message in (rule.message, *(variant.message for variant in rule.variants.values())):
        assert placeholders(message.zh) == placeholders(message.en)


@each_rule
def test_evidence_fills_the_message(rule: Rule) -> None:
    parsed = case_files.load(rule.code)
    for case in parsed["bad"]:
        for finding in case_files.run_case(rule, case, parsed.get("context", {})):
            wanted = placeholders(rule.message_of(finding.variant).zh)
            assert wanted <= set(finding.evidence)


@each_rule
def test_input_is_left_unchanged_and_results_point_into_it(rule: Rule) -> None:
    for layers in bad_layers(rule):
        before = {name: frame.copy(deep=True) for name, frame in layers.items()}
        report = case_files.check(rule, layers, {})
        for name, frame in layers.items():
            pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before[name]))
        for finding in report:
            assert finding.record_id in layers[finding.layer].index
            for related in finding.related:
                layer, _, record_id = related.partition(":")
                assert record_id in layers[layer].index
        for result in report.results:
            assert set(FIXED_COLUMNS) <= set(result.findings.rows.columns)


@each_rule
def test_order_of_rows_is_irrelevant(rule: Rule) -> None:
    for layers in bad_layers(rule):
        turned = {name: frame.iloc[::-1] for name, frame in layers.items()}
        outcomes = [
            sorted((one.record_id, one.fingerprint, one.variant) for one in case_files.check(rule, frames, {}))
            for frames in (layers, turned)
        ]
        assert outcomes[0] == outcomes[1]


@each_rule
def test_fingerprints_tell_findings_apart(rule: Rule) -> None:
    for layers in bad_layers(rule):
        prints = [finding.fingerprint for finding in case_files.check(rule, layers, {})]
        assert len(prints) == len(set(prints))


@each_rule
def test_empty_in_gives_empty_out(rule: Rule) -> None:
    layers = bad_layers(rule)[0]
    emptied = {**layers, **{name: layers[name].iloc[:0] for name in rule.layers}}
    shared = engine.Run(emptied, case_files.profiles.load(), case_files.TODAY, case_files.METRIC)
    for layer in rule.layers:
        assert len(rule.check(shared.current(layer), engine.Context(shared, rule, layer))) == 0


def test_case_files_belong_to_rules() -> None:
    strays = {path.stem for path in case_files.CASES.glob("*.toml")} - set(BY_CODE) - {"addresses", "names"}
    assert not strays


def test_declared_params_are_valued_by_the_national_profile() -> None:
    case_files.profiles.load("national")


def test_csv_tables_have_a_source_column() -> None:
    for path in (case_files.profiles.DATA / "tables").glob("*.csv"):
        with path.open(encoding="utf-8-sig") as lines:
            assert "source" in next(csv.reader(lines)), path.name
