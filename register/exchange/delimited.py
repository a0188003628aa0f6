"""Reads CSV and other delimited text: encoding, delimiter and ragged lines are found out and said."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from register.exchange.encoding import decode
from register.exchange.headings import headed
from register.exchange.source import Limits, Source
from rulebook.errors import FileError, SchemaError
from rulebook.language import Text

DELIMITERS = {
    ",": Text("逗号", "comma"),
    "\t": Text("制表符", "tab"),
    ";": Text("分号", "semicolon"),
    "|": Text("竖线", "bar"),
}
BLOCK_BYTES = 1 << 26
HEADING_CHARS = 1 << 16


def read(path: Path, encoding: str | None, limits: Limits) -> list[Source]:
    """The table of a delimited file: text cells, rows numbered as a spreadsheet shows them (heading = 1)."""
    text, notes = decode(path.read_bytes(), path, encoding)
    if "\x00" in text:
        raise FileError(
            f"{path.name} 不是文本文件（含空字节）。", f"{path.name} is not a text file (it holds NUL bytes)."
        )
    if not text.strip():
        raise SchemaError(
            f"{path.name} 是空文件，没有标题行和记录。", f"{path.name} is empty: no heading line, no records."
        )
    blank = len(text) - len(text.lstrip("\r\n"))
    delimiter, width = sniff(text[blank:])
    if delimiter != ",":
        name = DELIMITERS[delimiter]
        notes = (*notes, Text(f"分隔符是{name.zh}。", f"The delimiter is the {name.en}."))
    cells, ragged = _parse(text[blank:], delimiter, width, path)
    above = len(text[:blank].splitlines())
    numbers = pd.RangeIndex(1, len(cells) + len(ragged) + 1).difference(pd.Index(list(ragged), dtype="int64"))
    records = cells.iloc[1:].set_axis(numbers[1:] + above)
    filled = records.ne("").any(axis=1)
    table, more = headed(records[filled], cells.iloc[0].tolist(), path.name)
    refused = tuple((row + above, reason) for row, reason in ragged.items() if reason is not None)
    return [Source(path.stem, table, notes=(*notes, *more), refused=refused)]


def sniff(text: str) -> tuple[str, int]:
    """The delimiter of the heading line, that is the one that cuts it into most cells, and their number."""
    widths = {
        sign: len(next(csv.reader(io.StringIO(text[:HEADING_CHARS], newline=""), delimiter=sign)))
        for sign in DELIMITERS
    }
    best = max(widths, key=lambda sign: widths[sign])
    return best, widths[best]


def _parse(text: str, delimiter: str, width: int, path: Path) -> tuple[pd.DataFrame, dict[int, Text | None]]:
    """All lines, the heading among them, as text cells; lines of another width by number (None: a blank line)."""
    ragged: dict[int, Text | None] = {}

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        ragged[row.number] = _ragged(row.expected_columns, row.actual_columns) if row.text.strip() else None
        return "skip"

    names = [f"f{number}" for number in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as fault:
        raise FileError(
            f"{path.name} 无法按表格读取：有一个单元格超过 {BLOCK_BYTES >> 20} MB，或引号没有配对（{fault}）。",
            f"{path.name} cannot be read as a table: a cell is longer than {BLOCK_BYTES >> 20} MB or a quotation mark is not closed ({fault}).",
        ) from fault
    if text.count('"') % 2:
        _check_swallowed(table, path)
    return table.to_pandas().set_axis(range(width), axis=1).astype("str"), ragged


def _ragged(expected: int, actual: int) -> Text:
    return Text(
        f"这一行有 {actual} 列，标题行有 {expected} 列", f"the line has {actual} cells, the heading line {expected}"
    )


def _check_swallowed(table: pa.Table, path: Path) -> None:
    """Raise when an unclosed quotation mark has swallowed the lines after it into one cell."""
    for column in table.columns:
        swallowed = pyarrow.compute.match_substring(column, "\n").to_numpy()
        if swallowed.any():
            row = int(swallowed.argmax()) + 1
            raise FileError(
                f"{path.name} 第 {row} 行附近的引号没有配对，后面的行被并进了一个单元格；请修正后再导入。",
                f"{path.name}: near line {row} a quotation mark is not closed and swallows the lines after it; mend it and import again.",
            )
