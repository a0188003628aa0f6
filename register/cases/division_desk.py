"""Changes of divisions at a desk: drafts, what one would do, choosing, carrying out, and what was carried out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import pandas as pd
import shapely

from boundaries.drafting import level_of
from boundaries.layers import LEVELS
from register.cases import divisions
from register.cases.casebook import Case, all_cases, case_numbered, open_case, step
from register.cases.division_documents import document_of, reorganisation_of
from register.cases.divisions import APPLIED, CASE_KIND, DRAFT, DROPPED, DivisionPlan
from register.exchange.division_changes import parse_changes
from register.store import Register
from rulebook.errors import CallError, FileError
from rulebook.values import GEOMETRY, to_text

SHOWN_ROWS = 30  # of a layer
SHOWN_CHOICES = 200
FOLLOWING = (
    "text",
    "standard_text",
    "standard_address",
    "county",
    "township",
    "community",
    "abolished_on",
)  # another choice
CODE_FIELDS = ("division_code", "division_codes", "left_code", "right_code", "caring_code", "parties")
NAMING = ("name", "text", "number")


@dataclass(frozen=True)
class Ground:
    """A division of a drawing. ``role``: ended, changed, made, or beside (unchanged, for orientation)."""

    name: str
    role: str
    geometry: Any


@dataclass(frozen=True)
class Choice:
    """A row that waits for a person. ``options``: value and what it means, the proposal first."""

    key: tuple[str, str, str]
    label: str
    reason: Any
    options: tuple[tuple[str, str], ...]
    geometry: Any


@dataclass(frozen=True)
class Preview:
    """What a draft would do: the plan, the divisions before and after, choices, and some rows of each layer."""

    plan: DivisionPlan
    before: tuple[Ground, ...]
    after: tuple[Ground, ...]
    choices: tuple[Choice, ...]
    more_choices: int
    rows: Mapping[str, list[dict[str, Any]]]


def all_of(register: Register) -> list[Case]:
    """Cases of changes of divisions, the newest first."""
    return all_cases(register, CASE_KIND)[::-1]


def case_of(register: Register, case_id: str) -> Case:
    """The change of divisions of that number. Raises CallError when there is none."""
    case = case_numbered(register, case_id)
    if case.kind != CASE_KIND:
        raise CallError(f"“{case_id}”不是区划变更。", f'"{case_id}" is no change of divisions.')
    return case


def open_draft(
    register: Register, name: str, content: bytes, files: Mapping[str, bytes], *, actor: str, today: str
) -> Case:
    """Read an uploaded change file (with the geometry files that it names) and keep it as a draft.

    Raises what ``register.exchange.division_changes`` raises; a change that cannot be is refused here already.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FileError(f"变更文件 {name} 不是 UTF-8 文字。", f"The change file {name} is no UTF-8 text.") from fault
    with tempfile.TemporaryDirectory() as folder:
        for file, data in files.items():
            (Path(folder) / PurePath(file).name).write_bytes(data)
        reorganisation = parse_changes(text, register.crs, name, lambda file: Path(folder) / PurePath(file).name)
    divisions.plan(register, reorganisation)
    return open_case(
        register, CASE_KIND, divisions.title_of(reorganisation), state=DRAFT, actor=actor, today=today,
        body=document_of(reorganisation),
    )  # fmt: skip


def preview(register: Register, case: Case) -> Preview:
    """What a draft would do to the register as it is now."""
    plan = divisions.plan(register, reorganisation_of(case.body))
    before, after = _drawings(plan)
    waiting = plan.open_rows()
    codes = waiting[
        ~waiting["field"].isin(["text", "standard_text", "standard_address", "township", "community", "county"])
    ]
    frames = {layer: register.layer(layer) for layer in codes["layer"].unique()}
    shown = codes.head(SHOWN_CHOICES)
    choices = tuple(_choice(row, frames[row["layer"]], plan) for row in shown.to_dict("records"))
    rows = {layer: own.head(SHOWN_ROWS).to_dict("records") for layer, own in plan.rows.groupby("layer", sort=False)}
    return Preview(plan, before, after, choices, len(codes) - len(shown), rows)


def carry_out(
    register: Register,
    case: Case,
    choices: Mapping[tuple[str, str, str], str],
    *,
    actor: str,
    reason: str,
    take_proposals: bool,
    today: str,
) -> divisions.Applied:
    """Apply a draft with the choices made. Raises CallError when it is no draft any more."""
    _require_draft(case)
    return divisions.apply(
        register,
        reorganisation_of(case.body),
        actor=actor,
        reason=reason,
        choices=choices,
        take_proposals=take_proposals,
        case=case,
        today=today,
    )


def drop(register: Register, case: Case, *, actor: str, today: str) -> int:
    """Put a draft aside; it stays in the register as dropped."""
    _require_draft(case)
    return step(register, case, replace(case, state=DROPPED, closed_on=today), actor=actor, reason="放弃草稿")


def applied_change(register: Register, case: Case) -> int | None:
    """Number of the change that applied a case, None when it is not applied (or was taken back)."""
    if case.state != APPLIED:
        return None
    return int(register.history(record=("cases", case.id), limit=1)["change_id"].iloc[0])


def drawn(register: Register, case: Case) -> tuple[tuple[Ground, ...], tuple[Ground, ...]]:
    """The divisions of an applied case before and after it, as the register has them."""
    ids = [mark.removeprefix("divisions:") for mark in case.records]
    frame = register.layer("divisions")
    own = frame[frame.index.isin(ids)]
    own = own[own["level"].eq(min(own["level"].dropna(), key=LEVELS.index, default=LEVELS[-1]))]
    on = str(case.body.get("effective_on", ""))
    ended, made = own[own["valid_to"].eq(on)], own[own["valid_from"].eq(on)]
    other = own[~own.index.isin([*ended.index, *made.index])]
    parts = {"ended": ended, "made": made, "changed": other}
    grounds = {
        role: [
            Ground(str(name), role, shape)
            for name, shape in zip(part["name"], part[GEOMETRY], strict=True)
            if shape is not None and not shape.is_empty
        ]
        for role, part in parts.items()
    }
    return tuple(grounds["ended"]), tuple(grounds["made"] + grounds["changed"])


def _require_draft(case: Case) -> None:
    if case.state != DRAFT:
        raise CallError(f"{case.id} 不是草稿，已经办过。", f"{case.id} is no draft any more.")


def _drawings(plan: DivisionPlan) -> tuple[tuple[Ground, ...], tuple[Ground, ...]]:
    """Divisions of the highest level that changes, before and after, with their neighbours."""
    old, new = plan.succession.before, plan.succession.after
    changed_old = {code for code, unit in old.items() if code not in new or new[code] != unit}
    changed_new = {code for code, unit in new.items() if code not in old or old[code] != unit}
    reshaped = [level_of(code) for code in {*(set(old) - set(new)), *(set(new) - set(old))} or changed_new]
    level = min(reshaped, key=LEVELS.index, default=LEVELS[-1])
    shapes = [
        unit.geometry
        for units, codes in ((old, changed_old), (new, changed_new))
        for code, unit in units.items()
        if code in codes and level_of(code) == level and unit.geometry is not None
    ]
    if not shapes:
        return (), ()
    west, south, east, north = shapely.total_bounds(shapes)
    margin = max(east - west, north - south) * 0.2
    frame = shapely.box(west - margin, south - margin, east + margin, north + margin)

    def drawing(
        units: Mapping[str, Any], changed: set[str], others: Mapping[str, Any], gone: str
    ) -> tuple[Ground, ...]:
        found = []
        for code, unit in units.items():
            if level_of(code) == level and unit.geometry is not None and unit.geometry.intersects(frame):
                role = "beside" if code not in changed else "changed" if code in others else gone
                found.append(Ground(unit.name, role, shapely.intersection(unit.geometry, frame)))
        return tuple(found)

    return drawing(old, changed_old, new, "ended"), drawing(new, changed_new, old, "made")


def _choice(row: Mapping[str, Any], frame: pd.DataFrame, plan: DivisionPlan) -> Choice:
    record = frame.loc[row["record_id"]]
    name = next((to_text(record[column]) for column in NAMING if column in frame and to_text(record[column])), "")
    units = plan.succession.after
    shares = dict(row["shares"]) if row["field"] in CODE_FIELDS else {}
    options = [(code, units[code].name + (f" {share:.0%}" if share else "")) for code, share in shares.items()]
    proposal = to_text(row["after"])
    if proposal is not None and proposal not in dict(options):
        words = "、".join(units[code].name if code in units else code for code in proposal.split(";"))
        options.insert(0, (proposal, words))
    return Choice(
        (row["layer"], row["record_id"], row["field"]),
        f"{row['record_id']} {name or ''}".strip(),
        row["reason"],
        tuple(options),
        record.get(GEOMETRY),
    )
