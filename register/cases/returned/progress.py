"""How far the batches are, and the photographs of work orders before and after."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

import pandas as pd

from register.cases.casebook import all_cases
from register.cases.returned import maps
from register.cases.returned.batches import KIND
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, FileError

PICTURES = ("image/jpeg", "image/png", "image/webp")
MOST_BYTES = 20_000_000
TO_DO = ("confirmed", "needs_field_visit", "several_records")


def progress(register: Register, today: str) -> list[dict[str, Any]]:
    """A line a batch: rows, those done (repaired, or with nothing to repair), open ones, the due date, counts."""
    frame = register.layer(maps.LAYER)
    lines = []
    for case in all_cases(register, KIND):
        mine = frame[frame["batch"] == case.title]
        undone = mine["verdict"].isin(TO_DO) & ~mine["fix_state"].isin(["applied", "rejected"])
        due = mine.loc[undone, "due_on"].dropna()
        lines.append(
            {
                "batch": case.title,
                "case": case.id,
                "rows": len(mine),
                "done": int((~undone).sum()),
                "open": int(undone.sum()),
                "due_on": case.due_on,
                "overdue": int((due < today).sum()),
                "state": case.state,
                "by_verdict": _counts(mine["verdict"]),
                "by_state": _counts(mine["fix_state"]),
            }
        )
    return lines


def attach_photo(register: Register, batch: str, row: str, when: str, photo: Path, *, actor: str) -> str:
    """Keep a photograph with a row, ``when`` before or after the repair, and return its SHA-256."""
    record_id = f"{batch}/{row}"
    frame = register.layer(maps.LAYER)
    if record_id not in frame.index:
        raise CallError(f"批次“{batch}”没有第 {row} 行。", f'The batch "{batch}" has no row {row}.')
    kind = mimetypes.guess_type(photo.name)[0]
    if kind not in PICTURES or not photo.is_file():
        raise FileError(f"{photo} 不是照片（JPEG、PNG、WebP）。", f"{photo} is no photograph (JPEG, PNG, WebP).")
    content = photo.read_bytes()
    if len(content) > MOST_BYTES:
        raise FileError(
            f"{photo} 超过 {MOST_BYTES // 1_000_000} MB。", f"{photo} is over {MOST_BYTES // 1_000_000} MB."
        )
    digest = register.attach(photo.name, kind, content)
    before = frame.loc[record_id, f"photo_{when}"]
    edit = (maps.LAYER, record_id, f"photo_{when}", None if pd.isna(before) else before, digest)
    register.apply(ChangeSet(edits_frame([edit]), actor, f"反馈清单 {batch} 第 {row} 行附照片"))
    return digest


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().items()}
