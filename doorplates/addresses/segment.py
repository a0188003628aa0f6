"""Address texts → their segments, columns in and columns out.

Most texts are names followed by numbers: 嵊州市剡湖街道剡溪路 + 128号3幢501室. A county has far fewer different names and
shapes of numbers than addresses, so each is read once and the rest is gathered by place (``shapes``); only texts of
other shapes are read one by one. Both ways give the same (tested). The order of rows is that of the input.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from doorplates.addresses.lattice import Piece
from doorplates.addresses.lexicon import Lexicon
from doorplates.addresses.numbers import TOKEN, arabic, kind
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.reading import UNKNOWN, Reader, Reading
from doorplates.addresses.shapes import (
    Codes,
    Mask,
    Template,
    all_numbers,
    example,
    filled,
    odd_rows,
    part,
    template,
)
from doorplates.addresses.subnumbers import SubNumbers
from doorplates.addresses.text import JOINTS
from doorplates.grammar import STEMS
from doorplates.layers import SEGMENTS

COLUMNS = (*SEGMENTS, UNKNOWN)
FEW = 64
_ODD = re.compile("[^0-9A-Za-z\u4e00-\u9fff-]|--")
_NAMES = re.compile(f"(?:[\u4e00-\u9fff]*[^\\x00-\u4dff\ua000-\uffff临第附之负下室{STEMS}])?")
_NUMBERS = re.compile("(?:(?:[01]{1,5}-){0,2}[01]{1,5}(?:号楼|号|弄|组|幢|栋|单元|层|楼|室)?)*")
_BLANK_BEFORE_UNIT = re.compile(r"(?<=[0-9])\s+(?=号|幢|栋|单元|层|楼|室|弄|组|村民小组)")
_TWO_PLATES = re.compile("号(?!楼).*号(?!楼)")
_NAME_PARTS = ("rest", UNKNOWN)


class Segmenter:
    """Segments texts with a lexicon; keeps what it has read, so one segmenter serves a whole file."""

    def __init__(self, lexicon: Lexicon, personal: PersonalData) -> None:
        self.personal = personal
        self.reader = Reader(lexicon)
        self.apart = SubNumbers()
        self.once = _ReadOnce(self.reader, personal, self.apart)

    def segments(self, texts: pd.Series) -> pd.DataFrame:
        """``COLUMNS`` for every text, missing where there is nothing; the index is that of ``texts``.

        ``unknown`` names the parts, joined by ``;``, whose names are in no list and were told by their ending or place.
        """
        if len(texts) <= FEW:
            return self.one_by_one(texts)
        given = texts.fillna("").reset_index(drop=True).astype("str")
        odd = odd_rows(_arrow(given))
        cleaned = given.copy()
        cleaned[odd] = self._cleaned(given[odd]).fillna("")
        gathered, whole = self.once.gather(_arrow(cleaned))
        others = given[~whole].where(odd[~whole], self._cleaned(given[~whole])).where(~odd[~whole], cleaned[~whole])
        return _merged(gathered, whole, self._each(others)).set_axis(texts.index)

    def one_by_one(self, texts: pd.Series) -> pd.DataFrame:
        """The same as :meth:`segments` by the plain way, which the quick one is tested against."""
        return self._each(self._cleaned(texts.astype("str").reset_index(drop=True))).set_axis(texts.index)

    def one(self, text: str) -> tuple[dict[str, str], list[Piece]]:
        """The parts of one text that are there, by name as in ``COLUMNS``, and its pieces in the order written, each
        with its reason: the answer to "why this split". Much quicker than as a column.
        """
        reading = self.reader.read(_half_width(self.personal.cleaned(text)))
        return self.apart.row(reading.row()), reading.pieces

    def _each(self, cleaned: pd.Series) -> pd.DataFrame:
        codes, distinct = pd.factorize(cleaned)
        read = [self.reader.read(text).row() for text in distinct]
        self.apart.learn(row["plate_no"] for row in read if "plate_no" in row)
        rows = [self.apart.row(row) for row in read]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").reindex(codes)

    def _cleaned(self, texts: pd.Series) -> pd.Series:
        """Texts without personal data, in half width and with one sign for each dash."""
        cut_out = self.personal.search(texts)["cleaned"].dropna()
        cleaned = texts.copy()
        cleaned[cut_out.index] = cut_out.astype("str")
        odd = cleaned.str.contains(_ODD, regex=True).fillna(False).astype(bool)
        cleaned[odd] = [_half_width(text) for text in cleaned[odd]]
        return cleaned


@dataclass
class _ReadOnce:
    """Reads each head and each shape of numbers once, over all columns it is given."""

    reader: Reader
    personal: PersonalData
    apart: SubNumbers
    _simple: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _names: dict[tuple[str, str], Reading] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], dict[str, Template] | None] = field(default_factory=dict)

    def gather(self, texts: pa.LargeStringArray) -> tuple[dict[str, pa.LargeStringArray], Mask]:
        """Columns of those texts that are names and numbers only, and which texts these are."""
        parted = part(texts)
        simple = np.array([self._is_simple(word) for word in parted.words], dtype=bool).reshape(-1, 2)
        row = np.flatnonzero(simple[parted.heads, 0] & simple[parted.shapes, 1])
        kinds, before = _unique_texts([_first_kind(shape) for shape in parted.words])

        name_codes, keys = pd.factorize(parted.heads[row] * len(kinds) + before[parted.shapes[row]])
        names = [self._read_names(parted.words[key // len(kinds)], kinds[key % len(kinds)]) for key in keys]
        states, state = _unique_texts([f"{one.rank_of_names()}|{one.rank}|{','.join(one.parts)}" for one in names])

        number_codes, keys = pd.factorize(parted.shapes[row] * len(states) + state[name_codes])
        numbers = [self._read_numbers(parted.words[key // len(states)], states[key % len(states)]) for key in keys]

        sure = np.array([one is not None for one in numbers], dtype=bool)[number_codes]
        sure &= np.array([not one.adjoining for one in names], dtype=bool)[name_codes]
        whole = np.zeros(len(texts), dtype=bool)
        whole[row[sure]] = True
        row, name_codes, number_codes = row[sure], name_codes[sure], number_codes[sure]
        said, counted = [one.row() for one in names], [one or {} for one in numbers]
        columns = {
            name: _column(
                [one.get(name) for one in said],
                name_codes,
                [one.get(name) for one in counted],
                number_codes,
                parted.numbers[row],
            )
            for name in COLUMNS
        }
        return columns | self._plates(columns["plate_no"], columns["sub_no"]), whole

    def _plates(self, plate_no: pa.LargeStringArray, sub_no: pa.LargeStringArray) -> dict[str, pa.LargeStringArray]:
        """Plate numbers in canonical form with the sub-number apart, each distinct one read once."""
        encoded = plate_no.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        self.apart.learn(distinct)
        number, sub = (
            _arrow(pd.Series([self.apart.known[one][place] for one in distinct], dtype="str")).take(encoded.indices)
            for place in (0, 1)
        )
        return {"plate_no": number, "sub_no": pc.coalesce(sub_no, sub)}

    def _is_simple(self, word: str) -> tuple[bool, bool]:
        """Whether a head and whether a shape can be read apart from the rest of its text."""
        if word not in self._simple:
            harmless = not self.personal.hinted_apart(word)
            head = (
                harmless
                and _NAMES.fullmatch(word) is not None
                and TOKEN.search(word) is None
                and arabic(word + "号") == word + "号" == arabic(word) + "号"
            )
            shape = harmless and _NUMBERS.fullmatch(word) is not None and not _TWO_PLATES.search(word)
            self._simple[word] = (head, shape)
        return self._simple[word]

    def _read_names(self, head: str, before: str) -> Reading:
        """Names before the first number, whose kind is ``before``; ``adjoining`` is set where the text has to be read
        as a whole.
        """
        if (head, before) not in self._names:
            reading = Reading()
            self.reader.names(head, before, reading)
            self._names[head, before] = reading
        return self._names[head, before]

    def _read_numbers(self, shape: str, state: str) -> dict[str, Template] | None:
        """What the numbers of a shape stand for after the names that ``state`` tells of; None where a text has to be
        read as a whole.
        """
        if (shape, state) not in self._numbers:
            rising, falling = example(shape), example(shape, falling=True)
            first, second = self._read_example(rising, state), self._read_example(falling, state)
            made = {name: template(value, rising) for name, value in (first or {}).items()}
            sure = {name: one for name, one in made.items() if one is not None}
            same = {name: filled(one, falling) for name, one in sure.items()} == second
            self._numbers[shape, state] = sure if first is not None and len(sure) == len(made) and same else None
        return self._numbers[shape, state]

    def _read_example(self, text: str, state: str) -> dict[str, str] | None:
        _, rank, known = state.split("|")
        before = [name for name in known.split(",") if name]
        reading = Reading(parts=dict.fromkeys(before, ""), rank=int(rank))
        self.reader.stretch(text, reading)
        if reading.rest or any(reading.parts[name] for name in before):
            return None
        return {name: value for name, value in reading.parts.items() if name not in before}


def _first_kind(shape: str) -> str:
    first = TOKEN.match(shape)
    return kind(first) if first else ""


def _unique_texts(texts: list[str]) -> tuple[list[str], Codes]:
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    return list(distinct), codes


def _column(
    named: list[str | None],
    name_codes: Codes,
    counted: list[Template | None],
    number_codes: Codes,
    numbers: Codes,
) -> pa.LargeStringArray:
    """One column: by row the value its names have, else what is made of its numbers."""
    words = [all_numbers()]
    codes = np.full(len(numbers), -1, dtype=np.int64)
    templates = dict.fromkeys(one for one in counted if one is not None)
    place = {one: at for at, one in enumerate(templates)}
    by_row = np.array([-1 if one is None else place[one] for one in counted], dtype=np.int64)[number_codes]
    for one, at in place.items():
        row = np.flatnonzero(by_row == at)
        if len(one) == 1 and isinstance(one[0], int):
            codes[row] = numbers[row, one[0]]
        else:
            pieces = [
                all_numbers().take(pa.array(numbers[row, it])) if isinstance(it, int) else _text(it) for it in one
            ]
            joined = pc.binary_join_element_wise(*pieces, _text("")).dictionary_encode()
            codes[row] = joined.indices.to_numpy() + sum(map(len, words))
            words.append(joined.dictionary.cast(pa.large_string()))
    said = pa.array(named, type=pa.large_string())
    known = said.is_valid().to_numpy(zero_copy_only=False)[name_codes] if len(said) else np.zeros(0, dtype=bool)
    codes[known] = name_codes[known] + sum(map(len, words))
    if (codes < 0).all():
        return pa.nulls(len(codes), pa.large_string())
    return pa.concat_arrays([*words, said]).take(pa.array(codes, mask=codes < 0))


def _merged(gathered: dict[str, pa.LargeStringArray], whole: Mask, others: pd.DataFrame) -> pd.DataFrame:
    """Both kinds of rows in the order of the input."""
    order = np.argsort(np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)]))
    columns = {}
    for name in COLUMNS:
        column = gathered[name]
        if len(others):
            column = pa.concat_arrays([column, _arrow(others[name])]).take(pa.array(order))
        columns[name] = pd.array(column, dtype="str")
    return pd.DataFrame(columns)


def _half_width(text: str) -> str:
    """One sign for each dash, half width, and no blank between a number and its word."""
    if not _ODD.search(text):
        return text
    plain = _BLANK_BEFORE_UNIT.sub("", unicodedata.normalize("NFKC", text))
    return re.sub("--+", "-", re.sub(f"[{JOINTS}]+", "-", plain))


def _text(value: str) -> pa.LargeStringScalar:
    return pa.scalar(value, type=pa.large_string())


def _arrow(texts: pd.Series) -> pa.LargeStringArray:
    array = pa.array(texts, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
