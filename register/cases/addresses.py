"""Segmenting addresses and linking them with a register: single texts, or a column of a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from doorplates.addresses import lexicon
from doorplates.addresses.link import LINKS, Gazetteer, link
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.segment import Segmenter
from doorplates.layers import SEGMENTS
from register import profiles
from register.cases.checking import today_text
from register.dictionary import DICTIONARY
from register.exchange import reading
from register.exchange.output import replacing
from register.exchange.safe_cells import guarded
from register.store import opened
from rulebook.errors import CallError, FileError
from rulebook.schema import in_force

LAYERS = ("divisions", "roads", "place_names", "doorplates")
TABLES = ("known_divisions", "former_divisions", "division_suffixes", "estate_generic_terms", "road_generic_endings")
COLUMNS = (*SEGMENTS, *LINKS)
ADDRESS_HEADINGS = ("text", "地址全文", "地址", "详细地址", "address")


@dataclass(frozen=True)
class AddressReader:
    """Reads address texts with what one register, or the shipped lists alone, know."""

    segmenter: Segmenter
    gazetteer: Gazetteer
    form: dict[str, Any]

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
        profile = profiles.load(profile_name)
        today = today_text()
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
        gazetteer = Gazetteer.from_layers(layers, tables, history=stored["divisions"], today=today)
        return cls(Segmenter(words, personal), gazetteer, profile.setting("standard_address"))

    def read(self, texts: pd.Series) -> pd.DataFrame:
        """``COLUMNS`` for every text, in its order and with its index."""
        segments = self.segmenter.segments(texts)
        return pd.concat([segments, link(segments, self.gazetteer, self.form)], axis=1)


def parse_texts(texts: tuple[str, ...], register: str | None = None) -> list[dict[str, Any]]:
    """Each text with its segments, links, grade and standard text, and ``why`` it was cut so; None where missing."""
    reader = AddressReader.of(register)
    rows = _plain(reader.read(pd.Series(texts, dtype="str"))).to_dict("records")
    return [
        {
            "text": text,
            **{str(name): value for name, value in row.items()},
            "why": [
                {"part": piece.part, "written": piece.text, "value": piece.value, "why": piece.why}
                for piece in reader.segmenter.why(text)
            ],
        }
        for text, row in zip(texts, rows, strict=True)
    ]


def flat(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """What :func:`parse_texts` gives as a table: the text and ``COLUMNS``."""
    return pd.DataFrame(rows, columns=["text", *COLUMNS], dtype="object")


def parse_file(path: Path, column: str | None, register: str | None = None) -> pd.DataFrame:
    """The first table of a file with all its rows and columns in order, ``COLUMNS`` appended.

    A column that is there already under such a name is kept; the appended one is then called ``parsed_…``.
    """
    source = reading.read(path)[0]
    if source.refused:
        row, reason = source.refused[0]
        raise FileError(
            f"{path.name} 第 {row} 行读不出来：{reason.zh}", f"Row {row} of {path.name} cannot be read: {reason.en}"
        )
    table = source.table
    parsed = AddressReader.of(register).read(table[_address_column(table, column, path)].astype("str"))
    taken = {str(name) for name in table.columns}
    return pd.concat([table, parsed.rename(columns=lambda name: f"parsed_{name}" if name in taken else name)], axis=1)


def as_csv(table: pd.DataFrame) -> str:
    """CSV text; what was appended is written so that a spreadsheet does not run it, the file's own cells as they were."""
    own = len(table.columns) - len(COLUMNS)
    cells = pd.concat([table.iloc[:, :own].astype("object"), table.iloc[:, own:].apply(guarded)], axis=1)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(cells.columns)
    writer.writerows(cells.where(cells.notna(), "").itertuples(index=False))
    return text.getvalue()


def as_json(table: pd.DataFrame) -> str:
    """One JSON list of the rows."""
    return json.dumps(_plain(table).to_dict("records"), ensure_ascii=False, indent=1, default=str)


def write(path: Path, text: str) -> None:
    """Write a result whole; UTF-8 with BOM for CSV, so that spreadsheets open it."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8", newline="")


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
