"""The grammar of plate numbers against labelled writings, and its two directions against each other."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorplates.grammar import COLUMNS, QUESTIONS, STEMS, format_numbers, parse, parse_numbers

CASES = tomllib.loads((Path(__file__).parent / "numbers.toml").read_text(encoding="utf-8"))["number"]
TOLD = ("kind", "main", "sub", "range_to", "building", "unit", "room", "canonical", "question")

numbers = st.integers(1, 99999)
small = st.integers(1, 30)
joints = st.sampled_from(["-", "之", "附", "号附", "—", "~", "号-"])
befores = st.sampled_from(["", "临", *STEMS, "第", "#", "3组"])
afters = st.sampled_from(["", "号", "#", "号（逢双号）"])
marks = st.sampled_from(["弄", "号", "-1号", "甲", ""])
dwellings = st.sampled_from(["3幢", "3栋2单元", "5幢501室", "501室", ""])
letters = st.text("0123456789-~附之临甲乙弄组号幢单元室AB、.十百零", max_size=9)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_labelled_writing(case: dict[str, Any]) -> None:
    parsed = parse(case["text"])
    assert parsed["legal"] is {True: True, False: False, "ask": None}[case["legal"]]
    assert {name: parsed[name] for name in TOLD} == {name: case.get(name) for name in TOLD}


def test_the_labels_are_many_and_differ() -> None:
    assert len({case["text"] for case in CASES}) == len(CASES) >= 60


def assert_canonical(texts: list[str]) -> None:
    parsed = parse_numbers(pd.Series(texts, dtype="str"))
    understood = parsed[parsed["legal"].ne(False)]
    pd.testing.assert_frame_equal(parse_numbers(understood["canonical"]), understood)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.builds("{}{}{}{}{}".format, befores, numbers, joints, small, afters), min_size=1))
def test_canonical_writing_reads_back_equal(texts: list[str]) -> None:
    assert_canonical(texts)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.builds("{}{}{}{}".format, small, marks, small, dwellings), min_size=1))
def test_canonical_writing_of_lanes_and_buildings_reads_back_equal(texts: list[str]) -> None:
    assert_canonical(texts)


@settings(deadline=None, max_examples=30)
@given(st.lists(letters, min_size=1))
def test_any_text_is_read_without_an_error_and_canonically(texts: list[str]) -> None:
    assert_canonical(texts)


def test_a_column_reads_as_its_texts_do() -> None:
    texts = [case["text"] for case in CASES] * 2
    column = parse_numbers(pd.Series([*texts, None], index=range(7, 8 + len(texts)), dtype="str"))
    assert list(column.index) == list(range(7, 8 + len(texts)))
    assert column["canonical"].iloc[:-1].fillna("").tolist() == [parse(text)["canonical"] or "" for text in texts]
    assert column["legal"].iloc[-1] is False


def test_every_question_is_asked_somewhere() -> None:
    assert {case["question"] for case in CASES if "question" in case} == set(QUESTIONS)


optional = st.one_of(st.none(), st.integers(1, 30).map(str))
DWELLING = {"building": optional, "unit": optional}
KINDS_OF_PARTS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("plain"), "main": numbers, **DWELLING}),
    st.fixed_dictionaries({"kind": st.just("sub"), "main": numbers, "sub": small, **DWELLING}),
    st.fixed_dictionaries({"kind": st.just("sub"), "sub": small}),
    st.fixed_dictionaries({"kind": st.just("temporary"), "prefix": st.just("临"), "main": numbers}),
    st.fixed_dictionaries({"kind": st.just("stem"), "prefix": st.sampled_from(STEMS), "main": numbers}),
    st.fixed_dictionaries({"kind": st.just("stem"), "main": numbers, "stem": st.sampled_from(STEMS)}),
    st.fixed_dictionaries({"kind": st.just("lane"), "main": numbers, "sub": small, **DWELLING}),
    st.fixed_dictionaries({"kind": st.just("group"), "group": small.map(str), "main": numbers}),
    st.builds(lambda main, span: {"kind": "range", "main": main, "range_to": main + span}, numbers, small).filter(
        lambda parts: parts["range_to"] <= 99999
    ),
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.lists(KINDS_OF_PARTS, min_size=1))
def test_what_is_formatted_parses_to_the_same_parts(rows: list[dict[str, Any]]) -> None:
    parts = pd.DataFrame(rows).reindex(columns=[name for name in COLUMNS if name not in ("legal", "canonical")])
    parts = parts.astype(dict.fromkeys(("main", "sub", "range_to"), "Int64")).astype(
        {name: "str" for name in parts.columns if name not in ("main", "sub", "range_to")}
    )
    read = parse_numbers(format_numbers(parts))
    assert read["legal"].eq(True).all()
    pd.testing.assert_frame_equal(read[parts.columns.tolist()], parts, check_dtype=False)
