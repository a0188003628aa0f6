"""Fix plans survive a spreadsheet: what was written comes back, and what was spoilt is named by line and column."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register import catalogue
from register.exchange.plans import PLAN_COLUMNS, numbered, plan_rows, read_plan, write_plan
from register.exchange.safe_cells import RUNNABLE, guard, guarded, unguard, unguarded
from rulebook.errors import FileError, SchemaError
from tests import case_files

CELL = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20) | st.sampled_from(
    ["=1+1", "+86", "-5", "@x", "\t1", "'=1", "''", "'", "a,b", 'a"b', "a\nb", "a\r\nb", "\r", " 滨 江路 ", "007", "=", "＝1"]
)  # fmt: skip
CELLS = CELL.filter(lambda text: text is None or bool(text.strip()))
ROWS = st.lists(
    st.fixed_dictionaries({"record_id": CELLS.filter(bool), "before": CELL, "after": CELL, "reason": CELL}),
    min_size=1,
    max_size=5,
)


def frame(rows: list[dict[str, str | None]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, dtype="object")
    return numbered(table.assign(layer="roads", field="name", rule="NAM102", safety="safe"))


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_what_is_written_comes_back(
    rows: list[dict[str, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("plan") / "plan.csv"
    written = frame(rows)
    write_plan(path, written)
    back = read_plan(path)
    expected = written.astype("object").where(written.notna(), None)
    assert back.columns.tolist() == list(PLAN_COLUMNS)
    assert back.to_dict("list") == expected.to_dict("list")


@given(st.text(max_size=8) | st.sampled_from(RUNNABLE))
def test_guarded_text_never_begins_like_a_formula_and_comes_back(text: str) -> None:
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguard(guard(text)) == text
    column = pd.Series([text], dtype="object")
    assert guarded(column).tolist() == [guard(text)]
    assert unguarded(guarded(column)).tolist() == [text]


def plan_text(*lines: str, heading: str = "accept,layer,record_id,field,before,after") -> str:
    return "\n".join((heading, *lines)) + "\n"


def test_a_plan_has_a_bom_and_a_heading_so_that_spreadsheets_open_it(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.csv", frame([{"record_id": "r1", "before": "甲", "after": "=乙", "reason": "x"}]))
    data = (tmp_path / "p.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfplan_id,row,accept,layer,")
    assert "'=乙".encode() in data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_plans_come_back_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = plan_text(
        "是,roads,r1,name,滨 江路,滨江路",
        ",roads,r2,name,甲,乙",
        "NO,roads,r3,name,甲,",
        "",
        heading="accept,layer,record_id,field,before,after,颜色",
    )
    lines = [line + "," if line and not line.startswith("accept") else line for line in text.splitlines()]
    (tmp_path / "p.csv").write_text("\n".join(lines).replace(",", delimiter), encoding=encoding)
    plan = read_plan(tmp_path / "p.csv")
    assert plan["accept"].tolist() == ["yes", None, "no"]
    assert plan["after"].tolist() == ["滨江路", "乙", None]
    assert plan.index.tolist() == [2, 3, 4]
    assert plan.columns.tolist() == [*PLAN_COLUMNS, "颜色"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("maybe,roads,r1,name,a,b",), ("第 2 行", "accept", "maybe")),
        (("yes,road,r1,name,a,b",), ("第 2 行", "road")),
        (("yes,roads,,name,a,b", ",roads,,,,"), ("第 2 行", "record_id")),
        (("yes,roads,3.30683E+11,name,a,b",), ("第 2 行", "位数")),
        (("no,roads,r1,name,a,b", "yes,divisions,r1,parent_code,a,3.30683E+11"), ("第 3 行", "位数")),
        (("yes,doorplates,r1,number,４－１,4月1日",), ("第 2 行", "4月1日")),
        (("yes,doorplates,r1,number,４－１,1-Apr",), ("第 2 行", "1-Apr")),
        (("yes,roads,r1,name,a",), ("第 2 行", "5 列")),
        (('yes,roads,r1,name,"a,b',), ("CSV",)),
    ],
)
def test_spoilt_plans_are_named_by_line_and_column(
    tmp_path: Path, lines: tuple[str, ...], told: tuple[str, ...]
) -> None:
    (tmp_path / "p.csv").write_text(plan_text(*lines), encoding="utf-8")
    with pytest.raises(FileError) as fault:
        read_plan(tmp_path / "p.csv")
    assert all(word in fault.value.text.zh for word in told)


def test_dates_that_a_spreadsheet_has_rewritten_are_the_same_dates(tmp_path: Path) -> None:
    rows = (
        "yes,roads,r1,approved_on,2024/3/5,2024/12/1",
        "yes,roads,r1,note,,2024/3/5",
        "yes,roads,r2,approved_on,,早",
    )
    (tmp_path / "p.csv").write_text(plan_text(*rows), encoding="utf-8")
    plan = read_plan(tmp_path / "p.csv")
    assert plan["before"].tolist() == ["2024-03-05", None, None]
    assert plan["after"].tolist() == ["2024-12-01", "2024/3/5", "早"]
    assert plan["row"].tolist() == ["2", "3", "4"]


def test_a_plan_saved_as_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"PK\x03\x04" + b"x" * 99)
    with pytest.raises(FileError, match="CSV"):
        read_plan(tmp_path / "p.csv")


def test_a_file_that_is_no_plan(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,name\n1,甲\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="accept"):
        read_plan(tmp_path / "p.csv")
    (tmp_path / "p.csv").write_text("", encoding="utf-8")
    with pytest.raises(FileError):
        read_plan(tmp_path / "p.csv")
    with pytest.raises(FileError):
        read_plan(tmp_path / "none.csv")


def test_plan_rows_of_a_report_wait_for_somebody_to_accept_them() -> None:
    case = {"name": "滨 江路"}
    report = case_files.run_case(catalogue.rule("NAM102"), case, {})
    rows = plan_rows(report, "zh")
    (row,) = rows.to_dict("records")
    assert (row["row"], row["layer"], row["field"], row["before"], row["after"]) == (
        "1",
        "place_names",
        "name",
        "滨 江路",
        "滨江路",
    )
    assert (row["rule"], row["safety"]) == ("NAM102", "safe")
    assert pd.isna(row["accept"])
    assert rows.columns.tolist() == list(PLAN_COLUMNS)
    assert plan_rows(case_files.run_case(catalogue.rule("NAM102"), {"name": "滨江路"}, {}), "zh").empty


def test_the_same_plan_has_the_same_id_and_another_plan_another() -> None:
    one, same, other = (
        frame([{"record_id": "r1", "before": "a", "after": after, "reason": None}]) for after in ("b", "b", "c")
    )
    assert one["plan_id"].tolist() == same["plan_id"].tolist() != other["plan_id"].tolist()


def test_a_plan_has_the_first_repair_or_the_one_that_is_chosen() -> None:
    case = case_files.load("BND301")["bad"][0]
    report = case_files.run_case(catalogue.rule("BND301"), case, {})
    first, split, every = (plan_rows(report, "zh", choose) for choose in ("", "split", "all"))
    assert "choice" not in first
    assert set(every["choice"].str[:5]) >= {"1 → 3", "2 → 3", "split", "dispu"}
    assert first["after"].isin(every.loc[every["choice"].str.startswith("1"), "after"]).all()
    assert split["record_id"].tolist() == every.loc[every["choice"].eq("split"), "record_id"].tolist()
    assert plan_rows(report, "zh", "nothing of the kind").empty
