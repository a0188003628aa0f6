"""Single cells: what a field may hold, and how its canonical text is kept in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely

from register.store import gpkg_geometry
from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer
from rulebook.values import GEOMETRY, from_text, to_text

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
NUL = "\0"  # SQLite and GDAL take it for the end of a text
_LARGEST = 2**63


class UnfitValueError(ValueError):
    """A value that a field cannot hold; ``text`` says why in both languages."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


def canonical(text: str | None, field: Field) -> str | None:
    """Canonical text of what a person or a plan wrote for ``field``, without its closed list being looked at."""
    if text is None or text == "":
        return None
    if field.type is FieldType.DATE:
        return _date(text, field)
    if field.type in (FieldType.NUMBER, FieldType.INTEGER):
        return _number(text, field)
    return text


def admitted(text: str | None, field: Field) -> str | None:
    """Canonical text of a new value. Raises UnfitValueError when the field cannot hold it."""
    value = canonical(text, field)
    if value is not None and NUL in value:
        raise UnfitValueError(
            Text(f"“{field.title.zh}”（{field.name}）含有空字符", f"{field.name} has a NUL character")
        )
    if value is None and field.mandatory and not field.reported_by:
        raise UnfitValueError(
            Text(f"“{field.title.zh}”（{field.name}）必填，不能为空", f"{field.name} is mandatory and cannot be empty")
        )
    if value is not None and field.allowed and value not in field.allowed:
        raise UnfitValueError(
            Text(
                f"“{field.title.zh}”（{field.name}）的值“{value}”不在允许的值中：{'、'.join(field.allowed)}",
                f'{field.name}: "{value}" is not one of {", ".join(field.allowed)}',
            )
        )
    return value


def canonical_shape(text: str | None, layer: Layer) -> str | None:
    """Canonical WKT of a geometry for ``layer``. Raises UnfitValueError when it is none or of a wrong type."""
    if text is None or text == "":
        return None
    try:
        shape = from_text(text, None)
    except ValueError as fault:
        raise UnfitValueError(
            Text(f"几何不是正确的 WKT：{fault}", f"the geometry is not valid WKT: {fault}")
        ) from fault
    shapes, wrong = gpkg_geometry.fit(np.array([shape], dtype=object), layer.geometry or "")
    if wrong[0]:
        raise UnfitValueError(gpkg_geometry.wrong_type(layer.geometry or ""))
    return to_text(shapes[0])


def sql_values(texts: Iterable[str | None], field: Field) -> list[Any]:
    """What is bound to SQL for canonical texts of ``field``."""
    if field.type is FieldType.NUMBER:
        return [None if text is None else float(text) for text in texts]
    if field.type is FieldType.INTEGER:
        return [None if text is None else int(text) for text in texts]
    return list(texts)


def sql_shapes(texts: Iterable[str | None], srs_id: int) -> np.ndarray:
    """Blobs for canonical WKT."""
    return gpkg_geometry.encode(np.asarray(shapely.from_wkt(np.array(list(texts), dtype=object))), srs_id)


def geometry_field(layer: Layer) -> Field:
    """The geometry of a layer seen as a field, for messages."""
    return Field(GEOMETRY, Text(f"{layer.title.zh}几何", f"geometry of {layer.title.en}"))


def _date(text: str, field: Field) -> str:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError(text)
        date.fromisoformat(text)
    except ValueError as fault:
        raise UnfitValueError(
            Text(
                f"“{field.title.zh}”（{field.name}）的值“{text}”不是 YYYY-MM-DD 形式的日期",
                f'{field.name}: "{text}" is not a date YYYY-MM-DD',
            )
        ) from fault
    return text


def _number(text: str, field: Field) -> str | None:
    whole = field.type is FieldType.INTEGER
    try:
        if not _NUMBER.fullmatch(text):
            raise ValueError(text)
        if whole and not abs(int(text)) < _LARGEST:
            raise ValueError(text)
        return to_text(from_text(text, field.type))
    except ValueError as fault:
        raise UnfitValueError(
            Text(
                f"“{field.title.zh}”（{field.name}）的值“{text}”不是{'整数' if whole else '数字'}",
                f'{field.name}: "{text}" is not a {"whole number" if whole else "number"}',
            )
        ) from fault
