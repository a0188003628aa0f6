"""The desk where people decide: findings kept in the register, accepted one by one, taken back at will.

Every question of the site is one call here. A register is opened for each call, so several threads may ask at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

import shapely

from register import catalogue, pages, profiles
from register.cases.checking import check, rules_reading, today_text
from register.cases.map_layers import MapLayers
from register.cases.privacy import masked_log, masked_record
from register.cases.sensitive import Sight, concerns_markers
from register.cases.townships import township_names, townships_of
from register.dictionary import DICTIONARY
from register.exchange.findings import document
from register.people import Person, Right, Role
from register.store import Register, opened
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.report import Finding, Report, geojson
from rulebook.values import GEOMETRY, from_text

GROUND_CHOICES = {
    "split": Text("从中间分开", "split in the middle"),
    "disputed": Text("有争议：界线不动，登记为争议地段", "disputed: leave the line, enter the ground as disputed"),
}
LEVEL_ORDER = ("error", "warning", "question", "info")
ROUNDED = "rounded"  # member of a kept finding: what is different for those who may not see exact markers
FORM = 2  # of kept findings; those of another form are made anew


@dataclass
class _Memory:
    """Findings and summary of the last look, shared by all who sit at one desk."""

    seen: tuple[list[dict[str, Any]], dict[str, Any]] | None = None


class Review:
    """Findings of one register, in step with its data: whatever changed since the last look is checked again."""

    def __init__(self, address: str, today: str = "") -> None:
        self.address = str(address)
        self._fixed_today = today
        self._map = MapLayers(self.address)
        self._memory = _Memory()
        self._person = Person("")

    def seen_by(self, person: Person) -> Review:
        """The same desk as somebody in another role sees it; both share what was read and checked."""
        other = copy(self)
        other._person = person
        return other

    @property
    def sight(self) -> Sight:
        """What the person at the desk may see of markers."""
        with opened(self.address) as register:
            return Sight.of(self._person, profiles.load(register.profile_name))

    @property
    def today(self) -> str:
        """The ISO date that deadlines are reckoned with."""
        return self._fixed_today or today_text()

    def refresh(self) -> dict[str, Any]:
        """Check what may have changed since the findings were kept, keep the outcome, return its summary."""
        with opened(self.address) as register:
            return self._current(register)[1]

    def summary(self) -> dict[str, Any]:
        """Counts by level, rule and township, rules not run, revision."""
        findings, summary = self._read()
        return {**summary, **_counts(findings)}

    def findings(
        self,
        *,
        rule: str = "",
        level: str = "",
        layer: str = "",
        township: str = "",
        text: str = "",
        bbox: tuple[float, float, float, float] | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> tuple[list[dict[str, Any]], int]:
        """Findings that fit every given filter (``bbox``: west, south, east, north in degrees), heaviest level
        first, and how many there are in all.
        """
        wanted = {"rule": rule, "level": level, "layer": layer, "township": township}
        fitting = [
            one
            for one in self._read()[0]
            if all(not value or one[name] == value for name, value in wanted.items())
            and (not text or _mentions(one, text))
            and (bbox is None or _touches(one, bbox))
        ]
        return fitting[offset : None if limit is None else offset + limit], len(fitting)

    def finding(self, fingerprint: str, option: str = "") -> dict[str, Any]:
        """One finding by its fingerprint, with ``shapes`` (GeoJSON before and after) where its repair, or the one of an
        ``option``, moves something and ``choices`` (option → what it means); raises CallError when it is not (or no
        longer) there.
        """
        for one in self._read()[0]:
            if one["fingerprint"] == fingerprint:
                edits = one["alternatives"].get(option, one["fix"])
                return {**one, "shapes": self._shapes(edits), "choices": self._choices(one)}
        raise CallError(
            "这条问题已不在，可能已经修改好了。", "This finding is no longer there; it may have been repaired."
        )

    def _exact(self, fingerprint: str) -> dict[str, Any]:
        """A finding with the repair as it will be written, whoever looks."""
        self.finding(fingerprint)
        with opened(self.address) as register:
            return next(one for one in self._current(register)[0] if one["fingerprint"] == fingerprint)

    def accept(self, fingerprint: str, *, actor: str, reason: str = "", option: str = "") -> dict[str, Any]:
        """Apply the proposed repair (of one ``option``) and say which findings went and which came."""
        found = self._exact(fingerprint)
        edits = found["fix"] if not option else found["alternatives"].get(option, [])
        if not edits:
            raise CallError("这条问题没有可以直接执行的修改。", "This finding has no repair that could be applied.")
        rows = [tuple(edit[name] for name in ("layer", "record_id", "field", "before", "after")) for edit in edits]
        why = reason or f"{found['rule']} {found['messages']['zh']}"
        with opened(self.address) as register:
            before = self._current(register)[0]
            change_id = register.apply(ChangeSet(edits_frame(rows), actor, why))
            after, summary = self._current(register)
        return {
            "change_id": change_id,
            **_difference(before, after),
            "total": len(after),
            "revision": summary["revision"],
        }

    def undo(self, change_id: int, *, actor: str, record: tuple[str, str] | None = None) -> dict[str, Any]:
        """Take a change back and say which findings went and which came."""
        with opened(self.address) as register:
            before = self._current(register)[0]
            new = register.undo(change_id, actor=actor, reason=f"撤销修改 {change_id}", record=record)
            after, summary = self._current(register)
        return {"change_id": new, **_difference(before, after), "total": len(after), "revision": summary["revision"]}

    def log(
        self, limit: int = 200, *, change_id: int | None = None, record: tuple[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Rows of the history, newest change first, personal values masked."""
        with opened(self.address) as register:
            rows = self.sight.log(masked_log(register.history(limit=limit, change_id=change_id, record=record)))
        return rows.astype("object").where(rows.notna(), None).to_dict("records")

    def record(self, layer: str, record_id: str) -> dict[str, Any]:
        """Fields of a record with their titles (personal values masked), its history and its findings."""
        if layer not in DICTIONARY:
            raise CallError(f"没有图层“{layer}”。", f'There is no layer "{layer}".')
        frame = self._map.frame(layer)
        if record_id not in frame.index:
            raise CallError(f"{layer} 中没有记录“{record_id}”。", f'There is no record "{record_id}" in {layer}.')
        mark, sight = f"{layer}:{record_id}", self.sight
        return {
            "layer": layer,
            "record_id": record_id,
            "title": DICTIONARY[layer].title._asdict(),
            "fields": masked_record(DICTIONARY[layer], frame.loc[record_id], sight),
            "geometry": self._map.feature(layer, record_id, sight)["geometry"] if DICTIONARY[layer].geometry else None,
            "log": self.log(record=(layer, record_id)),
            "findings": [
                one for one in self._read()[0] if mark in (f"{one['layer']}:{one['record_id']}", *one["related"])
            ],
        }

    def layer_geojson(
        self, layer: str, bbox: tuple[float, float, float, float] | None = None, zoom: int = 14
    ) -> dict[str, Any]:
        """A layer's records in force for the map, as GeoJSON in degrees; see ``register.cases.map_layers``."""
        return self._map.collection(layer, bbox, zoom, self.sight)

    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the register in degrees."""
        return self._map.extent(self.sight)

    def townships(self) -> dict[str, str]:
        """Names of townships by their nine-digit code."""
        return township_names(self._map.frame("divisions"))

    def rules(self) -> list[dict[str, Any]]:
        """Every rule in both languages, judged by the register's profile."""
        with opened(self.address) as register:
            profile = profiles.load(register.profile_name)
        return [{lang: pages.entry(rule, profile, lang) for lang in ("zh", "en")} for rule in catalogue.RULES]

    def _shapes(self, edits: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        moved = [edit for edit in edits if edit["field"] == GEOMETRY]
        if not moved:
            return []
        with opened(self.address) as register:
            crs = register.crs
        before, after = (geojson([from_text(edit[side], None) for edit in moved], crs) for side in ("before", "after"))
        return [
            {"layer": edit["layer"], "record_id": edit["record_id"], "before": old, "after": new}
            for edit, old, new in zip(moved, before, after, strict=True)
        ]

    def _choices(self, finding: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """What each option does, for people: ``1 → code`` gives ground to a division, others have a name."""
        names = self._map.frame("divisions")["name"]
        choices = {}
        for option in finding["alternatives"]:
            number, arrow, taker = option.partition(" → ")
            meaning = GROUND_CHOICES.get(option, Text(option, option))
            if arrow and number.isdecimal():
                name = names.get(taker, taker)
                meaning = Text(f"归{name}", f"as ground of {name}")
            choices[option] = meaning._asdict()
        return choices

    def _read(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        with opened(self.address) as register:
            findings, summary = self._current(register)
        exact = self._person.may(Right.SEE_EXACT_MARKERS)
        return [_as_seen(one, exact=exact) for one in findings], summary

    def _current(self, register: Register) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        seen = self._memory.seen
        if seen is None or (seen[1]["revision"], seen[1]["today"]) != (register.revision, self.today):
            seen = self._memory.seen = self._checked(register)
        return seen

    def _checked(self, register: Register) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        kept, summary = register.kept_findings()
        codes = [rule.code for rule in catalogue.RULES]
        usable = summary is not None and (summary.get("form"), summary["today"], summary["codes"]) == (
            FORM,
            self.today,
            codes,
        )
        if usable and summary is not None and summary["revision"] == register.revision:
            return kept, summary
        rules = catalogue.RULES
        if usable and summary is not None:
            rules = rules_reading(set(register.history(since=summary["revision"])["layer"]))
        else:
            kept = []
        revision = register.revision
        report = check(register, rules=rules, today=self.today)
        again = {rule.code for rule in rules}
        findings = [one for one in kept if one["rule"] not in again] + _documents(report, register)
        findings.sort(
            key=lambda one: (LEVEL_ORDER.index(one["level"]), one["rule"], one["record_id"], one["fingerprint"])
        )
        untouched = [] if summary is None or not usable else summary["not_run"]
        fresh = {
            "revision": revision,
            "today": self.today,
            "form": FORM,
            "codes": codes,
            "not_run": [one for one in untouched if one["rule"] not in again]
            + [{"rule": one.rule.code, "reason": one.reason._asdict()} for one in report.not_run],
            "crashed": [{"rule": one.rule.code, "error": one.error} for one in report.crashes],
        }
        register.keep_findings(findings, fresh)
        return findings, fresh


def _documents(report: Report, register: Register) -> list[dict[str, Any]]:
    layers = register.layers()
    township = townships_of(layers)
    rounding = Sight.of(Person("", Role.READER), report.profile)
    documents = []
    for finding in report:
        told = _document(finding, report)
        if concerns_markers(finding):
            told[ROUNDED] = {**_document(rounding.finding(finding), report), "fact_hash": told["fact_hash"]}
        documents.append({**told, "township": township.get(f"{finding.layer}:{finding.record_id}", "")})
    return documents


def _document(finding: Finding, report: Report) -> dict[str, Any]:
    told = document(finding, "zh", report.crs)
    return {
        **told,
        "bbox": _bounds(told["geometry"]),
        "messages": finding.message._asdict(),
        "title": finding.rule.title._asdict(),
        "alternatives": _alternatives(finding.edits),
    }


def _as_seen(found: dict[str, Any], *, exact: bool) -> dict[str, Any]:
    """A kept finding, exact or as those see it who lack the right."""
    rounded = found.get(ROUNDED)
    if rounded is None:
        return found
    return {**{name: value for name, value in found.items() if name != ROUNDED}, **({} if exact else rounded)}


def _bounds(geometry: dict[str, Any] | None) -> list[float] | None:
    return None if geometry is None else list(shapely.from_geojson(json.dumps(geometry)).bounds)


def _alternatives(edits: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_option: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        by_option.setdefault(edit["option"], []).append({name: edit[name] for name in edit if name != "option"})
    return {option: group for option, group in by_option.items() if option}


def _counts(findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "total": len(findings),
        **{
            f"by_{name}": dict(Counter(one[name] for one in findings))
            for name in ("level", "rule", "township", "layer")
        },
        "repairable": sum(1 for one in findings if one["fix"]),
    }


def _difference(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[str, Any]:
    old, new = ({one["fingerprint"] for one in findings} for findings in (before, after))
    return {"gone": sorted(old - new), "new": sorted(new - old)}


def _mentions(finding: Mapping[str, Any], text: str) -> bool:
    places = (finding["record_id"], finding["rule"], *finding["messages"].values(), *finding["title"].values())
    return any(text.casefold() in place.casefold() for place in places)


def _touches(finding: Mapping[str, Any], bbox: tuple[float, float, float, float]) -> bool:
    box = finding["bbox"]
    west, south, east, north = bbox
    return box is not None and box[0] <= east and box[2] >= west and box[1] <= north and box[3] >= south
