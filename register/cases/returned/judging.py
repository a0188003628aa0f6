"""The verdict on every row: the rules are run on the records now, and the log is asked what was repaired already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from register import catalogue, profiles
from register.cases import checking
from register.cases.privacy import masked_cell
from register.cases.returned import replaying
from register.cases.returned.intake import ReturnedList
from register.cases.returned.matching import Match, Matcher
from register.cases.returned.replaying import Repair
from register.cases.returned.wording import Meaning, meaning
from register.dictionary import DICTIONARY
from register.store import Register
from rulebook import engine
from rulebook.language import Text
from rulebook.report import Finding
from rulebook.rules import Remedy
from rulebook.values import GEOMETRY, to_text

SHOWN_CELLS = 4
CONFIRMED, NOT_REPRODUCED, FIXED, NO_RECORD, SEVERAL, FIELD, NOT_OURS = (
    "confirmed", "not_reproduced", "already_fixed", "no_such_record", "several_records", "needs_field_visit", "not_ours",
)  # fmt: skip

ON_THE_SPOT = Text("须到现场核实。", "Needs to be seen on the spot.")
NOT_UNDERSTOOD = Text(
    "问题描述没有对应的规则，须由人核实。", "No rule answers to the words of this problem: a person has to look."
)


@dataclass(frozen=True)
class Judgement:
    """What became of one row: the record it was matched with, the verdict, the finding that confirms it (None where
    none does), the change that repaired it, and the facts as a sentence.
    """

    match: Match
    meaning: Meaning
    verdict: str
    answer: Text
    rule: str = ""
    findings: tuple[Finding, ...] = ()
    repair: Repair | None = None

    @property
    def mark(self) -> str | None:
        """``layer:id`` of the record."""
        return self.match.mark


KNOWN_BEFORE = Text("按此前的匹配（名称或代码此后已改）", "by the earlier match: name or code was changed since")


def judge(
    register: Register,
    listed: ReturnedList,
    *,
    today: str,
    before: Mapping[str, tuple[str, str]] | None = None,
) -> list[Judgement]:
    """A judgement for every row, in the order of the list.

    ``before``: grade and ``layer:id`` of rows (by number) that were matched earlier. They hold where nothing answers to
    the sender's words any more, as when a wrong name was corrected.
    """
    layers = register.layers()
    profile = profiles.load(register.profile_name)
    matcher = Matcher(
        layers,
        register.crs,
        today=today,
        county_code=str(profile.settings.get("county_code", "") or ""),
        known=profile.table("known_divisions"),
    )
    rows = listed.rows.to_dict("records")
    meanings = [meaning(row["problem_type"], row["problem_text"]) for row in rows]
    matches = [
        _kept(matcher.match(row, one), (before or {}).get(row["row_no"]), layers)
        for row, one in zip(rows, meanings, strict=True)
    ]
    wanted = {code for one in meanings for code in one.rules}
    found = _findings(register, wanted, today)
    quiet: dict[tuple[str, str], tuple[str, ...]] = {}
    for match, one in zip(matches, meanings, strict=True):
        if match.mark and one.rules and not _confirming(found, match.mark, one):
            layer, _, record_id = match.mark.partition(":")
            quiet[layer, record_id] = tuple(dict.fromkeys((*quiet.get((layer, record_id), ()), *one.rules)))
    repaired = replaying.repairs(register, layers, quiet, partial(_found_in, register, today))
    judge_of = _Judge(register, layers, matcher, found, repaired)
    return [judge_of.verdict(match, one) for match, one in zip(matches, meanings, strict=True)]


def _kept(match: Match, before: tuple[str, str] | None, layers: Mapping[str, pd.DataFrame]) -> Match:
    """The match as it is now, else the earlier one while its record is there."""
    if before is None or match.foreign or match.marks:
        return match
    grade, mark = before
    layer, _, record_id = mark.partition(":")
    return Match(grade, (mark,), KNOWN_BEFORE) if record_id in layers[layer].index else match


def _findings(register: Register, codes: set[str], today: str) -> dict[str, list[Finding]]:
    """Findings of some rules now, by every record they name."""
    rules = [rule for rule in catalogue.RULES if rule.code in codes]
    found: dict[str, list[Finding]] = defaultdict(list)
    if rules:
        for finding in checking.check(register, rules=rules, today=today):
            for mark in (f"{finding.layer}:{finding.record_id}", *finding.related):
                found[mark].append(finding)
    return found


def _found_in(
    register: Register, today: str, layers: Mapping[str, pd.DataFrame], codes: set[str]
) -> set[tuple[str, str]]:
    rules = [rule for rule in catalogue.RULES if rule.code in codes]
    report = engine.run(rules, layers, profiles.load(register.profile_name), today=today, crs=register.crs)
    return {
        (finding.rule.code, mark)
        for finding in report
        for mark in (f"{finding.layer}:{finding.record_id}", *finding.related)
    }


def _confirming(found: Mapping[str, list[Finding]], mark: str, one: Meaning) -> list[Finding]:
    """Findings on a record by the rules of a problem, in the order of the rules; those on the record itself first."""
    order = {code: number for number, code in enumerate(one.rules)}
    own = [finding for finding in found.get(mark, ()) if finding.rule.code in order]
    return sorted(own, key=lambda f: (f"{f.layer}:{f.record_id}" != mark, order[f.rule.code]))


@dataclass(frozen=True)
class _Judge:
    """What is known when rows are judged: the records, what rules find on them, what was repaired and when."""

    register: Register
    layers: Mapping[str, pd.DataFrame]
    matcher: Matcher
    found: Mapping[str, list[Finding]]
    repaired: Mapping[tuple[str, str], tuple[str, Repair]]

    def verdict(self, match: Match, one: Meaning) -> Judgement:
        """The judgement of one row."""
        if match.foreign or one.outcome == NOT_OURS:
            other = Text("此类问题由其他部门负责", "another department is responsible for this")
            why = match.why if match.foreign else other
            return Judgement(match, one, NOT_OURS, Text("不属本单位办理：{why}。", "Not ours: {why}.").format(why=why))
        if match.grade == "C":
            several = Text("{why}，请指明是哪一条：{marks}。", "{why}; say which is meant: {marks}.")
            return Judgement(match, one, SEVERAL, several.format(why=match.why, marks="、".join(match.marks)))
        if match.mark is None:
            if one.outcome == FIELD:
                return Judgement(match, one, FIELD, ON_THE_SPOT)
            none = Text("登记库中没有这条记录：{why}。", "No such record: {why}.")
            return Judgement(match, one, NO_RECORD, none.format(why=match.why))
        return self._of_record(match, match.mark, one)

    def _of_record(self, match: Match, mark: str, one: Meaning) -> Judgement:
        layer, _, record_id = mark.partition(":")
        confirming = tuple(_confirming(self.found, mark, one))
        if confirming:
            first = confirming[0]
            visit = Text("（须到现场核实）", " (to be settled on the spot)")
            visit = visit if first.rule.remedy is Remedy.FIELD else Text("", "")
            told = Text("属实：{message}{visit}", "Confirmed: {message}{visit}").format(
                message=first.message, visit=visit
            )
            return Judgement(match, one, CONFIRMED, told, first.rule.code, confirming)
        code, repair = self.repaired.get((layer, record_id), ("", None))
        if repair is not None and code in one.rules:
            return Judgement(match, one, FIXED, _repaired(layer, repair), code, repair=repair)
        if self.matcher.ended(mark):
            last = replaying.last_change(self.register, (layer, record_id))
            ended = Text("该记录已停用，不再有效。", "The record has been ended and is not in force.")
            return Judgement(match, one, FIXED, ended, repair=last)
        if not one.rules:
            return Judgement(match, one, FIELD, ON_THE_SPOT if one.outcome == FIELD else NOT_UNDERSTOOD)
        quiet = Text(
            "未发现所述问题（已按 {rules} 检查）。在册：{facts}。",
            "The problem is not there (checked by {rules}). On record: {facts}.",
        )
        facts = _facts(self.layers[layer].loc[record_id], layer, one)
        return Judgement(
            match, one, NOT_REPRODUCED, quiet.format(rules="、".join(one.rules), facts=facts), one.rules[0]
        )


def _repaired(layer: str, repair: Repair) -> Text:
    edits = [
        f"{_title(layer, name)} {_shown(layer, name, before)} → {_shown(layer, name, after)}"
        for name, before, after in repair.edits[:SHOWN_CELLS]
    ]
    return Text(
        "已于 {day} 修改：{edits}（修改编号 {number}，{actor}）。",
        "Repaired on {day}: {edits} (change {number}, {actor}).",
    ).format(day=repair.at[:10], edits="；".join(edits), number=repair.change_id, actor=repair.actor)


def _facts(record: pd.Series, layer: str, one: Meaning) -> str:
    """The cells that a problem is about, as they stand."""
    names = [name for name in one.fields if name in record.index and name != GEOMETRY][:SHOWN_CELLS]
    names = names or [name for name in ("name", "number", "text") if name in record.index]
    return "，".join(f"{_title(layer, name)} {_shown(layer, name, to_text(record[name]))}" for name in names)


def _title(layer: str, name: str) -> str:
    known = DICTIONARY[layer].field_named(name)
    return "位置" if name == GEOMETRY else known.title.zh if known else name


def _shown(layer: str, name: str, text: str | None) -> str:
    return "（略）" if name == GEOMETRY else masked_cell(layer, name, text) or "（空）"
