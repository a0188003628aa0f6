"""Tables of parsed addresses as CSV."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from register.exchange.safe_cells import RUNNABLE

_RUNNABLE = pa.array(RUNNABLE, type=pa.large_string())
_QUOTE, _NOTHING = pa.scalar("'", pa.large_string()), pa.scalar("", pa.large_string())


def as_csv(table: pd.DataFrame, *, appended: int, heading: bool) -> bytes:
    """Rows of a table in UTF-8, after the ``heading`` where it is wanted. The last ``appended`` columns are written so
    that a spreadsheet does not run them, the file's own cells as they were.
    """
    own = table.shape[1] - appended
    cells = [_text(table.iloc[:, place], guard=place >= own) for place in range(table.shape[1])]
    rows = pa.table(cells, names=[str(place) for place in range(len(cells))])
    return (_heading(table) if heading else b"") + (_rows(rows, "none") or _rows(rows, "needed"))


def _heading(table: pd.DataFrame) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(table.columns)
    return line.getvalue().encode()


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
    array = pa.array(texts, type=pa.large_string(), from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if array.null_count == len(array):
        return array
    if guard:
        runnable = pc.is_in(pc.utf8_slice_codeunits(array, 0, 1), value_set=_RUNNABLE)
        if pc.any(runnable).as_py():
            array = pc.if_else(runnable, pc.binary_join_element_wise(_QUOTE, array, _NOTHING), array)
    return (
        array if guard else pc.replace_with_mask(array, pc.equal(array, _NOTHING), pa.scalar(None, pa.large_string()))
    )
