"""The whole county without a fault: every layer of the dictionary that the sample fills, in the register's CRS."""

from __future__ import annotations

import pandas as pd

from tools.sample_county import addressing, cases, divisions, ground, land, lines, places, plates, streets

TODAY = "2026-06-01"
CRS = ground.CRS


def build() -> dict[str, pd.DataFrame]:
    """Layers by name; columns are the dictionary's, missing cells are empty. The same every time."""
    surface = land.build()
    division = divisions.build(surface)
    road = streets.build(division)
    place = places.build(division)
    plate = plates.build(division, road, place)
    parts = addressing.parts_of(plate, division, road, place)
    plate["standard_address"] = addressing.standard(parts)
    line = lines.lines(surface)
    marker = lines.markers(line)
    return {
        "divisions": pd.concat([division, divisions.ended(surface)], ignore_index=True),
        "areas": streets.areas(road),
        "boundary_lines": lines.counted(line, marker),
        "markers": marker,
        "marker_witnesses": lines.witnesses(marker),
        "inspections": lines.inspections(marker, line),
        "place_names": place,
        "roads": road.drop(columns="town"),
        "doorplates": plate,
        "addresses": addressing.build(plate, parts),
        "cases": cases.build(),
    }
