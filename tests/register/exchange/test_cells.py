"""Raw cells become the dictionary's types, or their row is refused with a sentence."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.dictionary import DICTIONARY
from register.exchange.cells import Converter
from register.exchange.refusals import Refusals
from register.exchange.words import words_of
from register.profiles import read_table
from rulebook.schema import Field


def field(layer: str, name: str) -> Field:
    known = DICTIONARY[layer].field_named(name)
    assert known is not None
    return known


def convert(
    values: list[Any], layer: str, name: str, dtype: str | None = None
) -> tuple[list[Any], list[tuple[int, str]]]:
    refusals = Refusals()
    raw = pd.Series(values, dtype=dtype or ("str" if all(isinstance(value, str) for value in values) else "object"))
    converter = Converter(refusals, words_of(layer), DICTIONARY[layer].key)
    done = converter.convert(raw, field(layer, name), name)
    told = [(row, reason.zh) for row, reason in refusals.listed()]
    return done.astype("object").where(done.notna(), None).tolist(), told


@pytest.mark.parametrize(
    "written",
    [
        "2024-3-5", "2024-03-05", "2024/03/05", "2024/3/5", "20240305", "2024年3月5日", "2024.3.5", "２０２４-０３-０５",
        "2024-03-05 00:00:00", "2024-03-05T08:30:00Z", " 2024-03-05 ", 20240305, 20240305.0,
        datetime.date(2024, 3, 5), datetime.datetime(2024, 3, 5, 8, 30),
    ],
)  # fmt: skip
def test_dates_in_every_usual_form(written: Any) -> None:
    assert convert([written], "doorplates", "issued_on") == (["2024-03-05"], [])


@pytest.mark.parametrize(
    "written", ["2024-13-05", "2023-02-29", "5.3.2024", "2024", "2024-3", "45356", "昨天", "0", "2024-03-05x"]
)
def test_what_is_no_date_is_refused(written: str) -> None:
    values, told = convert(["2024-01-01", written], "doorplates", "issued_on")
    assert values == ["2024-01-01", None]
    assert [row for row, _ in told] == [1]
    assert written in told[0][1]


def test_historic_dates_and_empty_cells() -> None:
    assert convert(["0621-01-01", "", "1368年1月23日"], "place_names", "established_on") == (
        ["0621-01-01", None, "1368-01-23"],
        [],
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [("1.5", 1.5), (" 12 ", 12.0), ("１２．５", 12.5), ("-3", -3.0), ("1e3", 1000.0), (7, 7.0), (".5", 0.5)],
)
def test_numbers(written: Any, number: float) -> None:
    assert convert([written], "roads", "width_m") == ([number], [])


@pytest.mark.parametrize("written", ["1,234", "12米", "NaN", "inf", "-", "1 2", "0x10", "1_000"])
def test_what_is_no_number_is_refused(written: str) -> None:
    values, told = convert([written, "2"], "roads", "width_m")
    assert values == [None, 2.0]
    assert written in told[0][1]


def test_infinite_floats_are_refused_and_nan_is_missing() -> None:
    values, told = convert([np.inf, np.nan, 3.0], "roads", "width_m", "float64")
    assert values == [None, None, 3.0]
    assert [row for row, _ in told] == [0]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=5))
def test_floats_written_as_text_read_back_equal(numbers: list[float]) -> None:
    assert convert([repr(number) for number in numbers], "roads", "width_m") == (numbers, [])


def test_integers() -> None:
    assert convert(["3", "4.0", 5.0, ""], "markers", "serial") == ([3, 4, 5, None], [])
    values, told = convert(["3.5", "2"], "markers", "serial")
    assert values == [None, 2]
    assert "3.5" in told[0][1]


def test_ids_and_codes_stay_text() -> None:
    assert convert(["001", " 330683001000 "], "divisions", "code") == (["001", "330683001000"], [])
    assert convert([330683001000, 330683001000.0, "00123"], "divisions", "code") == (
        ["330683001000", "330683001000", "00123"],
        [],
    )
    assert convert([330683001000.0, 1.0], "divisions", "code", "float64") == (["330683001000", "1"], [])
    assert convert([33068300100012345], "divisions", "code", "int64") == (["33068300100012345"], [])
    assert convert(["330683001000.0"], "divisions", "code") == (["330683001000.0"], [])


@pytest.mark.parametrize("written", ["3.30683E+11", "1e+15", 3.3068300100012345e19])
def test_digits_that_a_spreadsheet_has_lost_are_refused(written: Any) -> None:
    _, told = convert([written, "1"], "place_names", "place_code")
    assert [row for row, _ in told] == [0]
    assert "丢失" in told[0][1]


def test_a_number_that_became_a_date_is_refused() -> None:
    _, told = convert([datetime.date(2026, 3, 12), "3-12"], "doorplates", "number")
    assert [row for row, _ in told] == [0]
    assert "日期" in told[0][1]


def test_names_keep_their_blanks_for_the_rule_to_see() -> None:
    assert convert([" 滨 江路 ", "\t剡溪路", "a\u200bb", ""], "roads", "name") == (
        [" 滨 江路 ", "\t剡溪路", "a\u200bb", None],
        [],
    )


def test_control_characters_are_refused() -> None:
    _, told = convert(["滨江\x07路", "滨江路"], "roads", "name")
    assert [row for row, _ in told] == [0]


@pytest.mark.parametrize(
    ("layer", "name", "written", "value"),
    [
        ("roads", "status", "在用", "in_use"),
        ("addresses", "status", "在用", "current"),
        ("markers", "status", "完好", "intact"),
        ("roads", "numbering", "左单右双", "odd_left"),
        ("roads", "numbering", "右单左双", "odd_right"),
        ("doorplates", "status", " In_Use ", "in_use"),
        ("markers", "type_code", "ａ", "A"),
        ("boundary_lines", "level", "县级", "county"),
        ("inspections", "fix_type", "RTK", "rtk"),
        ("roads", "road_class", "", None),
    ],
)
def test_closed_lists_know_the_words_of_the_trade(layer: str, name: str, written: str, value: str | None) -> None:
    assert convert([written], layer, name) == ([value], [])


def test_words_outside_a_closed_list_are_refused_with_what_is_allowed() -> None:
    values, told = convert(["在用", "走了"], "markers", "status")
    assert values == [None, None]
    assert "走了" in told[1][1]
    assert "intact" in told[1][1]


def test_words_of_an_open_list_become_the_dictionarys_and_others_stay() -> None:
    kind = DICTIONARY["areas"].field_named("kind")
    converter = Converter(Refusals(), words_of("areas"), ("id",))
    found = converter.convert(pd.Series(["建成区", " 开发区", "built_up", "湿地", ""], dtype="str"), kind, "区域类型")
    assert found.iloc[:4].tolist() == ["built_up", "development_zone", "built_up", "湿地"]
    assert found.iloc[4:].fillna("").tolist() == [""]
    assert not converter.refusals.rows


def test_every_word_of_the_code_lists_stands_for_an_allowed_value() -> None:
    table = read_table("exchange/code_words.csv")
    for layer, name, word, value in table[["layer", "field", "word", "value"]].itertuples(index=False):
        layers = [layer] if isinstance(layer, str) else list(DICTIONARY)
        fields = [DICTIONARY[one].field_named(name) for one in layers]
        assert any(known and (value in known.allowed or not known.allowed) for known in fields), (layer, name, word)
    assert not table.duplicated(["layer", "field", "word"]).any()
    assert table["source"].notna().all()


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("120°45′12.3″", 120.7534166667),
        ("120°45'12.3\"", 120.7534166667),
        ("E120°45′12.3″", 120.7534166667),
        ("东经120度45分12.3秒", 120.7534166667),
        ("29º35' 24” N", 29.59),
        ("１２０°４５′", 120.75),
        ("120:45:12.3", 120.7534166667),
        ("120.7534°", 120.7534),
        ("120.7534", 120.7534),
        ("227°10′", 227.1666666667),
    ],
)
def test_angles_may_be_written_in_degrees_minutes_and_seconds(written: str, degrees: float) -> None:
    assert convert([written], "markers", "lon") == ([pytest.approx(degrees, abs=1e-9)], [])


@pytest.mark.parametrize("written", ["120°75′12″", "120°45′61″", "120°45.5′12″", "W120°45′12″", "约120°"])
def test_angles_that_are_none_are_refused(written: str) -> None:
    assert convert([written], "markers", "lon")[0] == [None]
    assert len(convert([written], "markers", "lon")[1]) == 1


@given(st.integers(73, 135), st.integers(0, 59), st.integers(0, 599_999))
def test_angles_come_back_as_written(degrees: int, minutes: int, seconds: int) -> None:
    written = f"{degrees}°{minutes:02}′{seconds / 10_000:07.4f}″"
    (found,), refused = convert([written], "markers", "lon")
    assert not refused
    rest = (found - degrees) * 60 - minutes
    assert rest * 60 == pytest.approx(seconds / 10_000, abs=2e-6)


def test_marks_mean_nothing_in_other_numbers() -> None:
    assert len(convert(["120°45′"], "markers", "easting")[1]) == 1
