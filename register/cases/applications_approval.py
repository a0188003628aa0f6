"""The approval of a name: what is proposed for it, and what it writes into the register."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gazetteer.procedure import Action
from register.cases.applications_facts import GOVERNMENT, chosen_test, merged, shape_of
from register.cases.applications_pretest import layer_of, standing_record
from register.cases.applications_records import (
    abolished,
    category_of,
    check_code,
    entered,
    proposed_code,
    renamed,
)
from register.cases.casebook import Case, EditRow
from register.cases.naming_plan import used_edits
from register.store import Register
from rulebook.profile import Profile
from rulebook.values import GEOMETRY, to_text


def office_names(profile: Profile) -> dict[str, str]:
    """Bureau, government, and where names are filed, as they stand in papers; empty where the profile does not say."""
    own, county = profile.setting("naming"), str(profile.settings.get("county_name", ""))
    made = {"bureau": f"{county}民政局", "government": f"{county}人民政府"} if county else {}
    return {name: own[name] or made.get(name, "") for name in ("bureau", "government", "filing_to", "next_authority")}


def proposed_facts(register: Register, case: Case, profile: Profile) -> dict[str, Any]:
    """What may be filled in by itself: authority, where it is filed, category, and the next free place code."""
    body, offices = case.body, office_names(profile)
    facts, government = body["facts"], profile.setting("naming")["approver"].get(body["kind"]) == GOVERNMENT
    offered: dict[str, Any] = {
        "authority": offices["government"] if government else "",
        "filing_to": offices["filing_to"] if government else offices["bureau"],
    }
    if body["action"] != Action.ABOLITION:
        category = facts.get("category") or category_of(profile, body["kind"], chosen_test(body).get("generic", ""))
        offered |= {"category": category, "place_code": _code(register, case, category)}
    return offered


def _code(register: Register, case: Case, category: str) -> str:
    """The code that the record has already, else the next free one."""
    layer, _, record_id = (case.body.get("record") or "").partition(":")
    own = to_text(register.layer(layer).at[record_id, "place_code"]) if record_id else None
    return own or proposed_code(register, case.body["facts"].get("division_code") or "", category)


def approval(register: Register, case: Case, on: str) -> tuple[Case, list[EditRow]]:
    """The approved case and the edits that write the name, change it, or make it historic."""
    body, facts = case.body, case.body["facts"]
    action, mark = body["action"], body.get("record") or ""
    layer, record_id = layer_of(body["kind"]), mark.partition(":")[2]
    record = standing_record(register, mark, action, on) if mark else None
    if action == Action.ABOLITION and record is not None:
        note = _noted(record["note"], f"销名，{facts['approval_no']}（{case.id}）")
        return replace(case, approved_on=on, records=(mark,)), abolished(layer, record, on, note)
    test = chosen_test(body)
    check_code(register, facts["place_code"], mark, facts.get("category", "") if action == Action.NAMING else "")
    cells = _cells(case, on, test)
    if action == Action.RENAMING and record is not None:
        note = _noted(record["note"], f"更名为{facts['name']}，{facts['approval_no']}（{case.id}）")
        edits, old = renamed(layer, record, cells, on=on, note=note, ids=register.layer(layer).index)
        marks: tuple[str, ...] = (mark, old)
    else:
        shape = shape_of(body)
        edits, made = entered(body["kind"], {**cells, GEOMETRY: shape, "valid_from": on}, record)
        marks = (made,)
        edits += used_edits(register, f"{layer}:{record_id}" if record_id else "", case.id, on)
    kept = merged(body, {"pinyin": cells["pinyin"]})
    return replace(case, approved_on=on, records=marks, body=kept), edits


def _cells(case: Case, on: str, test: dict[str, Any]) -> dict[str, Any]:
    """The approved name's values of a record; columns that its layer lacks are left out by whoever writes it."""
    facts = case.body["facts"]
    cells = {
        "name": facts["name"],
        "specific": test.get("specific") or None,
        "generic": test.get("generic") or None,
        "pinyin": facts.get("pinyin") or test.get("pinyin"),
        "place_code": facts["place_code"],
        "status": "approved",
        "approved_on": on,
        "approval_no": facts["approval_no"],
        "source": f"{facts['approval_no']}（{case.id}）",
    }
    if case.body["action"] == Action.NAMING:
        cells |= {
            "kind": case.body["kind"],
            "category": facts.get("category"),
            "division_code": facts["division_code"],
            "established_on": on,
            **{name: facts.get(name) for name in ("origin", "road_class", "width_m")},
            "start_desc": facts.get("start"),
            "end_desc": facts.get("end"),
            "description": facts.get("location"),
        }
    return {**cells, "meaning": facts.get("meaning")}


def _noted(note: Any, added: str) -> str:
    """A remark with another one added."""
    return "；".join(part for part in (to_text(note), added) if part)
