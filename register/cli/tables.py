"""Plain tables for a terminal; Chinese characters count two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str]) -> str:
    """Rows under headings (column → heading), left-aligned; missing cells are blank."""
    cells = [list(headings.values())]
    cells += [["" if row.get(name) is None else str(row[name]) for name in headings] for row in rows]
    widths = [max(width(line[column]) for line in cells) for column in range(len(headings))]
    lines = [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)) for line in cells
    ]
    lines.insert(1, "  ".join("-" * size for size in widths))
    return "\n".join(line.rstrip() for line in lines)
