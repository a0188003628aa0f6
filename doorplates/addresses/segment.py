"""Address texts → their segments, columns in and columns out.

Most texts are names followed by numbers: 嵊州市剡湖街道剡溪路 + 128号3幢501室. A county has far fewer different names and
numbers than addresses, so both are read once each and gathered; only texts of other shapes are read one by one. Both
ways give the same (tested). The order of rows is that of the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from doorplates.addresses.lattice import Piece
from doorplates.addresses.lexicon import Lexicon
from doorplates.addresses.numbers import TOKEN, arabic, kind
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.reading import Reader, Reading
from doorplates.addresses.text import JOINTS
from doorplates.grammar import STEMS, parse_numbers
from doorplates.layers import SEGMENTS

_NUMBER = "[0-9][0-9A-Za-z#-]*"
_NAMES_THEN_NUMBERS = (
    f"^[\u4e00-\u9fff]*[^\\x00-\u4dff\ua000-\uffff临第附之负下{STEMS}]{_NUMBER}"
    "(?:(?:号楼|号|弄|组|幢|栋|单元|层|楼|座|室|附|之)[0-9A-Za-z#-]*)*$"
)
_ODD = "[^0-9A-Za-z\u4e00-\u9fff-]|--"


class Segmenter:
    """Segments texts with a lexicon; keeps what it has cut, so one segmenter serves a whole file."""

    def __init__(self, lexicon: Lexicon, personal: PersonalData) -> None:
        self.personal = personal
        self.reader = Reader(lexicon)

    def segments(self, texts: pd.Series) -> pd.DataFrame:
        """The columns ``SEGMENTS`` for every text, missing where there is nothing; the index is that of ``texts``."""
        codes, distinct = pd.factorize(texts)
        cleaned = self._cleaned(pd.Series(distinct, dtype="str"))
        simple = cleaned.str.contains(_NAMES_THEN_NUMBERS, regex=True).fillna(False).astype(bool)
        gathered = _Gathered.of(cleaned[simple], self.reader)
        columns = gathered.columns.reindex(cleaned.index)
        others = cleaned[~cleaned.index.isin(gathered.columns.index)]
        columns.loc[others.index] = self._each(others)
        return columns.reindex(codes).set_axis(texts.index)

    def one_by_one(self, texts: pd.Series) -> pd.DataFrame:
        """The same as :meth:`segments` by the plain way, which the quick one is tested against."""
        return self._each(self._cleaned(texts.astype("str")))

    def _each(self, cleaned: pd.Series) -> pd.DataFrame:
        return _frame([self.reader.read(text).row() for text in cleaned.tolist()], cleaned.index)

    def why(self, text: str) -> list[Piece]:
        """The pieces of one text in the order written, with the reason for each: the answer to "why this split"."""
        return self.reader.read(self._cleaned(pd.Series([text], dtype="str")).iloc[0]).pieces

    def _cleaned(self, texts: pd.Series) -> pd.Series:
        cut_out = self.personal.search(texts)["cleaned"].dropna()
        cleaned = texts.copy()
        cleaned[cut_out.index] = cut_out.astype("str")
        odd = cleaned.str.contains(_ODD, regex=True).fillna(False).astype(bool)
        half = cleaned[odd].str.normalize("NFKC").str.replace(f"[{JOINTS}]+", "-", regex=True)
        cleaned[odd] = half.str.replace("--+", "-", regex=True)
        return cleaned


@dataclass(frozen=True)
class _Gathered:
    """Segments of texts that are names followed by numbers; texts that turned out to be more are absent."""

    columns: pd.DataFrame

    @classmethod
    def of(cls, texts: pd.Series, reader: Reader) -> _Gathered:
        heads = texts.str.replace("[0-9].*", "", regex=True)
        tails = pd.Series(
            [text[len(head) :] for text, head in zip(texts.tolist(), heads.tolist(), strict=True)], dtype="str"
        )
        tail_codes, distinct_tails = pd.factorize(tails)
        first = [TOKEN.match(tail) for tail in distinct_tails]
        before = np.array(["" if token is None else kind(token) for token in first], dtype=object)

        head_codes, keys = pd.factorize(heads.to_numpy(dtype=object) + "|" + before[tail_codes])
        names = [_names(key, reader) for key in keys]
        states = np.array([f"{one.rank}|{','.join(one.parts)}" for one in names], dtype=object)

        number_codes, keys = pd.factorize(tails.to_numpy(dtype=object) + "|" + states[head_codes])
        numbers = [_numbers(key, reader) for key in keys]
        whole = np.array([before[code] != "" for code in tail_codes], dtype=bool)
        whole &= np.array([not one.adjoining for one in names], dtype=bool)[head_codes]
        whole &= np.array([not one.rest for one in numbers], dtype=bool)[number_codes]

        said = _frame([one.row() for one in names]).take(head_codes[whole])
        counted = _frame([one.row() for one in numbers]).take(number_codes[whole])
        index = texts.index[whole]
        return cls(said.set_axis(index).fillna(counted.set_axis(index)))


def _names(key: str, reader: Reader) -> Reading:
    """Names before the first number; ``key`` is them and the kind of that number. ``adjoining`` is set where a text has to be read as a whole."""
    head, before = key.split("|")
    reading = Reading()
    reader.names(head, before, reading)
    reading.adjoining |= arabic(head + "号") != head + "号" or arabic(head) != head
    return reading


def _numbers(key: str, reader: Reader) -> Reading:
    """Numbers after names; ``key`` is them, the rank and the parts that were read before and are left out here."""
    tail, rank, known = key.split("|")
    before = [part for part in known.split(",") if part]
    reading = Reading(parts=dict.fromkeys(before, ""), rank=int(rank))
    reader.stretch(tail, reading)
    for part in before:
        del reading.parts[part]
    return reading


def _frame(rows: list[dict[str, str]], index: pd.Index | None = None) -> pd.DataFrame:
    """Rows of parts as columns, plate numbers in canonical form with the sub-number apart: 12号附3 → 12 and 3."""
    columns = pd.DataFrame(rows, columns=list(SEGMENTS), index=index, dtype="str")
    parsed = parse_numbers(columns["plate_no"])
    whole = parsed["canonical"].fillna(columns["plate_no"])
    is_sub = parsed["kind"].eq("sub") & parsed["main"].notna() & parsed["sub"].notna()
    number = whole.where(~is_sub, parsed["main"].astype("str"))
    sub = columns["sub_no"].fillna(parsed["sub"].astype("str").where(is_sub))
    return columns.assign(plate_no=number.astype("str"), sub_no=sub.astype("str"))
