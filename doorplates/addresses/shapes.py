"""Columns of address texts taken apart at their numbers, on the bytes they are stored in.

A text is a *head*, the names before its first digit, and a *tail*. The *shape* of a tail is the tail with every digit
written 1 and the leading zeros of its numbers 0: 128号3幢 has the shape 111号1幢. A county has far fewer heads and
shapes than addresses; its numbers are kept apart, as places in the list of all numbers of up to five digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LONGEST_NUMBER = 5
MOST_NUMBERS = 8
_ZERO, _ONE, _DASH = ord("0"), ord("1"), ord("-")
_FIRST_OF_LENGTH = np.cumsum([0, 0, *(10**length for length in range(1, LONGEST_NUMBER + 1))])
_RUN = re.compile("[01]+")
_DIGITS = re.compile("[0-9]+")

Codes = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Template = tuple[int | str, ...]


@dataclass(frozen=True)
class Parted:
    """``words``: heads and shapes, each once. ``heads`` and ``shapes``: their places in ``words``, by row.
    ``numbers``: the numbers of each row in order, as places in :func:`all_numbers`, -1 where there is none.
    """

    words: list[str]
    heads: Codes
    shapes: Codes
    numbers: Codes


@cache
def all_numbers() -> pa.LargeStringArray:
    """Every number of one to five digits, leading zeros included: 0 … 9, 00 … 99, and so on."""
    digits = [
        pc.utf8_lpad(pa.array(np.arange(10**length)).cast(pa.large_string()), width=length, padding="0")
        for length in range(1, LONGEST_NUMBER + 1)
    ]
    return pa.concat_arrays(digits)


def part(texts: pa.LargeStringArray) -> Parted:
    """Take texts (none missing) apart. Numbers beyond the eighth and of more than five digits are left out; their
    shapes still show them.
    """
    data, offsets = _bytes_of(texts)
    rows = len(texts)
    digit = (data - _ZERO) < 10  # bytes below 0 wrap around
    begins, ends = digit.copy(), digit.copy()
    begins[1:] &= ~digit[:-1]
    ends[:-1] &= ~digit[1:]
    filled = offsets[:-1] < offsets[1:]
    begins[offsets[:-1][filled]] = digit[offsets[:-1][filled]]
    ends[offsets[1:][filled] - 1] = digit[offsets[1:][filled] - 1]
    start, end = np.flatnonzero(begins), np.flatnonzero(ends) + 1

    row = np.searchsorted(offsets, start, side="right") - 1
    count = np.bincount(row, minlength=rows)
    first = np.cumsum(count) - count
    place = np.arange(len(start)) - first[row]
    numbers = np.full((rows, MOST_NUMBERS), -1, dtype=np.int64)
    kept = (place < MOST_NUMBERS) & (end - start <= LONGEST_NUMBER)
    numbers[row[kept], place[kept]] = _codes(data, start[kept], end[kept] - start[kept])

    shape = data.copy()
    shape[digit] = _ONE
    leading = start[data[start] == _ZERO]
    shape[leading] = _ZERO
    cut = offsets[1:].copy()
    cut[count > 0] = start[first[count > 0]]
    cuts = np.empty(2 * rows + 1, dtype=np.int64)
    cuts[0::2], cuts[1::2] = offsets, cut
    halves = pa.LargeStringArray.from_buffers(2 * rows, pa.py_buffer(cuts), pa.py_buffer(shape)).dictionary_encode()
    places = halves.indices.to_numpy().astype(np.int64)
    return Parted(halves.dictionary.to_pylist(), places[0::2], places[1::2], numbers)


def odd_rows(texts: pa.LargeStringArray) -> Mask:
    """Texts (none missing) that hold more than Chinese characters, ASCII letters, digits and single dashes."""
    data, offsets = _bytes_of(texts)
    odd = _ODD_BYTES[data]
    odd[:-1] |= (data[:-1] == 0xE4) & (data[1:] < 0xB8)  # U+4000 to U+4DFF
    odd[:-1] |= (data[:-1] == _DASH) & (data[1:] == _DASH)
    found = np.zeros(len(texts), dtype=bool)
    found[np.searchsorted(offsets, np.flatnonzero(odd), side="right") - 1] = True
    return found


def example(shape: str, *, falling: bool = False) -> str:
    """A text of that shape whose numbers all differ; a falling one has other numbers than a rising one."""
    place = -1

    def number(run: re.Match[str]) -> str:
        nonlocal place
        place += 1
        length = len(run[0])
        if run[0][0] == "0":
            return "0" + "0" * (length - 2) + str(place + 1) if length > 1 else "0"
        return str(10**length - 1 - place if falling else 10 ** (length - 1) + place)

    return _RUN.sub(number, shape)


def template(value: str, text: str) -> Template | None:
    """How ``value`` is made of the numbers of ``text``: literals, and the places of numbers; None if it cannot be told."""
    numbers = _DIGITS.findall(text)
    made: list[int | str] = []
    end = 0
    for run in _DIGITS.finditer(value):
        if numbers.count(run[0]) != 1:
            return None
        made += [value[end : run.start()], numbers.index(run[0])]
        end = run.end()
    made.append(value[end:])
    return tuple(one for one in made if one != "")


def filled(pattern: Template, text: str) -> str:
    """The value that ``pattern`` gives with the numbers of ``text``."""
    numbers = _DIGITS.findall(text)
    return "".join(numbers[one] if isinstance(one, int) else one for one in pattern)


def _bytes_of(texts: pa.LargeStringArray) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], Codes]:
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(data if data is not None else b"", dtype=np.uint8)
    return held[ends[0] : ends[-1]], ends - ends[0]


def _codes(data: np.ndarray[Any, np.dtype[np.uint8]], start: Codes, length: Codes) -> Codes:
    value = np.zeros(len(start), dtype=np.int64)
    for place in range(LONGEST_NUMBER):
        inside = length > place
        value[inside] = 10 * value[inside] + data[start[inside] + place] - _ZERO
    return np.asarray(_FIRST_OF_LENGTH[length] + value)


_ODD_BYTES = np.array(
    [not (chr(byte).isalnum() or byte == _DASH) if byte < 0x80 else not (0x80 <= byte < 0xC0 or 0xE4 <= byte <= 0xE9)
     for byte in range(256)]
)  # fmt: skip
