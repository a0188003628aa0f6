"""Reads ``tests/cases/<CODE>.toml`` and runs one rule over the little register that each case describes.

A case is ``[[bad]]`` or ``[[good]]``. Short form: the fields of one record of the rule's first layer (or of ``on``).
Long form: ``[[bad.records.<layer>]]`` tables, as many records and layers as the case needs. ``[[context.<layer>]]``
records are added to every case. Fields that are not given get the defaults below; ``geometry`` is WKT in EPSG:4549.

A bad case may say: ``flagged`` (ids that must be flagged, default: all records of its short form, or of the long
form's first layer), ``variant``, ``level``, ``related``, ``evidence`` (a part of it), ``fixed`` (fields after the
proposed repair), ``params`` (profile values for this case) and ``today``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from register import profiles
from register.dictionary import DICTIONARY
from rulebook import engine
from rulebook.profile import Profile
from rulebook.report import Report
from rulebook.rules import Rule
from rulebook.values import from_text

CASES = Path(__file__).parent / "cases"
METRIC = CRS("EPSG:4549")
TODAY = "2026-11-23"
SAID = {"on", "flagged", "variant", "level", "related", "evidence", "fixed", "params", "today", "records"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "divisions": {"name": "甲村", "level": "village", "kind": "村", "parent_code": "330683100000"},
    "areas": {"kind": "built_up", "name": "城区"},
    "place_names": {
        "name": "剡溪", "kind": "natural", "division_code": "330683100201", "status": "in_use",
        "pinyin": "Shàn Xī", "geometry": "POINT (580000 3270000)",
    },
    "roads": {
        "name": "剡溪路", "specific": "剡溪", "generic": "路", "pinyin": "Shànxī Lù", "status": "in_use",
        "division_code": "330683100201", "geometry": "LINESTRING (580000 3270000, 580500 3270000)",
    },
    "doorplates": {
        "kind": "road", "road_id": "road-1", "number": "1", "division_code": "330683100201", "status": "in_use",
        "geometry": "POINT (580010 3270010)",
    },
    "addresses": {"text": "嵊州市剡溪路1号", "status": "current", "geometry": "POINT (580010 3270010)"},
    "boundary_lines": {"name": "诸嵊线", "level": "county", "left_code": "330683000000", "right_code": "330681000000"},
    "markers": {
        "number": "1", "line_codes": "L1", "serial": 1, "type_code": "Q", "faces": 2, "level": "county",
        "division_codes": "330683000000;330681000000", "status": "intact", "geometry": "POINT (580000 3270000)",
    },
    "marker_witnesses": {"name": "路口", "azimuth_deg": 10.0, "distance_m": 10.0},
    "inspections": {"inspected_on": "2026-05-01", "condition": "intact"},
}  # fmt: skip


def load(code: str) -> dict[str, Any]:
    """The parsed case file of a rule."""
    return tomllib.loads((CASES / f"{code}.toml").read_text(encoding="utf-8"))


def records_of(rule: Rule, case: dict[str, Any], context: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """All records of a case by layer, defaults filled in."""
    given: dict[str, list[dict[str, Any]]] = {layer: list(rows) for layer, rows in case.get("records", {}).items()}
    short = {name: value for name, value in case.items() if name not in SAID}
    if short or not given:
        given.setdefault(case.get("on", rule.layers[0]), []).append(short)
    for layer, rows in context.items():
        given.setdefault(layer, []).extend(rows)
    return {layer: [_filled(layer, row, number) for number, row in enumerate(rows)] for layer, rows in given.items()}


def _filled(layer: str, row: dict[str, Any], number: int) -> dict[str, Any]:
    key = DICTIONARY[layer].key[-1]
    return {key: f"r{number}", **DEFAULTS.get(layer, {}), **row}


def layers_of(records: dict[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """Frames of every layer of the dictionary, in EPSG:4549; ``""`` stands for a missing value."""
    frames = {}
    for name, layer in DICTIONARY.items():
        if name not in records:
            frames[name] = empty(name)
            continue
        table = pd.DataFrame(records[name])
        table = table.astype("object").where(table.notna() & table.ne(""), None)
        if layer.geometry:
            wkt = table.pop("geometry") if "geometry" in table else pd.Series([None] * len(table))
            shapes = shapely.from_wkt(wkt.where(wkt.notna(), None).to_numpy(dtype=object))
            table = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=METRIC))
        frames[name] = layer.conform(table)
    return frames


@cache
def empty(layer: str) -> pd.DataFrame:
    """A layer without records; shared, for frames are never changed in place."""
    return DICTIONARY[layer].empty(METRIC)


def run_case(rule: Rule, case: dict[str, Any], context: dict[str, Any]) -> Report:
    """Run ``rule`` over a case."""
    return check(rule, layers_of(records_of(rule, case, context)), case)


def check(rule: Rule, layers: dict[str, pd.DataFrame], case: dict[str, Any]) -> Report:
    """Run ``rule`` over frames with the case's parameters and date."""
    return check_all([rule], layers, {rule.code: case.get("params", {})}, today=case.get("today", TODAY))


def check_all(
    rules: Sequence[Rule], layers: dict[str, pd.DataFrame], params: dict[str, Any], *, today: str = TODAY
) -> Report:
    """Run several rules over frames; ``params`` are profile values by code."""
    base = load_profile()
    judged = {**base.rules, **{code: {**base.rules.get(code, {}), **given} for code, given in params.items()}}
    return engine.run(rules, layers, replace(base, rules=judged), today=today, crs=METRIC)


@cache
def load_profile() -> Profile:
    """The default profile, read once."""
    return profiles.load()


def apply_fixes(layers: dict[str, pd.DataFrame], report: Report) -> dict[str, pd.DataFrame]:
    """The frames after all proposed repairs (first option of each) of a report."""
    fixed = {name: frame.copy() for name, frame in layers.items()}
    for finding in report:
        options = {edit["option"] for edit in finding.edits}
        for edit in finding.edits:
            if edit["option"] == min(options):
                frame = fixed[edit["layer"]]
                known = DICTIONARY[edit["layer"]].field_named(edit["field"])
                frame.at[edit["record_id"], edit["field"]] = from_text(edit["after"], known.type if known else None)
    return fixed


def as_json(value: Any) -> Any:
    """A value as it looks after a trip through JSON."""
    return json.loads(json.dumps(value, ensure_ascii=False))
