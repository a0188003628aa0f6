"""A renumbering as a case: announced with its plan, applied stage by stage on its dates, each stage one change.

Numbers that were announced are kept in the case and not worked out again, whatever happens to the road meanwhile; an
edit whose value before no longer holds is refused as a whole stage, with what is in the way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from doorplates.grammar import parse_numbers
from doorplates.identity import identities
from register.cases.casebook import LAYER, Case, all_cases, case_numbered, open_case
from register.cases.checking import today_text
from register.cases.numbering import road_in_force, view
from register.cases.numbering_plan import changes, notices, plan_view, rows_of_plan
from register.exchange.safe_cells import guarded
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.context import Context
from rulebook.errors import CallError

KIND = "renumbering"
ANNOUNCED, UNDER_WAY, DONE = "announced", "under_way", "done"


def announce(register: Register, road_id: str, lang: str, *, actor: str, today: str = "", **staged: Any) -> Case:
    """Open the case of a road's renumbering with the plan as it is worked out now; ``staged`` as for
    :func:`register.cases.numbering_plan.changes`. Raises CallError when no number has to change.
    """
    ctx = plan_view(register, today)
    road_in_force(register, ctx, road_id)
    table = changes(ctx, road_id, lang, **staged)
    table = table[table["new_number"].notna()]
    if table.empty:
        raise CallError(f"道路 {road_id} 没有需要改号的门牌。", f"No plate of road {road_id} needs another number.")
    rows = rows_of_plan(ctx, table)
    edits = [[row[name] for name in ("stage", "layer", "record_id", "field", "before", "after")] for row in rows]
    body = {
        "road": road_id, "table": table.to_dict("records"), "notices": notices(table, ctx).to_dict("records"),
        "edits": edits, "done": [],
    }  # fmt: skip
    road = ctx.frame("roads").at[road_id, "name"]
    return open_case(
        register, KIND, f"{road}重编门牌（{len(table)} 块）", state=ANNOUNCED, actor=actor, today=today or today_text(),
        body=body, due_on=max(table["effective_on"]), announced_on=min(body["notices"], key=lambda one: one["announce_on"])["announce_on"],
        records=(f"roads:{road_id}",),
    )  # fmt: skip


def apply_stage(register: Register, case_id: str, stage: str, *, actor: str, today: str = "") -> int:
    """Write the numbers of one stage, together with the case's new state; returns the change, which undo takes back."""
    revision = register.revision
    case = case_numbered(register, case_id)
    if case.kind != KIND:
        raise CallError(f"{case_id} 不是重编门牌的事项。", f"{case_id} is not a renumbering.")
    edits = [tuple(edit[1:]) for edit in case.body["edits"] if edit[0] == stage]
    done = list(case.body["done"])
    if not edits or stage in done:
        raise CallError(
            f"{case_id} 没有待实施的第 {stage} 期。", f"{case_id} has no stage {stage} that is still to be applied."
        )
    rows = [row for row in case.body["table"] if row["stage"] == stage]
    _refuse_taken(view(register, today), rows, case.body["road"])
    done.append(stage)
    complete = set(done) == {edit[0] for edit in case.body["edits"]}
    after = replace(
        case,
        state=DONE if complete else UNDER_WAY,
        body={**case.body, "done": sorted(done)},
        closed_on=(today or today_text()) if complete else None,
    )
    old, new = case.cells(), after.cells()
    own = [
        (LAYER, case.id, name, old.get(name), new.get(name)) for name in {*old, *new} if old.get(name) != new.get(name)
    ]
    reason = f"{case.title}：第 {stage} 期"
    return register.apply(ChangeSet(edits_frame([*own, *edits]), actor, reason, case.id, based_on=revision))


def _refuse_taken(ctx: Context, table: list[dict[str, Any]], road_id: str) -> None:
    """Raise where a number that was announced has been given to another plate meanwhile."""
    known = identities(ctx)
    moving = {row["record_id"]: row["new_number"] for row in table}
    others = known[known["holder"].eq(f"roads:{road_id}") & ~known.index.isin(list(moving))]
    taken = sorted(
        set(parse_numbers(pd.Series(list(moving.values()), dtype="str"))["canonical"]) & set(others["written"])
    )
    if taken:
        raise CallError(
            f"公告的 {'、'.join(taken)} 号已编给别的门牌，请撤销那次编号或重新公告。",
            f"Numbers {', '.join(taken)} of the notice were given to other plates; take that back or announce anew.",
        )


def renumberings(register: Register, road_id: str) -> list[dict[str, Any]]:
    """Cases of one road, newest first: number, state, and its stages with date, plates, households and whether done."""
    found = []
    for case in reversed(all_cases(register, KIND)):
        if case.body.get("road") != road_id:
            continue
        stages: dict[str, dict[str, Any]] = {}
        for row in case.body["table"]:
            told = stages.setdefault(
                row["stage"],
                {"stage": row["stage"], "effective_on": row["effective_on"], "rows": [], "households": 0,
                 "done": row["stage"] in case.body["done"]},
            )  # fmt: skip
            told["rows"].append(row)
            told["households"] += row["households"]
        found.append({"id": case.id, "state": case.state, "opened_on": case.opened_on, "stages": list(stages.values())})
    return found


def notices_csv(register: Register, case_id: str) -> str:
    """The notices of a case as CSV text; formulas are kept from running."""
    case = case_numbered(register, case_id)
    if case.kind != KIND:
        raise CallError(f"{case_id} 不是重编门牌的事项。", f"{case_id} is not a renumbering.")
    return pd.DataFrame(case.body["notices"]).apply(guarded).to_csv(index=False, lineterminator="\r\n")
