"""How the characters of a name are read: local words first, then the dictionary of phrases, then each character.

The dictionary is pypinyin's; its import takes a while, so it is loaded when the first name is read. Words and
polyphones come from tables, since place names keep readings of their own (会稽 Kuàijī, 弄 lòng).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import pandas as pd

TABLES = ("readings", "local_readings", "polyphones")


@dataclass(frozen=True)
class Syllable:
    """One character's reading with tone mark. ``options`` are all readings that may be right, the chosen one first;
    ``asked``: nothing settles which, and no reading is the usual one.
    """

    char: str
    options: tuple[str, ...]
    asked: bool = False

    @property
    def reading(self) -> str:
        """The chosen reading."""
        return self.options[0]


@dataclass(frozen=True)
class Polyphone:
    """A character of several readings in place names; ``default`` is empty where none is the usual one."""

    default: str
    readings: tuple[str, ...]
    phrase_settles: bool


class Lexicon:
    """Readings of words and of polyphones, from the profile's tables."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], polyphones: Mapping[str, Polyphone]) -> None:
        self.words = words
        self.polyphones = polyphones
        longest_first = sorted(words, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(word) for word in longest_first) or r"(?!)")
        self.read = lru_cache(maxsize=None)(self._read)
        self._of_phrase = lru_cache(maxsize=None)(self._read_phrase)

    @classmethod
    def from_tables(cls, readings: pd.DataFrame, local: pd.DataFrame, polyphones: pd.DataFrame) -> Lexicon:
        """``readings`` and ``local`` have ``word``, ``reading``; the local ones win. ``polyphones`` has ``char``,
        ``default``, ``readings``, ``phrase_settles``.
        """
        words: dict[str, tuple[str, ...]] = {}
        for table in (readings, local):
            for word, reading in zip(table["word"], table["reading"], strict=True):
                words[word] = tuple(reading.split())
        rows = zip(*(polyphones[name] for name in ("char", "default", "readings", "phrase_settles")), strict=True)
        return cls(
            words,
            {
                char: Polyphone(default if isinstance(default, str) else "", tuple(several.split()), settles == "yes")
                for char, default, several, settles in rows
            },
        )

    def _read(self, text: str) -> tuple[Syllable, ...]:
        """One syllable for each character of ``text`` (Chinese characters only)."""
        found: list[Syllable] = []
        start = 0
        for match in self._pattern.finditer(text):
            found += self._by_dictionary(text[start : match.start()])
            found += [Syllable(char, (one,)) for char, one in zip(match[0], self.words[match[0]], strict=True)]
            start = match.end()
        return tuple(found + self._by_dictionary(text[start:]))

    def _by_dictionary(self, text: str) -> list[Syllable]:
        if not text:
            return []
        from pypinyin.seg import mmseg  # noqa: PLC0415 - heavy, see above

        return list(chain.from_iterable(self._of_phrase(phrase) for phrase in mmseg.seg.cut(text)))

    def _read_phrase(self, phrase: str) -> tuple[Syllable, ...]:
        from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

        readings = lazy_pinyin(phrase, style=Style.TONE)
        if len(readings) != len(phrase):
            readings = [lazy_pinyin(char, style=Style.TONE)[0] for char in phrase]
        return tuple(self._syllable(char, one, phrase) for char, one in zip(phrase, readings, strict=True))

    def _syllable(self, char: str, reading: str, phrase: str) -> Syllable:
        known = self.polyphones.get(char)
        if known is None or (len(phrase) > 1 and known.phrase_settles):
            return Syllable(char, (reading,))
        chosen = known.default or known.readings[0]
        return Syllable(char, (chosen, *(one for one in known.readings if one != chosen)), asked=not known.default)
