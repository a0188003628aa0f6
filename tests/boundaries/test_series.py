from __future__ import annotations

from typing import Any

import pandas as pd

from boundaries import codes, series
from boundaries.rules.former_code import RULE
from tests import case_files

TODAY = "2026-11-23"


def divisions(*rows: dict[str, Any]) -> pd.DataFrame:
    return case_files.layers_of({"divisions": [{"name": "甲", "level": "village", **row} for row in rows]})["divisions"]


def test_a_split_division_has_no_single_successor() -> None:
    rows = [
        {"code": "330683113301", "geometry": "POLYGON ((0 0, 1000 0, 1000 500, 0 500, 0 0))"},
        {"code": "330683113302", "name": "乙", "geometry": "POLYGON ((0 500, 1000 500, 1000 1000, 0 1000, 0 500))"},
        {
            "code": "330683113300",
            "name": "丙",
            "valid_to": "2020-01-01",
            "geometry": "POLYGON ((0 0, 1000 0, 1000 1000, 0 1000, 0 0))",
        },
    ]
    records = {"divisions": rows, "doorplates": [{"id": "p1", "division_code": "330683113300"}]}
    layers = case_files.layers_of(
        {
            "divisions": records["divisions"],
            "doorplates": [{**case_files.DEFAULTS["doorplates"], **records["doorplates"][0]}],
        }
    )
    layers["divisions"]["level"] = "village"
    findings = list(case_files.check(RULE, layers, {}))
    assert [(one.record_id, one.variant, one.edits) for one in findings] == [("p1", "open", ())]


def test_villages_of_one_name_in_two_towns_are_not_paired() -> None:
    frame = divisions(
        {"code": "330683003224", "name": "江东村", "valid_to": "2020-01-01"},
        {"code": "330683104337", "name": "江东村"},
    )
    found = series.obsolete_codes(frame, TODAY)
    assert found.loc["330683003224", "series"] == "former"
    assert pd.isna(found.loc["330683003224", "successor"])


def test_a_code_of_both_series_counts_as_statistics() -> None:
    frame = divisions(
        {"code": "330683111000", "level": "township", "nbs_code": "330683105"},
        {"code": "330683105000", "level": "township", "valid_to": "2019-03-01"},
    )
    found = series.obsolete_codes(frame, TODAY)
    assert found.loc["330683105000", ["series", "successor"]].tolist() == ["statistics", "330683111000"]


def test_a_code_in_force_is_never_obsolete() -> None:
    frame = divisions(
        {"code": "330683111000", "level": "township", "nbs_code": "330683105000"},
        {"code": "330683105000", "level": "township"},
    )
    assert series.obsolete_codes(frame, TODAY).empty


def test_short_and_full_width_codes_have_one_normal_form() -> None:
    given = pd.Series(["330683", "３３０683100", " 330683100201", "x", None], dtype="str")
    normal = codes.normal(given)
    assert normal.tolist()[:4] == ["330683000000", "330683100000", "330683100201", "x"]
    assert codes.level_of(normal).tolist()[:3] == ["county", "township", "village"]
    assert codes.parent_of(normal).tolist()[1:3] == ["330683000000", "330683100000"]
