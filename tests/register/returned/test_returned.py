"""A returned list from file to answer: every row is matched, judged, repaired where it can be, answered in its place."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pyproj import CRS

from register.cases.applying import apply_plan
from register.cases.exempting import exempt
from register.cases.returned import maps, recipes
from register.cases.returned.answering import answer
from register.cases.returned.batches import batch_case, rows_of, take
from register.cases.returned.planning import plan
from register.cases.returned.wording import meaning
from register.exchange.plans import read_plan, write_plan
from register.store import Register, create_register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, DimingError
from tests.flows import plain_county

TODAY = "2026-06-01"
BY = {"actor": "李敏", "today": TODAY}
HEADINGS = ["序号", "地名代码", "标准名称", "所在政区", "问题类型", "问题描述", "整改情况"]
ROWS = (
    ("1", None, "官河路", "剡湖街道", "拼写错误", "拼写为 Guan He Road", None),
    ("2", None, "北直街", "剡湖街道", "拼写错误", None, None),
    ("3", "R3", "剡兴路", None, "同音", None, None),
    ("4", None, "没有这条路", "剡湖街道", "缺项", None, None),
    ("5", None, "官河路", "诸暨市", "重名", None, None),
    ("6", None, "官河路", "嵊州市剡湖街道", "有名无地", "现场没有路牌", None),
    ("7", "R1", "官河路", "剡湖街道", "用字不规范", None, None),
    ("8", None, "官河路7号", "剡湖街道", "坐标偏移", None, None),
    ("8", None, "=cmd", "剡湖街道", "看不懂的话", None, None),
)
DUE = (
    ("A", "confirmed"), ("A", "already_fixed"), ("A", "not_reproduced"), ("D", "no_such_record"), ("D", "not_ours"),
    ("A", "needs_field_visit"), ("C", "several_records"), ("A", "confirmed"), ("D", "no_such_record"),
)  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A county where one road is spelt wrongly, another was until somebody repaired it, and a plate lies far off."""
    frames = plain_county.clean()
    plain_county.change("roads", "R2", pinyin="Guan He Road")(frames)
    plain_county.change("roads", "R1", pinyin="Beizhi Street")(frames)
    plain_county.change("doorplates", "R2-7", geometry=frames["doorplates"].geometry.iloc[0])(frames)
    register = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name, frame in plain_county.registered(frames).items():
        if len(frame):
            register.put(name, frame, actor="a", reason="b", today=TODAY)
    register.apply(ChangeSet(edits_frame([("roads", "R1", "note", None, "x")]), "王工", "备注"))
    register.apply(ChangeSet(edits_frame([("roads", "R1", "pinyin", "Beizhi Street", "Běizhí Jiē")]), "王工", "改拼写"))
    register.apply(ChangeSet(edits_frame([("roads", "R1", "note", "x", "y")]), "赵工", "备注"))
    return register


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "反馈.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *ROWS])
    return path


def taken(register: Register, path: Path, given: maps.ExchangeMap | None = None) -> pd.DataFrame:
    take(register, path, "一批", given=given, **BY)
    return rows_of(register, "一批")


def test_every_row_is_matched_and_judged_in_its_place(register: Register, listed: Path) -> None:
    rows = taken(register, listed)
    assert list(zip(rows["match_grade"], rows["verdict"], strict=True)) == list(DUE)
    assert rows["row_no"].tolist() == [str(number) for number in range(1, 10)]
    fixed = rows["answer"].iloc[1]
    assert "Beizhi Street → Běizhí Jiē" in fixed and "王工" in fixed
    assert "Guānhé Lù" in rows["answer"].iloc[0]


def test_the_same_list_again_changes_nothing_and_another_one_is_refused(register: Register, listed: Path) -> None:
    taken(register, listed)
    revision = register.revision
    taken(register, listed)
    assert register.revision == revision
    listed.write_text(listed.read_text(encoding="gbk") + "10,,x,,重名,,\n", encoding="gbk")
    with pytest.raises(CallError, match="一批"):
        taken(register, listed)
    assert register.attachment(hashlib.sha256(listed.read_bytes()).hexdigest()) is None


def test_plan_apply_and_answer(register: Register, listed: Path, tmp_path: Path) -> None:
    taken(register, listed)
    rows = plan(register, batch_case(register, "一批"), lang="zh", **BY)
    wanted = rows[rows["record_id"] == "R2"]
    assert wanted[["field", "after", "rows", "confidence"]].to_numpy().tolist() == [
        ["pinyin", "Guānhé Lù", "1", "medium"]
    ]
    write_plan(tmp_path / "plan.csv", rows.assign(accept=["yes" if one == "R2" else "no" for one in rows["record_id"]]))
    decided = read_plan(tmp_path / "plan.csv")
    done = apply_plan(register, decided, actor="李敏", reason="反馈")
    assert (done.applied, done.stale, done.refused) == (1, 0, 0)
    answer(register, batch_case(register, "一批"), tmp_path / "out.csv", **BY)
    content = (tmp_path / "out.csv").read_bytes().decode("gb18030")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines[0] == [*HEADINGS, "verdict", "answered_on"]
    assert [[cell or None for cell in line[:6]] for line in lines[1:]] == [list(row[:6]) for row in ROWS]
    assert lines[1][7] == "confirmed" and "Guan He Road → Guānhé Lù" in lines[1][6]
    assert rows_of(register, "一批")["fix_state"].iloc[0] == "applied"
    register.undo(done.change_id, actor="李敏", reason="撤销")
    answer(register, batch_case(register, "一批"), tmp_path / "again.csv", **BY)
    assert "Guan He Road" in (tmp_path / "again.csv").read_bytes().decode("gb18030").split("\n")[1]


def test_the_answer_fills_the_sender_s_own_sheet(register: Register, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "反馈"
    sheet.append(["地名信息库反馈问题清单"])
    sheet.append([*HEADINGS[:-1], "核实结论", "整改情况", "整改日期"])
    for row in ROWS:
        sheet.append(list(row[:-1]))
    sheet["C11"].data_type = "s"  # a name, not a formula
    sheet["A2"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "in.xlsx")
    chosen = maps.load("national-database")
    chosen = maps.ExchangeMap(
        {k: v for k, v in chosen.columns.items() if k in HEADINGS}, chosen.answer, chosen.verdicts
    )
    taken(register, tmp_path / "in.xlsx", chosen)
    answer(register, batch_case(register, "一批"), tmp_path / "out.xlsx", **BY)
    filled = openpyxl.load_workbook(tmp_path / "out.xlsx")["反馈"]
    assert [cell.value for cell in filled[2]] == [*HEADINGS[:-1], "核实结论", "整改情况", "整改日期"]
    assert filled["A2"].font.bold
    assert [filled.cell(line, 7).value for line in range(3, 12)] == [chosen.verdicts[verdict] for _, verdict in DUE]
    assert filled.max_row == 11


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_answer_in_another_format_has_every_row(
    register: Register, listed: Path, tmp_path: Path, suffix: str
) -> None:
    taken(register, listed)
    out = tmp_path / f"answer.{suffix}"
    answer(register, batch_case(register, "一批"), out, **BY)
    table = (
        pd.read_csv(out, encoding="gb18030", dtype=str)
        if suffix == "csv"
        else pd.read_excel(out, dtype=str, engine="calamine")
    )
    assert table["verdict"].tolist() == [verdict for _, verdict in DUE]


def test_a_recipe_decides_alike_rows_and_leaves_conflicts_alone(
    register: Register, listed: Path, tmp_path: Path
) -> None:
    taken(register, listed)
    rows = plan(register, batch_case(register, "一批"), lang="zh", **BY)
    recipes.write(tmp_path / "r.toml", recipes.learnt(rows.assign(accept="yes")), "一批")
    recipe = recipes.read(tmp_path / "r.toml")
    assert recipes.follow(rows, recipe)["accept"].eq("yes").all()
    assert recipes.follow(rows.assign(conflict="2"), recipe)["accept"].isna().all()
    assert recipes.follow(rows.assign(accept="no"), recipe)["accept"].eq("no").all()
    mixed = pd.concat([rows.assign(accept="yes"), rows.assign(accept="no")])
    assert recipes.learnt(mixed).empty


def test_two_rows_that_want_different_things_are_shown_as_a_conflict() -> None:
    from register.cases.returned.planning import conflicts

    rows = pd.DataFrame(
        [
            ("1", "roads", "R1", "name", "a", "b"),
            ("2", "roads", "R1", "name", "a", "c"),
            ("3", "roads", "R2", "name", "a", "b"),
        ],
        columns=["row", "layer", "record_id", "field", "before", "after"],
    )
    assert conflicts(rows).tolist() == ["2", "1", None]


def test_an_exemption_is_tied_to_its_facts(register: Register) -> None:
    from register.cases.checking import check
    from register.catalogue import BY_CODE

    def found() -> list[str]:
        return [finding.record_id for finding in check(register, rules=[BY_CODE["NAM202"]], today=TODAY)]

    assert found() == ["R2"]
    exempt(register, "NAM202", "roads", "R2", reason="桥牌如此", **BY)
    assert found() == []
    register.apply(ChangeSet(edits_frame([("roads", "R2", "pinyin", "Guan He Road", "Guan He Rd")]), "a", "b"))
    assert found() == ["R2"]
    exempt(register, "NAM202", "roads", "R2", reason="仍如此", **BY)
    assert found() == []
    with pytest.raises(CallError):
        exempt(register, "NAM202", "roads", "R1", reason="没有问题", **BY)


def test_headings_without_meaning_are_found_by_what_they_hold() -> None:
    table = pd.DataFrame(
        {
            "甲": ["33068300023700000011"] * 4,
            "乙": ["重名", "重名", "同音", "重名"],
            "丙": [
                "系统比对发现该地名与邻村的地名重名",
                "两条路同音，请核实",
                "该地名在镇内重名，须更名处理",
                "另一条路的名称与它重名了",
            ],
            "标准地名（必填）": list("abcd"),
        }
    )
    found = maps.proposed(table).columns
    assert found == {"甲": "record_code", "乙": "problem_type", "丙": "problem_text", "标准地名（必填）": "record_name"}


def test_a_map_reads_back_as_it_was_written(tmp_path: Path) -> None:
    for name in ("national-database", "work-order"):
        chosen = maps.load(name)
        (tmp_path / "m.toml").write_text(chosen.toml(), encoding="utf-8")
        assert maps.load(tmp_path / "m.toml") == chosen


@pytest.mark.parametrize(
    "text",
    [
        "[columns]\na = 1",
        '[columns]\na = "nonsense"',
        "x = 1",
        '[answer]\nnothing = "a"',
        '[verdicts]\nmaybe = "a"',
        "[[",
    ],
)
def test_a_wrong_map_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DimingError):
        maps.load(tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("kind", "text", "rules"),
    [
        ("坐标偏移", "见图", "EXC202"),
        (None, "位置在政区外约 30 米", "NAM301"),
        ("多地重名", None, "NAM401"),
        ("其他", "按规则 NAM302 核实", "NAM302"),
        ("问题", "拼写错误，且缺项", "NAM202"),
    ],
)
def test_words_of_a_problem_lead_to_rules(kind: str | None, text: str | None, rules: str) -> None:
    assert meaning(kind, text).rules[0] == rules


def test_words_that_mean_nothing_lead_to_none() -> None:
    assert meaning("其他", "请核实").rules == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "甲,乙\n1,2\n"),
        ("a.csv", ""),
        ("a.pdf", "x"),
        ("a.csv", "标准名称\n官河路\n"),
        ("a.xlsx", "not a workbook"),
    ],
)
def test_a_list_that_cannot_be_understood_is_refused_and_nothing_is_written(
    register: Register, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    revision = register.revision
    with pytest.raises(DimingError):
        take(register, tmp_path / name, "坏", given=None, **BY)
    assert register.revision == revision
