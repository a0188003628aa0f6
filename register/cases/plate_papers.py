"""Certificates of doorplates (门牌证) and address proofs (地址证明): issued through the log, filled for page and DOCX.

Fields: as the forms of a Zhejiang county show them (owner, township, road or estate, number, former address, address
code, date). Owners and former addresses are personal: only roles that may see them get papers that show them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from doorplates.addresses.personal import REDACTED
from register import profiles
from register.cases import plate_drawings, plate_facts, plate_metal, plate_numbers
from register.cases.casebook import LAYER, Case, EditRow, all_cases, case_numbered, open_case, step
from register.cases.checking import today_text
from register.cases.plate_facts import Choice
from register.cases.privacy import redacted
from register.documents.paper import Paper
from register.documents.templates import fill
from register.people import Person, Right
from register.store import Register
from rulebook.changes import WHOLE_RECORD, ChangeSet, edits_frame
from rulebook.errors import CallError, StaleEditError
from rulebook.language import Text

CERTIFICATE, PROOF = "plate-certificate", "address-proof"
TRIES = 20  # when several officers issue at once
NEEDED = {
    "name": Text("道路或地名", "road or place"),
    "number": Text("门牌号", "number"),
    "township": Text("镇街道", "township"),
}
OTHERS = ("不动产证", "房产证", "土地证", "营业执照", "户籍", "其他")


@dataclass(frozen=True)
class Issued:
    """A certificate: its case, whether it was made just now, and the change that made it (None: it was there)."""

    case: Case
    plate: str
    number: str
    fresh: bool
    change_id: int | None


def issue(
    register: Register, plates: Sequence[str], person: Person, *, today: str = "", reason: str = ""
) -> list[Issued]:
    """Certificates for plates, in one change. A plate without a certificate number gets the next of its series; one
    that has a certificate keeps it (print it again by ``certificate``; a lost one is replaced by ``reissue``).

    Raises CallError when a plate is ended, cancelled or lacks a field that the certificate shows; nothing is written.
    """
    person.require(Right.DECIDE)
    today = today or today_text()
    for _ in range(TRIES):
        known = {case.id: case for case in all_cases(register, kind=CERTIFICATE)}
        told = plate_facts.facts(register, Choice(ids=tuple(plates)), today=today)
        _require_complete(told)
        series = plate_numbers.CertificateSeries(register, profiles.load(register.profile_name), today)
        issued, edits = [], []
        for plate in plate_drawings.records(told.loc[list(dict.fromkeys(plates))]):
            number = plate["plate_code"] or series.next_for(plate)
            case = known.get(plate_numbers.CASE_PREFIX + number)
            _require_own(case, plate, number)
            if case is None:
                case = _new_case(plate, number, person, today)
                known[case.id] = case
                edits += _edits(plate, number, case, today)
                issued.append(Issued(case, plate["id"], number, True, None))
            else:
                issued.append(Issued(case, plate["id"], number, False, None))
        if not edits:
            return issued
        try:
            change = ChangeSet(
                edits_frame(edits), person.name, reason or f"核发门牌证 {sum(one.fresh for one in issued)} 份"
            )
            change_id = register.apply(change)
        except StaleEditError:
            continue
        return [replace(one, change_id=change_id) if one.fresh else one for one in issued]
    raise CallError(
        "同时发证的人太多，没有取到证号，请再试一次。", "Too many certificates are being issued; try again."
    )


def reissue(register: Register, number: str, person: Person, reason: str, *, today: str = "") -> Case:
    """Note that a certificate was printed again (换发、补发) and why; its number stays."""
    person.require(Right.DECIDE)
    if not reason.strip():
        raise CallError("补发、换发要写明原因。", "Say why the certificate is printed again.")
    before = case_numbered(register, plate_numbers.CASE_PREFIX + number)
    copy = {"on": today or today_text(), "by": person.name, "reason": reason}
    after = replace(before, body={**before.body, "copies": [*before.body.get("copies", []), copy]})
    step(register, before, after, actor=person.name, reason=f"补发门牌证 {number}：{reason}")
    return after


def certificate(register: Register, plate: str, person: Person, *, own: str | None = None, today: str = "") -> Paper:
    """The certificate of a plate that has one, as a paper; personal data masked unless the role may see them."""
    found = plate_facts.one(register, plate, today=today)
    case = next((one for one in papers_of(register, plate) if one.kind == CERTIFICATE), None)
    if case is None:
        raise CallError(f"门牌 {plate} 还没有核发门牌证。", f"No certificate was issued for doorplate {plate} yet.")
    return fill("certificate", {**_facts(register, found, person), "case": case, "issued_on": case.opened_on}, own=own)


@dataclass(frozen=True)
class Proof:
    """An address proof as it is asked for: ``others`` are papers and the addresses they carry."""

    plate: str
    others: Mapping[str, str] = field(default_factory=dict)
    purpose: str = ""


def prove(
    register: Register, proof: Proof, person: Person, *, own: str | None = None, today: str = ""
) -> tuple[Case, Paper]:
    """Number an address proof (``address-proof-2026-0001``) and fill it: the standard address beside the addresses on
    other papers, and that they mean one property. The former address of the record stands among them.
    """
    person.require(Right.DECIDE)
    today = today or today_text()
    found = plate_facts.one(register, proof.plate, today=today)
    _require_complete(pd.DataFrame([found]))
    others = {name.strip(): text.strip() for name, text in proof.others.items() if text.strip()}
    body = {
        "plate": proof.plate,
        "standard_address": found["address"],
        "others": dict(zip(others, redacted(pd.Series(list(others.values()), dtype="object")), strict=True)),
        "purpose": str(redacted(pd.Series([proof.purpose], dtype="object"))[0]),
    }
    case = open_case(
        register,
        PROOF,
        f"地址证明 {found['address']}",
        state="issued",
        actor=person.name,
        today=today,
        division_code=found["division_code"],
        body=body,
        records=(f"doorplates:{proof.plate}",),
    )
    return case, proof_paper(register, case, person, own=own, others=others, purpose=proof.purpose)


def proof_paper(
    register: Register,
    case: Case,
    person: Person,
    *,
    own: str | None = None,
    others: Mapping[str, str] | None = None,
    purpose: str | None = None,
) -> Paper:
    """An address proof as it was issued. What was given by hand is kept without personal data."""
    found = plate_facts.one(register, case.body["plate"], today=case.opened_on or "")
    facts = _facts(register, found, person)
    given = dict(others if others is not None else case.body["others"])
    if not person.may(Right.SEE_PERSONAL):
        given = dict(zip(given, redacted(pd.Series(list(given.values()), dtype="object")), strict=True))
    if facts["old_address"]:
        given = {"原门牌地址": facts["old_address"], **given}
    profile = profiles.load(register.profile_name)
    return fill(
        "address-proof",
        {
            **facts,
            "number": plate_numbers.paper_number(profile, "proof_number", case.id),
            "address": case.body["standard_address"],
            "others": given,
            "purpose": case.body["purpose"] if purpose is None else purpose,
            "basis": plate_metal.settings(profile)["proof_basis"],
            "issued_on": case.opened_on,
        },
        own=own,
    )


def papers_of(register: Register, plate: str) -> list[Case]:
    """Certificates and proofs of a plate, newest last."""
    mark = f"doorplates:{plate}"
    frame = register.layer(LAYER)
    here = frame["kind"].isin([CERTIFICATE, PROOF]) & (";" + frame["records"] + ";").str.contains(
        f";{mark};", regex=False, na=False
    )
    return [case_numbered(register, case_id) for case_id in frame.index[here]]


def _facts(register: Register, found: pd.Series, person: Person) -> dict[str, Any]:
    """What papers show of a plate; empty text where there is nothing."""
    profile = profiles.load(register.profile_name)
    row = plate_drawings.records(pd.DataFrame([found]))[0]
    shown = {str(name): "" if value is None else value for name, value in row.items()}
    for name in plate_metal.PERSONAL:
        if shown[name] and not person.may(Right.SEE_PERSONAL):
            shown[name] = REDACTED
    if not person.may(Right.SEE_PERSONAL):
        shown["old_address"] = str(redacted(pd.Series([shown["old_address"]], dtype="object"))[0])
    return {
        **shown,
        "plate": shown,
        "kind_word": {"road": "道路门牌", "village": "农村门牌", "estate": "住宅门牌"}[row["kind"]],
        "issuer": plate_metal.settings(profile)["issuer"],
        "masked": not person.may(Right.SEE_PERSONAL),
    }


def _require_own(case: Case | None, plate: Mapping[str, Any], number: str) -> None:
    if case is not None and case.body.get("plate") != plate["id"]:
        raise CallError(
            f"门牌 {plate['id']} 的证号 {number} 已发给门牌 {case.body.get('plate')}，请先改正其中一个。",
            f"The number {number} of doorplate {plate['id']} was issued to {case.body.get('plate')}: put one of them right first.",
        )


def _require_complete(told: pd.DataFrame) -> None:
    for row in plate_drawings.records(told):
        if not row["standing"]:
            raise CallError(
                f"门牌 {row['id']} 已注销或失效，不能出证。", f"Doorplate {row['id']} is cancelled or ended: no papers."
            )
        missing = [title for name, title in NEEDED.items() if row[name] is None]
        if missing:
            raise CallError(
                f"门牌 {row['id']} 缺{'、'.join(title.zh for title in missing)}，不能出证。",
                f"Doorplate {row['id']} lacks its {', '.join(title.en for title in missing)}: no papers.",
            )


def _new_case(plate: Mapping[str, Any], number: str, person: Person, today: str) -> Case:
    return Case(
        plate_numbers.CASE_PREFIX + number,
        CERTIFICATE,
        f"门牌证 {number}",
        "issued",
        {"plate": plate["id"], "number": number, "standard_address": plate["address"]},
        division_code=plate["division_code"],
        actor=person.name,
        opened_on=today,
        records=(f"doorplates:{plate['id']}",),
    )


def _edits(plate: Mapping[str, Any], number: str, case: Case, today: str) -> list[EditRow]:
    """The case and the cells of the plate that the certificate settles."""
    made: EditRow = (LAYER, case.id, WHOLE_RECORD, None, json.dumps(case.cells(), ensure_ascii=False))
    settled = {"plate_code": number, "issued_on": today}
    cells: list[EditRow] = [
        ("doorplates", plate["id"], name, None, value) for name, value in settled.items() if plate[name] is None
    ]
    return [made, *cells]
