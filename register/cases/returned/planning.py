"""From judged rows to a fix plan: one plan row an edit, with the rows of the list that ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from register.cases.casebook import Case
from register.cases.returned import maps
from register.cases.returned.batches import refresh
from register.cases.returned.intake import ReturnedList
from register.cases.returned.judging import CONFIRMED, Judgement
from register.cases.townships import township_names, townships_of
from register.exchange.plans import chosen, numbered
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.rules import Safety

CELL = ["layer", "record_id", "field", "before"]
EDIT = [*CELL, "after"]
BEYOND = ("batch", "rows", "cause", "township", "conflict")  # columns beyond a plan's own
# How sure a repair is: by the match of the row and by the safety of the repair.
CONFIDENCE = {
    ("A", Safety.SAFE): "high",
    ("A", Safety.REVIEW): "medium",
    ("B", Safety.SAFE): "medium",
    ("B", Safety.REVIEW): "low",
}


def plan(register: Register, case: Case, *, actor: str, today: str, lang: str) -> pd.DataFrame:
    """The proposed edits of a batch as plan rows, nobody's decision yet.

    Columns beyond a plan's own: ``batch``, ``rows`` (numbers in the sender's list), ``cause`` (the sender's words),
    ``township``, ``conflict`` (numbers of plan rows that want something else for the same cell).
    Rows whose repair is proposed are marked so in the batch.
    """
    listed, judged = refresh(register, case, actor=actor, today=today)
    rows = proposed(register, case, listed, judged, lang=lang)
    _mark_proposed(register, case, [number for cell in rows["rows"] for number in cell.split(";")], actor)
    return rows


def proposed(
    register: Register, case: Case, listed: ReturnedList, judged: Sequence[Judgement], *, lang: str
) -> pd.DataFrame:
    """The plan rows of a judged batch, nothing written. Rows of the list that were rejected ask for nothing."""
    rows = _rows(register, case, listed, judged, lang)
    if rows.empty:
        none = numbered(pd.DataFrame(columns=[*EDIT, "rule", "safety", "confidence", "reason"], dtype="object"))
        return none.reindex(columns=[*none.columns, *BEYOND])
    merged = rows.groupby(EDIT, dropna=False, sort=False, as_index=False).agg(
        {
            "number": lambda numbers: ";".join(dict.fromkeys(numbers)),
            **dict.fromkeys(("rule", "safety", "confidence", "reason", "cause", "township"), "first"),
        }
    )
    merged = merged.astype("object").where(merged.notna(), None)
    complete = numbered(merged).assign(
        batch=case.title, rows=merged["number"], cause=merged["cause"], township=merged["township"]
    )
    complete["conflict"] = conflicts(complete)
    return complete


def _rows(register: Register, case: Case, listed: ReturnedList, judged: Sequence[Judgement], lang: str) -> pd.DataFrame:
    layers = register.layers()
    known = layers[maps.LAYER]
    rejected = set(known.loc[(known["batch"] == case.title) & (known["fix_state"] == "rejected"), "row_no"])
    townships, names = townships_of(layers), township_names(layers["divisions"])
    rows: list[dict[str, Any]] = []
    for row, one in zip(listed.rows.to_dict("records"), judged, strict=True):
        repair = next((finding for finding in one.findings if finding.edits), None)
        if one.verdict != CONFIRMED or repair is None or row["row_no"] in rejected:
            continue
        told = {
            "number": row["row_no"],
            "rule": repair.rule.code,
            "safety": repair.safety.value,
            "confidence": CONFIDENCE.get((one.match.grade, repair.safety), "low"),
            "reason": repair.message.within(lang),
            "cause": row["problem_type"] or row["problem_text"],
        }
        for edit in chosen(repair.edits):
            code = townships.get(f"{edit['layer']}:{edit['record_id']}", "")
            rows.append({**told, **{name: edit[name] for name in EDIT}, "township": names.get(code, code) or None})
    return pd.DataFrame(rows, dtype="object")


def conflicts(rows: pd.DataFrame) -> pd.Series:
    """For every plan row the numbers of the others that want something else for its cell."""
    cells = rows.groupby(CELL, dropna=False)["row"].transform(";".join)
    others = [
        ";".join(number for number in cell.split(";") if number != own)
        for cell, own in zip(cells, rows["row"], strict=True)
    ]
    return pd.Series([text or None for text in others], index=rows.index, dtype="object")


def _mark_proposed(register: Register, case: Case, numbers: list[str], actor: str) -> None:
    frame = register.layer(maps.LAYER)
    mine = frame[(frame["batch"] == case.title) & frame["row_no"].isin(numbers) & (frame["fix_state"] == "open")]
    edits = [(maps.LAYER, record_id, "fix_state", "open", "proposed") for record_id in mine.index]
    if edits:
        register.apply(ChangeSet(edits_frame(edits), actor, f"为反馈清单 {case.title} 提出修改", case.id))
