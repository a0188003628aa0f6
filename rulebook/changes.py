"""Accepted edits with their author and reason. A change is never undone by erasing: it has an inverse.

Edits are a frame of ``EDIT_COLUMNS``; cells are canonical text (``rulebook.values``). The field ``*`` stands for a
whole record: made when ``before`` is missing, removed when ``after`` is; its text is a JSON object of the fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

EDIT_COLUMNS = ("layer", "record_id", "field", "before", "after")
WHOLE_RECORD = "*"


@dataclass(frozen=True)
class ChangeSet:
    """Edits that are applied together or not at all, and who wants them, why, in which case.

    ``based_on`` is the revision that they were drawn up on, where they hold for that one only (a number that is free
    may be taken by another change); None where the values before are enough.
    """

    edits: pd.DataFrame
    actor: str
    reason: str
    case_id: str | None = None
    based_on: int | None = None

    def __len__(self) -> int:
        return len(self.edits)

    def inverse(self, *, actor: str, reason: str) -> ChangeSet:
        """The change that takes this one back: last edit first, before and after exchanged."""
        swapped = self.edits.iloc[::-1].rename(columns={"before": "after", "after": "before"})
        return replace(
            self, edits=swapped[list(EDIT_COLUMNS)].reset_index(drop=True), actor=actor, reason=reason, based_on=None
        )


def edits_frame(rows: list[tuple[str, str, str, str | None, str | None]]) -> pd.DataFrame:
    """A frame of edits from tuples in the order of ``EDIT_COLUMNS``."""
    return pd.DataFrame(rows, columns=list(EDIT_COLUMNS), dtype="object")
