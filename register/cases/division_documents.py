"""A reorganisation as a document that a case keeps, and back: everything that its file said, shapes as WKT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from boundaries.reorganisation import Change, Kind, Reorganisation, Target
from rulebook.values import GEOMETRY, from_text, to_text

TEXTS = ("code", "name", "kind", "pinyin", "nbs_code", "urban_rural")


def document_of(reorganisation: Reorganisation) -> dict[str, Any]:
    """JSON-ready; geometries as WKT in the register's CRS."""
    return {
        "effective_on": reorganisation.effective_on,
        "basis": reorganisation.basis,
        "change": [
            {"kind": change.kind.value, "from": list(change.sources), "to": [_said(one) for one in change.targets]}
            for change in reorganisation.changes
        ],
    }


def reorganisation_of(document: Mapping[str, Any]) -> Reorganisation:
    """The reorganisation that :func:`document_of` wrote."""
    changes = tuple(
        Change(Kind(one["kind"]), tuple(one["from"]), tuple(_target(said) for said in one["to"]))
        for one in document["change"]
    )
    return Reorganisation(document["effective_on"], document["basis"], changes)


def _said(target: Target) -> dict[str, Any]:
    given: dict[str, Any] = {name: getattr(target, name) for name in TEXTS}
    given |= {"members": list(target.members), "member_codes": dict(target.member_codes)}
    given[GEOMETRY] = to_text(target.geometry)
    return {name: value for name, value in given.items() if value}


def _target(said: Mapping[str, Any]) -> Target:
    return Target(
        geometry=from_text(said.get(GEOMETRY), None),
        members=tuple(said.get("members", ())),
        member_codes=dict(said.get("member_codes", {})),
        **{name: said.get(name) for name in TEXTS},
    )
