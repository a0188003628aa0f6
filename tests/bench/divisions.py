"""``python -m tests.bench.divisions``: planning a split and a merger over many plates and addresses.

The plain way decides every record by its own test of a point in each polygon, row by row.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.drafting import Draft
from boundaries.following import followers
from boundaries.reorganising import carry_out
from boundaries.succession import Succession
from register.cases import divisions
from register.dictionary import DICTIONARY
from tests.flows import plain_county
from tests.register.division_county import MERGE, SPLIT, changes

PLATES, ADDRESSES = 200_000, 1_000_000
VILLAGES = ("330683001001", "330683001002", "330683100200", "330683100201", "330683206200")


def layers(plates: int = PLATES, addresses: int = ADDRESSES) -> Mapping[str, pd.DataFrame]:
    """The county on the chess board with many records spread over five villages."""
    found = dict(plain_county.registered(plain_county.clean()))
    shapes = found["divisions"].geometry
    names = found["divisions"]["name"]
    for layer, count in (("doorplates", plates), ("addresses", addresses)):
        random = np.random.default_rng(1)
        code = np.array(VILLAGES)[random.integers(0, len(VILLAGES), count)]
        west, south, _, _ = shapes.bounds.loc[code].to_numpy().T
        spots = shapely.points(west + random.random(count) * 2000, south + random.random(count) * 2000)
        village, town = names[code].to_numpy(), names[pd.Series(code).str[:9] + "000"].to_numpy()
        text = pd.Series("嵊州市" + town + village) + pd.Series(random.integers(1, 999, count)).astype("str") + "号"
        common = {"id": [f"{layer[0]}{n}" for n in range(count)], "division_code": code, "status": "current"}
        own = {"text": text, "standard_text": text, "county": "嵊州市", "township": town, "community": village}
        plate = {"kind": "village", "number": "1", "standard_address": text, "status": "in_use"}
        table = pd.DataFrame({**common, **(own if layer == "addresses" else plate)})
        frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(spots, crs=plain_county.METRIC))
        found[layer] = DICTIONARY[layer].conform(frame)
    return found


def plain(frame: gpd.GeoDataFrame, succession: Succession) -> pd.Series:
    """Code after the change of every record with a point, record by record."""
    after = {}
    for record, code, spot in zip(frame.index, frame["division_code"], frame.geometry, strict=True):
        heirs = succession.heirs.get(code, ())
        inside = [one for one in heirs if succession.after[one].geometry.intersects(spot)]
        if len(inside) == 1:
            after[record] = inside[0]
    return pd.Series(after, dtype="object")


def main() -> None:
    """Print seconds and the ratio to the plain way."""
    found = layers()
    register = SimpleNamespace(
        crs=plain_county.METRIC, profile_name="zhejiang/shengzhou", layers=lambda: found, layer=found.__getitem__
    )
    for name, text in (("split", SPLIT), ("merge", MERGE)):
        start = time.perf_counter()
        plan = divisions.plan(register, changes(text))
        print(
            f"plan {name}: {time.perf_counter() - start:.1f} s, {len(plan.rows)} edits of {ADDRESSES + PLATES} records"
        )
    draft = Draft.of(found["divisions"], "2025-03-01", [(1, 199), (200, 399)], 1.0)
    before = dict(draft.units)
    carry_out(draft, changes(SPLIT))
    succession = Succession.between(before, draft.units, 1.0)
    plates = found["doorplates"].head(20_000)
    start = time.perf_counter()
    fast = followers({"doorplates": plates}, succession, "2025-03-01")
    middle = time.perf_counter()
    slow = plain(plates, succession)
    end = time.perf_counter()
    print(
        f"20,000 plates: {middle - start:.2f} s, row by row {end - middle:.2f} s, ratio {(end - middle) / (middle - start):.1f}"
    )
    assert len(fast) == len(slow)


if __name__ == "__main__":
    main()
