"""Applies the accepted rows of a fix plan in one transaction; what went stale is told, never forced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from register.store import Register
from rulebook.changes import EDIT_COLUMNS, ChangeSet
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.profile import unknown


@dataclass(frozen=True)
class PlanOutcome:
    """What became of the accepted rows of a plan. ``rows``: row number in the plan, outcome, reason."""

    change_id: int | None
    applied: int
    stale: int
    refused: int
    rows: tuple[tuple[str, str, Text | None], ...]


def accepted(plan: pd.DataFrame, only: Mapping[str, str]) -> pd.DataFrame:
    """Rows of a plan with ``accept`` = yes and the given values in the given columns."""
    for column in only:
        if column not in plan.columns:
            raise unknown("列", "column", column, [str(name) for name in plan.columns], "--only")
    chosen = plan[plan["accept"] == "yes"]
    for column, value in only.items():
        chosen = chosen[chosen[column].fillna("") == value]
    return chosen


def apply_plan(
    register: Register,
    plan: pd.DataFrame,
    *,
    actor: str,
    reason: str,
    only: Mapping[str, str] | None = None,
    dry_run: bool = False,
    case_id: str | None = None,
) -> PlanOutcome:
    """Apply the accepted rows of ``plan`` (frame of ``register.exchange.plans.read_plan``).

    A row whose value before no longer holds is stale, a row that cannot be is refused; the others are written as one
    change, logged under ``case_id``. ``dry_run`` judges only.
    """
    if not actor.strip() or not reason.strip():
        raise CallError("经办人和理由不能为空。", "Actor and reason must not be empty.")
    chosen = accepted(plan, only or {}).reset_index(drop=True)
    edits = chosen[list(EDIT_COLUMNS)]
    verdicts = _judged(register, edits)
    good = edits[verdicts["outcome"] == "ok"].drop_duplicates()
    change_id = None
    if len(good) and not dry_run:
        change_id = register.apply(ChangeSet(good.reset_index(drop=True), actor, reason, case_id))
    counts = verdicts["outcome"].value_counts()
    numbers = chosen["row"].fillna("").astype("str")
    return PlanOutcome(
        change_id,
        *(int(counts.get(outcome, 0)) for outcome in ("ok", "stale", "refused")),
        tuple(zip(numbers, verdicts["outcome"], verdicts["reason"], strict=True)),
    )


def _judged(register: Register, edits: pd.DataFrame) -> pd.DataFrame:
    """Outcome and reason of every edit. Rows that want the same edit share its outcome; where rows want different
    values for one cell, none of them is done.
    """
    same_cell = ["layer", "record_id", "field", "before"]
    distinct = edits.drop_duplicates()
    clashing = distinct.duplicated(same_cell, keep=False)
    sound = distinct[~clashing]
    judged = register.judge(sound.reset_index(drop=True)).set_index(sound.index)[["outcome", "reason"]]
    unclear = Text(
        "计划中另有一行要把同一个值改成别的", "another row of the plan wants a different value for the same cell"
    )
    refused = pd.DataFrame(
        {"outcome": "refused", "reason": [unclear] * int(clashing.sum())}, index=distinct.index[clashing]
    )
    first_alike = edits.groupby(list(EDIT_COLUMNS), dropna=False, sort=False).ngroup().to_numpy()
    return pd.concat([judged, refused]).loc[distinct.index].iloc[first_alike].reset_index(drop=True)
