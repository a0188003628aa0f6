"""Exemptions: a finding that is no fault here, with the reason, for as long as its facts stay as they are."""

from __future__ import annotations

import pandas as pd

from register import catalogue
from register.cases.casebook import new_record
from register.cases.checking import check
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError
from rulebook.profile import unknown
from rulebook.report import Finding

LAYER = "exemptions"


def exempt(register: Register, code: str, layer: str, record_id: str, *, reason: str, actor: str, today: str) -> int:
    """Exempt what a rule finds on a record and return the change's number.

    Raises CallError when the rule finds nothing there now, or when no reason is given.
    """
    if not reason.strip() or not actor.strip():
        raise CallError("豁免要写明理由和经办人。", "An exemption needs a reason and a name.")
    finding = _finding(register, code, layer, record_id, today)
    known = register.layer(LAYER)
    key = f"{code}/{record_id}"
    cells = {
        "rule": code, "record_id": record_id, "fact_hash": finding.fact_hash, "reason": reason, "actor": actor, "at": today,
        "valid_from": today,
    }  # fmt: skip
    if key in known.index:
        before = known.loc[key]
        edits = [
            (LAYER, key, name, None if pd.isna(before[name]) else str(before[name]), value)
            for name, value in {**cells, "valid_to": None}.items()
            if name not in ("rule", "record_id")
            and before[name] != value
            and not (value is None and pd.isna(before[name]))
        ]
    else:
        edits = [new_record(LAYER, key, cells)]
    return register.apply(ChangeSet(edits_frame(edits), actor, f"豁免 {code}：{reason}"))


def _finding(register: Register, code: str, layer: str, record_id: str, today: str) -> Finding:
    rule = next((rule for rule in catalogue.RULES if rule.code == code), None)
    if rule is None:
        raise unknown("规则", "rule", code, [known.code for known in catalogue.RULES], "rules")
    for finding in check(register, rules=[rule], today=today):
        if (finding.layer, finding.record_id) == (layer, record_id):
            return finding
    raise CallError(
        f"规则 {code} 在 {layer}:{record_id} 上没有发现问题，不需要豁免。",
        f"Rule {code} finds nothing on {layer}:{record_id}; there is nothing to exempt.",
    )
