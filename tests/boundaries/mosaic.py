"""A mosaic of divisions with naturally crooked, exactly shared edges, and faults planted into it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from tests.case_files import layers_of

Frames = dict[str, pd.DataFrame]


def mosaic(across: int, up: int, vertices: int, *, size: float = 1000.0, seed: int = 7) -> list[shapely.Polygon]:
    """``across`` x ``up`` polygons of some ``vertices`` vertices each, row by row from the south-west."""
    rng = np.random.default_rng(seed)
    steps = max(vertices // 4, 1)

    def edge(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
        t = np.linspace(0, 1, steps + 1)
        line = np.outer(1 - t, start) + np.outer(t, end)
        bend = np.sin(np.pi * t) * size * 0.05 * np.sin(2 * np.pi * t * rng.integers(1, 4) + rng.uniform(0, 6))
        normal = np.array([end[1] - start[1], start[0] - end[0]]) / size
        return (line + np.outer(bend, normal)).round(3)

    east, north = 570_000.0, 3_270_000.0
    rows = [
        [edge((east + x * size, north + y * size), (east + (x + 1) * size, north + y * size)) for x in range(across)]
        for y in range(up + 1)
    ]
    columns = [
        [
            edge((east + x * size, north + y * size), (east + x * size, north + (y + 1) * size))
            for x in range(across + 1)
        ]
        for y in range(up)
    ]
    return [
        shapely.Polygon(np.concatenate([rows[y][x], columns[y][x + 1], rows[y + 1][x][::-1], columns[y][x][::-1]]))
        for y in range(up)
        for x in range(across)
    ]


def register(villages: list[shapely.Polygon], per_town: int) -> Frames:
    """Frames of a county: every ``per_town`` villages in a row make a town."""
    records = []
    for start in range(0, len(villages), per_town):
        town = f"330683{100 + start // per_town:03d}"
        own = villages[start : start + per_town]
        records.append((f"{town}000", "township", "330683000000", shapely.union_all(own)))
        records += [(f"{town}{201 + n:03d}", "village", f"{town}000", shape) for n, shape in enumerate(own)]
    records.append(("330683000000", "county", "", shapely.union_all(villages)))
    rows = [
        {"code": code, "name": code, "level": level, "kind": "", "parent_code": parent, "geometry": shape.wkt}
        for code, level, parent, shape in records
    ]
    return layers_of({"divisions": rows})


def replaced(frames: Frames, code: str, shape: shapely.Geometry) -> Frames:
    """The frames with another geometry for one division."""
    changed = frames["divisions"].copy()
    changed.loc[code, "geometry"] = shape
    return {**frames, "divisions": changed}
