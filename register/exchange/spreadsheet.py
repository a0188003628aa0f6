"""Reads XLSX sheets. Formulas are refused by cell, for what they would show depends on a program that is not here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd
import python_calamine as calamine

from register.exchange.archives import checked_members
from register.exchange.headings import headed
from register.exchange.source import Limits, Source
from rulebook.errors import FileError, SchemaError

CHUNK = 1 << 22
OVERLAP = 1 << 12
FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f[\s/>]')
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"')
# A sheet is laid out in memory as a full rectangle: a stray cell in the last corner would ask for gigabytes.
MAX_CELLS = 80_000_000
TITLE_LINES = 5
SHOWN = 10


def read(path: Path, sheet: str | None, limits: Limits) -> list[Source]:
    """Every sheet with content as a table, or only the one named ``sheet``."""
    with checked_members(path, limits) as archive:
        _inspect(archive, path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            names = [entry.name for entry in book.sheets_metadata if entry.typ == calamine.SheetTypeEnum.WorkSheet]
            if sheet is not None and sheet not in names:
                raise FileError(
                    f"{path.name} 没有工作表“{sheet}”；有：{'、'.join(names)}。",
                    f'{path.name} has no sheet "{sheet}"; it has: {", ".join(names)}.',
                )
            wanted = names if sheet is None else [sheet]
            tables = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in wanted]
    except calamine.PasswordError as fault:
        raise FileError(
            f"{path.name} 有密码保护，请取消密码后再导入。",
            f"{path.name} is protected by a password; take it off and import again.",
        ) from fault
    except (calamine.CalamineError, ParseError, OSError) as fault:
        raise FileError(
            f"{path.name} 不是完好的 XLSX 文件：{fault}。", f"{path.name} is not a sound XLSX file: {fault}."
        ) from fault
    sources = [_source(name, lines, path) for name, lines in tables if any(any(_filled(line)) for line in lines)]
    if not sources:
        raise SchemaError(f"{path.name} 的工作表是空的。", f"The sheets of {path.name} are empty.")
    return sources


def _source(name: str, lines: list[list[object]], path: Path) -> Source:
    """The table of one sheet; a title over the table (a single cell in a line of its own) is passed over."""
    width = max(sum(_filled(line)) for line in lines[: TITLE_LINES + 1])
    first = next(
        number for number, line in enumerate(lines) if any(_filled(line)) and (sum(_filled(line)) > 1 or width <= 1)
    )
    columns = list(zip(*lines[first + 1 :], strict=True)) or [() for _ in lines[first]]
    table = pd.DataFrame({number: _column(cells) for number, cells in enumerate(columns)})
    table.index = pd.RangeIndex(first + 2, first + 2 + len(table))
    filled = table.ne("").any(axis=1) if len(table.columns) else pd.Series(dtype="bool")
    headings = [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell for cell in lines[first]]
    headed_table, notes = headed(table[filled], headings, f"{path.name}[{name}]")
    return Source(name, headed_table, notes=notes)


def _column(cells: tuple[object, ...]) -> pd.Series:
    text = all(type(cell) is str for cell in cells)
    return pd.Series(cells, dtype="str" if text else "object")


def _filled(line: list[object]) -> Iterator[bool]:
    return (cell != "" for cell in line)


def _inspect(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse formulas (naming cells) and sheets that would not fit into memory."""
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
            formulas, columns, last_row = _scan(archive, member)
            if formulas:
                shown, more = formulas[:SHOWN], max(0, len(formulas) - SHOWN)
                raise SchemaError(
                    f"{path.name} 的单元格 {'、'.join(shown)}{f' 等 {more + SHOWN} 处' if more else ''} 是公式；请“选择性粘贴为数值”后再导入。",
                    f"{path.name}: cells {', '.join(shown)}{f' and {more} more' if more else ''} hold formulas; paste them as values and import again.",
                )
            if columns * last_row > MAX_CELLS:
                raise FileError(
                    f"{path.name} 的表格有 {columns} 列、{last_row} 行，超出可处理的范围；请删除表格之外的零散单元格。",
                    f"{path.name} has a sheet of {columns} columns by {last_row} lines, too large to be read; delete stray cells beyond the table.",
                )


def _scan(archive: zipfile.ZipFile, member: str) -> tuple[list[str], int, int]:
    """Cells with formulas, number of columns and last row of a sheet, found by streaming its XML."""
    formulas: dict[str, None] = {}
    letters: set[bytes] = set()
    last_row = 0
    with archive.open(member) as stream:
        tail = b""
        while chunk := stream.read(CHUNK):
            piece = tail + chunk
            found = CELL.findall(piece)
            letters.update(column for column, _ in found)
            last_row = max([last_row, *(int(row) for _, row in found[-1:])])
            if b"<f" in piece or b":f" in piece:
                formulas.update((match.decode(), None) for match in FORMULA.findall(piece))
            tail = piece[-OVERLAP:]
    return list(formulas), max((_column_number(name) for name in letters), default=0), last_row


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
