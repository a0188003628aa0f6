"""Fix plans: proposed edits as CSV that people accept or strike out in a spreadsheet and bring back."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from register.dictionary import DICTIONARY
from register.exchange.cells import SCIENTIFIC
from register.exchange.delimited import sniff
from register.exchange.encoding import decode
from register.exchange.output import replacing
from register.exchange.refusals import shown
from register.exchange.safe_cells import guarded, unguarded
from rulebook.errors import FileError, SchemaError
from rulebook.language import Text
from rulebook.report import Report
from rulebook.schema import FieldType
from rulebook.values import GEOMETRY

PLAN_COLUMNS = (
    "plan_id", "row", "accept", "layer", "record_id", "field", "before", "after", "rule", "safety", "confidence", "reason",
)  # fmt: skip
NEEDED = ("accept", "layer", "record_id", "field", "before", "after")
ANSWERS = {"yes": "yes", "y": "yes", "是": "yes", "no": "no", "n": "no", "否": "no", "": None}
SHOWN_FAULTS = 20


def plan_rows(report: Report, lang: str) -> pd.DataFrame:
    """The edits that a report's findings propose, as plan rows that nobody has accepted yet.

    Where a finding offers several repairs, the first is a row and the others are left to the desk.
    """
    rows = [
        (edit["layer"], edit["record_id"], edit["field"], edit["before"], edit["after"], finding.rule.code,
         finding.safety.value, finding.message.within(lang))
        for finding in report
        for edit in _first_option(finding.edits)
    ]  # fmt: skip
    names = ["layer", "record_id", "field", "before", "after", "rule", "safety", "reason"]
    return numbered(pd.DataFrame(rows, columns=names, dtype="object"))


def _first_option(edits: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    first = min((edit["option"] for edit in edits), default="")
    return [edit for edit in edits if edit["option"] == first]


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Plan rows with all columns of a plan: numbered from 1, ``plan_id`` a digest of what the plan wants."""
    complete = rows.reset_index(drop=True)
    facts = complete[["layer", "record_id", "field", "before", "after"]].fillna("").to_csv(index=False)
    complete = complete.assign(
        plan_id="plan-" + hashlib.sha256(facts.encode("utf-8", errors="surrogatepass")).hexdigest()[:8],
        row=[str(number) for number in range(1, len(complete) + 1)],
    )
    return complete.reindex(columns=list(PLAN_COLUMNS))


def write_plan(path: Path, rows: pd.DataFrame) -> None:
    """Write plan rows as CSV (UTF-8 with BOM); columns beyond the plan's own follow at the end."""
    names = [*PLAN_COLUMNS, *(name for name in rows.columns if name not in PLAN_COLUMNS)]
    cells = rows.reindex(columns=names).apply(guarded)
    with replacing(Path(path)) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows(cells.itertuples(index=False))


def read_plan(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """Read a plan back as text columns (None where empty), index = line in the file.

    Takes what spreadsheets make of it: GBK, semicolons or tabs, blank lines, further columns. Raises SchemaError that
    names every wrong line and column.
    """
    path = Path(path)
    table = _lines(path, encoding)
    missing = [name for name in NEEDED if name not in table]
    if missing:
        raise SchemaError(
            f"{path.name} 不是修改计划：缺少列 {'、'.join(missing)}。修改计划的列是 {'、'.join(PLAN_COLUMNS)}。",
            f"{path.name} is not a fix plan: columns {', '.join(missing)} are missing. A plan has {', '.join(PLAN_COLUMNS)}.",
        )
    accept = table["accept"].str.strip().str.lower().map(lambda word: ANSWERS.get(word, word))
    _raise_faults(path, _faults(table, accept))
    names = [*PLAN_COLUMNS, *(name for name in table if name not in PLAN_COLUMNS)]
    plan = table.apply(unguarded).assign(accept=accept).reindex(columns=names).astype("object")
    return plan.where(plan.notna() & plan.ne(""), None)


def _lines(path: Path, encoding: str | None) -> pd.DataFrame:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise FileError(
            f"{path} 无法打开：{fault.strerror}。", f"{path} cannot be opened: {fault.strerror}."
        ) from fault
    text, _ = decode(data, path, encoding)
    if not text.strip():
        raise SchemaError(f"{path.name} 是空文件。", f"{path.name} is empty.")
    delimiter, width = sniff(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise FileError(
            f"{path.name} 无法按 CSV 读取：{fault}。", f"{path.name} cannot be read as CSV: {fault}."
        ) from fault
    headings = [heading.strip().lstrip("\ufeff") for heading in lines[0]]
    numbers = [number for number, line in enumerate(lines[1:], start=2) if any(cell.strip() for cell in line)]
    ragged = [number for number in numbers if len(lines[number - 1]) != width]
    _raise_faults(
        path,
        [
            (
                number,
                Text(
                    f"有 {len(lines[number - 1])} 列，应为 {width}", f"{len(lines[number - 1])} cells, {width} are due"
                ),
            )
            for number in ragged
        ],
    )
    return pd.DataFrame([lines[number - 1] for number in numbers], index=numbers, columns=headings, dtype="str")


def _faults(table: pd.DataFrame, accept: pd.Series) -> list[tuple[int, Text]]:
    faults = []
    for line, word in accept[~accept.isin(["yes", "no"]) & accept.notna()].items():
        faults.append(
            (
                int(line),
                Text(
                    f"accept 是“{shown(word)}”，应为 yes、no 或空",
                    f'accept is "{shown(word)}"; yes, no or empty is due',
                ),
            )
        )
    wanted = table[accept.eq("yes")]
    for name in ("layer", "record_id", "field"):
        for line in wanted.index[wanted[name].str.strip().eq("")]:
            faults.append((int(line), Text(f"{name} 为空", f"{name} is empty")))
    for line, layer in wanted["layer"][~wanted["layer"].isin([*DICTIONARY, ""])].items():
        faults.append((int(line), Text(f"没有图层“{shown(layer)}”", f'there is no layer "{shown(layer)}"')))
    rounded = wanted[_looks_rounded(wanted)]
    for line, record_id, after in zip(rounded.index, rounded["record_id"], rounded["after"], strict=True):
        lost = Text(
            f"{shown(record_id)} 或 {shown(after)} 已被表格软件改成科学计数，位数已丢失",
            f"{shown(record_id)} or {shown(after)} was rounded by a spreadsheet and has lost digits",
        )
        faults.append((int(line), lost))
    return sorted(faults, key=lambda fault: fault[0])


def _looks_rounded(rows: pd.DataFrame) -> pd.Series:
    """Rows whose id, or whose new text, a spreadsheet has turned into a rounded number."""
    textual = pd.Series(
        [_is_text(layer, field) for layer, field in zip(rows["layer"], rows["field"], strict=True)],
        index=rows.index,
        dtype="bool",
    )
    pattern = re.compile(SCIENTIFIC)
    return rows["record_id"].str.fullmatch(pattern) | (textual & rows["after"].str.fullmatch(pattern))


def _is_text(layer: str, field: str) -> bool:
    known = DICTIONARY[layer].field_named(field) if layer in DICTIONARY else None
    return field != GEOMETRY and (known is None or known.type is FieldType.TEXT)


def _raise_faults(path: Path, faults: list[tuple[int, Text]]) -> None:
    if faults:
        more = len(faults) - SHOWN_FAULTS
        zh = "；".join(f"第 {line} 行：{reason.zh}" for line, reason in faults[:SHOWN_FAULTS])
        en = "; ".join(f"line {line}: {reason.en}" for line, reason in faults[:SHOWN_FAULTS])
        raise SchemaError(
            f"{path.name} 有错：{zh}{f'；另有 {more} 处' if more > 0 else ''}。",
            f"{path.name} has faults: {en}{f'; {more} more' if more > 0 else ''}.",
        )
