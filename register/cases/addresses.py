"""Segmenting addresses and linking them with a register: single texts, or a column of a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from doorplates.addresses import lexicon
from doorplates.addresses.gazetteer import Gazetteer
from doorplates.addresses.link import LINKS, REASON, Candidate, Linked, Linker
from doorplates.addresses.near import Nearness
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.reading import UNKNOWN
from doorplates.addresses.segment import Segmenter
from doorplates.layers import SEGMENTS
from gazetteer.reading import TABLES as READINGS
from gazetteer.reading import Lexicon
from gazetteer.sound import Accent
from register import profiles
from register.dictionary import DICTIONARY
from register.store import opened
from rulebook.errors import CallError, FileError
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.schema import in_force

LAYERS = ("divisions", "roads", "place_names", "doorplates")
TABLES = ("known_divisions", "former_divisions", "division_suffixes", "estate_generic_terms", "road_generic_endings")
CANDIDATES = "candidates"
COLUMNS = (*SEGMENTS, *LINKS, REASON, UNKNOWN, CANDIDATES)
ADDRESS_HEADINGS = ("text", "地址全文", "地址", "详细地址", "address")
ROWS_AT_ONCE = 250_000
REASONS = {
    "near_name": Text(
        "名称同音或几处同名，只有一块门牌相符", "the name sounds the same or is borne twice; one doorplate fits"
    ),
    "finer": Text("地址比门牌更细", "the address is finer than the doorplate"),
    "other_name": Text("地址用了旧政区名或小区分期名", "the address names a former division or a phase of an estate"),
    "remark": Text("地址带有备注", "the address carries a remark"),
    "candidates": Text("有几个候选", "several records come into question"),
    "no_plate": Text("道路或地名相符，门牌未登记", "road or place is known, its doorplate is not"),
    "same_name": Text("同名", "the same name"),
    "several_plates": Text("号码相同的几块门牌", "several doorplates with that number"),
    "same_tone": Text("音同", "the same sound and tones"),
    "same_sound": Text("音同调不同", "the same sound, other tones"),
    "accent": Text("方音相近", "the same sound in the local accent"),
    "near_text": Text("只差一个字", "one character apart"),
}
WHY = {
    "known name": "名录中的名称",
    "short name": "名录中名称的简称",
    "known name and phase": "名录中的名称加分期",
    "leftover": "余下的文字",
    "leftover before a building": "幢号前余下的文字",
    "ending of a division elsewhere": "外省政区，按结尾认出",
    "number": "号码",
}


@dataclass(frozen=True)
class AddressReader:
    """Reads address texts with what one register, or the shipped lists alone, know."""

    segmenter: Segmenter
    linker: Linker

    @classmethod
    def of(cls, register: str | None, profile_name: str = profiles.DEFAULT) -> AddressReader:
        """For the register at that path, with its own profile; without one, for the shipped lists and a profile."""
        if register is None:
            return cls.knowing({name: DICTIONARY[name].empty() for name in LAYERS}, profile_name)
        with opened(register) as source:
            stored = source.layers()
            return cls.knowing({name: stored[name] for name in LAYERS}, source.profile_name)

    @classmethod
    def knowing(cls, stored: dict[str, pd.DataFrame], profile_name: str) -> AddressReader:
        """For these layers (as stored, ended records included)."""
        profile = profiles.load(profile_name, checked=False)
        today = date.today().isoformat()
        layers = {name: in_force(frame, today) for name, frame in stored.items()}
        tables = {name: profile.table(name) for name in TABLES}
        words = lexicon.build(
            tables=tables,
            county_code=str(profile.settings.get("county_code", "")),
            divisions=layers["divisions"],
            roads=layers["roads"],
            places=layers["place_names"],
        )
        personal = PersonalData.from_tables(profile.table("person_marks"), profile.table("surnames"))
        near = _nearness(profile) if len(layers["roads"]) or len(layers["place_names"]) else None
        gazetteer = Gazetteer.from_layers(layers, tables, history=stored["divisions"], today=today, near=near)
        return cls(Segmenter(words, personal), Linker(gazetteer, profile.setting("standard_address")))

    def read(self, texts: pd.Series) -> pd.DataFrame:
        """``COLUMNS`` for every text, in its order and with its index."""
        segments = self.segmenter.segments(texts)
        linked = self.linker.link(segments)
        read = pd.concat([segments[list(SEGMENTS)], linked.columns, segments[[UNKNOWN]]], axis=1)
        return read.assign(**{CANDIDATES: _joined(linked, texts.index)})[list(COLUMNS)]

    def read_one(self, text: str) -> dict[str, Any]:
        """One text with its segments, links, grade and standard text, the candidates where the match is not sure, the
        parts whose names no list knows, and ``why`` it was cut so; None where missing.
        """
        parts, pieces = self.segmenter.one(text)
        links, candidates = self.linker.link_one(parts)
        return {
            "text": text,
            **{part: parts.get(part) for part in SEGMENTS},
            **links,
            "grade_why": _told(links[REASON]),
            UNKNOWN: parts[UNKNOWN].split(";") if UNKNOWN in parts else [],
            CANDIDATES: [self._candidate(one) for one in candidates],
            "why": [
                {
                    "part": one.part,
                    "written": one.text,
                    "value": one.value,
                    "why": one.why,
                    "zh": _in_chinese(one.why),
                    "cost": one.cost,
                }
                for one in pieces
            ],
        }

    def _candidate(self, candidate: Candidate) -> dict[str, str]:
        """A candidate with a label that a person knows it by: name and number."""
        _, layer, one, why = candidate
        known = self.linker.known
        names = {**known.places.names, **known.roads.names}
        label = names.get(one, one)
        if layer == "doorplates":
            records = known.plates.records
            plate = records.loc[records["id"].eq(one).idxmax()]
            owner = plate["road_id"] if isinstance(plate["road_id"], str) else plate["place_id"]
            label = f"{names.get(owner, owner)}{plate['number']}"
        return {"layer": layer, "id": one, "label": label, "why": why, **_told(why)}


def parse_texts(texts: tuple[str, ...], register: str | None = None) -> list[dict[str, Any]]:
    """:meth:`AddressReader.read_one` of each text."""
    reader = AddressReader.of(register)
    return [reader.read_one(text) for text in texts]


def flat(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """What :func:`parse_texts` gives as a table: the text and ``COLUMNS``."""
    joined = [
        {
            **row,
            UNKNOWN: ";".join(row[UNKNOWN]) or None,
            CANDIDATES: ";".join(f"{one['layer']}:{one['id']}" for one in row[CANDIDATES]) or None,
        }
        for row in rows
    ]
    return pd.DataFrame(joined, columns=["text", *COLUMNS], dtype="object")


@dataclass(frozen=True)
class FileTask:
    """A table whose addresses are to be read, some rows at a time."""

    table: pd.DataFrame
    column: str
    reader: AddressReader

    @property
    def starts(self) -> range:
        """The first row of every part; an empty table has one empty part."""
        return range(0, max(len(self.table), 1), ROWS_AT_ONCE)

    def part(self, start: int) -> pd.DataFrame:
        """The rows of a part with all their columns, ``COLUMNS`` appended.

        A column that is there already under such a name is kept; the appended one is then called ``parsed_…``.
        """
        rows = self.table.iloc[start : start + ROWS_AT_ONCE]
        taken = {str(name) for name in rows.columns}
        parsed = self.reader.read(rows[self.column].astype("str"))
        parsed = parsed.rename(columns=lambda name: f"parsed_{name}" if name in taken else name)
        return pd.concat([rows, parsed], axis=1)


def file_task(path: Path, column: str | None, register: str | None = None) -> FileTask:
    """The first table of a file, and what the register knows."""
    from register.exchange import reading

    source = reading.read(path)[0]
    if source.refused:
        row, reason = source.refused[0]
        raise FileError(
            f"{path.name} 第 {row} 行读不出来：{reason.zh}", f"Row {row} of {path.name} cannot be read: {reason.en}"
        )
    return FileTask(source.table, _address_column(source.table, column, path), AddressReader.of(register))


def csv_parts(task: FileTask) -> Iterator[bytes]:
    """The result as CSV, a part at a time and in order; a long table is shared among processes where the system can
    fork them.
    """
    from register.forking import can_fork, forked

    work = partial(_csv_part, task)
    if len(task.starts) == 1 or not can_fork():
        yield from map(work, task.starts)
        return
    yield from forked(work, task.starts)


def _csv_part(task: FileTask, start: int) -> bytes:
    from register.exchange.address_tables import as_csv

    return as_csv(task.part(start), appended=len(COLUMNS), heading=start == 0)


def as_json(task: FileTask) -> str:
    """One JSON list of the rows."""
    rows = [row for start in task.starts for row in _plain(task.part(start)).to_dict("records")]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)


def _told(why: str | None) -> dict[str, str]:
    """A reason in both languages; nothing where there is none."""
    return {"zh": REASONS[why].zh, "en": REASONS[why].en} if why is not None else {}


def _in_chinese(why: str) -> str:
    return WHY[why] if why in WHY else f"以“{why.removeprefix('ending ')}”结尾"


def _joined(linked: Linked, index: pd.Index) -> pd.Series:
    """``layer:id`` of the candidates of each row, joined by ``;``."""
    found: dict[int, str] = {}
    for row, layer, one, _ in linked.candidates:
        found[row] = f"{found[row]};{layer}:{one}" if row in found else f"{layer}:{one}"
    if not found:
        return pd.Series(pd.array([None] * len(index), dtype="str"), index=index)
    return pd.Series([found.get(row) for row in range(len(index))], index=index, dtype="str")


def _nearness(profile: Profile) -> Nearness:
    directions = frozenset(profile.setting("direction_words")) | frozenset(profile.setting("position_words"))
    return Nearness(
        Lexicon.from_tables(*(profile.table(name) for name in READINGS)),
        Accent(profile.setting("accent_initials"), profile.setting("accent_finals")),
        directions,
    )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype("object").where(table.notna(), None)


def _address_column(table: pd.DataFrame, column: str | None, path: Path) -> str:
    headings = [str(name) for name in table.columns]
    wanted = (column,) if column is not None else ADDRESS_HEADINGS
    found = next((name for name in wanted if name in headings), None)
    if found is None:
        asked = column if column is not None else "、".join(ADDRESS_HEADINGS)
        raise CallError(
            f"{path.name} 没有列“{asked}”，现有的列是：{'、'.join(headings)}。请用 --column 指定地址所在的列。",
            f"{path.name} has no column {asked}; its columns are {', '.join(headings)}. Name the column with --column.",
        )
    return found
