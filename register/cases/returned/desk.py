"""The desk of returned lists: the rows of a batch with what is proposed for each, and the decisions on them.

Looking writes nothing. Every decision is logged under the case of the batch, and the batch is judged again after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import pandas as pd

from register.cases.applying import PlanOutcome, apply_plan
from register.cases.casebook import LAYER as CASES
from register.cases.casebook import Case
from register.cases.exempting import exempt
from register.cases.returned import maps
from register.cases.returned.batches import batch_case, look, refresh
from register.cases.returned.planning import proposed
from register.cases.townships import township_names, townships_of
from register.exchange.plans import numbered
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, StaleEditError

GROUP = ["rule", "cause", "township"]
DONE = ("applied", "rejected")


@dataclass(frozen=True)
class Seen:
    """A batch as it stands: ``rows`` in the sender's order (layer ``returned_problems`` and ``township``, indexed by row
    number) and ``plan``, the proposed edits (``planning.proposed``).
    """

    case: Case
    rows: pd.DataFrame
    plan: pd.DataFrame

    def edits_of(self, number: str) -> pd.DataFrame:
        """The proposed edits that a row of the list asks for."""
        return self.plan[self.plan["rows"].map(lambda cell: number in cell.split(";")).astype("bool")]

    def groups(self) -> pd.DataFrame:
        """Rule × cause × township with the number of edits and of those in conflict, the largest first."""
        if self.plan.empty:
            return pd.DataFrame(columns=[*GROUP, "edits", "conflicts"])
        marked = self.plan.assign(**{name: self.plan[name].fillna("") for name in GROUP})
        sizes = marked.groupby(GROUP, sort=False).agg(edits=("row", "size"), conflicts=("conflict", "count"))
        return sizes.reset_index().sort_values("edits", ascending=False, kind="stable")

    def group(self, rule: str, cause: str, township: str) -> pd.DataFrame:
        """The proposed edits of one group that conflict with no other."""
        alike = self.plan["conflict"].isna()
        for name, value in zip(GROUP, (rule, cause, township), strict=True):
            alike &= self.plan[name].fillna("").eq(value)
        return self.plan[alike]


class ReturnedDesk:
    """Batches as last looked at, kept until the register or the day changes."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[tuple[int, str], Seen]] = {}
        self._lock = Lock()

    def see(self, register: Register, batch: str, *, today: str, lang: str) -> Seen:
        """A batch as it stands now; raises CallError when there is none of that name."""
        with self._lock:
            stand = (register.revision, today)
            kept = self._seen.get((batch, lang))
            if kept is None or kept[0] != stand:
                kept = self._seen[batch, lang] = (stand, _seen(register, batch, today, lang))
            return kept[1]


def digest(edits: pd.DataFrame) -> str:
    """What tells whether proposed edits are still those that somebody looked at."""
    return str(numbered(edits)["plan_id"].iloc[0]) if len(edits) else ""


def accept(
    register: Register, seen: Seen, edits: pd.DataFrame, looked_at: str, *, actor: str, today: str
) -> PlanOutcome:
    """Write proposed edits in one transaction and judge the batch again.

    Raises StaleEditError when they are not those with the digest ``looked_at``, CallError when there are none.
    """
    if edits.empty:
        raise CallError("这里没有可以执行的修改。", "There is nothing here that could be applied.")
    if digest(edits) != looked_at:
        raise StaleEditError(
            "登记库在您查看之后变了，所提的修改已不同；什么都没有写入，请再看一遍。",
            "The register has changed since you looked and other edits are proposed; nothing was written, look again.",
        )
    chosen = edits.assign(accept="yes")
    reason = f"反馈清单 {seen.case.title}"
    outcome = apply_plan(register, chosen, actor=actor, reason=reason, case_id=seen.case.id)
    refresh(register, seen.case, actor=actor, today=today)
    return outcome


def reject(register: Register, seen: Seen, number: str, *, reason: str, actor: str) -> int:
    """Decide that a row is not followed, with the reason in the log, and return the change's number."""
    row = _row(seen, number)
    if not reason.strip():
        raise CallError("不采纳要写明理由。", "A rejection needs a reason.")
    kept = register.layer(maps.LAYER).loc[f"{seen.case.title}/{number}", "fix_state"]
    if row["fix_state"] in DONE or kept in DONE:
        raise CallError(f"第 {number} 行已办结。", f"Row {number} has been dealt with.")
    edit = (maps.LAYER, f"{seen.case.title}/{number}", "fix_state", None if pd.isna(kept) else kept, "rejected")
    why = f"反馈清单 {seen.case.title} 第 {number} 行不采纳：{reason.strip()}"
    return register.apply(ChangeSet(edits_frame([edit]), actor, why, seen.case.id))


def excuse(register: Register, seen: Seen, number: str, *, reason: str, actor: str, today: str) -> int:
    """Exempt what a row's rule finds on its record, judge the batch again, return the exemption's change."""
    row = _row(seen, number)
    if row["verdict"] != "confirmed" or pd.isna(row["rule"]):
        raise CallError(f"第 {number} 行没有可豁免的问题。", f"Row {number} has nothing to exempt.")
    refresh(register, seen.case, actor=actor, today=today)
    done = exempt(
        register, str(row["rule"]), str(row["layer"]), str(row["record_id"]), reason=reason, actor=actor, today=today
    )
    refresh(register, seen.case, actor=actor, today=today)
    return done


def changes(register: Register, case: Case) -> pd.DataFrame:
    """Edits of records that were made for a batch, newest change first, as the log has them."""
    log = register.history(since=int(case.body["revision"]))
    return log[(log["case_id"] == case.id) & ~log["layer"].isin([maps.LAYER, CASES])]


def _row(seen: Seen, number: str) -> pd.Series:
    if number not in seen.rows.index:
        raise CallError(
            f"批次“{seen.case.title}”没有第 {number} 行。", f'The batch "{seen.case.title}" has no row {number}.'
        )
    return seen.rows.loc[number]


def _seen(register: Register, batch: str, today: str, lang: str) -> Seen:
    case = batch_case(register, batch)
    if case is None:
        raise CallError(f"没有批次“{batch}”。", f'There is no batch "{batch}".')
    listed, judged, rows = look(register, case, today=today)
    layers = register.layers()
    codes, names = townships_of(layers), township_names(layers["divisions"])
    marks = (rows["layer"].fillna("") + ":" + rows["record_id"].fillna("")).map(codes)
    rows = rows.assign(township=marks.map(lambda code: names.get(code, code) if isinstance(code, str) else ""))
    return Seen(case, rows.set_index("row_no", drop=False), proposed(register, case, listed, judged, lang=lang))
