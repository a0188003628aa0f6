"""Longest rising sequences: which numbers of a row may stay when the fewest are to go."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
import pandas as pd


def longest_rising(values: list[float]) -> list[int]:
    """Places of a longest subsequence that never falls (patience sorting, n log n)."""
    tails: list[float] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        height = bisect_right(tails, value)
        previous.append(ends[height - 1] if height else -1)
        if height == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[height], ends[height] = value, place
    kept = []
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.append(place)
        place = previous[place]
    return kept[::-1]


def fitting(rows: pd.Series, main: pd.Series, forward: pd.Series) -> pd.Series:
    """Whether each plate is in a longest rising sequence of its row: main numbers never fall as ``forward`` rises.

    ``rows`` numbers the row of each plate; all three share their index (record ids, which settle ties).
    """
    fits = np.zeros(len(rows), dtype=bool)
    inorder = np.lexsort((rows.index.to_numpy(dtype=object), forward, main, rows))
    cuts = np.flatnonzero(np.diff(rows.to_numpy()[inorder])) + 1
    values: np.ndarray[Any, Any] = forward.to_numpy(dtype=float)
    for members in np.split(inorder, cuts):
        fits[members[longest_rising(values[members].tolist())]] = True
    return pd.Series(fits, index=rows.index)
