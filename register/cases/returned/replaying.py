"""Looking back: which change of the log made a problem go away.

A record is brought back in memory to what it was before its last change, then before the one before that, and the rule
is asked again. The change before which the rule finds the problem is the one that repaired it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.changes import WHOLE_RECORD
from rulebook.schema import FieldType
from rulebook.values import GEOMETRY, from_text

MOST_STEPS = 5  # changes of one record that are looked back over

Mark = tuple[str, str]


@dataclass(frozen=True)
class Repair:
    """The change after which a problem was gone."""

    change_id: int
    at: str
    actor: str
    edits: tuple[tuple[str, str | None, str | None], ...]  # field, before, after


def repairs(
    register: Register,
    layers: Mapping[str, pd.DataFrame],
    asked: Mapping[Mark, tuple[str, ...]],
    found_in: Callable[[Mapping[str, pd.DataFrame], set[str]], set[tuple[str, str]]],
) -> dict[Mark, tuple[str, Repair]]:
    """For records (``(layer, record_id)`` → codes of rules that find nothing now) the rule that found the problem
    before some change, and that change. ``found_in(layers, codes)`` gives the ``(code, "layer:id")`` that rules find.
    """
    steps = {mark: changes for mark in asked if (changes := _changes(register, mark))}
    answers: dict[Mark, tuple[str, Repair]] = {}
    past: dict[Mark, dict[str, str | None]] = {mark: {} for mark in steps}
    for number in range(MOST_STEPS):
        open_marks = [mark for mark in steps if mark not in answers and number < len(steps[mark])]
        if not open_marks:
            break
        for mark in open_marks:
            past[mark] |= {edit["field"]: edit["before"] for edit in reversed(steps[mark][number])}
        earlier = _reverted(layers, {mark: past[mark] for mark in open_marks})
        found = found_in(earlier, {code for mark in open_marks for code in asked[mark]})
        for mark in open_marks:
            for code in asked[mark]:
                if (code, ":".join(mark)) in found:
                    answers[mark] = (code, _repair(steps[mark][number]))
                    break
    return answers


def last_change(register: Register, mark: Mark) -> Repair | None:
    """The last change of a record after it was made, None when there was none."""
    rows = register.history(record=mark)
    if rows.empty:
        return None
    newest = rows[rows["change_id"] == rows["change_id"].max()]
    if (newest["field"] == WHOLE_RECORD).any() and newest["before"].isna().all():
        return None
    return _repair(newest.astype("object").where(newest.notna(), None).to_dict("records"))


def _repair(rows: list[dict[str, Any]]) -> Repair:
    edits = tuple((row["field"], row["before"], row["after"]) for row in rows)
    return Repair(int(rows[0]["change_id"]), str(rows[0]["at"]), str(rows[0]["actor"]), edits)


def _changes(register: Register, mark: Mark) -> list[list[dict[str, Any]]]:
    """Edits of single cells of a record, newest change first, one list a change."""
    rows = register.history(record=mark)
    rows = rows[rows["field"] != WHOLE_RECORD]
    records = rows.astype("object").where(rows.notna(), None).to_dict("records")
    changes: dict[int, list[dict[str, Any]]] = {}
    for row in records:
        changes.setdefault(row["change_id"], []).append(row)
    return [changes[number] for number in sorted(changes, reverse=True)]


def _reverted(
    layers: Mapping[str, pd.DataFrame], past: Mapping[Mark, Mapping[str, str | None]]
) -> dict[str, pd.DataFrame]:
    """All layers with some cells as they were."""
    earlier = {name: layers[name] for name in DICTIONARY}
    for (layer, record_id), cells in past.items():
        frame = earlier[layer] if earlier[layer] is not layers[layer] else layers[layer].copy()
        earlier[layer] = frame
        if record_id not in frame.index:
            continue
        for name, text in cells.items():
            if name == GEOMETRY:
                frame.loc[[record_id], GEOMETRY] = frame.geometry.iloc[:0].reindex(
                    [record_id], fill_value=from_text(text, None)
                )
            elif (known := DICTIONARY[layer].field_named(name)) is not None:
                frame.loc[record_id, name] = _cell(text, known.type)
    return earlier


def _cell(text: str | None, kind: FieldType) -> Any:
    if text is None:
        return pd.NA if kind is FieldType.INTEGER else None
    return from_text(text, kind)
