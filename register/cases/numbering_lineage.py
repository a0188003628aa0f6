"""Splitting, merging, issuing and cancelling plates, each one change of the log; and what became of a plate."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from doorplates import lineage
from doorplates.identity import identities
from doorplates.numbering_row import sub_number
from register.cases.casebook import EditRow, new_record
from register.cases.numbering import TRIES, divisions_at, unused_id, view
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.context import Context
from rulebook.errors import CallError, StaleEditError
from rulebook.profile import unknown
from rulebook.values import to_text


def split(
    register: Register, plate: str, spots: gpd.GeoSeries, *, actor: str, reason: str, today: str = ""
) -> tuple[int, list[str]]:
    """Houses at ``spots`` that were part of a plate's house get its next sub-numbers; the plate keeps its own.

    Returns the change and the ids of the new plates, which are reserved until they are put up.
    """
    for _ in range(TRIES):
        revision, ctx = register.revision, view(register, today)
        row = _plate(register, ctx, plate)
        numbers, known = _free_subs(ctx, plate, len(spots)), set(ctx.history("doorplates").index)
        rows: list[EditRow] = []
        for point, number, code in zip(spots, numbers, divisions_at(spots, ctx), strict=True):
            made = unused_id(f"{plate}-{number}", known)
            known.add(made)
            cells = {name: row[name] for name in ("kind", "road_id", "place_id") if isinstance(row[name], str)}
            cells |= {"id": made, "number": number, "division_code": code or row["division_code"], "status": "reserved"}
            entry = lineage.entry("split", plate, ctx.today)
            rows.append(new_record("doorplates", made, {**cells, "lineage": entry, "geometry": point}))
        try:
            change = register.apply(ChangeSet(edits_frame(rows), actor, reason, based_on=revision))
        except StaleEditError:
            continue
        return change, [edit[1] for edit in rows]
    raise CallError("同时编号的人太多，请再试一次。", "Too many people are numbering at once; try again.")


def merge(register: Register, plate: str, others: tuple[str, ...], *, actor: str, reason: str, today: str = "") -> int:
    """One house keeps ``plate``; the other plates are cancelled and say into which they went."""
    ctx = view(register, today)
    if not others or plate in others:
        raise CallError(
            "合并要给出留用的门牌和至少一块其他门牌。", "Merging needs a plate that stays and at least one other."
        )
    rows = [_extended(register, ctx, plate, "merged", "+".join(others))]
    for other in others:
        rows += [_status(register, ctx, other, "cancelled"), _extended(register, ctx, other, "merged_into", plate)]
    return register.apply(ChangeSet(edits_frame(rows), actor, reason))


def cancel(register: Register, plates: tuple[str, ...], *, actor: str, reason: str, today: str = "") -> int:
    """Cancel plates; their numbers stay on record and are not given out again."""
    return _moved(register, plates, "cancelled", "cancelled", actor=actor, reason=reason, today=today)


def issue(register: Register, plates: tuple[str, ...], *, actor: str, reason: str, today: str = "") -> int:
    """Put reserved or temporary plates in use."""
    return _moved(register, plates, "in_use", "issued", actor=actor, reason=reason, today=today)


def _moved(
    register: Register, plates: tuple[str, ...], status: str, event: str, *, actor: str, reason: str, today: str
) -> int:
    ctx = view(register, today)
    rows = [
        row
        for plate in dict.fromkeys(plates)
        for row in (_status(register, ctx, plate, status), _extended(register, ctx, plate, event))
    ]
    return register.apply(ChangeSet(edits_frame(rows), actor, reason))


def lineage_of(register: Register, plate: str, *, today: str = "") -> dict[str, Any]:
    """A plate with its events, oldest first, and the plates that name it in theirs."""
    ctx = view(register, today)
    history = ctx.history("doorplates")
    if plate not in history.index:
        raise unknown("门牌", "doorplate", plate, [str(one) for one in history.index], register.address)
    written = history["lineage"].dropna()
    named = written[written.str.contains(plate, regex=False)]
    later = [
        {"id": other, "number": to_text(history.at[other, "number"]), "event": event.event, "on": event.on}
        for other, text in named.items()
        for event in lineage.read(text)
        if plate in event.what.split("+") and event.event != "replaced"
    ]
    own = history.loc[plate]
    return {
        "id": plate,
        "number": to_text(own["number"]),
        "status": to_text(own["status"]),
        "events": [
            {**event._asdict(), "zh": event.told().zh, "en": event.told().en}
            for event in lineage.read(to_text(own["lineage"]))
        ],
        "others": later,
    }


def _plate(register: Register, ctx: Context, plate: str) -> pd.Series:
    plates = ctx.frame("doorplates")
    if plate not in plates.index:
        raise unknown("有效的门牌", "doorplate in force", plate, [str(one) for one in plates.index], register.address)
    return plates.loc[plate]


def _status(register: Register, ctx: Context, plate: str, status: str) -> EditRow:
    before = str(_plate(register, ctx, plate)["status"])
    if before == status or (status == "in_use" and before == "cancelled"):
        raise CallError(
            f"门牌 {plate} 的状态是 {before}，不能改为 {status}。",
            f"Plate {plate} is {before}; it cannot become {status}.",
        )
    return "doorplates", plate, "status", before, status


def _extended(register: Register, ctx: Context, plate: str, event: str, what: str = "") -> EditRow:
    before = to_text(_plate(register, ctx, plate)["lineage"])
    return "doorplates", plate, "lineage", before, lineage.extended(before, lineage.entry(event, what, ctx.today))


def _free_subs(ctx: Context, plate: str, wanted: int) -> list[str]:
    """The next sub-numbers of a plate's main number."""
    known = identities(ctx)
    main = known.at[plate, "main"]
    if pd.isna(main):
        raise CallError(
            f"门牌 {plate} 的号码读不出主号，不能编附号。", f"The number of plate {plate} has no main number."
        )
    alike = known[known["holder"].eq(known.at[plate, "holder"]) & known["main"].eq(main)]
    last = int(alike["sub"].max()) if alike["sub"].notna().any() else 0
    return [sub_number(int(main), last + nth) for nth in range(1, wanted + 1)]
