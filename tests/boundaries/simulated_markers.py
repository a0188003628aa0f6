"""Markers whose truth is known: stones on their line or moved off it, measured and drawn with errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from boundaries.rules import off_the_line
from tests import case_files

SURVEY_M, LINE_M = (0.05, 0.3, 1.0), (0.5, 1.0, 2.0)
MOVED_SHARE, FURTHEST_M = 0.2, 50.0
APART_M = 5_000.0


def judged(count: int, params: dict[str, Any] | None = None, seed: int = 7) -> pd.DataFrame:
    """Truth and verdict of ``count`` markers: ``moved_m`` (how far the stone stands off the true line), ``verdict`` (on,
    off, unsure), ``survey_m``, ``line_m``.

    A survey accuracy is that of a point, so across the line it counts by its share of one axis; a line accuracy is that
    across the line.
    """
    rng = np.random.default_rng(seed)
    survey, line = rng.choice(SURVEY_M, count), rng.integers(len(LINE_M), size=count)
    moved = np.where(rng.random(count) < MOVED_SHARE, np.exp(rng.uniform(0, np.log(FURTHEST_M), count)), 0.0)
    across = moved * rng.choice([-1, 1], count)
    across += rng.normal(0, survey / np.sqrt(2)) + rng.normal(0, np.array(LINE_M)[line])
    x, y = 500_000 + rng.uniform(0, 50_000, count), 3_200_000 + line * APART_M + across
    lines = [
        {"code": f"L{n}", "accuracy_m": accuracy,
         "geometry": f"LINESTRING (490000 {3_200_000 + n * APART_M}, 560000 {3_200_000 + n * APART_M})"}
        for n, accuracy in enumerate(LINE_M)
    ]  # fmt: skip
    markers = pd.DataFrame({"id": [f"m{n:05}" for n in range(count)], "line_codes": [f"L{n}" for n in line]})
    markers = markers.assign(
        accuracy_m=survey, geometry=[f"POINT ({a:.3f} {b:.3f})" for a, b in zip(x, y, strict=True)]
    )
    rows = [{**case_files.DEFAULTS["markers"], **row} for row in markers.to_dict("records")]
    frames = case_files.layers_of(
        {"boundary_lines": [{**case_files.DEFAULTS["boundary_lines"], **row} for row in lines], "markers": rows}
    )
    report = case_files.check_all([off_the_line.RULE], frames, {"MRK301": params or {}})
    found = {one.record_id: "unsure" if one.variant else "off" for one in report}
    verdict = [found.get(one, "on") for one in markers["id"]]
    return pd.DataFrame({"moved_m": moved, "verdict": verdict, "survey_m": survey, "line_m": np.array(LINE_M)[line]})


def shares(table: pd.DataFrame, tolerance_m: float) -> dict[str, float]:
    """Shares of wrong verdicts: ``wrong_off`` of the stones that stand where they should, ``wrong_on`` of those moved
    beyond the tolerance, ``moved_missed`` of those moved beyond 10 m, ``unsure`` of all.
    """
    moved, verdict = table["moved_m"], table["verdict"]
    return {
        "wrong_off": float(verdict[moved.eq(0)].eq("off").mean()),
        "wrong_on": float(verdict[moved.gt(tolerance_m)].eq("on").mean()),
        "moved_missed": float(verdict[moved.gt(10)].ne("off").mean()),
        "unsure": float(verdict.eq("unsure").mean()),
    }
