"""The door: judges a table before anything of it is written. What cannot be understood as a whole is refused as a
whole; one wrong row is refused alone; wrong *data* are let in, for rules report them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from register.exchange import positions
from register.exchange.cells import Converter
from register.exchange.columns import EASTING_NORTHING, LON_LAT, SHAPE, Columns
from register.exchange.refusals import Refusals, shown
from register.exchange.source import Limits, Source
from register.exchange.words import words_of
from rulebook.errors import SchemaError
from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer

SHOWN_FAULTS = 20
NUMBERS = {name: Field(name, Text(name, name), FieldType.NUMBER) for name in (*LON_LAT, *EASTING_NORTHING)}


@dataclass(frozen=True)
class Admitted:
    """What the door lets in of one table: typed columns in the register's CRS, indexed by record id; the rows it
    refuses and the record ids of those rows as far as they are readable.
    """

    layer: Layer
    frame: pd.DataFrame
    read: int
    refused: list[tuple[int, Text]]
    refused_ids: frozenset[str]
    notes: tuple[Text, ...]


def admit(
    source: Source,
    layer: Layer,
    columns: Columns,
    *,
    given_crs: CRS | None,
    register_crs: CRS,
    known_ids: Callable[[], pd.Index],
    limits: Limits,
    datum_shifts: positions.DatumShifts = positions.NO_SHIFTS,
    some_must_do: bool = True,
) -> Admitted:
    """Judge one table. ``known_ids`` gives the record ids that the register already has, ``datum_shifts`` the
    profile's parameters of older datums; ``some_must_do`` refuses a table as a whole when none of its rows is acceptable.

    Raises SchemaError or CrsError when the table cannot be taken over at all.
    """
    _check_cell_lengths(source, columns, limits)
    crs, notes = positions.crs_of(source, layer, columns, given_crs)
    group = positions.pair_for(columns, crs, source) if crs is not None and source.geometry is None else ()
    refusals = Refusals()
    for row, reason in source.refused:
        refusals.add(row, reason)
    converter = Converter(refusals, words_of(layer.name), layer.key)
    frame = _typed(source, layer, columns, group, converter)
    shapes = None
    if crs is not None:
        raw = source.geometry if source.geometry is not None else _placed(source, columns, group, converter)
        shapes = positions.project(_fitted(source, raw, layer, refusals), crs, register_crs, datum_shifts)
        notes = (*notes, *positions.told_of_datum(crs, register_crs))
    elif source.geometry is not None:
        notes = (*notes, _geometry_left_out(layer))
    _check_keys(source, frame, layer, columns, refusals)
    _check_mandatory(source, frame, layer, columns, refusals=refusals, known_ids=known_ids)
    kept = ~frame.index.isin(refusals.rows)
    if some_must_do and source.has_records and not kept.any():
        raise _nothing_acceptable(source, refusals)
    if shapes is not None:
        located = gpd.GeoSeries(shapes, index=frame.index, crs=register_crs)
        frame = gpd.GeoDataFrame(frame, geometry=located, crs=register_crs)
    ids = layer.record_ids(frame)
    return Admitted(
        layer=layer,
        frame=frame[kept].set_axis(pd.Index(ids[kept], name="record_id", dtype="str")),
        read=len(source.table) + len(source.refused),
        refused=refusals.listed(),
        refused_ids=frozenset(ids[~kept].dropna()),
        notes=notes,
    )


def _typed(
    source: Source, layer: Layer, columns: Columns, group: tuple[str, ...], converter: Converter
) -> pd.DataFrame:
    """Columns of the dictionary in their types, all others as text; the coordinates in ``group`` go into the shapes."""
    typed = {
        field.name: converter.convert(source.table[heading], field, heading)
        for field in layer.fields
        if (heading := columns.known.get(field.name)) is not None
    }
    unused = [heading for name, heading in columns.known.items() if name not in (*layer.columns, *group)]
    for heading in (*columns.others, *unused):
        typed[heading] = converter.other(source.table[heading], heading)
    return pd.DataFrame(typed, index=source.table.index)


def _geometry_left_out(layer: Layer) -> Text:
    return Text(
        f"图层 {layer.name} 没有几何，文件中的几何未导入。",
        f"Layer {layer.name} has no geometry; that of the file was left out.",
    )


def _placed(source: Source, columns: Columns, group: tuple[str, ...], converter: Converter) -> np.ndarray:
    """Shapes from the columns of ``group``: WKT or two coordinates."""
    if group == (SHAPE,):
        return _from_wkt(source, columns.known[SHAPE], converter.refusals)
    x, y = (converter.convert(source.table[columns.known[name]], NUMBERS[name], columns.known[name]) for name in group)
    return positions.points(x, y)


def _fitted(source: Source, shapes: np.ndarray, layer: Layer, refusals: Refusals) -> np.ndarray:
    """Shapes of the layer's type. Raises SchemaError when all are of another type; single ones are refused."""
    wanted = str(layer.geometry)
    fitted, wrong = positions.fit(shapes, wanted)
    if wrong.any() and wrong[~shapely.is_missing(fitted)].all():
        kinds = "、".join(sorted({shape.geom_type for shape in fitted[wrong]}))
        raise SchemaError(
            f"{source.name} 的几何是 {kinds}，图层 {layer.name} 要求 {wanted}。",
            f"The geometry of {source.name} is {kinds}; layer {layer.name} takes {wanted}.",
        )
    for row, shape in zip(source.table.index[wrong], fitted[wrong], strict=True):
        kind = shape.geom_type
        refusals.add(row, Text(f"几何是 {kind}，应为 {wanted}", f"the geometry is {kind}, {wanted} is due"))
    coordinates, owner = shapely.get_coordinates(fitted, return_index=True)
    endless = Text("坐标不是有限的数（NaN 或无穷大）", "a coordinate is not a finite number (NaN or infinite)")
    for number in np.unique(owner[~np.isfinite(coordinates).all(axis=1)]):
        refusals.add(source.table.index[number], endless)
    return fitted


def _from_wkt(source: Source, heading: str, refusals: Refusals) -> np.ndarray:
    text = source.table[heading].astype("object")
    text = text.where(text.notna() & text.ne(""), None)
    shapes = shapely.force_2d(shapely.from_wkt(text.to_numpy(dtype=object), on_invalid="ignore"))
    refusals.add_cells(
        text[text.notna() & shapely.is_missing(shapes)],
        lambda value: Text(f"“{heading}”的值“{value}”不是 WKT 几何", f'"{heading}" is "{value}", not a WKT geometry'),
    )
    return shapes


def _check_cell_lengths(source: Source, columns: Columns, limits: Limits) -> None:
    for number, heading in enumerate(source.table.columns):
        column = source.table.iloc[:, number]
        if columns.known.get(SHAPE) == heading or not (
            pd.api.types.is_string_dtype(column.dtype) or column.dtype == object
        ):
            continue
        length = column.astype("str").str.len()
        if len(length) and length.max() > limits.cell_chars:
            row = length.idxmax()
            raise SchemaError(
                f"{source.name} 第 {row} 行“{heading}”有 {int(length.max())} 个字符，超过上限 {limits.cell_chars}；请检查文件。",
                f'{source.name}, row {row}, "{heading}" has {int(length.max())} characters, above the limit of {limits.cell_chars}; check the file.',
            )


def _check_keys(source: Source, frame: pd.DataFrame, layer: Layer, columns: Columns, refusals: Refusals) -> None:
    """Refuse rows with an empty key; raise when the key columns are missing or keys are repeated."""
    missing = [column for column in layer.key if column not in columns.known]
    if missing:
        raise _columns_missing(source, layer, missing)
    for column in layer.key:
        empty = frame.index[frame[column].isna()]
        for row in empty.difference(refusals.rows):
            refusals.add(row, _empty(columns.known[column]))
    ids = layer.record_ids(frame)[frame[list(layer.key)].notna().all(axis=1)]
    repeated = ids[ids.duplicated(keep=False)]
    if len(repeated):
        groups = list(repeated.groupby(repeated).groups.items())
        zh = "；".join(f"{shown(key)}（{'、'.join(map(str, rows))}）" for key, rows in groups[:SHOWN_FAULTS])
        en = "; ".join(f"{shown(key)} ({', '.join(map(str, rows))})" for key, rows in groups[:SHOWN_FAULTS])
        more = len(groups) - SHOWN_FAULTS
        headings = [columns.known[column] for column in layer.key]
        raise SchemaError(
            f"{source.name} 的“{'、'.join(headings)}”有重复（括号内为行号）：{zh}{f'；另有 {more} 个' if more > 0 else ''}。请先改正。",
            f"{source.name}: {', '.join(headings)} is repeated (rows in brackets): {en}{f'; {more} more' if more > 0 else ''}. Mend this first.",
        )


def _check_mandatory(
    source: Source,
    frame: pd.DataFrame,
    layer: Layer,
    columns: Columns,
    *,
    refusals: Refusals,
    known_ids: Callable[[], pd.Index],
) -> None:
    """Refuse rows whose mandatory cell is empty unless a rule reports that. A table without a mandatory column can
    only update: raise when the register has none of its records, else refuse the rows that are new.
    """
    mandatory = [field for field in layer.fields if field.mandatory]
    missing = [field.name for field in mandatory if field.name not in columns.known]
    if missing:
        known = layer.record_ids(frame).isin(known_ids())
        if not known.any():
            raise _columns_missing(source, layer, missing)
        for row in frame.index[~known].difference(refusals.rows):
            refusals.add(row, _only_updates(missing))
    judged = refusals.rows
    for field in mandatory:
        if field.name in columns.known and not field.reported_by and field.name not in layer.key:
            blank = frame[field.name].isna() | frame[field.name].astype("str").str.strip().eq("")
            for row in frame.index[blank].difference(judged):
                refusals.add(row, _empty(columns.known[field.name]))


def _empty(heading: str) -> Text:
    return Text(f"必填的“{heading}”为空", f'the mandatory "{heading}" is empty')


def _only_updates(missing: Sequence[str]) -> Text:
    return Text(
        f"登记库中没有这条记录；文件缺少必填列 {'、'.join(missing)}，不能新增",
        f"the register has no such record; without the mandatory columns {', '.join(missing)} it cannot be added",
    )


def _columns_missing(source: Source, layer: Layer, missing: Sequence[str]) -> SchemaError:
    titles = "、".join(f"{name}（{field.title.zh}）" for name in missing if (field := layer.field_named(name)))
    found = list(map(str, source.table.columns))
    return SchemaError(
        f"{source.name} 缺少图层 {layer.name} 的必填列：{titles}。文件中的列：{'、'.join(found)}。标题不同时请用 --map 对应。",
        f"{source.name} lacks mandatory columns of layer {layer.name}: {', '.join(missing)}. Its columns: {', '.join(found)}. Give other headings their columns by --map.",
    )


def _nothing_acceptable(source: Source, refusals: Refusals) -> SchemaError:
    listed = refusals.listed()
    zh = "；".join(f"第 {row} 行：{reason.zh}" for row, reason in listed[:SHOWN_FAULTS])
    en = "; ".join(f"row {row}: {reason.en}" for row, reason in listed[:SHOWN_FAULTS])
    return SchemaError(
        f"{source.name} 没有一行可以导入（共 {len(listed)} 行）。{zh}。",
        f"No row of {source.name} can be imported ({len(listed)} rows). {en}.",
    )
