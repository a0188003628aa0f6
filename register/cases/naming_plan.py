"""The plan of names (地名规划): names reserved for planned roads and areas, used when they are approved, else released.

A reserved name is a planned record of the register, so that the rules on reserved names see it, and a case of its own,
so that who reserved it and why is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.layers import KINDS
from gazetteer.text import core, plain
from register import profiles
from register.cases import casebook, pretest
from register.cases.applications_facts import divisions_of
from register.cases.applications_pretest import layer_of, pretest_names
from register.cases.applications_records import changed
from register.cases.casebook import LAYER as CASES
from register.cases.casebook import Case, EditRow, new_record
from register.cases.checking import today_text
from register.people import Person, Right
from register.store import Register
from rulebook.errors import CallError
from rulebook.profile import unknown
from rulebook.values import GEOMETRY, to_text

KIND = "reservation"
RESERVED, USED, RELEASED = "reserved", "used", "released"
PLANNED = "planned"
FREE = ("pass",)


@dataclass(frozen=True)
class Reservation:
    """A name to be reserved. ``bound_to`` is a planned road or planned name (``roads:ID``, ``place_names:ID``) or an
    area (``areas:ID``); without one ``geometry`` says where (register's CRS).
    """

    name: str
    kind: str
    bound_to: str = ""
    geometry: BaseGeometry | None = None
    meaning: str = ""
    theme: str = ""


def reserve(register: Register, wanted: Reservation, person: Person, *, reason: str = "", today: str = "") -> Case:
    """Reserve a name; raises CallError when it fails the pre-test, was a place's name before without a reason being
    given, or when what it is bound to is not planned or has another name.
    """
    person.require(Right.DECIDE)
    today, name = today or today_text(), wanted.name.strip()
    if wanted.kind not in KINDS:
        raise unknown("地名类型", "kind", wanted.kind, KINDS, KIND)
    layer, shape, record = layer_of(wanted.kind), wanted.geometry, None
    of, _, bound_id = wanted.bound_to.partition(":")
    if of == layer:
        record = _planned_record(register, layer, bound_id, name)
        shape = record[GEOMETRY]
    elif of == "areas":
        shape = _area(register, bound_id)
    elif wanted.bound_to:
        raise CallError(
            f"名称要绑定 {layer}:标识 或 areas:标识，不是“{wanted.bound_to}”。",
            f'A name is bound to {layer}:ID or areas:ID, not "{wanted.bound_to}".',
        )
    if shape is None or shape.is_empty:
        raise CallError("要指明规划的道路、区域或位置。", "Name the planned road, the area or the place.")
    without = (str(record["id"]),) if record is not None else ()
    tested = pretest_names(register, [name], wanted.kind, shape, None, without=without, today=today)[0]
    _refuse_unfit(tested, reason)
    edits, mark, before = _written(register, wanted, shape, record=record, tested=tested, today=today)
    body = {"name": name, "kind": wanted.kind, "bound_to": wanted.bound_to, "before": before, "made": record is None}
    body |= {"meaning": wanted.meaning, "theme": wanted.theme, "verdict": tested["verdict"], "pinyin": tested["pinyin"]}
    return casebook.open_case(
        register,
        KIND,
        f"预留：{name}",
        state=RESERVED,
        actor=person.name,
        today=today,
        reason=reason,
        body=body,
        edits=edits,
        division_code=divisions_of(register, shape).split(";")[0] or None,
        records=(mark,),
    )


def release(register: Register, case_id: str, person: Person, *, reason: str, today: str = "") -> Case:
    """Give a reserved name back: the planned record is as it was before, one that was made for it ends."""
    person.require(Right.DECIDE)
    if not reason.strip():
        raise CallError("释放预留名称要写明理由。", "Releasing a name needs a reason.")
    case, record, layer = _open(register, case_id)
    today = today or today_text()
    cells = {"valid_to": today, "status": "abolished"} if case.body["made"] else dict(case.body["before"])
    if case.body["made"] and layer == "place_names":
        cells["abolished_on"] = today
    after = replace(case, state=RELEASED, closed_on=today)
    edits = changed(layer, record, cells)
    casebook.step(register, case, after, actor=person.name, reason=reason, edits=edits)
    return after


def use(
    register: Register, case_id: str, person: Person, *, approval_no: str, approved_on: str, today: str = ""
) -> Case:
    """Put a reserved name to use that was approved outside the register; a naming case does this by itself."""
    person.require(Right.APPROVE)
    if not approval_no.strip():
        raise CallError("启用要有批准文号。", "Using a reserved name needs its approval number.")
    case, record, layer = _open(register, case_id)
    today = today or today_text()
    if approved_on > today:
        raise CallError(f"日期 {approved_on} 在今天之后。", f"The date {approved_on} is after today.")
    cells: dict[str, Any] = {"status": "approved", "approved_on": approved_on, "approval_no": approval_no}
    if layer == "place_names":
        cells = {"status": "approved", "established_on": approved_on, "source": f"{approval_no}（{case_id}）"}
    after = replace(case, state=USED, closed_on=today, approved_on=None)
    casebook.step(
        register, case, after, actor=person.name, reason=f"启用，{approval_no}", edits=changed(layer, record, cells)
    )
    return after


def used_edits(register: Register, mark: str, by: str, on: str) -> list[EditRow]:
    """Edits that close the reservation of a planned record which a naming case has used."""
    if not mark:
        return []
    found = [one for one in casebook.all_cases(register, KIND, RESERVED) if mark in one.records]
    rows: list[EditRow] = []
    for case in found:
        old, new = case.cells(), replace(case, state=USED, closed_on=on, body={**case.body, "used_by": by}).cells()
        rows += [(CASES, case.id, name, old.get(name), new[name]) for name in new if old.get(name) != new[name]]
    return rows


def planned_here(register: Register, layer: str, proposed: Sequence[str], shape: BaseGeometry | None) -> str:
    """Mark of the planned record that reserves one of the names for this place; empty when there is none."""
    frame = register.layer(layer)
    wanted = plain(pd.Series(list(proposed), dtype="str"))
    same = frame[(frame["status"] == PLANNED) & frame["valid_to"].isna() & plain(frame["name"]).isin(wanted)]
    if shape is not None and len(same):
        within = profiles.load(register.profile_name).rules["NAM409"]["same_place_m"]
        same = same[shapely.dwithin(same.geometry.to_numpy(), shape, within)]
    return f"{layer}:{same.index[0]}" if len(same) == 1 else ""


def coverage(register: Register) -> dict[str, Any]:
    """How far planned roads have names: counts, kilometres, and the planned roads without one.

    A provisional name (规划一路 暂名) counts as none when only its mark is left or the record says nothing else.
    """
    words = profiles.load(register.profile_name).setting("provisional_marks")
    roads = register.layer("roads")
    planned = roads[(roads["status"] == PLANNED) & roads["valid_to"].isna()]
    bare = core(plain(planned["name"]), words)
    named = bare.notna() & (bare == plain(planned["name"]))
    reserved = {mark for case in casebook.all_cases(register, KIND, RESERVED) for mark in case.records}
    length = gpd.GeoSeries(planned.geometry).length / 1000
    listed = [
        {
            "id": str(one),
            "name": to_text(planned.at[one, "name"]),
            "division_code": to_text(planned.at[one, "division_code"]),
            "km": round(float(length[one]), 3) if pd.notna(length[one]) else None,
        }
        for one in planned.index[~named]
    ]
    total = len(planned)
    return {
        "planned": total,
        "named": int(named.sum()),
        "reserved": int(("roads:" + planned.index.astype("str")).isin(reserved).sum()),
        "share": round(float(named.mean()), 4) if total else None,
        "km": round(float(length.sum()), 3),
        "named_km": round(float(length[named].sum()), 3),
        "unnamed": listed,
    }


def proposals(
    register: Register,
    themes: pd.DataFrame,
    kind: str,
    *,
    generic: str = "",
    geometry: BaseGeometry | None = None,
    limit: int = 20,
    today: str = "",
) -> list[dict[str, Any]]:
    """Free names of a theme list that pass the pre-test, in the order of the list, at most ``limit``.

    ``themes`` has ``specific`` (the generic part is added) or ``name``, and may have ``meaning`` and ``theme``. A name
    is free when no record in force, planned or former has it; on the place given it must pass without a warning.
    """
    layer, today = layer_of(kind), today or today_text()
    rows = themes.reset_index(drop=True)
    whole = rows["name"] if "name" in rows else pd.Series(pd.NA, index=rows.index, dtype="str")
    made = rows["specific"].str.strip() + generic if "specific" in rows else whole
    candidates = whole.fillna(made).str.strip()
    taken = set(plain(register.layer(layer)["name"]).dropna())
    found: list[dict[str, Any]] = []
    for number, name in candidates[candidates.notna() & ~plain(candidates).isin(taken)].drop_duplicates().items():
        if len(found) >= limit:
            break
        outcome = pretest.pretest(pretest.Proposal(name, kind, geometry), register, lang="zh", today=today)
        if outcome.verdict in FREE:
            told = {column: to_text(rows.at[number, column]) for column in ("meaning", "theme") if column in rows}
            found.append({"name": name, "pinyin": outcome.pinyin, "meaning": None, "theme": None, **told})
    return found


def _planned_record(register: Register, layer: str, record_id: str, name: str) -> pd.Series:
    frame = register.layer(layer)
    if record_id not in frame.index:
        raise CallError(f"{layer} 中没有记录“{record_id}”。", f'There is no record "{record_id}" in {layer}.')
    record: pd.Series = frame.loc[record_id]
    if record["status"] != PLANNED or pd.notna(record["valid_to"]):
        raise CallError(f"{layer}:{record_id} 不是规划记录。", f"{layer}:{record_id} is not a planned record.")
    mark = f"{layer}:{record_id}"
    held = [one for one in casebook.all_cases(register, KIND, RESERVED) if mark in one.records]
    if held:
        other = held[0].body["name"]
        raise CallError(
            f"{mark} 已预留名称“{other}”（{held[0].id}），请先释放。",
            f'The name "{other}" is reserved for {mark} ({held[0].id}); release it first.',
        )
    return record


def _area(register: Register, area_id: str) -> BaseGeometry:
    areas = register.layer("areas")
    if area_id not in areas.index:
        raise CallError(f"areas 中没有记录“{area_id}”。", f'There is no record "{area_id}" in areas.')
    shape: BaseGeometry = areas.at[area_id, GEOMETRY]
    return shape


def _refuse_unfit(tested: dict[str, Any], reason: str) -> None:
    if tested["verdict"] == "fail":
        why = "；".join(one["message"]["zh"] for one in tested["findings"] if one["level"] == "error")
        en = "; ".join(one["message"]["en"] for one in tested["findings"] if one["level"] == "error")
        raise CallError(f"“{tested['name']}”预审不通过：{why}", f'"{tested["name"]}" fails the pre-test: {en}')
    if tested["former"] and not reason.strip():
        marks = "、".join(f"{one['layer']}:{one['record_id']}" for one in tested["former"])
        raise CallError(
            f"“{tested['name']}”是用过的历史地名（{marks}），预留要写明理由。",
            f'"{tested["name"]}" was the name of {marks} before; give a reason to reserve it.',
        )


def _written(
    register: Register,
    wanted: Reservation,
    shape: BaseGeometry,
    *,
    record: pd.Series | None,
    tested: dict[str, Any],
    today: str,
) -> tuple[list[EditRow], str, dict[str, str | None]]:
    """Edits that make the name stand in the plan, its mark, and the cells as they were before."""
    layer = layer_of(wanted.kind)
    cells: dict[str, Any] = {
        "name": tested["name"],
        "specific": tested["specific"] or None,
        "generic": tested["generic"] or None,
        "pinyin": tested["pinyin"],
    }
    if layer == "place_names":
        cells["meaning"] = wanted.meaning or None
    if record is not None:
        before = {name: to_text(record[name]) for name in cells}
        return changed(layer, record, cells), f"{layer}:{record['id']}", before
    ids = register.layer(layer).index
    record_id = next(one for n in range(1, len(ids) + 2) if (one := f"plan-{today[:4]}-{n:04d}") not in ids)
    place = shape if layer == "place_names" or shapely.get_dimensions(shape) == 1 else None
    made = {
        **cells,
        "id": record_id,
        "kind": wanted.kind if layer == "place_names" else None,
        "status": PLANNED,
        "division_code": divisions_of(register, shape) or None,
        "valid_from": today,
        "source": "地名规划",
        GEOMETRY: place,
    }
    return [new_record(layer, record_id, made)], f"{layer}:{record_id}", {}


def _open(register: Register, case_id: str) -> tuple[Case, pd.Series, str]:
    """A reservation that stands, its planned record and the record's layer."""
    case = casebook.case_numbered(register, case_id)
    if case.kind != KIND or case.state != RESERVED:
        raise CallError(f"{case_id} 不是有效的预留。", f"{case_id} is not a reservation that stands.")
    layer, _, record_id = case.records[0].partition(":")
    record: pd.Series = register.layer(layer).loc[record_id]
    return case, record, layer
