"""Tables of parsed addresses as CSV, written some rows at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from register.exchange.safe_cells import RUNNABLE


def write_csv(parts: Iterable[pd.DataFrame], file: BinaryIO, appended: int) -> None:
    """Write ``parts``, which have the same columns, under one heading. The last ``appended`` columns are written so that
    a spreadsheet does not run them, the file's own cells as they were.
    """
    for turn, part in enumerate(parts):
        if turn == 0:
            heading = io.StringIO()
            csv.writer(heading, lineterminator="\r\n").writerow(part.columns)
            file.write(heading.getvalue().encode())
        own = part.shape[1] - appended
        cells = [_text(part.iloc[:, place], guard=place >= own) for place in range(part.shape[1])]
        table = pa.table(cells, names=[str(place) for place in range(len(cells))])
        file.write(_rows(table, "none") or _rows(table, "needed"))


def _rows(table: pa.Table, quoting: str) -> bytes:
    """Rows without a mark of quotation where no cell needs one, which is the smaller and quicker way; else empty."""
    rows = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, eol="\r\n", quoting_style=quoting)
    try:
        pyarrow.csv.write_csv(table, rows, options)
    except pa.ArrowInvalid:
        if quoting == "needed":
            raise
        return b""
    return rows.getvalue()


def _text(column: pd.Series, *, guard: bool) -> pa.Array:
    texts = column if column.dtype == "str" else column.astype("object").where(column.notna()).astype("str")
    if guard:
        runnable = texts.str.startswith(RUNNABLE).fillna(False).astype(bool)
        if runnable.any():
            texts = texts.where(~runnable, "'" + texts)
    return pa.array(texts.where(texts.ne("")), type=pa.large_string(), from_pandas=True)
