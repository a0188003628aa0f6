"""A proposed name takes parts and romanisation along, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from register.catalogue import BY_CODE
from tests import case_files

WIDE = {"name": "剡溪大道", "specific": "剡溪", "generic": "大道", "pinyin": "Shànxī Dàdào", "width_m": 6.0}


def edits(**more: object) -> dict[str, str]:
    layers = case_files.layers_of({"roads": [{"id": "a", **case_files.DEFAULTS["roads"], **WIDE, **more}]})
    (finding,) = case_files.check(BY_CODE["NAM303"], layers, {})
    return {edit["field"]: edit["after"] for edit in finding.edits}


def test_all_that_the_record_has_of_its_old_name_follows() -> None:
    assert edits() == {"name": "剡溪路", "generic": "路", "pinyin": "Shànxī Lù"}


@pytest.mark.parametrize("empty", ["specific", "generic", "pinyin"])
def test_what_the_record_does_not_have_stays_away(empty: str) -> None:
    assert empty not in edits(**{empty: ""})


def test_a_romanisation_that_already_fits_is_left() -> None:
    assert "pinyin" not in edits(pinyin="Shànxī Lù")


def test_the_repaired_record_has_no_new_fault() -> None:
    layers = case_files.layers_of({"roads": [{"id": "a", **case_files.DEFAULTS["roads"], **WIDE}]})
    rules = [rule for code, rule in BY_CODE.items() if code.startswith("NAM")]
    fixed = case_files.apply_fixes(layers, case_files.check(BY_CODE["NAM303"], layers, {}))
    assert isinstance(fixed["roads"], pd.DataFrame)
    assert case_files.check_all(rules, fixed, {}).by_rule() == {}
