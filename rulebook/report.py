"""The outcome of a run: findings judged by the profile, rules that did not run, rules that broke, seconds."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.rules import Level, Rule, Safety

OUTPUT_CRS = "EPSG:4490"


@dataclass(frozen=True)
class RuleFindings:
    """What one rule found in one layer."""

    rule: Rule
    layer: str
    findings: Findings


@dataclass(frozen=True)
class NotRun:
    """A rule that could not run, and why."""

    rule: Rule
    reason: Text


@dataclass(frozen=True)
class Crash:
    """A rule that broke: a fault of the program."""

    rule: Rule
    error: str
    trace: str


@dataclass(frozen=True)
class Finding:
    """One fault, judged and ready to be shown. ``evidence`` and ``edits`` hold plain JSON values;
    ``geometry`` is in the register's CRS.
    """

    rule: Rule
    level: Level
    layer: str
    record_id: str
    related: tuple[str, ...]
    variant: str
    evidence: Mapping[str, Any]
    edits: tuple[Mapping[str, Any], ...]
    fingerprint: str
    geometry: Any

    @property
    def message(self) -> Text:
        """The sentence for people, in both languages."""
        return self.rule.message_of(self.variant).format(self.evidence)

    @property
    def safety(self) -> Safety:
        """Safety of the repair that this finding proposes."""
        return self.rule.fix if self.edits else Safety.NONE

    @property
    def fact_hash(self) -> str:
        """Digest of the facts; an exemption holds only while it stays the same."""
        facts = json.dumps([self.variant, self.evidence, self.related], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Report:
    """All of a run. Iterating it yields :class:`Finding` in rule order; nothing is rendered before that.

    Left out are findings in ``exempt`` (code, record id, digest of the facts) and those that touch none of
    ``only_records`` (``layer:id``, when it is given).
    """

    profile: Profile
    results: tuple[RuleFindings, ...]
    not_run: tuple[NotRun, ...]
    crashes: tuple[Crash, ...]
    seconds: Mapping[str, float]
    records: int
    crs: CRS | None
    exempt: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    only_records: frozenset[str] | None = None

    def __iter__(self) -> Iterator[Finding]:
        for result in self.results:
            yield from filter(self._wanted, _judged(result, self.profile))

    def _wanted(self, finding: Finding) -> bool:
        if self.exempt and (finding.rule.code, finding.record_id, finding.fact_hash) in self.exempt:
            return False
        if self.only_records is None:
            return True
        return not self.only_records.isdisjoint((f"{finding.layer}:{finding.record_id}", *finding.related))

    def by_rule(self) -> dict[str, int]:
        """Number of findings of each rule that found something, exempt ones left out."""
        counts: dict[str, int] = {}
        for finding in self:
            counts[finding.rule.code] = counts.get(finding.rule.code, 0) + 1
        return counts

    def to_output(self, shapes: list[Any]) -> list[dict[str, Any] | None]:
        """Geometries as GeoJSON in EPSG:4490 (degrees, seven decimals); None where there is none."""
        return geojson(shapes, self.crs)


def _judged(result: RuleFindings, profile: Profile) -> Iterator[Finding]:
    rule, layer, findings = result.rule, result.layer, result.findings
    edits: dict[int, list[dict[str, Any]]] = {}
    for edit in findings.edits.astype("object").where(findings.edits.notna(), None).to_dict("records"):
        number = edit.pop("finding")
        edits.setdefault(number, []).append({**edit, "layer": edit["layer"] or layer})
    names = findings.evidence_columns
    for number, row in zip(findings.rows.index, findings.rows.to_dict("records"), strict=True):
        record_id, variant = str(row["record_id"]), str(row["variant"])
        yield Finding(
            rule=rule,
            level=profile.level(rule, variant),
            layer=layer,
            record_id=record_id,
            related=tuple(row["related"]),
            variant=variant,
            evidence={name: plain(row[name]) for name in names},
            edits=tuple(edits.get(number, ())),
            fingerprint=fingerprint(rule.code, layer, record_id, str(row["key"])),
            geometry=row["geometry"] if isinstance(row["geometry"], BaseGeometry) else None,
        )


def fingerprint(code: str, layer: str, record_id: str, key: str) -> str:
    """Identity of a fault between runs: never made of its message or of raw coordinates."""
    return hashlib.sha256("\x1f".join((code, layer, record_id, key)).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A JSON value: NumPy scalars unpacked, missing as None, floats to a tenth of a millimetre."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(member) for member in value]
    if isinstance(value, dict):
        return {str(name): plain(member) for name, member in value.items()}
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else round(float(value), 4)
    return str(value)


def geojson(shapes: list[Any], crs: CRS | None) -> list[dict[str, Any] | None]:
    """GeoJSON objects in EPSG:4490 of geometries in ``crs``."""
    array = np.array([None if shape is None or shape.is_empty else shape for shape in shapes], dtype=object)
    if crs is not None and len(array):
        transformer = Transformer.from_crs(crs, OUTPUT_CRS, always_xy=True)
        array = shapely.transform(array, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
        array = shapely.transform(array, lambda xy: xy.round(7))
    return [None if shape is None else json.loads(shapely.to_geojson(shape)) for shape in array]
