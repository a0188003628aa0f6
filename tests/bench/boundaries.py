"""Boundary rules on counties of 500 and 2,500 villages with 2,000 vertices each, and verdicts on simulated markers.

Run by ``python -m tests.bench.boundaries [500] [2500] [markers]``; without words all of it, which takes some minutes.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries import coverage
from boundaries.rules import RULES
from rulebook import engine
from tests import case_files
from tests.bench.timing import interleaved, machine, told
from tests.boundaries import simulated_markers
from tests.boundaries.mosaic import Frames, mosaic, register

BND = [rule for rule in RULES if rule.code.startswith("BND")]
VERTICES = 2000
COUNTIES = {"500": (25, 20), "2500": (50, 50)}
FAULTS = 10
MARKERS = 10_000
EAST_M = np.array([3.0, 0.0])
TOLERANCE_M = 2.0


def county(across: int, up: int) -> Frames:
    """A county with its towns, villages and a line along its outline."""
    frames = register(mosaic(across, up, VERTICES), across)
    outline = shapely.get_exterior_ring(shapely.get_parts(frames["divisions"].geometry["330683000000"])[0])
    row = {"code": "L1", "marker_count": 0, "geometry": outline.wkt, "accuracy_m": 1.0}
    if not outline.is_ccw:
        row |= {"left_code": "330681000000", "right_code": "330683000000"}
    line = case_files.layers_of({"boundary_lines": [{**case_files.DEFAULTS["boundary_lines"], **row}]})
    return {**frames, "boundary_lines": line["boundary_lines"]}


def hurt(frames: Frames) -> Frames:
    """The county with some villages three metres wider than they should be."""
    divisions = frames["divisions"].copy()
    villages = divisions.index[divisions["level"].eq("village")]
    for one in villages[:: len(villages) // FAULTS][:FAULTS]:
        divisions.loc[one, "geometry"] = shapely.transform(divisions.geometry[one], lambda xy: xy + EAST_M)
    return {**frames, "divisions": divisions}


def check(frames: Frames) -> engine.Report:
    return engine.run(BND, frames, case_files.load_profile(), today=case_files.TODAY, crs=case_files.METRIC)


def plainly(shapes: Any) -> tuple[Any, pd.DataFrame]:
    """Gaps and overlaps without looking first where edges do not match."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.intersection(shapes[left], shapes[right])
    area = shapely.area(shared)
    return coverage.holes(shapely.union_all(shapes)), pd.DataFrame({"left": left, "right": right})[area > 0]


def ours(shapes: Any) -> tuple[Any, pd.DataFrame]:
    """Gaps and overlaps as the rules find them."""
    fitting = coverage.matched(shapes)
    return coverage.holes(coverage.union(shapes, fitting)), coverage.overlaps(shapes, fitting)


def measure(name: str) -> None:
    frames = county(*COUNTIES[name])
    for title, given in (("clean", frames), (f"{FAULTS} villages moved by 3 m", hurt(frames))):
        started = time.perf_counter()
        report = check(given)
        seconds = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\n## {name} villages, {VERTICES} vertices, {title}: {seconds:.1f} s, {memory:.0f} MB at most")
        print({code: round(value, 2) for code, value in report.seconds.items()}, report.by_rule())
        for crash in report.crashes:
            print(crash.trace)
    if name == "500":
        shapes = given["divisions"].loc[given["divisions"]["level"].eq("village"), "geometry"].to_numpy()
        ways = {"pruned": lambda: ours(shapes), "plain": lambda: plainly(shapes)}
        told(f"gaps and overlaps of {name} villages, {FAULTS} moved", interleaved(ways), ours="pruned")


def verdicts() -> None:
    for times in (1.0, None, 2.0):
        params = {} if times is None else {"times_error": times}
        found = simulated_markers.judged(MARKERS, params)
        counts = found["verdict"].value_counts().to_dict()
        shares = {key: f"{value:.2%}" for key, value in simulated_markers.shares(found, TOLERANCE_M).items()}
        print(f"\n## {MARKERS} markers, times_error {times or 'of the profile'}: {counts}\n{shares}")


if __name__ == "__main__":
    wanted = sys.argv[1:] or [*COUNTIES, "markers"]
    np.set_printoptions(suppress=True)
    print(machine("shapely", "geopandas", "numpy", "pandas"))
    for word in wanted:
        verdicts() if word == "markers" else measure(word)
