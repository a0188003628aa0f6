"""The pre-test of a proposed name: may it be given, and if not, why not. Nothing is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

import gazetteer.rules
from gazetteer import sound
from gazetteer.screen import Screen
from gazetteer.spelling import Spelling
from gazetteer.spellings import READABLE, place_spellings, road_spellings
from gazetteer.split import place_parts, road_parts
from register.cases.checking import today_text
from register.cases.former_names import Former
from register.cases.name_book import NameBook, name_book
from register.cases.names import known_kind, parts, plain_name, spelling
from register.cases.pretest_around import alike_rows, fit_of, held_places, told
from register.dictionary import DICTIONARY
from register.exchange.findings import document
from register.store import Register
from rulebook import engine
from rulebook.context import Derived
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.report import Finding, NotRun, Report
from rulebook.rules import Level, Rule
from rulebook.schema import DTYPES

SPELLINGS = {"roads": road_spellings, "place_names": place_spellings}
PARTS = {"roads": road_parts, "place_names": place_parts}
PROPOSED = "*proposed"  # sorts before any other id, so that findings name the proposed record first
# filled in only once the name is given
NOT_OF_A_PROPOSAL = ("NAM201", "NAM202", "NAM206", "NAM207", "NAM208")
NEAR_M = 100.0  # roads as near as this may lie on the proposed one
NEIGHBOUR_RULES = ("NAM106", "NAM111")  # judge a planned name by the names around it
AS_DIVISION = ("division", "village_seat")
OF_DIVISIONS = ("NAM401",)  # holds planned names against the divisions themselves
LONGEST_NAME = 60
NO_PLACE = Text("没有给出位置", "no place was given")
ONLY_A_HINT = Text("打字时不查提示类规则", "hints are left for the full pre-test")
VERDICT_NAMES = {
    "pass": Text("可以采用", "may be used"),
    "warn": Text("需要斟酌", "needs thought"),
    "fail": Text("不宜采用", "should not be used"),
}


@dataclass(frozen=True)
class Proposal:
    """A name that someone wants to give: its kind, and where (geometry in the register's CRS) and how wide."""

    name: str
    kind: str
    geometry: BaseGeometry | None = None
    width_m: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a pre-test found: the verdict, the name's parts and spelling, findings as documents (with ``messages`` in
    both languages), rules not run, ``neighbours`` that sound or look alike, ``held`` places whose name stands in it,
    how the generic term ``fits`` width and length, and ``former`` records that carried the name and no longer do.
    """

    verdict: str
    specific: str
    generic: str
    pinyin: str
    findings: list[dict[str, Any]]
    not_run: list[dict[str, str]]
    neighbours: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    fits: dict[str, Any] | None = None
    former: list[Former] = field(default_factory=list)


def pretest(
    proposal: Proposal, register: Register, *, lang: str, today: str = "", without: frozenset[str] = frozenset()
) -> Outcome:
    """Judge a proposed name as if it stood in the register; ``without`` are records (``layer:id``) that do not count,
    such as the road that is to be renamed.
    """
    return judge(name_book(register, today or today_text()), proposal, lang=lang, without=without)


def judge(
    book: NameBook, proposal: Proposal, *, lang: str, without: frozenset[str] = frozenset(), hints: bool = True
) -> Outcome:
    """As ``pretest``, over a book of names that is at hand. Without ``hints`` the rules that only hint (level info) are
    listed as not run: while a name is being typed the verdict is wanted at once, and ``neighbours`` show the names alike.

    The name is judged as a planned one by the rules on writing, and as one in use by the rules on scope and sound, so
    that it meets both the names in use and those reserved in the plan. Without a place the spatial rules do not run.
    """
    known_kind(proposal.kind)
    name = plain_name(proposal.name)
    if len(proposal.name) > LONGEST_NAME:
        raise CallError(f"名称超过 {LONGEST_NAME} 个字符。", f"The name is longer than {LONGEST_NAME} characters.")
    spelt = spelling(proposal.name, proposal.kind, book.words)
    keyed = _keys(spelt, book)
    layer = _layer_of(proposal)
    near = book.near(name, keyed, proposal.geometry, NEAR_M)
    near[layer] = near[layer][~(layer + ":" + near[layer].index).isin(list(without))]
    record = _record(proposal, layer, spelt, book)
    alike = alike_rows(book, name, keyed, proposal.geometry, without)
    held = held_places(book, name, proposal.geometry, without)
    reach = float(book.words.profile.rules["NAM407"]["tolerance_m"])
    rules = _rules(
        proposal,
        name,
        spelt,
        book,
        (frozenset(alike["band"]), bool(held), book.index.beside(proposal.geometry, reach)),
    )
    spared = [] if hints else [rule for several in rules for rule in several if rule.level is Level.INFO]
    rules = tuple([rule for rule in several if rule not in spared] for several in rules)
    reports, not_run = _run(proposal, rules, record, near, book, spelt=spelt)
    not_run += [NotRun(rule, ONLY_A_HINT) for rule in spared]
    mine = frozenset({f"{layer}:{PROPOSED}"})
    own = [replace(one, only_records=mine) for one in reports]
    found = list({finding.fingerprint: finding for one in own for finding in one}.values())
    former = [one for one in book.former.get(name, ()) if f"{one['layer']}:{one['record_id']}" not in without]
    row = record.iloc[0]
    return Outcome(
        _verdict(found, former),
        row["specific"] or "",
        row["generic"] or "",
        row["pinyin"],
        _documents(found, lang, book.crs),
        [{"rule": one.rule.code, "reason": one.reason.within(lang)} for one in not_run],
        told(book, alike),
        held,
        fit_of(row["generic"], proposal, book.words.profile),
        former,
    )


def _keys(spelt: Spelling, book: NameBook) -> dict[str, str]:
    row = sound.keys(pd.Series([spelt], dtype="object"), book.words.lexicon, book.words.accent).iloc[0]
    return {key: str(row[key]) for key in sound.KEYS.values()}


def _rules(
    proposal: Proposal, name: str, spelt: Spelling, book: NameBook, around: tuple[frozenset[str], bool, bool]
) -> tuple[list[Rule], list[Rule]]:
    """The rules that can speak of a proposal: those on writing, and those on place and scope. ``around``: bands of the
    names alike, whether names are held, and whether there are roads beside.
    """
    layer, screen = _layer_of(proposal), Screen.of(book.words.profile)
    divided = parts(name, proposal.kind, book.words)
    rules = [rule for rule in gazetteer.rules.RULES if layer in rule.layers and rule.code not in NOT_OF_A_PROPOSAL]
    terms = book.words.terms.get(proposal.kind, ())
    plain = name == proposal.name and screen.is_plain(divided, terms, spelt)
    by_name = [] if plain else [rule for rule in rules if not rule.spatial]
    bands, held, beside = around
    by_place = [
        rule
        for rule in rules
        if rule.spatial
        and (
            proposal.geometry is None
            or screen.may_speak(
                rule.code,
                proposal.kind,
                shape=proposal.geometry,
                generic=divided[1],
                bands=bands,
                held=held,
                beside=beside,
            )
        )
    ]
    return by_name, by_place


def _run(
    proposal: Proposal,
    rules: tuple[list[Rule], list[Rule]],
    record: gpd.GeoDataFrame,
    near: Mapping[str, gpd.GeoDataFrame],
    book: NameBook,
    *,
    spelt: Spelling,
) -> tuple[list[Report], list[NotRun]]:
    """Reports of the rules on writing and of those on place, and the rules that do not run with the reason."""
    layer, (by_name, by_place) = _layer_of(proposal), rules
    runs = [
        ([rule for rule in by_name if rule.code not in NEIGHBOUR_RULES], "planned", near[layer].iloc[:0]),
        ([rule for rule in by_name if rule.code in NEIGHBOUR_RULES], "planned", near[layer]),
    ]
    not_run: list[NotRun] = []
    if proposal.geometry is None:
        not_run += [NotRun(rule, NO_PLACE) for rule in by_place]
    else:
        runs.append((by_place, "in_use", near[layer]))
        if proposal.kind in AS_DIVISION:
            runs.append(([rule for rule in by_place if rule.code in OF_DIVISIONS], "planned", near[layer].iloc[:0]))
    reports = []
    for chosen, status, beside in runs:
        if not chosen:
            continue
        frame = pd.concat([beside, record.assign(status=status)]) if len(beside) else record.assign(status=status)
        report = engine.run(
            chosen,
            {**book.without_records, **near, layer: frame},
            book.words.profile,
            today=book.today,
            crs=book.crs,
            only_layers=frozenset({layer}),
            known=_at_hand(proposal, frame, book, spelt),
        )
        _raise_crash(report)
        not_run += report.not_run
        reports.append(report)
    return reports, not_run


def _at_hand(proposal: Proposal, frame: gpd.GeoDataFrame, book: NameBook, own: Spelling) -> dict[Derived, Any]:
    """Parts and spellings of the names in ``frame`` as the book has them, so that no run reads them again; nothing for
    a name that does not divide or that has marks which its spelling leaves out.
    """
    name, layer = plain_name(proposal.name), _layer_of(proposal)
    specific, generic, _ = parts(name, proposal.kind, book.words)
    marked = any(mark in name for mark in book.words.profile.setting("provisional_marks"))
    if generic is None or marked or not re.fullmatch(READABLE, name):
        return {}
    beside = frame.index.drop(PROPOSED)
    divided = {
        "name": name,
        "kind": proposal.kind,
        "specific": specific,
        "generic": generic,
        "bare": False,
        "recorded": True,
    }
    known = book.parts[layer].loc[beside]
    mine = pd.DataFrame([divided], index=pd.Index([PROPOSED], dtype="str")).astype(known.dtypes)
    spelt = book.spelt[layer].reindex(beside).dropna()
    return {
        PARTS[layer]: pd.concat([known, mine]),
        SPELLINGS[layer]: pd.concat([spelt, pd.Series([own], index=[PROPOSED], dtype="object")]),
    }


def _layer_of(proposal: Proposal) -> str:
    return "roads" if proposal.kind == "road" else "place_names"


def _verdict(found: list[Finding], former: list[Former]) -> str:
    """By the heaviest finding; a name that was in use before needs thought even where no rule speaks."""
    levels = {finding.level for finding in found}
    return "fail" if Level.ERROR in levels else "warn" if levels - {Level.INFO} or former else "pass"


def _documents(found: list[Finding], lang: str, crs: CRS) -> list[dict[str, Any]]:
    return [{**document(one, lang, crs), "messages": {"zh": one.message.zh, "en": one.message.en}} for one in found]


def _record(proposal: Proposal, layer: str, spelt: Spelling, book: NameBook) -> gpd.GeoDataFrame:
    """The proposed name as a record of its layer, romanised, in the division it lies in."""
    specific, generic, _ = parts(plain_name(proposal.name), proposal.kind, book.words)
    row = {
        "id": PROPOSED,
        "name": proposal.name,
        "kind": proposal.kind,
        "specific": specific if generic else None,
        "generic": generic,
        "pinyin": spelt.pinyin,
        "width_m": proposal.width_m,
        "division_code": book.division_at(proposal.geometry),
    }
    columns = {
        known.name: pd.array([row.get(known.name)], dtype=DTYPES[known.type]) for known in DICTIONARY[layer].fields
    }
    index = pd.Index([PROPOSED], name="record_id", dtype="str")
    geometry = gpd.GeoSeries([proposal.geometry], index=index, crs=book.crs)
    return gpd.GeoDataFrame(columns, index=index, geometry=geometry, crs=book.crs)


def _raise_crash(report: Report) -> None:
    if report.crashes:
        crash = report.crashes[0]
        raise RuntimeError(f"{crash.rule.code}: {crash.error}\n{crash.trace}")
