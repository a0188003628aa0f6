"""The spelling rules against the pairs of ``romanisations.toml``, and what must hold for any name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.spelling import plain_letters, value_of, without_tones
from tests.gazetteer.names import spelling_of

PAIRS = tomllib.loads((Path(__file__).parent / "romanisations.toml").read_text(encoding="utf-8"))["name"]
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])


@each_pair
def test_proposed_form_is_the_rules_own(pair: dict[str, Any]) -> None:
    assert spelling_of(pair["name"], pair["kind"]).pinyin == pair["pinyin"]


@each_pair
def test_all_allowed_forms_pass_and_no_other(pair: dict[str, Any]) -> None:
    spelling = spelling_of(pair["name"], pair["kind"])
    assert all(spelling.accepts(form) for form in (pair["pinyin"], *pair.get("also", ())))
    assert [form for form in pair.get("wrong", ()) if spelling.accepts(form)] == []


@each_pair
def test_open_readings_are_named(pair: dict[str, Any]) -> None:
    assert list(spelling_of(pair["name"], pair["kind"]).uncertain) == pair.get("uncertain", [])


def test_there_are_sixty_pairs() -> None:
    assert len(PAIRS) >= 60


@settings(deadline=None)
@given(st.text("剡溪长安西南东绿女路街弄一二三十江重堡岙", min_size=1, max_size=8))
def test_any_name_accepts_its_own_proposal(name: str) -> None:
    for kind in ("road", "natural_village", "estate_building", "village_seat"):
        spelling = spelling_of(name, kind)
        assert spelling.accepts(spelling.pinyin)
        assert spelling.ascii.isascii()


def test_tones_go_and_u_umlaut_stays() -> None:
    assert without_tones("Lǜchéng") == "Lücheng"
    assert plain_letters("Lǜchéng") == "Lvcheng"


@pytest.mark.parametrize(
    ("number", "value"), [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("12", 12)]
)
def test_ordinals_have_their_value(number: str, value: int) -> None:
    assert value_of(number) == value
