"""What became of a field file: every row and every photograph, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from boundaries.layers import INSPECTIONS
from rulebook.language import Text

IN, COMPLETED, ALREADY_IN, REFUSED = "in", "completed", "already_in", "refused"


@dataclass
class VisitRow:
    """What became of one row."""

    file: str
    row: int
    outcome: str
    id: str | None = None
    marker_id: str | None = None
    reason: Text | None = None
    doubts: list[Text] = field(default_factory=list)


@dataclass
class InspectionReport:
    """What became of a file: rows, photographs (name, hash, outcome), notes, and the change that wrote it."""

    rows: list[VisitRow]
    photos: list[dict[str, Any]]
    notes: list[Text]
    trips: list[str] = field(default_factory=list)
    change_id: int | None = None

    def count(self, outcome: str) -> int:
        """Rows of one outcome."""
        return sum(1 for one in self.rows if one.outcome == outcome)

    @property
    def refused(self) -> list[VisitRow]:
        """Rows that were not let in."""
        return [one for one in self.rows if one.outcome == REFUSED]

    def document(self, lang: str) -> dict[str, Any]:
        """The JSON report."""
        return {
            "layer": INSPECTIONS.name,
            "read": len(self.rows),
            "in": self.count(IN) + self.count(COMPLETED),
            "completed": self.count(COMPLETED),
            "already_in": self.count(ALREADY_IN),
            "refused": [
                {"row": one.row, "file": one.file, "reason": one.reason.within(lang) if one.reason else ""}
                for one in self.refused
            ],
            "records": [
                {
                    "row": one.row,
                    "file": one.file,
                    "id": one.id,
                    "marker_id": one.marker_id,
                    "outcome": one.outcome,
                    "doubts": [doubt.within(lang) for doubt in one.doubts],
                }
                for one in self.rows
                if one.outcome != REFUSED
            ],
            "photos": [
                {**one, "reason": one["reason"].within(lang) if one.get("reason") else None} for one in self.photos
            ],
            "trips": self.trips,
            "notes": [note.within(lang) for note in self.notes],
            "change_id": self.change_id,
        }
