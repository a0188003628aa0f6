"""Fix plans: proposed edits as CSV that people accept or strike out in a spreadsheet and bring back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from register.dictionary import DICTIONARY
from register.exchange.cells import SCIENTIFIC, iso_dates
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
ALL_CHOICES = "all"
NEEDED = ("accept", "layer", "record_id", "field", "before", "after")
ANSWERS = {"yes": "yes", "y": "yes", "是": "yes", "no": "no", "n": "no", "否": "no", "": None}
SHOWN_FAULTS = 20
ZIP = b"PK\x03\x04"
# What spreadsheets make of texts such as 4-1: day and month without a year, in Chinese and in English.
LOST_TO_A_DATE = r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}"


def plan_rows(report: Report, lang: str, choose: str = "") -> pd.DataFrame:
    """The edits that a report's findings propose, as plan rows that nobody has accepted yet.

    Where a finding offers several repairs, the first is taken, else the one whose name ``choose`` is or begins (findings
    that do not offer it are left out). ``ALL_CHOICES`` gives the rows of all of them and a column ``choice`` that names
    them; only one choice of a finding can be accepted.
    """
    rows = [
        (edit["layer"], edit["record_id"], edit["field"], edit["before"], edit["after"], finding.rule.code,
         finding.safety.value, finding.message.within(lang), edit["option"])
        for finding in report
        for edit in chosen(finding.edits, choose)
    ]  # fmt: skip
    names = ["layer", "record_id", "field", "before", "after", "rule", "safety", "reason", "choice"]
    table = pd.DataFrame(rows, columns=names, dtype="object")
    plan = numbered(table)
    return plan.assign(choice=table["choice"]) if choose == ALL_CHOICES else plan


def chosen(edits: Sequence[Mapping[str, Any]], choose: str = "") -> list[Mapping[str, Any]]:
    """The edits of one repair among those that a finding offers; see ``plan_rows``."""
    if choose == ALL_CHOICES:
        return list(edits)
    options = sorted({edit["option"] for edit in edits})
    fitting = [option for option in options if option.startswith(choose) or not option]
    return [edit for edit in edits if edit["option"] == fitting[0]] if fitting else []


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
    """Read a plan back as text columns (None where empty), index = line in the file; a row without a number is
    numbered by its line.

    Takes what spreadsheets make of it: GBK, semicolons or tabs, blank lines, further columns, dates like 2024/3/5.
    Raises SchemaError that names every wrong line and column.
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
    plan = plan.where(plan.notna() & plan.ne(""), None)
    plan["row"] = plan["row"].where(plan["row"].notna(), plan.index.astype("str"))
    dated = _of_types(plan, FieldType.DATE)
    for name in ("before", "after"):
        iso = iso_dates(plan.loc[dated, name].astype("str"))
        plan.loc[iso.index[iso.notna()], name] = iso.dropna()
    return plan


def _lines(path: Path, encoding: str | None) -> pd.DataFrame:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise FileError(
            f"{path} 无法打开：{fault.strerror}。", f"{path} cannot be opened: {fault.strerror}."
        ) from fault
    if data.startswith(ZIP):
        raise FileError(
            f"{path.name} 是 XLSX 或压缩包，不是 CSV；请在表格软件中另存为 CSV。",
            f"{path.name} is XLSX or an archive, not CSV; save it as CSV in the spreadsheet.",
        )
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
    textual = _of_types(wanted, FieldType.TEXT)
    rounded = wanted["record_id"].str.fullmatch(SCIENTIFIC) | (textual & wanted["after"].str.fullmatch(SCIENTIFIC))
    lossy = wanted[rounded]
    for line, record_id, after in zip(lossy.index, lossy["record_id"], lossy["after"], strict=True):
        lost = Text(
            f"{shown(record_id)} 或 {shown(after)} 已被表格软件改成科学计数，位数已丢失",
            f"{shown(record_id)} or {shown(after)} was rounded by a spreadsheet and has lost digits",
        )
        faults.append((int(line), lost))
    for line, after in wanted["after"][textual & wanted["after"].str.fullmatch(LOST_TO_A_DATE)].items():
        lost = Text(
            f"after 是“{shown(after)}”，可能是表格软件把 4-1 之类改成了日期；请改回文本",
            f'after is "{shown(after)}"; a spreadsheet may have turned something like 4-1 into a date, write it as text',
        )
        faults.append((int(line), lost))
    return sorted(faults, key=lambda fault: fault[0])


def _of_types(rows: pd.DataFrame, kind: FieldType) -> pd.Series:
    """Which rows speak of a field of this type; columns that the dictionary does not know are text."""
    known = [_type_of(layer, field) is kind for layer, field in zip(rows["layer"], rows["field"], strict=True)]
    return pd.Series(known, index=rows.index, dtype="bool")


def _type_of(layer: str, name: str) -> FieldType | None:
    if name == GEOMETRY:
        return None
    field = DICTIONARY[layer].field_named(name) if layer in DICTIONARY else None
    return FieldType.TEXT if field is None else field.type


def _raise_faults(path: Path, faults: list[tuple[int, Text]]) -> None:
    if faults:
        more = len(faults) - SHOWN_FAULTS
        zh = "；".join(f"第 {line} 行：{reason.zh}" for line, reason in faults[:SHOWN_FAULTS])
        en = "; ".join(f"line {line}: {reason.en}" for line, reason in faults[:SHOWN_FAULTS])
        raise SchemaError(
            f"{path.name} 有错：{zh}{f'；另有 {more} 处' if more > 0 else ''}。",
            f"{path.name} has faults: {en}{f'; {more} more' if more > 0 else ''}.",
        )
