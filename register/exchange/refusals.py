"""Rows that the door does not let in, each with all of its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from rulebook.language import Text

SHOWN_CHARS = 40


class Refusals:
    """Collects reasons by row; a row may have several."""

    def __init__(self) -> None:
        self._reasons: dict[int, list[Text]] = {}

    def __len__(self) -> int:
        return len(self._reasons)

    def add(self, row: int, reason: Text) -> None:
        """Refuse one row."""
        self._reasons.setdefault(int(row), []).append(reason)

    def add_cells(self, values: pd.Series, reason: Callable[[str], Text]) -> None:
        """Refuse the rows of ``values`` (index = row), each with the sentence for its value."""
        for row, value in zip(values.index, values, strict=True):
            self.add(row, reason(shown(value)))

    @property
    def rows(self) -> list[int]:
        """Refused rows, ascending."""
        return sorted(self._reasons)

    def listed(self) -> list[tuple[int, Text]]:
        """Row and reasons, ascending."""
        return [(row, join(self._reasons[row])) for row in self.rows]


def join(reasons: Iterable[Text]) -> Text:
    """Several reasons as one."""
    several = list(dict.fromkeys(reasons))
    return Text("；".join(reason.zh for reason in several), "; ".join(reason.en for reason in several))


def shown(value: object) -> str:
    """A value for a sentence, shortened."""
    text = str(value)
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"
