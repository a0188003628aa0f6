"""The register keeps MultiPolygons and MultiLineStrings; the case files are written with simple ones for readability."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import shapely

from boundaries.rules import RULES
from register.dictionary import DICTIONARY
from rulebook.rules import Rule
from tests import case_files

MULTI = {shapely.GeometryType.POLYGON: shapely.multipolygons, shapely.GeometryType.LINESTRING: shapely.multilinestrings}


def promoted(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    result = dict(frames)
    for name, layer in DICTIONARY.items():
        if (layer.geometry or "").startswith("Multi") and len(frames[name]):
            shapes = [
                MULTI.get(shapely.get_type_id(one), lambda parts: parts[0])([one]) for one in frames[name].geometry
            ]
            result[name] = frames[name].set_geometry(shapes, crs=frames[name].crs)
    return result


@pytest.mark.parametrize("rule", [one for one in RULES if one.spatial], ids=lambda rule: rule.code)
def test_simple_and_multipart_geometries_give_the_same_findings(rule: Rule) -> None:
    parsed: dict[str, Any] = case_files.load(rule.code)
    for case in (*parsed["bad"], *parsed["good"]):
        frames = case_files.layers_of(case_files.records_of(rule, case, parsed.get("context", {})))
        simple, multi = (
            sorted((one.record_id, one.variant, one.fingerprint) for one in case_files.check(rule, given, case))
            for given in (frames, promoted(frames))
        )
        assert simple == multi
