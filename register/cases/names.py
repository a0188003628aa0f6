"""Asking about names: their romanisation, how alike two sound, and whether a proposed name may be given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

import gazetteer.rules
from gazetteer import sound
from gazetteer.layers import KINDS
from gazetteer.reading import TABLES, Lexicon
from gazetteer.sound import Accent
from gazetteer.spelling import Modifiers, Spelling, spell
from gazetteer.split import TABLE, infer
from gazetteer.text import core, plain
from register import profiles
from register.cases.checking import today_text
from register.cases.spots import spot
from register.dictionary import DICTIONARY
from register.exchange import reading
from register.exchange.findings import documents
from register.store import Register
from rulebook import engine
from rulebook.errors import CallError, CrsError, FileError
from rulebook.language import Text
from rulebook.profile import Profile, unknown
from rulebook.report import Report
from rulebook.rules import Level
from rulebook.spatial import locate

PROPOSED = "*proposed"  # sorts before any other id, so that findings name the proposed record first
GUESSED_KINDS = ("road", "division", "natural", "park_reserve", "facility", "estate_building")
NOT_OF_A_PROPOSAL = ("NAM201", "NAM206", "NAM207", "NAM208")  # what is filled in only once the name is given
NEAR_M = 100.0  # roads as near as this may lie on the proposed one
NEIGHBOUR_RULES = ("NAM106", "NAM111")  # judge a planned name by the names around it


@dataclass(frozen=True)
class Words:
    """What a profile knows about reading and splitting names."""

    profile: Profile
    lexicon: Lexicon
    modifiers: Modifiers
    accent: Accent
    terms: pd.DataFrame


@lru_cache
def words_of(profile_name: str) -> Words:
    """Readings, modifiers, accent and generic terms of a profile."""
    profile = profiles.load(profile_name)
    return Words(
        profile,
        Lexicon.from_tables(*(profile.table(name) for name in TABLES)),
        Modifiers(frozenset(profile.setting("direction_words")), frozenset(profile.setting("shape_words"))),
        Accent(profile.setting("accent_initials"), profile.setting("accent_finals")),
        profile.table(TABLE),
    )


def parts(name: str, kind: str | None, words: Words) -> tuple[str, str | None, str]:
    """Specific part, generic part (None: not divided) and kind of a name; without a kind the term that fits decides.

    A village or town of a single character and 村 or 镇 is written together (1984, 3).
    """
    if kind is None and name in words.lexicon.words:
        return name, None, "other"
    kinds = [kind] if kind else list(GUESSED_KINDS)
    found = infer(pd.Series([name] * len(kinds)), pd.Series(kinds), words.terms)
    found["length"] = found["generic"].str.len().fillna(0)
    best = int(found["length"].argmax())
    generic = found["generic"].iloc[best]
    chosen = kinds[best]
    if kind is None and len(name) == 2 and chosen == "division":
        chosen = "natural_village"
    if not isinstance(generic, str):
        return name, None, kind or "other"
    return str(found["specific"].iloc[best]), generic, chosen


def spelling(name: str, kind: str | None, words: Words) -> Spelling:
    """Romanisation of a name."""
    bare = core(plain(pd.Series([name], dtype="str")), words.profile.setting("provisional_marks")).iloc[0]
    if not isinstance(bare, str):
        raise CallError("名称是空的。", "The name is empty.")
    specific, generic, kind_or_guess = parts(bare, kind, words)
    return spell(specific, generic, kind_or_guess, words.lexicon, words.modifiers)


def romanise(names: tuple[str, ...], kind: str | None, profile: str = profiles.DEFAULT) -> list[dict[str, Any]]:
    """``name``, ``pinyin``, ``ascii`` and the characters whose reading is ``uncertain``, for each name."""
    words = words_of(profile)
    _known_kind(kind)
    spelt = [(name, spelling(name, kind, words)) for name in names]
    return [
        {"name": name, "pinyin": one.pinyin, "ascii": one.ascii, "uncertain": list(one.uncertain)}
        for name, one in spelt
    ]


WHY = {
    "same_text": Text("用字相同。", "The same characters."),
    "same_tone": Text("读音和声调都相同：{first}。", "The same sound and tones: {first}."),
    "same_sound": Text(
        "读音相同，声调不同：{first}，{second}。", "The same sound with other tones: {first}, {second}."
    ),
    "accent": Text("在当地口音中同音：{first}，{second}。", "The same sound in the local accent: {first}, {second}."),
    "near_text": Text("字数相同，只差一个字。", "The same length, one character apart."),
    "none": Text("读音和用字都不同：{first}，{second}。", "Neither sound nor characters are alike: {first}, {second}."),
}


def compare(first: str, second: str, profile: str = profiles.DEFAULT) -> tuple[str, Text]:
    """Band of likeness of two names (``gazetteer.sound.BANDS``) and why."""
    words = words_of(profile)
    names = pd.Series([first, second], dtype="str")
    spelt = pd.Series([spelling(name, None, words) for name in names], dtype="object")
    keyed = sound.keys(spelt, words.lexicon, words.accent).assign(name=plain(names))
    together = words.modifiers.directions | frozenset(words.profile.setting("position_words"))
    band = sound.band(keyed.iloc[0], keyed.iloc[1], together)
    return band, WHY[band].format(first=spelt[0].pinyin, second=spelt[1].pinyin)


@dataclass(frozen=True)
class Proposal:
    """A name that someone wants to give: its kind, and where (geometry in the register's CRS) and how wide."""

    name: str
    kind: str
    geometry: BaseGeometry | None = None
    width_m: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a pre-test found: the verdict, the name's parts and spelling, findings as documents, rules not run."""

    verdict: str
    specific: str
    generic: str
    pinyin: str
    findings: list[dict[str, Any]]
    not_run: list[dict[str, str]]


def pretest(proposal: Proposal, register: Register, *, lang: str, today: str = "") -> Outcome:
    """Judge a proposed name as if it stood in the register.

    It is judged as a planned name by the rules on writing, and as a name in use by the rules on scope and sound, so
    that it meets both the names in use and those reserved in the plan. Without a place the spatial rules do not run.
    """
    _known_kind(proposal.kind)
    layer = "roads" if proposal.kind == "road" else "place_names"
    words = words_of(register.profile_name)
    stored = {name: register.layer(name) for name in ("place_names", "roads", "divisions", "areas")}
    known = {name: stored.get(name, DICTIONARY[name].empty(register.crs)) for name in DICTIONARY}
    record = _record(proposal, layer, words, known["divisions"], register.crs)
    rules = [rule for rule in gazetteer.rules.RULES if layer in rule.layers and rule.code not in NOT_OF_A_PROPOSAL]
    by_place = [rule for rule in rules if rule.spatial]
    by_name = [rule for rule in rules if not rule.spatial]
    runs = [
        ([rule for rule in by_name if rule.code not in NEIGHBOUR_RULES], "planned", known[layer].iloc[:0]),
        ([rule for rule in by_name if rule.code in NEIGHBOUR_RULES], "planned", known[layer]),
    ]
    not_run: list[dict[str, str]] = []
    if proposal.geometry is None:
        reason = Text("没有给出位置（--at 或 --geometry）", "no place was given (--at or --geometry)").within(lang)
        not_run += [{"rule": rule.code, "reason": reason} for rule in by_place]
    else:
        runs.append((by_place, "in_use", _relevant(known[layer], proposal)))
    findings: list[dict[str, Any]] = []
    levels: set[Level] = set()
    for chosen, status, others in runs:
        frame = pd.concat([others, record.assign(status=status)])
        report = engine.run(
            chosen,
            {**known, layer: DICTIONARY[layer].conform(frame)},
            words.profile,
            today=today or today_text(),
            crs=register.crs,
            only_layers=frozenset({layer}),
        )
        _raise_crash(report)
        own = replace(report, only_records=frozenset({f"{layer}:{PROPOSED}"}))
        found = list(own)
        levels |= {finding.level for finding in found}
        findings += documents(own, lang)
        not_run += [{"rule": one.rule.code, "reason": one.reason.within(lang)} for one in report.not_run]
    row = record.iloc[0]
    verdict = "fail" if Level.ERROR in levels else "warn" if levels - {Level.INFO} else "pass"
    return Outcome(verdict, row["specific"] or "", row["generic"] or "", row["pinyin"], findings, not_run)


def place(at: str | None, file: Path | None, crs: CRS) -> BaseGeometry | None:
    """Geometry of ``--at LON,LAT`` (EPSG:4490) or of all features of a file, in ``crs``."""
    if at is not None and file is not None:
        raise CallError("--at 与 --geometry 只能给一个。", "Give either --at or --geometry, not both.")
    if at is not None:
        return spot(at, crs)
    if file is None:
        return None
    shapes: list[BaseGeometry] = []
    for source in reading.read(file):
        given = source.crs or source.format_crs
        if source.geometry is None:
            continue
        if given is None:
            raise CrsError(f"{file} 没有坐标系。", f"{file} has no coordinate reference system.")
        present = [shape for shape in source.geometry if shape is not None and not shape.is_empty]
        if present:
            shapes.append(_projected(present, given, crs, str(file)))
    if not shapes:
        raise FileError(f"{file} 中没有图形。", f"There is no geometry in {file}.")
    return shapely.union_all(shapes)


def _projected(shapes: list[BaseGeometry], given: CRS, crs: CRS, said: str) -> BaseGeometry:
    moved = Transformer.from_crs(given, crs, always_xy=True)
    result = shapely.transform(shapely.union_all(shapes), moved.transform, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(result)).all():
        raise CallError(f"坐标“{said}”不在地球上。", f'The coordinates "{said}" are nowhere on earth.')
    return result


def _record(proposal: Proposal, layer: str, words: Words, divisions: pd.DataFrame, crs: CRS) -> gpd.GeoDataFrame:
    """The proposed name as a record of its layer, romanised, in the division it lies in."""
    specific, generic, _ = parts(_plain(proposal.name), proposal.kind, words)
    spelt = spelling(proposal.name, proposal.kind, words)
    row = {
        "id": PROPOSED,
        "name": proposal.name,
        "kind": proposal.kind,
        "specific": specific if generic else None,
        "generic": generic,
        "pinyin": spelt.pinyin,
        "width_m": proposal.width_m,
        "division_code": _division(proposal.geometry, divisions, crs),
    }
    columns = {name: [row.get(name)] for name in DICTIONARY[layer].columns}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([proposal.geometry], crs=crs), crs=crs)
    conformed: gpd.GeoDataFrame = DICTIONARY[layer].conform(frame)
    return conformed


def _division(geometry: BaseGeometry | None, divisions: pd.DataFrame, crs: CRS) -> str | None:
    """Code of the smallest division that holds the middle of the geometry."""
    if geometry is None or divisions.empty:
        return None
    middle = gpd.GeoSeries([shapely.point_on_surface(geometry)], crs=crs)
    for level in ("village", "township", "county"):
        of_level = divisions[(divisions["level"] == level) & divisions["valid_to"].isna()]
        found = locate(middle, of_level.geometry).iloc[0] if len(of_level) else None
        if isinstance(found, str):
            return found
    return None


def _relevant(frame: pd.DataFrame, proposal: Proposal) -> pd.DataFrame:
    """Records that can sound or look like the proposed name (as long as it), are named in it, or lie where it does."""
    alike = (frame["name"].str.len() == len(proposal.name)) | frame["name"].map(
        lambda name: isinstance(name, str) and name in proposal.name
    ).astype("bool")
    near = shapely.dwithin(frame.geometry.to_numpy(), proposal.geometry, NEAR_M) if len(frame) else []
    return frame[alike | pd.Series(near, index=frame.index, dtype="bool")]


def _plain(name: str) -> str:
    folded = plain(pd.Series([name], dtype="str")).iloc[0]
    if not isinstance(folded, str):
        raise CallError("名称是空的。", "The name is empty.")
    return folded


def _known_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise unknown("地名类型", "kind", kind, KINDS, "--kind")


def _raise_crash(report: Report) -> None:
    if report.crashes:
        crash = report.crashes[0]
        raise RuntimeError(f"{crash.rule.code}: {crash.error}\n{crash.trace}")
