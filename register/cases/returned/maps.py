"""Exchange maps: which heading of a sender's list is which column, and under which headings the answer is written.

A map is a TOML file with ``[columns]`` (heading = "column"), ``[answer]`` (column = "heading"), ``[verdicts]``
(verdict = "word of the sender") and ``[layers]`` (word of the sender = "layer"); also ``title``, ``sheet``, ``encoding``.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from register.cases.returned.wording import meaning
from register.dictionary import DICTIONARY, VERDICTS
from register.exchange.columns import fold
from register.paths import DATA
from register.profiles import read_table
from rulebook.errors import CallError, FileError
from rulebook.profile import unknown

LAYER = "returned_problems"
POSITION = ("lon", "lat")
TAKEN = (
    "row_no", "upstream_id", "record_code", "record_name", "division_name", "problem_type", "problem_text",
    "received_on", "due_on", "layer", *POSITION,
)  # fmt: skip
GIVEN = ("verdict", "answer", "answered_on")
SECTIONS = ("title", "sheet", "encoding", "columns", "answer", "verdicts", "layers")
FOLDER = DATA / "exchange" / "returned"
SAMPLE = 200
MOST_KINDS = 0.5  # a column of types repeats itself: no more different values than this share of its rows


@dataclass(frozen=True)
class ExchangeMap:
    """``columns``: heading → column of ``TAKEN``; ``answer``: column of ``GIVEN`` → heading."""

    columns: Mapping[str, str]
    answer: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    title: str = ""

    def toml(self) -> str:
        """The map as a file to keep and edit."""
        lines = [
            f"{name} = {_quoted(value)}" for name in ("title", "sheet", "encoding") if (value := getattr(self, name))
        ]
        for section in ("columns", "answer", "verdicts", "layers"):
            table = getattr(self, section)
            if table:
                lines += ["", f"[{section}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in table.items())]
        return "\n".join(lines).lstrip() + "\n"


def load(given: str | Path) -> ExchangeMap:
    """A map by path or by the name of a shipped one; raises FileError or CallError that names the wrong key."""
    path = Path(given)
    if not path.is_file():
        path = FOLDER / f"{given}.toml"
    if not path.is_file():
        names = sorted(file.stem for file in FOLDER.glob("*.toml"))
        raise FileError(
            f"没有映射文件 {given}；随程序提供：{'、'.join(names)}。",
            f"There is no map {given}; shipped are: {', '.join(names)}.",
        )
    try:
        return parsed(tomllib.loads(path.read_text(encoding="utf-8-sig")), str(given))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FileError(
            f"映射文件 {given} 不是正确的 TOML：{fault}。", f"The map {given} is not valid TOML: {fault}."
        ) from fault


def parsed(table: Mapping[str, Any], where: str) -> ExchangeMap:
    """A map from a parsed table."""
    for key, value in table.items():
        if key not in SECTIONS:
            raise unknown("项", "key", key, SECTIONS, where)
        wanted = str if key in ("title", "sheet", "encoding") else Mapping
        if not isinstance(value, wanted):
            raise CallError(f"映射文件 {where} 的 {key} 类型不对。", f"The map {where}: {key} is of the wrong type.")
    checks = (
        ("columns", False, TAKEN),
        ("answer", True, GIVEN),
        ("verdicts", True, VERDICTS),
        ("layers", False, tuple(DICTIONARY)),
    )
    for section, by_key, allowed in checks:
        for key, value in table.get(section, {}).items():
            name = key if by_key else value
            if name not in allowed and not (section == "columns" and name == ""):
                raise unknown("列", "column", str(name), allowed, f"{where} [{section}]")
    return ExchangeMap(**dict(table)) if "columns" in table else ExchangeMap({}, **dict(table))


def proposed(table: pd.DataFrame) -> ExchangeMap:
    """A map proposed from the headings of a list and, where these say nothing, from its first rows."""
    known = _headings()
    columns: dict[str, str] = {}
    answer: dict[str, str] = {}
    for heading in map(str, table.columns):
        column = known.get(fold(heading)) or known.get(fold(re.sub(r"[(（].*?[)）]", "", heading)))
        if column in GIVEN:
            answer.setdefault(column, heading)
        elif column is not None and column not in columns.values():
            columns[heading] = column
    left = [heading for heading in map(str, table.columns) if heading not in columns and heading not in answer.values()]
    for heading in left:
        column = _by_content(table[heading].head(SAMPLE), set(TAKEN) - set(columns.values()))
        if column:
            columns[heading] = column
    return ExchangeMap(columns, answer)


def _by_content(values: pd.Series, wanted: set[str]) -> str | None:
    """What a column without a telling heading holds, judged by its values."""
    texts = values.map(lambda cell: "" if pd.isna(cell) else str(cell).strip())
    texts = texts[texts.ne("")]
    if texts.empty:
        return None
    if "record_code" in wanted and texts.str.fullmatch(r"\d{20}").mean() > 0.8:
        return "record_code"
    told = texts.map(lambda text: bool(meaning(None, text).words)).mean()
    if told > 0.5:
        repeats = texts.nunique() <= MOST_KINDS * len(texts) and texts.str.len().median() <= 12
        column = "problem_type" if repeats and "problem_type" in wanted else "problem_text"
        return column if column in wanted else None
    return None


def _headings() -> dict[str, str]:
    table = read_table("exchange/returned_headings.csv")
    names = {fold(heading): column for heading, column in zip(table["heading"], table["column"], strict=True)}
    for known in DICTIONARY[LAYER].own_fields:
        if known.name in (*TAKEN, *GIVEN):
            names |= {fold(known.name): known.name, fold(known.title.zh): known.name, fold(known.title.en): known.name}
    return names | {name: name for name in POSITION}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
