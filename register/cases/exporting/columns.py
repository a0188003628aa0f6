"""From records to the columns that a receiver asks for.

An expression names a column of the enriched layer, or ``function:argument``: ``ascii_upper`` (capitals without tone
marks or blanks), ``digits6``, ``digits9``, ``year``, ``if:column:value`` (the value where the column has one),
``code:field:column`` (a code of ``interface_codes.csv``), ``const:text``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from register.cases.exporting.profiles import Table
from register.profiles import read_table
from rulebook.errors import CallError

CALLER = "diming"
ENVELOPE = ("CALLER", "CALLOPERATE", "CALLTIME", "PLACEID", "PLACEOLDID", "STREETID")
PLATE_KINDS = {"road": "1", "village": "2", "estate": "3"}  # BYUX0060
PERIODS = {"historic": "历史地名", "abolished": "历史地名"}


def table_of(
    table: Table,
    frames: Mapping[str, pd.DataFrame],
    layers: Mapping[str, pd.DataFrame],
    operations: Mapping[str, str],
    *,
    crs: CRS,
    today: str,
) -> pd.DataFrame:
    """The rows of a receiver's table as text, None where empty; index = mark ``layer:id``.

    ``operations`` (mark → ADD, UPDATE, DELETE) fills the envelope; a mark that is not in it is an ADD.
    """
    parts = []
    for name in table.sources:
        records = enriched(name, frames[name], layers, crs=crs, today=today)
        columns = {column: _evaluated(expression, records, table) for column, expression in table.columns.items()}
        part = pd.DataFrame(columns, index=name + ":" + records.index.astype("str"), dtype="object")
        if table.envelope:
            part = pd.concat([_envelope(records, part.index, operations, today), part], axis=1)
        parts.append(part)
    whole = pd.concat(parts)
    return whole.where(whole.notna(), None)


def deleted_rows(table: Table, marks: list[str], layers: Mapping[str, pd.DataFrame], today: str) -> pd.DataFrame:
    """Rows that tell a receiver to delete: the envelope alone."""
    rows = []
    for mark in marks:
        layer, _, record_id = mark.partition(":")
        frame = layers[layer]
        known = frame.loc[record_id, "division_code"] if record_id in frame.index else None
        division = known[:9] if isinstance(known, str) else ""
        rows.append((CALLER, "DELETE", today, division + record_id, None, division or None))
    frame = pd.DataFrame(rows, columns=list(ENVELOPE), index=marks, dtype="object")
    return frame.reindex(columns=[*ENVELOPE, *table.columns]).astype("object").where(lambda cells: cells.notna(), None)


def enriched(
    layer: str, frame: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, crs: CRS, today: str
) -> pd.DataFrame:
    """Records with what is known about them elsewhere: names of divisions, roads and places, degrees, periods."""
    records = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).astype("object")
    records = records.where(records.notna(), None).assign(today=today)
    names = layers["divisions"]["name"]
    first = records["division_code"].map(lambda codes: codes.split(";")[0], na_action="ignore")
    records["community"] = first.map(names)
    records["division_names"] = [_named(codes, names) for codes in records["division_code"]]
    records = records.join(_degrees(frame, crs))
    if layer == "doorplates":
        return records.join(_plate_parts(records, layers))
    if layer in ("place_names", "roads"):
        records["use_period"] = records["status"].map(PERIODS).fillna("现今地名")
    if layer == "roads":
        ends = records[["start_desc", "end_desc"]].fillna("")
        records["extent"] = ("起" + ends["start_desc"] + "，止" + ends["end_desc"]).where(ends.ne("").all(axis=1), None)
    return records


def _named(codes: str | None, names: pd.Series) -> str | None:
    known = [names.get(code, code) for code in codes.split(";")] if codes else []
    return "；".join(known) or None


def _plate_parts(plates: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Names and numbers of plates, each in the column of its kind."""
    roads, places = layers["roads"], layers["place_names"]
    kind, number = plates["kind"], plates["number"]
    place = plates["place_id"].map(places["name"])
    return pd.DataFrame(
        {
            "road_name": plates["road_id"].map(roads["name"]),
            "road_generic": plates["road_id"].map(roads["generic"]),
            "road_number": number.where(kind == "road"),
            "village_name": place.where(kind == "village"),
            "village_number": number.where(kind == "village"),
            "estate_name": place.where(kind == "estate"),
            "estate_generic": plates["place_id"].map(places["generic"]).where(kind == "estate"),
            "plate_kind": kind.map(PLATE_KINDS),
        },
        index=plates.index,
    )


def _degrees(frame: pd.DataFrame, crs: CRS) -> pd.DataFrame:
    """Longitude and latitude (EPSG:4490): of the middle as numbers, of the corners as D°M′S″ to a hundredth of a second."""
    empty = pd.DataFrame(
        index=frame.index, columns=["lon", "lat", "west_dms", "east_dms", "south_dms", "north_dms"], dtype="object"
    )
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return empty
    there = ~(shapely.is_missing(frame.geometry.to_numpy()) | shapely.is_empty(frame.geometry.to_numpy()))
    transformer = Transformer.from_crs(crs, "EPSG:4490", always_xy=True)
    shapes = shapely.transform(frame.geometry.to_numpy()[there], transformer.transform, interleaved=False)
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes)).round(7)
    west, south, east, north = shapely.bounds(shapes).T
    extended = (east - west > 1e-7) | (north - south > 1e-7)
    filled = pd.DataFrame(
        {
            "lon": middle[:, 0].astype("str"),
            "lat": middle[:, 1].astype("str"),
            "west_dms": dms(west),
            "east_dms": np.where(extended, dms(east), None),
            "south_dms": dms(south),
            "north_dms": np.where(extended, dms(north), None),
        },
        index=frame.index[there],
        dtype="object",
    )
    return filled.reindex(frame.index).astype("object").where(lambda cells: cells.notna(), None)


def dms(degrees: np.ndarray) -> np.ndarray:
    """Degrees as ``120°49′48.25″``, seconds to two decimals (the census form's precision, about 0.3 m)."""
    hundredths = np.rint(np.asarray(degrees) * 360000).astype("int64")
    seconds = hundredths % 6000
    texts = [
        f"{total // 360000}°{total // 6000 % 60:02d}′{second // 100:02d}.{second % 100:02d}″"
        for total, second in zip(hundredths, seconds, strict=True)
    ]
    return np.array(texts, dtype=object)


def _envelope(records: pd.DataFrame, marks: pd.Index, operations: Mapping[str, str], today: str) -> pd.DataFrame:
    division = records["division_code"].map(lambda codes: codes[:9] if codes else "").to_numpy()
    return pd.DataFrame(
        {
            "CALLER": CALLER,
            "CALLOPERATE": [operations.get(mark, "ADD") for mark in marks],
            "CALLTIME": today,
            "PLACEID": division + records.index.astype("str").to_numpy(dtype=object),
            "PLACEOLDID": None,
            "STREETID": [code or None for code in division],
        },
        index=marks,
        dtype="object",
    )


def _evaluated(expression: str, records: pd.DataFrame, table: Table) -> np.ndarray:
    function, _, argument = expression.partition(":")
    if not argument:
        return _column(records, expression, table)
    match function:
        case "const":
            return np.full(len(records), argument, dtype=object)
        case "ascii_upper":
            return _mapped(_column(records, argument, table), _ascii_upper)
        case "digits6" | "digits9":
            return _mapped(_column(records, argument, table), lambda text: text[: int(function[-1])])
        case "year":
            return _mapped(_column(records, argument, table), lambda text: text[:4])
        case "if":
            column, _, value = argument.partition(":")
            return _mapped(_column(records, column, table), lambda _: value)
        case "code":
            field, _, column = argument.partition(":")
            return _mapped(_column(records, column, table), _codes(field).get)
    raise CallError(
        f"表 {table.name} 的表达式“{expression}”看不懂。",
        f'Table {table.name}: the expression "{expression}" is not known.',
    )


def _column(records: pd.DataFrame, name: str, table: Table) -> np.ndarray:
    """A column; layers of one table that lack it leave it empty."""
    if name not in records:
        return np.full(len(records), None, dtype=object)
    return np.array([None if pd.isna(cell) else str(cell) for cell in records[name]], dtype=object)


def _mapped(cells: np.ndarray, change: Callable[[str], str | None]) -> np.ndarray:
    return np.array([None if cell is None else change(cell) for cell in cells], dtype=object)


def _ascii_upper(pinyin: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", pinyin) if not unicodedata.combining(sign))
    return "".join(bare.replace("'", "").replace("’", "").split()).upper()


@cache
def _codes(field: str) -> dict[str, str]:
    table = read_table("exports/interface_codes.csv")
    mine = table[table["field"] == field]
    return dict(zip(mine["value"], mine["code"], strict=True))
