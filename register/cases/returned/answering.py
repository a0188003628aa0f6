"""The answer in the sender's own form: the same file, the same rows in the same order, the answer beside each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from register.cases.casebook import Case
from register.cases.returned import batches, maps
from register.cases.returned.intake import ReturnedList
from register.exchange.delimited import sniff
from register.exchange.encoding import decode
from register.exchange.output import replacing
from register.exchange.safe_cells import guard
from register.store import Register
from register.store.attachments import Attachment
from rulebook.errors import CallError

Answers = Mapping[int, Mapping[str, str]]  # line of the file → heading → cell
ENCODINGS = ("utf-8", "gb18030", "utf-16")
BOM = b"\xef\xbb\xbf"


def answer(register: Register, case: Case, out: Path, *, actor: str, today: str) -> dict[str, int]:
    """Write the answer file of a batch and return the number of rows by verdict; the batch counts as answered.

    ``out`` ends in .csv or .xlsx. A file of the sender's own kind is his file with the answers filled in: in the
    columns that his form has for them, else in new ones at its end.
    """
    out = Path(out)
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise CallError(
            f"答复文件应以 .csv 或 .xlsx 结尾：{out.name}。", f"The answer ends in .csv or .xlsx, not {out.name}."
        )
    listed, _ = batches.refresh(register, case, actor=actor, today=today)
    rows = batches.rows_of(register, case.title)
    kept = register.attachment(case.body["file"])
    if kept is None or len(rows) != len(listed.rows):
        raise CallError(f"批次“{case.title}”的行不全。", f'The batch "{case.title}" lacks rows.')
    answers = _answers(listed, rows)
    with replacing(out) as temporary:
        if out.suffix.lower() == ".xlsx":
            _write_xlsx(kept, listed, answers, temporary)
        else:
            _write_csv(kept, listed, answers, temporary)
    batches.close(register, case, actor=actor, today=today)
    return {str(verdict): int(count) for verdict, count in rows["verdict"].value_counts().items()}


def _answers(listed: ReturnedList, rows: pd.DataFrame) -> dict[int, dict[str, str]]:
    """The cells to write, by line and heading."""
    chosen = listed.chosen
    headings = {name: chosen.answer.get(name, name) for name in maps.GIVEN}
    verdicts = rows["verdict"].map(lambda verdict: chosen.verdicts.get(verdict, verdict))
    cells = {"verdict": verdicts, "answer": rows["answer"], "answered_on": rows["answered_on"]}
    return {
        int(line): {headings[name]: _told(column.iloc[number]) for name, column in cells.items()}
        for number, line in enumerate(listed.rows.index)
    }


def _told(cell: object) -> str:
    return "" if pd.isna(cell) else guard(str(cell))


def _write_csv(kept: Attachment, listed: ReturnedList, answers: Answers, out: Path) -> None:
    if Path(kept.name).suffix.lower() in (".xlsx", ".xlsm"):
        _write_table(listed, answers, out)
        return
    text, _ = decode(kept.content, Path(kept.name), listed.chosen.encoding)
    delimiter, _ = sniff(text.lstrip("\r\n"))
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    first = next(number for number, line in enumerate(lines) if line)
    headings = [heading.strip().lstrip("\ufeff") for heading in lines[first]]
    _fill(lines, first, headings, answers)
    buffer = io.StringIO()
    ending = "\r\n" if "\r\n" in text else "\n"
    csv.writer(buffer, delimiter=delimiter, lineterminator=ending).writerows(lines)
    encoded = buffer.getvalue().lstrip("\ufeff").encode(_encoding_of(kept.content, text), errors="strict")
    out.write_bytes((BOM if kept.content.startswith(BOM) else b"") + encoded)


def _fill(lines: list[list[str]], first: int, headings: list[str], answers: Answers) -> None:
    """Put the answers into parsed lines, numbered from 1 as the file's lines are."""
    wanted = list(dict.fromkeys(heading for cells in answers.values() for heading in cells))
    added = [heading for heading in wanted if heading not in headings]
    width = len(headings)
    lines[first] = [*lines[first], *added]
    places = {heading: number for number, heading in enumerate([*headings, *added])}
    for line, cells in answers.items():
        row = lines[line - 1]
        row += [""] * (width + len(added) - len(row))
        for heading, cell in cells.items():
            row[places[heading]] = cell


def _encoding_of(content: bytes, text: str) -> str:
    """The encoding that the sender used; answers always fit, since both of ours are Chinese encodings of all characters."""
    for encoding in ENCODINGS:
        try:
            if content.removeprefix(BOM).decode(encoding).lstrip("\ufeff") == text.lstrip("\ufeff"):
                return encoding
        except UnicodeDecodeError:
            continue
    return "utf-8"


def _write_xlsx(kept: Attachment, listed: ReturnedList, answers: Answers, out: Path) -> None:
    if Path(kept.name).suffix.lower() not in (".xlsx", ".xlsm"):
        _write_table(listed, answers, out)
        return
    book = openpyxl.load_workbook(io.BytesIO(kept.content))
    sheet = book[listed.source.name]
    heading_line = min(answers) - 1
    headings = {}
    for line in range(heading_line, 0, -1):  # blank lines may stand between the headings and the first row
        headings = {str(cell.value).strip(): cell.column for cell in sheet[line] if cell.value is not None}
        if set(listed.chosen.columns) <= set(headings):
            heading_line = line
            break
    for heading in dict.fromkeys(heading for cells in answers.values() for heading in cells):
        if heading not in headings:
            headings[heading] = max(headings.values()) + 1
            sheet.cell(heading_line, headings[heading], heading)
    for line, cells in answers.items():
        for heading, cell in cells.items():
            sheet.cell(line, headings[heading], ILLEGAL_CHARACTERS_RE.sub("", cell))
    book.save(out)


def _write_table(listed: ReturnedList, answers: Answers, out: Path) -> None:
    """The list as a plain table, where the answer is wanted in another format than the sender's."""
    given = listed.source.table.astype("object").where(listed.source.table.notna(), "")
    table = given.assign(
        **{heading: [answers[int(line)][heading] for line in given.index] for heading in next(iter(answers.values()))}
    )
    if out.suffix.lower() == ".csv":
        table.to_csv(out, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        return
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([str(heading) for heading in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row])
    book.save(out)
