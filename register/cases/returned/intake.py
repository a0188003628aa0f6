"""Reads a sender's list as it stands: every row keeps its line, nothing in it is too odd to be answered."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from register.cases.returned import maps
from register.cases.returned.maps import ExchangeMap
from register.dictionary import DICTIONARY
from register.exchange import reading
from register.exchange.cells import iso_dates
from register.exchange.source import Source
from rulebook.errors import SchemaError
from rulebook.values import to_text

DATES = ("received_on", "due_on")
WHAT = ("record_code", "upstream_id", "record_name")
WHY = ("problem_type", "problem_text")
TABULAR = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class ReturnedList:
    """``rows``: columns of ``maps.TAKEN`` as text (None where empty), index = line of the file; ``chosen`` the map."""

    rows: pd.DataFrame
    chosen: ExchangeMap
    source: Source


def read(path: Path, given: ExchangeMap | None = None, known: Iterable[ExchangeMap] = ()) -> ReturnedList:
    """Read a list by the map ``given``, else by one of the maps ``known`` from earlier lists with these headings, else
    by what its headings and first rows tell.

    Raises FileError when the file cannot be read, SchemaError when it is not to be found out which records and which
    problems it speaks of.
    """
    source = table_of(path, given)
    chosen = given or _used_before(source, known) or maps.proposed(source.table)
    _check(source, chosen, path)
    rows = pd.DataFrame(
        {column: source.table[heading].map(_text) for heading, column in chosen.columns.items() if column},
        index=source.table.index,
    ).reindex(columns=list(maps.TAKEN))
    rows = rows.astype("object").where(rows.notna(), None)
    for name in DATES:
        rows[name] = (
            iso_dates(rows[name].fillna("").astype("str")).astype("object").where(lambda dates: dates.notna(), None)
        )
    rows["layer"] = rows["layer"].map(lambda word: _layer(word, chosen))
    rows["row_no"] = _row_numbers(rows["row_no"])
    return ReturnedList(rows, chosen, source)


def read_bytes(name: str, content: bytes, chosen: ExchangeMap) -> ReturnedList:
    """Read a list that was kept in the register."""
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return read(path, chosen)


def table_of(path: Path, given: ExchangeMap | None) -> Source:
    """The one table of a list; raises FileError or SchemaError when there is none or several."""
    path = Path(path)
    if path.exists() and path.suffix.lower() not in TABULAR:
        raise SchemaError(
            f"{path.name}：反馈清单应是 CSV 或 XLSX 文件。", f"{path.name}: a returned list is a CSV or XLSX file."
        )
    sources = reading.read(path, encoding=given.encoding if given else None, sheet=given.sheet if given else None)
    filled = [source for source in sources if source.has_records]
    if len(filled) > 1:
        names = [source.name for source in filled]
        raise SchemaError(
            f"{path.name} 有几个工作表（{'、'.join(names)}）；请在映射文件中用 sheet 指明一个。",
            f"{path.name} has several sheets ({', '.join(names)}); name one by `sheet` in a map.",
        )
    source = filled[0] if filled else sources[0]
    if source.refused:
        line, why = source.refused[0]
        raise SchemaError(
            f"{path.name} 第 {line} 行读不了：{why.zh}。清单要逐行答复，请先改好文件。",
            f"{path.name}, line {line} cannot be read: {why.en}. Every row is to be answered: mend the file first.",
        )
    if source.table.empty:
        raise SchemaError(f"{path.name} 没有记录。", f"{path.name} has no rows.")
    return source


def _used_before(source: Source, known: Iterable[ExchangeMap]) -> ExchangeMap | None:
    headings = set(map(str, source.table.columns))
    return next((one for one in known if one.columns and {*one.columns} <= headings), None)


def _check(source: Source, chosen: ExchangeMap, path: Path) -> None:
    headings = [str(heading) for heading in source.table.columns]
    absent = [heading for heading in chosen.columns if heading not in headings]
    if absent:
        raise SchemaError(
            f"{path.name} 没有映射文件所说的列：{'、'.join(absent)}；文件的列是：{'、'.join(headings)}。",
            f"{path.name} lacks columns that the map names: {', '.join(absent)}; it has: {', '.join(headings)}.",
        )
    taken = set(chosen.columns.values())
    for group, zh, en in ((WHAT, "哪条记录", "which record"), (WHY, "什么问题", "which problem")):
        if not taken & set(group) and not (group is WHAT and {"lon", "lat"} <= taken):
            raise SchemaError(
                f"{path.name} 看不出每行说的是{zh}（需要 {'、'.join(group)} 之一）；文件的列是：{'、'.join(headings)}。"
                "请用 diming problems map 生成映射文件，改好后用 --map 指明。",
                f"{path.name} does not tell {en} a row is about (one of {', '.join(group)} is needed); its columns are: "
                f"{', '.join(headings)}. Make a map by diming problems map, edit it, and name it by --map.",
            )


def _text(cell: object) -> str | None:
    if pd.isna(cell):
        return None
    text = cell.strip() if isinstance(cell, str) else to_text(cell)
    return text or None


def _layer(word: str | None, chosen: ExchangeMap) -> str | None:
    """A layer by the sender's word, by its name or its title; None where the word means nothing to us."""
    if word is None:
        return None
    titles = {layer.title.zh: name for name, layer in DICTIONARY.items()}
    return chosen.layers.get(word) or titles.get(word) or (word if word in DICTIONARY else None)


def _row_numbers(given: pd.Series) -> list[str]:
    """The sender's own numbers where each row has one of its own, else the rows counted from 1."""
    if given.notna().all() and given.is_unique:
        return given.tolist()
    return [str(number) for number in range(1, len(given) + 1)]


def with_names(chosen: ExchangeMap, answer: dict[str, str]) -> ExchangeMap:
    """The map with headings for the answer where it has none."""
    return replace(chosen, answer={**answer, **chosen.answer})


def plain(text: str | None) -> str:
    """A name as it is compared: width, case and blanks do not count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).casefold()
