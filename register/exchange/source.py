"""What a reader hands over: one table of a file as it stands there, before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pyproj import CRS

from rulebook.language import Text

MAX_CELL_CHARS = 32767


@dataclass(frozen=True)
class Limits:
    """What a file may not exceed: characters of one cell, bytes of an archive once unpacked."""

    cell_chars: int = MAX_CELL_CHARS
    unpacked_bytes: int = 4 << 30


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Source:
    """One table of a file.

    ``name`` is the layer, sheet or file name. ``table`` has the file's own headings, cells as text or numbers, and as
    index the row as the user counts it: the line of a spreadsheet or CSV (the heading is line 1), the feature's
    number from 1 otherwise. ``geometry`` is an array of shapes or None where the file has none; ``crs`` is what the
    file declares, ``format_crs`` what its format prescribes when the file itself says nothing. ``refused`` are rows
    that could not be read at all. ``encoding`` is the codec of a shapefile, whose headings may be cut to ten bytes.
    """

    name: str
    table: pd.DataFrame
    geometry: np.ndarray | None = None
    crs: CRS | None = None
    format_crs: CRS | None = None
    notes: tuple[Text, ...] = ()
    refused: tuple[tuple[int, Text], ...] = field(default=())
    encoding: str | None = None

    @property
    def has_records(self) -> bool:
        """Whether there is any row, readable or not."""
        return bool(len(self.table) or self.refused)
