"""Reads shapefiles. Their text encoding is often not declared, and GDAL then reads mojibake without an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from register.exchange.encoding import MOSTLY_UTF8, chosen, is_disguised, known_codec
from register.exchange.source import Limits, Source
from register.exchange.vector import read_layers
from rulebook.errors import FileError
from rulebook.language import Text

PARTS = (".shx", ".dbf")
FIELD_BYTES = 32
HEADER_END = 0x0D
FIRST_FOREIGN_BYTE = 0x80
SHAPES_HEADER_BYTES = 100


@dataclass(frozen=True)
class TextColumn:
    """A character column of a dBase table: heading as bytes, width, and those of its cells that are not plain ASCII,
    as bytes with their row numbers (from 1).
    """

    heading: bytes
    width: int
    rows: np.ndarray
    cells: np.ndarray

    @property
    def texts(self) -> set[bytes]:
        """Heading and distinct cells."""
        return {self.heading, *np.unique(self.cells).tolist()}


def read(path: Path, encoding: str | None, limits: Limits) -> list[Source]:
    """The one layer of a shapefile (given by its .shp), or the table of a lone .dbf."""
    if path.suffix.lower() == ".shp":
        for suffix in PARTS:
            if sibling(path, suffix) is None:
                raise FileError(
                    f"缺少 {path.stem}{suffix}：Shapefile 的 .shp、.shx、.dbf 必须放在一起。",
                    f"{path.stem}{suffix} is missing: the .shp, .shx and .dbf of a shapefile belong together.",
                )
        _require_whole(path)
    dbf = sibling(path, ".dbf")
    assert dbf is not None
    columns, declared_rows = read_text_columns(dbf)
    codec, notes = find_encoding(dbf, columns, encoding)
    notes = (*notes, *cut_off(columns, codec))
    sources = read_layers(path, path, encoding=codec)
    if len(sources[0].table) + len(sources[0].refused) < declared_rows:
        raise FileError(
            f"{path.name} 不完整：应有 {declared_rows} 条记录，只读到 {len(sources[0].table)} 条。",
            f"{path.name} is incomplete: it should have {declared_rows} records, only {len(sources[0].table)} could be read.",
        )
    return [replace(source, name=path.stem, notes=(*notes, *source.notes), encoding=codec) for source in sources]


def _require_whole(shp: Path) -> None:
    """Raise FileError when the shapes are cut off: GDAL reads them as missing without an error.

    Layout: a header of 100 bytes, whose bytes 24 to 27 give the length of the file in words of two bytes.
    """
    with shp.open("rb") as file:
        header = file.read(SHAPES_HEADER_BYTES)
    if shp.stat().st_size < max(SHAPES_HEADER_BYTES, 2 * int.from_bytes(header[24:28], "big")):
        raise _shorter_than_told(shp)


def _shorter_than_told(file: Path) -> FileError:
    return FileError(
        f"{file.name} 不完整或已损坏：文件比其头部所说的短。",
        f"{file.name} is incomplete or damaged: it is shorter than its header says.",
    )


def sibling(path: Path, suffix: str) -> Path | None:
    """The file beside ``path`` with the same stem and another suffix, in whatever case it is written."""
    wanted = path.stem.lower() + suffix
    return next((other for other in path.parent.iterdir() if other.name.lower() == wanted), None)


def read_text_columns(dbf: Path) -> tuple[list[TextColumn], int]:
    """Character columns of a dBase file and the number of records that are not deleted.

    Layout: dBase III header of 32 bytes, 32 bytes a field, 0x0D, then records of fixed length.
    """
    data = dbf.read_bytes()
    rows, start, length = (int.from_bytes(data[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    if len(data) < FIELD_BYTES or start < FIELD_BYTES or length == 0 or len(data) < start + rows * length:
        raise _shorter_than_told(dbf)
    records = np.frombuffer(data, dtype="uint8", count=rows * length, offset=start).reshape(rows, length)
    records = records[records[:, 0] != ord("*")]
    columns, offset, place = [], FIELD_BYTES, 1
    while offset + FIELD_BYTES <= start and data[offset] != HEADER_END:
        heading = data[offset : offset + 11].split(b"\x00")[0]
        kind, width = chr(data[offset + 11]), data[offset + 16]
        if kind == "C":
            width += data[offset + 17] << 8
        columns.append(_text_column(heading, records[:, place : place + (width if kind == "C" else 0)]))
        place += width
        offset += FIELD_BYTES
    return columns, len(records)


def _text_column(heading: bytes, cells: np.ndarray) -> TextColumn:
    width = cells.shape[1]
    foreign = np.flatnonzero((cells >= FIRST_FOREIGN_BYTE).any(axis=1))
    texts = np.ascontiguousarray(cells[foreign]).view(f"S{width}")[:, 0] if len(foreign) else np.array([], dtype="S1")
    return TextColumn(heading, width, foreign + 1, np.char.rstrip(texts, b" "))


def find_encoding(dbf: Path, columns: list[TextColumn], given: str | None) -> tuple[str, tuple[Text, ...]]:
    """The codec of a dBase file: the caller's, the .cpg's, else UTF-8 if everything fits, else GB18030."""
    if given is not None:
        codec = known_codec(given)
        _require(dbf, columns, codec, given)
        return codec, ()
    cpg = sibling(dbf, ".cpg")
    declared = cpg.read_text(encoding="ascii", errors="ignore").strip() if cpg else ""
    if declared:
        codec = known_codec(f"cp{declared}" if declared.isdecimal() and declared != "936" else declared)
        _require(dbf, columns, codec, f"{declared} (.cpg)")
        return codec, ()
    broken, foreign = _broken(columns, "utf-8")
    whole = b"".join(text for column in columns for text in column.texts)
    if not broken and not is_disguised(whole.decode("utf-8", errors="ignore")):
        return "utf-8", (chosen("UTF-8"),) if foreign else ()
    if 0 < broken / foreign < MOSTLY_UTF8:
        _require(dbf, columns, "utf-8", "UTF-8")
    _require(dbf, columns, "gb18030", "GB18030")
    return "gb18030", (chosen("GB18030"),)


def cut_off(columns: list[TextColumn], codec: str) -> tuple[Text, ...]:
    """A note for each column whose longest Chinese cells leave no room for one more character: they may be cut off."""
    room = len("字".encode(codec))
    notes = []
    for column in columns:
        full = column.rows[np.char.str_len(column.cells) > column.width - room] if len(column.rows) else column.rows
        if len(full):
            heading = column.heading.decode(codec, errors="replace")
            notes.append(
                Text(
                    f"“{heading}”列只有 {column.width} 字节宽，有 {len(full)} 行填满了（如第 {full[0]} 行），文字可能被截断，请核对。",
                    f'Column "{heading}" is {column.width} bytes wide and {len(full)} rows fill it (row {full[0]} for one): texts may be cut off, check them.',
                )
            )
    return tuple(notes)


def _broken(columns: list[TextColumn], codec: str) -> tuple[int, int]:
    """How many distinct texts are not in ``codec``, and how many are not plain ASCII."""
    broken = foreign = 0
    for column in columns:
        for text in column.texts:
            if not text.isascii():
                foreign += 1
                broken += not _fits(text, codec, column.width)
    return broken, foreign


def _fits(text: bytes, codec: str, width: int) -> bool:
    """Whether a text decodes; the last character may be cut off where the cell is full."""
    try:
        text.decode(codec)
    except UnicodeDecodeError as fault:
        cut = fault.end >= len(text) and fault.start >= len(text) - 3
        return cut and len(text) >= min(width, 10)
    return True


def _require(dbf: Path, columns: list[TextColumn], codec: str, name: str) -> None:
    """Raise FileError at the first cell that is not text in ``codec``."""
    for column in columns:
        heading = column.heading.decode(codec, errors="replace")
        for text in column.texts:
            if not text.isascii() and not _fits(text, codec, column.width):
                row = next(iter(column.rows[column.cells == text]), 0)
                where = (
                    Text(f"第 {row} 行“{heading}”列", f'row {row}, column "{heading}"')
                    if row
                    else Text("列名", "a heading")
                )
                raise FileError(
                    f"{dbf.name} {where.zh}的文字不是 {name} 编码；请用 --encoding 指定正确的编码。",
                    f"{dbf.name}: {where.en} is not {name} text; name the right encoding by --encoding.",
                )
