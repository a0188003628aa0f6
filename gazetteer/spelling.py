"""Romanisation of names by 中国地名汉语拼音字母拼写规则（汉语地名部分）, 1984. Numbers in comments are its rules.

A name is taken as body + ordinal + modifiers + generic part; the rules say which of them are written together. Some
leave a choice (学府南路: Xuéfǔ Nánlù or Xuéfǔnán Lù; ordinals in digits or spelt out): the first form is proposed,
all of them pass.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, groupby

from gazetteer.reading import Lexicon, Syllable

VOWELS = ("a", "o", "e")
TONES = "\u0304\u0301\u030c\u0300"
DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}
ORDINAL = re.compile(
    r"(?P<body>.*?)(?P<prefix>第?)(?P<number>(?<![零一二三四五六七八九十百])(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])|[0-9]+)$"
)
FIGURES = re.compile(r"[0-9A-Za-z]")
LONG_BODY = 4
TOGETHER = "natural_village"
EITHER_WAY = "village_seat"

Unit = Syllable | str
Word = tuple[Unit, ...]
Form = tuple[Word, ...]


@dataclass(frozen=True)
class Modifiers:
    """One-character words that join the generic part (rule 2): directions need a body of two characters before them,
    shapes (小, 直, 横, and 马, 环 of ordinal roads) do not.
    """

    directions: frozenset[str]
    shapes: frozenset[str]


@dataclass(frozen=True)
class Spelling:
    """Forms of one name; the first is the proposed one. ``loose``: words may also be divided elsewhere."""

    forms: tuple[Form, ...]
    loose: bool = False

    @cached_property
    def pinyin(self) -> str:
        """The proposed form with tone marks."""
        return " ".join(_written(word) for word in self.forms[0]).replace("Dì ", "Dì-") if self.forms else ""

    @property
    def ascii(self) -> str:
        """The proposed form without tone marks, ü as v."""
        return plain_letters(self.pinyin)

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Characters whose reading nothing settles."""
        return tuple(dict.fromkeys(unit.char for unit in self._units() if isinstance(unit, Syllable) and unit.asked))

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        """All syllables in order, digits left out."""
        return tuple(unit for unit in self._units() if isinstance(unit, Syllable))

    def _units(self) -> Word:
        return tuple(chain.from_iterable(self.forms[-1])) if self.forms else ()

    def accepts(self, written: str) -> bool:
        """Whether ``written`` is one of the forms, any open reading allowed."""
        given = unicodedata.normalize("NFC", written.strip()).replace("’", "'").replace("Dì-", "Dì ")
        if given == self.pinyin:
            return True
        if self._is_settled and letters(given) != letters(self.pinyin):
            return False
        return any(re.fullmatch(" ".join(self._pattern(word) for word in form), given) for form in self.forms)

    @cached_property
    def _is_settled(self) -> bool:
        """Whether all forms have the same letters: no character with a choice of readings, no ordinal."""
        return all(len(unit.options) == 1 for unit in self.syllables) and not any(
            isinstance(unit, str) for form in self.forms for word in form for unit in word
        )

    def _pattern(self, word: Word) -> str:
        loose = self.loose or len(word) >= LONG_BODY
        pieces = [_options(word[0], capital=True, apart=False)]
        for unit in word[1:]:
            joined = _options(unit, capital=False, apart=True)
            pieces.append(f"(?:{joined}| {_options(unit, capital=True, apart=False)})" if loose else joined)
        return "".join(pieces)


def spell(specific: str, generic: str | None, kind: str | None, lexicon: Lexicon, modifiers: Modifiers) -> Spelling:
    """Spelling of a name given by its parts; ``generic`` None: the whole name is ``specific``."""
    if kind == TOGETHER:  # 3
        return Spelling(((_units(specific + (generic or ""), lexicon),),))
    if not generic:
        return Spelling((_figures_apart(_units(specific, lexicon)),), loose=True)
    if kind != "road":
        divided = (*_figures_apart(_units(specific, lexicon)), _units(generic, lexicon))
        joined = (tuple(chain.from_iterable(divided)),)
        return Spelling((divided, joined) if kind == EITHER_WAY else (divided,))  # 1
    return Spelling(tuple(dict.fromkeys(_road_forms(specific, generic, lexicon, modifiers))))


def _road_forms(specific: str, generic: str, lexicon: Lexicon, modifiers: Modifiers) -> list[Form]:
    body, between, end = _modified(specific, generic, modifiers)
    ordinal = ORDINAL.fullmatch(body)
    tail = (*_units(between, lexicon), *_units(end, lexicon))
    if ordinal is None:
        head = _units(body, lexicon)
        forms: list[Form] = [(head, tail)]
        if between:
            forms.append(((*head, *_units(between, lexicon)), _units(end, lexicon)))
        return forms
    head = _units(ordinal["body"], lexicon)
    front = (head,) if head else ()
    mark = _units(ordinal["prefix"], lexicon)
    digits = (str(value_of(ordinal["number"])),)
    number = _units(ordinal["number"], lexicon) if not ordinal["number"].isdigit() else digits
    in_digits = (*front, *((mark,) if mark else ()), digits, tail)  # 7
    if number == digits:
        lane = (*(_units(part, lexicon) for part in _lane(ordinal["body"])), digits, tail)
        return [in_digits, lane]
    spelt = (*mark, *number)
    return [
        in_digits,
        (*front, (*spelt, *tail)),
        (*front, spelt, tail),
        ((*head, *spelt), tail),
        ((*head, *spelt, *_units(between, lexicon)), _units(end, lexicon)),
    ]


def _figures_apart(word: Word) -> Form:
    """Figures of a name as words of their own (7)."""
    return tuple(tuple(run) for _, run in groupby(word, key=lambda unit: isinstance(unit, str)))


def _lane(body: str) -> tuple[str, ...]:
    """Body of a lane named by a road and a number, divided before the road's own last character (剡溪 | 路)."""
    return (body[:-1], body[-1]) if len(body) > 1 else (body,)


def _modified(specific: str, generic: str, modifiers: Modifiers) -> tuple[str, str, str]:
    """Body, modifiers and bare generic part (2)."""
    whole, cut = specific, len(specific)
    if len(generic) > 1 and generic[0] in modifiers.directions | modifiers.shapes and generic[0] != "大":
        whole, generic = specific + generic[0], generic[1:]
        cut = len(specific)
    while cut > 1 and (
        (whole[cut - 1] in modifiers.directions and cut > 2)
        or (whole[cut - 1] in modifiers.shapes and (cut == len(whole) or cut > 2))
    ):
        cut -= 1
    return whole[:cut], whole[cut:], generic


def value_of(number: str) -> int:
    """Value of an ordinal below a hundred, in Chinese or Arabic digits."""
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    return (DIGITS[tens] if tens else 1 if ten else 0) * 10 + (DIGITS[ones] if ones else 0)


def _units(text: str, lexicon: Lexicon) -> Word:
    """Syllables of the Chinese runs, other runs as they are."""
    if not FIGURES.search(text):
        return lexicon.read(text)
    units: list[Unit] = []
    for run in re.findall(r"[0-9A-Za-z]+|[^0-9A-Za-z]+", text):
        units += [run] if re.match(r"[0-9A-Za-z]", run) else lexicon.read(run)
    return tuple(units)


def _written(word: Word) -> str:
    parts = [_text(unit) for unit in word]
    joined = parts[0] + "".join(
        ("'" if isinstance(unit, Syllable) and _begins_with_vowel(part) else "") + part
        for unit, part in zip(word[1:], parts[1:], strict=True)
    )
    return joined[:1].upper() + joined[1:]  # 10, 11


def _text(unit: Unit) -> str:
    return unit.reading if isinstance(unit, Syllable) else unit


def _options(unit: Unit, *, capital: bool, apart: bool) -> str:
    if isinstance(unit, str):
        return re.escape(unit)
    forms = [one[:1].upper() + one[1:] if capital else one for one in unit.options]
    return "(?:" + "|".join(("'" if apart and _begins_with_vowel(one) else "") + re.escape(one) for one in forms) + ")"


@cache
def _begins_with_vowel(syllable: str) -> bool:
    return plain_letters(syllable)[:1] in VOWELS


def letters(text: str) -> str:
    """Letters with their tone marks in lower case, without blanks, hyphens and apostrophes."""
    return re.sub(r"[\s'’-]", "", unicodedata.normalize("NFC", text)).lower()


def without_tones(text: str) -> str:
    """Letters without tone marks; ü stays."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if char not in TONES)
    return unicodedata.normalize("NFC", bare)


def plain_letters(text: str) -> str:
    """Letters of the English alphabet: no tone marks, ü as v."""
    return without_tones(text).replace("ü", "v").replace("Ü", "V")
