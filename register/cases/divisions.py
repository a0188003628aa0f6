"""Changes of divisions: the plan over every layer touched, and carrying it out as one change of the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from boundaries import codes
from boundaries.drafting import Draft, Unit, new_cells
from boundaries.following import REASONS, ROW_COLUMNS, followers, rows_frame
from boundaries.namesakes import namesakes
from boundaries.reorganisation import Reorganisation, ReorganisationError
from boundaries.reorganising import carry_out
from boundaries.succession import Succession
from register import profiles
from register.cases.casebook import Case, EditRow, new_record, open_case, step
from register.cases.checking import today_text
from register.cases.division_documents import document_of
from register.cases.division_names import name_rows
from register.cases.names import romanise
from register.exchange.plans import numbered
from register.store import Register
from rulebook.changes import EDIT_COLUMNS, WHOLE_RECORD
from rulebook.errors import CallError, CrsError
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.values import GEOMETRY, column_text, to_text

CASE_KIND = "division_change"
DRAFT, APPLIED, DROPPED = "draft", "applied", "dropped"
LAYERS = (
    "divisions", "areas", "place_names", "roads", "doorplates", "addresses", "boundary_lines", "markers", "inspections",
)  # fmt: skip
RULES = {"division_code": "DIV501", "division_codes": "DIV501", "parties": "DIV501"}
NAME_RULES = {"text": "ADR202", "standard_text": "ADR203"}
DIVISION_REASONS = {
    "ended": Text("{on}起不再使用，由{heirs}承接（{basis}）", "ends on {on}, succeeded by {heirs} ({basis})"),
    "made": Text("{on}起设立，来自{origin}（{basis}）{note}", "made on {on} out of {origin} ({basis}){note}"),
    "edited": Text("{on}起变更（{basis}）", "changed on {on} ({basis})"),
    "chosen": Text("由人选定", "chosen by a person"),
}
SHOWN_HEIRS = 6
Choices = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class DivisionPlan:
    """What a reorganisation does to a register. ``rows``: columns of ``boundaries.following.ROW_COLUMNS`` and
    ``reason`` (Text), one row a cell; rows that are not ``decided`` wait for a person.
    """

    reorganisation: Reorganisation
    succession: Succession
    rows: pd.DataFrame

    def counts(self) -> dict[str, dict[str, int]]:
        """By layer: rows, records touched, rows that wait for a choice."""
        grouped = self.rows.groupby("layer", sort=False)
        return {
            layer: {
                "rows": len(own),
                "records": own["record_id"].nunique(),
                "open": int((~own["decided"].astype(bool)).sum()),
            }
            for layer, own in grouped
        }

    def open_rows(self) -> pd.DataFrame:
        """The rows that a person has to decide."""
        return self.rows[~self.rows["decided"].astype(bool)]

    def plan_rows(self, lang: str) -> pd.DataFrame:
        """The fix plan (``register.exchange.plans``): decided rows accepted, open ones empty."""
        rows = self.rows
        decided = rows["decided"].astype(bool)
        rule = [
            NAME_RULES.get(field) or (RULES.get(field) if layer != "divisions" else None)
            for layer, field in zip(rows["layer"], rows["field"], strict=True)
        ]
        return numbered(
            rows.assign(
                accept=np.where(decided, "yes", None),
                rule=rule,
                safety=np.where(decided, "safe", "review"),
                confidence=[f"{pairs[0][1]:g}" if pairs else None for pairs in rows["shares"]],
                reason=[text.within(lang) for text in rows["reason"]],
            )
        )


@dataclass(frozen=True)
class Applied:
    """What became of a plan: the change and its case, rows written, rows left open."""

    change_id: int | None
    case_id: str | None
    applied: int
    left_open: pd.DataFrame
    plan: DivisionPlan


def plan(register: Register, reorganisation: Reorganisation, choices: Choices | None = None) -> DivisionPlan:
    """Work out a reorganisation over all layers of a register.

    ``choices`` settle open rows: the value by layer, record id and field; names that depend on it follow.
    Raises ReorganisationError when a change cannot be.
    """
    if register.crs.is_geographic:
        raise CrsError(
            "登记库的坐标系是经纬度，不能计算区划地域。",
            "The register's CRS is in degrees; ground cannot be reckoned with.",
        )
    profile = profiles.load(register.profile_name)
    tolerance = float(profile.setting("division_change_tolerance_m"))
    on, basis = reorganisation.effective_on, reorganisation.basis
    layers = register.layers()
    draft = Draft.of(layers["divisions"], on, _ranges(profile), tolerance)
    before = dict(draft.units)
    carry_out(draft, _romanised(reorganisation, register.profile_name))
    succession = Succession.between(before, draft.units, tolerance)
    own = _division_rows(layers["divisions"], succession, draft, on, basis)
    quoting = {name: layers[name] for name in LAYERS[1:]} if succession.heirs else {}
    following = _chosen(followers(quoting, succession, on), choices or {}, succession)
    following["reason"] = _reasons(following, succession)
    suffixes = profile.table("division_suffixes")
    words = sorted(suffixes["suffix"], key=lambda word: (-len(word), word))
    standing = _chosen(namesakes(layers["place_names"], succession, words, on), choices or {}, succession)
    standing = _with_its_date(standing)
    named = name_rows(layers, succession, following, profile, on)
    others = rows_frame([standing, named])
    others["reason"] = _reasons(others, succession)
    filled = [part for part in (own, following, others) if len(part)]
    if not filled:
        raise ReorganisationError("这份变更文件没有改变任何记录。", "This change file changes no record.")
    rows = pd.concat(filled, ignore_index=True)
    order = pd.Categorical(rows["layer"], categories=list(LAYERS), ordered=True)
    rows = rows.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    return DivisionPlan(reorganisation, succession, rows.reset_index(drop=True))


def apply(
    register: Register,
    reorganisation: Reorganisation,
    *,
    actor: str,
    reason: str = "",
    edited: pd.DataFrame | None = None,
    choices: Choices | None = None,
    take_proposals: bool = False,
    case: Case | None = None,
    dry_run: bool = False,
    today: str = "",
) -> Applied:
    """Carry a reorganisation out: all decided rows and the case in one change of the register.

    ``edited`` is a plan that a person has worked on: its accepted rows settle what is open, its refused rows are left out.
    ``take_proposals`` settles open rows by their proposal. Rows still open are not written. ``case`` is the draft that is
    applied, otherwise one is opened.
    """
    today = today or today_text()
    given, refused = _from_plan(edited) if edited is not None else (dict(choices or {}), set())
    worked_out = plan(register, reorganisation, given)
    rows = worked_out.rows
    keys = list(zip(rows["layer"], rows["record_id"], rows["field"], strict=True))
    struck = np.array([key in refused for key in keys], dtype=bool)
    _require_whole_divisions(rows[struck])
    decided = rows["decided"].astype(bool).to_numpy()
    if take_proposals:
        decided = decided | rows["after"].notna().to_numpy()
    wanted = rows[decided & ~struck]
    left = rows[~decided & ~struck]
    if dry_run:
        return Applied(None, None, len(wanted), left, worked_out)
    edits: list[EditRow] = list(wanted[list(EDIT_COLUMNS)].itertuples(index=False, name=None))
    why = reason or reorganisation.basis
    marks = tuple(dict.fromkeys(f"divisions:{one}" for one in wanted.loc[wanted["layer"].eq("divisions"), "record_id"]))
    done = {"state": APPLIED, "closed_on": today, "records": marks}
    if case is None:
        case = open_case(
            register, CASE_KIND, title_of(reorganisation), actor=actor, today=today, reason=why, edits=edits,
            body=document_of(reorganisation), **done,
        )  # fmt: skip
        change_id = int(register.history(record=("cases", case.id), limit=1)["change_id"].iloc[0])
    else:
        change_id = step(register, case, replace(case, **done), actor=actor, reason=why, edits=edits)
    return Applied(change_id, case.id, len(wanted), left, worked_out)


def title_of(reorganisation: Reorganisation) -> str:
    """One line that says which divisions change."""
    names = [one.name or one.code or "" for change in reorganisation.changes for one in change.targets]
    shown = "、".join(names[:4]) + ("等" if len(names) > 4 else "")
    return f"区划变更：{shown}（{reorganisation.effective_on}）"


def _ranges(profile: Profile) -> list[tuple[int, int]]:
    """First and last serial of each kind of division, from the profile's table."""
    table = profile.table("division_code_ranges")
    return sorted(set(zip(table["low"].astype(int), table["high"].astype(int), strict=True)))


def _romanised(reorganisation: Reorganisation, profile_name: str) -> Reorganisation:
    """The reorganisation with a romanisation for every name that came without one and is read in one way only."""

    def spelt(name: str) -> str | None:
        one = romanise((name,), "division", profile_name)[0]
        return None if one["uncertain"] else one["pinyin"]

    changes = [
        replace(
            change,
            targets=tuple(
                replace(one, pinyin=spelt(one.name)) if one.name and not one.pinyin else one for one in change.targets
            ),
        )
        for change in reorganisation.changes
    ]
    return replace(reorganisation, changes=tuple(changes))


def _division_rows(divisions: pd.DataFrame, succession: Succession, draft: Draft, on: str, basis: str) -> pd.DataFrame:
    """Rows for the divisions themselves: records that end, are made, or go on with other cells."""
    kept = {unit.record_id: unit for unit in succession.after.values() if unit.record_id}
    facts = {"on": on, "basis": basis}
    rows: list[tuple[Any, ...]] = []

    def add(record_id: str, name: str, before: str | None, after: str | None, why: str, **more: Any) -> None:
        reason = DIVISION_REASONS[why].format(**facts, **more)
        rows.append(("divisions", record_id, name, before, after, True, (), why, reason))

    for code, unit in succession.before.items():
        record_id = str(unit.record_id)
        if record_id in kept:
            for name, old, new in _changed_cells(divisions, unit, kept[record_id], on):
                add(record_id, name, old, new, "edited")
            continue
        until = to_text(divisions.at[record_id, "valid_to"])
        if until is not None:
            raise ReorganisationError(
                f"{unit.label} 已登记到 {until} 为止，不能再于 {on} 变更。",
                f"{unit.label} is recorded to end on {until} already and cannot change on {on}.",
            )
        heirs = succession.heirs.get(code, ())
        add(record_id, "valid_to", None, on, "ended", heirs=_labels(heirs, succession.after))
    for code, unit in succession.after.items():
        if unit.record_id:
            continue
        made = new_record("divisions", code, new_cells(unit, on, basis))
        note = Text(*draft.notes.get(code, ("", "")))
        note = Text(f"；{note.zh}", f"; {note.en}") if note.zh else note
        origin = _labels(sorted(unit.origin), succession.before)
        add(code, WHOLE_RECORD, None, made[4], "made", origin=origin, note=note)
    return pd.DataFrame(rows, columns=[*ROW_COLUMNS, "reason"])


def _changed_cells(divisions: pd.DataFrame, old: Unit, new: Unit, on: str) -> list[tuple[str, str | None, str | None]]:
    found = [
        (name, old.cells.get(name), new.cells.get(name))
        for name in sorted({*old.cells, *new.cells})
        if old.cells.get(name) != new.cells.get(name)
    ]
    if old.cells.get("name") != new.cells.get("name"):
        said = "；".join(filter(None, [old.cells.get("note"), f"原名{old.name}（至{on}）"]))
        found.append(("note", old.cells.get("note"), said))
    if old.geometry is not new.geometry:
        stored = column_text(divisions.loc[[str(old.record_id)], GEOMETRY]).iloc[0]
        after = to_text(new.geometry)
        if stored != after:
            found.append((GEOMETRY, stored, after))
    return found


def _labels(heirs: Sequence[str], units: Mapping[str, Unit]) -> str:
    shown = "、".join(units[code].label for code in heirs[:SHOWN_HEIRS])
    return shown + (f" +{len(heirs) - SHOWN_HEIRS}" if len(heirs) > SHOWN_HEIRS else "")


def _reasons(rows: pd.DataFrame, succession: Succession) -> list[Text]:
    """The sentence of each row, worked out once for rows that say the same."""
    known: dict[tuple[Any, ...], Text] = {}

    def said(why: str, shares: tuple[tuple[str, float], ...]) -> Text:
        pairs = dict.fromkeys(shares)
        heirs = "、".join(
            succession.after[code].label + (f" {share:.0%}" if why == "choose" and share < 1 else "")
            for code, share in pairs
        )
        return {**REASONS, **DIVISION_REASONS}[why].format(heirs=heirs)

    for key in set(zip(rows["why"], rows["shares"], strict=True)):
        known[key] = said(*key)
    return [known[key] for key in zip(rows["why"], rows["shares"], strict=True)]


def _chosen(rows: pd.DataFrame, choices: Choices, succession: Succession) -> pd.DataFrame:
    """Rows with a person's values in place of the proposals. Codes chosen have to be in force after the change."""
    if not choices or rows.empty:
        return rows
    keys = list(zip(rows["layer"], rows["record_id"], rows["field"], strict=True))
    chosen = pd.Series([choices.get(key) for key in keys], index=rows.index, dtype="object")
    for key, value in zip(keys, chosen, strict=True):
        if value is not None and key[2] in ("division_code", "division_codes", "left_code", "right_code"):
            _require_in_force(key, value, succession)
    hit = chosen.notna()
    rows = rows.assign(after=rows["after"].mask(hit, chosen), decided=rows["decided"].astype(bool) | hit)
    return rows.assign(why=rows["why"].mask(hit, "chosen"))


def _with_its_date(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of place names in which the day that a name ends is settled with the choice that it does."""
    settled = rows.loc[rows["field"].eq("status") & rows["decided"].astype(bool), "record_id"]
    follows = rows["field"].eq("abolished_on") & rows["record_id"].isin(settled)
    return rows.assign(decided=rows["decided"].astype(bool) | follows)


def _require_in_force(key: tuple[str, str, str], value: str, succession: Succession) -> None:
    wrong = [
        one for one in codes.normal(codes.split_list(pd.Series([value], dtype="str"))) if one not in succession.after
    ]
    if wrong:
        raise CallError(
            f"{key[0]}:{key[1]} 选定的代码 {'、'.join(wrong)} 在变更后不是在用的区划。",
            f"{key[0]}:{key[1]}: the chosen code {', '.join(wrong)} is no division in force after the change.",
        )


def _from_plan(edited: pd.DataFrame) -> tuple[dict[tuple[str, str, str], str], set[tuple[str, str, str]]]:
    """What a person decided in a plan: values of accepted rows (whole records and shapes are the change file's), and the
    rows that were refused.
    """
    rows = edited[~edited["field"].isin([WHOLE_RECORD, GEOMETRY]) & edited["layer"].ne("divisions")]
    yes = rows[rows["accept"].eq("yes") & rows["after"].notna()]
    choices = {
        (layer, record_id, field): after
        for layer, record_id, field, after in yes[["layer", "record_id", "field", "after"]].itertuples(index=False)
    }
    no = edited[edited["accept"].eq("no")]
    return choices, set(no[["layer", "record_id", "field"]].itertuples(index=False, name=None))


def _require_whole_divisions(struck: pd.DataFrame) -> None:
    own = struck[struck["layer"].eq("divisions")]
    if len(own):
        raise CallError(
            f"计划中 divisions 图层的行不能单独拒绝（{own['record_id'].iloc[0]}），否则区划会不完整；请改变更文件。",
            f"Rows of the layer divisions cannot be refused singly ({own['record_id'].iloc[0]}): the divisions would not fit "
            "together. Change the change file instead.",
        )
