"""Cases of an office: applications, pre-tests, trips, returned batches. A case is a numbered record of the register.

Every step of a case is one change of the log, together with the records that the step writes, so that a step is done
whole, is seen in the history of the case, and is taken back whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from register.store import Register
from rulebook.changes import WHOLE_RECORD, ChangeSet, edits_frame
from rulebook.errors import CallError, StaleEditError
from rulebook.values import to_text

LAYER = "cases"
TRIES = 20  # for a number of its own when several people open cases at once
COLUMNS = (
    "title", "state", "division_code", "actor", "opened_on", "due_on", "approved_on", "filed_on", "announced_on",
    "closed_on", "records",
)  # fmt: skip
EditRow = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True)
class Case:
    """One case. ``records`` are the marks ``layer:id`` it concerns, ``body`` what its kind keeps about it."""

    id: str
    kind: str
    title: str
    state: str
    body: Mapping[str, Any] = field(default_factory=dict)
    division_code: str | None = None
    actor: str | None = None
    opened_on: str | None = None
    due_on: str | None = None
    approved_on: str | None = None
    filed_on: str | None = None
    announced_on: str | None = None
    closed_on: str | None = None
    records: tuple[str, ...] = ()

    def cells(self) -> dict[str, str]:
        """Its cells that are not empty, as canonical text."""
        given = {name: getattr(self, name) for name in COLUMNS if name != "records"}
        given |= {"id": self.id, "kind": self.kind, "records": ";".join(self.records)}
        given["body"] = json.dumps(dict(self.body), ensure_ascii=False, sort_keys=True) if self.body else None
        return {name: text for name, value in given.items() if (text := to_text(value)) is not None}


def all_cases(register: Register, kind: str = "", state: str = "") -> list[Case]:
    """Cases in the order of their numbers, of one kind and state where these are given."""
    frame = register.layer(LAYER)
    wanted = frame["kind"].notna()
    for column, value in (("kind", kind), ("state", state)):
        if value:
            wanted &= frame[column] == value
    return [_case(row) for row in frame[wanted].sort_index().to_dict("records")]


def case_numbered(register: Register, case_id: str) -> Case:
    """The case of that number; raises CallError when there is none."""
    frame = register.layer(LAYER)
    if case_id not in frame.index:
        raise CallError(f"没有编号为“{case_id}”的事项。", f'There is no case numbered "{case_id}".')
    return _case(frame.loc[case_id].to_dict())


def open_case(
    register: Register,
    kind: str,
    title: str,
    *,
    state: str,
    actor: str,
    today: str,
    reason: str = "",
    body: Mapping[str, Any] | None = None,
    edits: Sequence[EditRow] = (),
    **columns: Any,
) -> Case:
    """Open a case under the next number of its kind and year (``<kind>-2026-0001``) and write ``edits`` with it.

    ``columns`` are further columns of the layer, such as ``division_code``, ``due_on``, ``records``. Several people
    may open cases at once: a number that was taken meanwhile is passed over.
    """
    series = f"{kind}-{today[:4]}-"
    number = _last_number(register.layer(LAYER).index, series)
    for _ in range(TRIES):
        number += 1
        case = Case(
            f"{series}{number:04d}", kind, title, state, body or {}, actor=actor, **{"opened_on": today, **columns}
        )
        made = (LAYER, case.id, WHOLE_RECORD, None, json.dumps(case.cells(), ensure_ascii=False))
        change = ChangeSet(edits_frame([made, *edits]), actor, reason or title, case.id)
        try:
            register.apply(change)
        except StaleEditError:
            taken = _last_number(register.layer(LAYER).index, series)
            if taken < number:  # the number is free: it is one of the edits that went stale
                raise
            number = taken
        else:
            return case
    raise CallError("同时立项的人太多，没有取到编号，请再试一次。", "Too many cases are being opened; try again.")


def step(
    register: Register,
    before: Case,
    after: Case,
    *,
    actor: str,
    reason: str,
    edits: Sequence[EditRow] = (),
) -> int:
    """Bring a case from what it was to what it is now, with the ``edits`` of records that belong to the step.

    Returns the change's number. Raises StaleEditError when somebody else has moved the case meanwhile.
    """
    old, new = before.cells(), after.cells()
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    own = [(LAYER, before.id, name, old.get(name), new.get(name)) for name in names]
    return register.apply(ChangeSet(edits_frame([*own, *edits]), actor, reason, before.id))


def steps(register: Register, case_id: str) -> pd.DataFrame:
    """The history of a case: rows of the log on the case itself, oldest first."""
    rows = register.history(record=(LAYER, case_id))
    return rows.sort_values(["change_id", "seq"], ignore_index=True)


def new_record(layer: str, record_id: str, cells: Mapping[str, Any]) -> EditRow:
    """The edit that makes a record. ``cells`` are values of the layer's columns, ``geometry`` among them."""
    texts = {name: text for name, value in cells.items() if (text := to_text(value)) is not None}
    return layer, record_id, WHOLE_RECORD, None, json.dumps(texts, ensure_ascii=False)


def _last_number(ids: pd.Index, series: str) -> int:
    numbers = pd.to_numeric(ids[ids.str.startswith(series)].str[len(series) :], errors="coerce")
    return int(numbers.max()) if len(numbers) and pd.notna(numbers.max()) else 0


def _case(row: Mapping[str, Any]) -> Case:
    texts = {name: to_text(row.get(name)) for name in ("id", "kind", *COLUMNS, "body")}
    body, records = texts.pop("body"), texts.pop("records")
    kept = {name: text for name, text in texts.items() if text is not None}
    return Case(
        **{"title": "", **kept},
        body=_content(body),
        records=tuple(records.split(";")) if records else (),
    )


def _content(text: str | None) -> dict[str, Any]:
    """What a case keeps; a text that came from elsewhere and is no JSON object stands under ``text``."""
    try:
        content = json.loads(text or "{}")
    except ValueError:
        content = text
    return content if isinstance(content, dict) else {"text": text}
