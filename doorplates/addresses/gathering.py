"""Distinct combinations of columns: what depends on them is worked out once and gathered for all rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]
_LARGEST = 1 << 40


def combinations(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Codes, pd.DataFrame]:
    """For each row the place of its combination of values, and the combinations: ``columns`` of the first row of each."""
    code = np.zeros(len(frame), dtype=np.int64)
    size = 1
    for column in columns:
        values, distinct = pd.factorize(frame[column])
        code = code * (len(distinct) + 1) + values + 1
        size *= len(distinct) + 1
        if size > _LARGEST:
            code, kept = pd.factorize(code)
            size = len(kept)
    places, distinct_codes = pd.factorize(code)
    first = np.zeros(len(distinct_codes), dtype=np.int64)
    first[places[::-1]] = np.arange(len(frame))[::-1]
    return places, frame[list(columns)].take(first).reset_index(drop=True)


def taken(values: pd.Series, places: Codes) -> pa.Array:
    """``values`` (texts, by place) for every row; null where the place is -1."""
    texts = pa.array(values, type=pa.large_string(), from_pandas=True)
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return whole.take(pa.array(places, mask=places < 0))
