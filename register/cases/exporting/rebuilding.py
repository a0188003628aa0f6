"""A full package and a later package of changes put together: what a new full package would hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet
import pyogrio

from register.cases.exporting import profiles
from register.cases.exporting.package import CHANGES, MANIFEST, WITHHELD
from register.cases.exporting.verifying import verify
from register.dictionary import DICTIONARY
from register.exchange.safe_cells import unguarded
from rulebook.errors import CallError

READABLE = ("gpkg", "geojson", "parquet", "jsonl")
DIVISION_DIGITS = 9


def rebuild(base: Path, changes: Path) -> dict[str, pd.DataFrame]:
    """Layers and tables of the packages put together, by name, sorted by record.

    Raises CallError when the packages do not follow each other, when one of them is not sound, or when their format
    cannot be read back row by row.
    """
    manifests = [json.loads((folder / MANIFEST).read_text(encoding="utf-8")) for folder in (base, changes)]
    for folder in (base, changes):
        if verify(folder):
            raise CallError(
                f"{folder} 与其清单不符，不能合并。", f"{folder} does not fit its manifest; it cannot be used."
            )
    if manifests[0]["profile"] != manifests[1]["profile"] or manifests[1]["since"] != manifests[0]["revision"]:
        raise CallError(
            f"{changes} 不是接在 {base} 之后的变化包（版本 {manifests[0]['revision']}）。",
            f"{changes} does not follow {base} (revision {manifests[0]['revision']}).",
        )
    profile = profiles.load(manifests[0]["profile"])
    form = next((form for form in profile.formats if form in READABLE), None)
    if form is None:
        raise CallError(f"{profile.title.zh} 不能逐行合并。", f"Packages of {profile.name} cannot be put together.")
    replaced = _marks(changes / CHANGES) | _marks(changes / WITHHELD)
    if profile.tables:
        return {
            table.name: _together_tables(
                base,
                changes,
                table.name,
                {mark.partition(":")[2] for mark in replaced if mark.partition(":")[0] in table.sources},
            )
            for table in profile.tables
        }
    return {name: _together(base, changes, name, form, replaced) for name in profile.layers}


def read_layer(folder: Path, name: str, form: str) -> pd.DataFrame:
    """A layer of a package, indexed by record id."""
    layer = DICTIONARY[name]
    if form == "parquet":
        path = folder / f"{name}.parquet"
        spatial = b"geo" in (pyarrow.parquet.read_schema(path).metadata or {})
        frame = gpd.read_parquet(path) if spatial else pd.read_parquet(path)
    else:
        frame = pyogrio.read_dataframe(folder / ("register.gpkg" if form == "gpkg" else f"{name}.geojson"), layer=name)
    return frame.set_axis(layer.record_ids(frame), axis=0) if len(frame) else frame


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A table of JSON lines, indexed by ``PLACEID`` without its division."""
    rows: list[Mapping[str, Any]] = [
        json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").split("\n") if line
    ]
    frame = pd.DataFrame(rows, dtype="object")
    ids = [str(row["PLACEID"])[DIVISION_DIGITS if row["STREETID"] else 0 :] for row in rows]
    return frame.set_axis(pd.Index(ids, dtype="object"), axis=0)


def _together(base: Path, changes: Path, name: str, form: str, replaced: set[str]) -> pd.DataFrame:
    old, new = (read_layer(folder, name, form) for folder in (base, changes))
    kept = old[~(name + ":" + old.index.astype("str")).isin(replaced)]
    return pd.concat([part for part in (kept, new) if len(part)] or [old]).sort_index()


def _together_tables(base: Path, changes: Path, name: str, replaced: set[str]) -> pd.DataFrame:
    old, new = (read_table(folder, name) for folder in (base, changes))
    added = new[new["CALLOPERATE"] != "DELETE"] if len(new) else new
    added = added.assign(CALLOPERATE="ADD") if len(added) else added
    return pd.concat([part for part in (old[~old.index.isin(replaced)], added) if len(part)]).sort_index()


def _marks(path: Path) -> set[str]:
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False).apply(unguarded)
    return set(rows["row"] if "row" in rows else rows["layer"] + ":" + rows["record_id"])
