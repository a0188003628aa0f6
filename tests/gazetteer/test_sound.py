"""Bands of likeness against the pairs of ``sounds.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gazetteer.sound import BANDS, in_words
from register.cases.names import compare

PAIRS = tomllib.loads((Path(__file__).parent / "sounds.toml").read_text(encoding="utf-8"))
cases = [pytest.param(first, second, band, id=f"{first}-{second}") for band in BANDS for first, second in PAIRS[band]]


@pytest.mark.parametrize(("first", "second", "band"), cases)
def test_pair_is_in_its_band_either_way(first: str, second: str, band: str) -> None:
    for one, other in ((first, second), (second, first)):
        found, why = compare(one, other)
        assert found == band, why.en


def test_there_are_sixty_pairs() -> None:
    assert len(cases) >= 60


@pytest.mark.parametrize(
    ("number", "words"), [("7", "七"), ("10", "十"), ("12", "十二"), ("30", "三十"), ("104", "一零四")]
)
def test_numbers_are_read(number: str, words: str) -> None:
    assert in_words(number) == words
