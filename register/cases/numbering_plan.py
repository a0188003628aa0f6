"""Renumbering a road: the plan that ``apply`` takes, its stages and dates, and the notices to the households."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from doorplates.lineage import entry, extended
from doorplates.renumbering import renumber
from register.cases.numbering import road_in_force, view
from register.exchange.output import replacing
from register.exchange.plans import numbered
from register.exchange.safe_cells import guarded
from register.store import Register
from rulebook.context import Context
from rulebook.errors import CallError

TABLE = ("stage", "effective_on", "old_until", "record_id", "old_number", "new_number", "old_address", "new_address",
         "households", "rule", "reason")  # fmt: skip
NOTICE = ("record_id", "stage", "announce_on", "effective_on", "old_until", "old_address", "new_address", "households", "text_zh", "text_en")  # fmt: skip


def renumbering(
    register: Register,
    road_id: str,
    lang: str,
    *,
    today: str = "",
    stages: int = 1,
    start: str = "",
    every_days: int = 14,
) -> pd.DataFrame:
    """A fix plan (``register.exchange.plans``) that puts a road's numbers right by the fewest changes, plate by plate
    along the road: its number, its old address, its lineage. Further columns: ``stage``, ``effective_on``,
    ``households`` (addresses linked to the plate).

    New numbers are none that the road holds or held, so that stages can be applied one after another
    (``apply --only stage=1``). Plates for which no number can be proposed stay in the plan, unchanged and not accepted,
    with the reason.
    """
    ctx = plan_view(register, today)
    road_in_force(register, ctx, road_id)
    table = changes(ctx, road_id, lang, stages=stages, start=start, every_days=every_days)
    rows = rows_of_plan(ctx, table)
    names = ["layer", "record_id", "field", "before", "after", "accept", "rule", "safety", "reason"]
    further = ["stage", "effective_on", "households"]
    wanted = pd.DataFrame(rows, columns=[*names, *further], dtype="object")
    return numbered(wanted).join(wanted[further])


def rows_of_plan(ctx: Context, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Plan rows of an old ↔ new table: the number of each plate and what goes with it."""
    plates = ctx.frame("doorplates")
    rows: list[dict[str, Any]] = []
    for one in table.to_dict("records"):
        plate = one["record_id"]
        common = {"layer": "doorplates", "record_id": plate, "rule": one["rule"], "safety": "review"}
        common |= {name: one[name] for name in ("reason", "stage", "effective_on", "households")}
        number = {"field": "number", "before": one["old_number"], "after": one["new_number"] or one["old_number"]}
        rows.append({**common, **number, "accept": None if one["new_number"] else "no"})
        if one["new_number"]:
            for field, after in _carried(plates.loc[plate], one).items():
                before = plates.at[plate, field]
                rows.append(
                    {**common, "field": field, "before": before if isinstance(before, str) else None, "after": after}
                )
    return rows


def plan_view(register: Register, today: str = "") -> Context:
    """What a plan is made from: the view of numbering, and the addresses linked to plates."""
    return view(register, today, more=("addresses",))


def _carried(plate: pd.Series, one: dict[str, Any]) -> dict[str, str]:
    """What goes with a new number: the old address, and the lineage."""
    lineage = plate["lineage"] if isinstance(plate["lineage"], str) else None
    return {
        "old_address": one["old_address"],
        "lineage": extended(lineage, entry("replaced", one["old_number"], one["effective_on"])),
    }


def changes(
    ctx: Context, road_id: str, lang: str, *, stages: int = 1, start: str = "", every_days: int = 14
) -> pd.DataFrame:
    """The old ↔ new table (``TABLE``), one row a plate, along the road. ``start`` (ISO date, default: after the days of
    notice) is the first stage's date, further stages follow ``every_days``; the old plate stays up beside the new one
    for the profile's days.
    """
    if stages < 1 or every_days < 0:
        raise CallError(
            "分期数至少为 1，间隔天数不能为负。", "There is at least one stage, and days between are not negative."
        )
    found = renumber(road_id, ctx)
    road = ctx.frame("roads").at[road_id, "name"]
    numbers, linked = ctx.frame("doorplates")["number"], ctx.frame("addresses")
    households = linked["doorplate_id"].value_counts() if len(linked) else pd.Series(dtype="int64")
    days = ctx.setting("numbering")
    first = _day(start) if start else _day(ctx.today) + timedelta(days=int(days["notice_days"]))
    stage = np.arange(len(found)) * stages // max(len(found), 1)
    dates = [first + timedelta(days=int(one) * every_days) for one in stage]
    rows = [
        (str(number + 1), day.isoformat(), (day + timedelta(days=int(days["both_days"]))).isoformat(), plate, numbers[plate],
         one.number, address(road, numbers[plate]), address(road, one.number) if one.number else None,
         int(households.get(plate, 0)), rule, one.reason.within(lang))
        for number, day, (plate, rule, one) in zip(stage, dates, found, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(TABLE), dtype="object")


def notices(table: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """A notice for every plate that changes (``NOTICE``), from the old ↔ new table. Without personal data."""
    moving = table[table["new_number"].notna()]
    notice_days = timedelta(days=int(ctx.setting("numbering")["notice_days"]))
    announce = [(_day(one) - notice_days).isoformat() for one in moving["effective_on"]]
    rows = moving.assign(announce_on=announce)
    zh = [
        f"{old}自{on}起改编为{new}。新门牌安装后，原门牌保留至{until}，请及时办理门牌证变更。"
        for old, new, on, until in zip(
            rows["old_address"], rows["new_address"], rows["effective_on"], rows["old_until"], strict=True
        )
    ]
    en = [
        f"From {on}, {old} becomes {new}. The old plate stays up beside the new one until {until}; please have the certificate changed."
        for old, new, on, until in zip(
            rows["old_address"], rows["new_address"], rows["effective_on"], rows["old_until"], strict=True
        )
    ]
    return rows.assign(text_zh=zh, text_en=en)[list(NOTICE)].reset_index(drop=True)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV (UTF-8 with BOM, so that spreadsheets open it; formulas are kept from running)."""
    with replacing(path) as temporary:
        table.apply(guarded).to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def address(road: str, number: str) -> str:
    """A number on its road as an address writes it: 剡溪路12号."""
    return f"{road}{number}号"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CallError(
            f"日期应写作 2026-12-01，不是“{text}”。", f'A date is written 2026-12-01, not "{text}".'
        ) from fault
