"""Address texts → their segments, columns in and columns out.

Each distinct text is read once, and within texts each distinct run of names is cut once: a county has far fewer
streets than addresses. The order of rows is that of the input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from doorplates.addresses.lattice import RANK, Piece, cut
from doorplates.addresses.lexicon import Lexicon
from doorplates.addresses.numbers import TOKEN, arabic, kind, meaning
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.text import JOINTS
from doorplates.grammar import parse_numbers
from doorplates.layers import SEGMENTS

_SEPARATORS = re.compile(r"[\s,;|/。:>]+|(?<![0-9])[、.-](?=[^0-9])|(?<=[^0-9])-(?=[^0-9])")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


@dataclass
class Segmenter:
    """Segments texts with a lexicon; keeps what it has cut, so one segmenter serves a whole file."""

    lexicon: Lexicon
    personal: PersonalData
    _cuts: dict[tuple[str, int, str], tuple[Piece, ...]] = field(default_factory=dict)

    def segments(self, texts: pd.Series) -> pd.DataFrame:
        """The columns ``SEGMENTS`` for every text, missing where there is nothing; the index is that of ``texts``."""
        codes, distinct = pd.factorize(texts)
        cleaned = self._cleaned(pd.Series(distinct, dtype="str"))
        found = [self._read(text).row() for text in cleaned.tolist()]
        columns = pd.DataFrame(found, columns=list(SEGMENTS), dtype="str")
        return _with_sub_numbers(columns).reindex(codes).set_axis(texts.index)

    def why(self, text: str) -> list[Piece]:
        """The pieces of one text in the order written, with the reason for each: the answer to "why this split"."""
        return self._read(self._cleaned(pd.Series([text], dtype="str")).iloc[0]).pieces

    def _cleaned(self, texts: pd.Series) -> pd.Series:
        cut_out = self.personal.search(texts)["cleaned"].dropna()
        bare = texts.where(~texts.index.isin(cut_out.index), cut_out.reindex(texts.index))
        half = bare.astype("str").str.normalize("NFKC").str.replace(f"[{JOINTS}]+", "-", regex=True)
        return half.str.replace(r"--+", "-", regex=True)

    def _read(self, text: str | float) -> _Reading:
        reading = _Reading()
        if isinstance(text, str):
            bare = _BRACKETS.sub(" ", text) if "(" in text or "[" in text else text
            for stretch in arabic(_SEPARATORS.sub(" ", bare)).split():
                self._stretch(stretch, reading)
            reading.rest += [one or other for one, other in _BRACKETS.findall(text)] if bare is not text else []
        return reading

    def _stretch(self, text: str, reading: _Reading) -> None:
        place = 0
        reading.adjoining = False
        for token in TOKEN.finditer(text):
            self._names(text[place : token.start()], kind(token), reading)
            reading.number(token)
            place = token.end()
        self._names(text[place:], "", reading)

    def _names(self, run: str, before: str, reading: _Reading) -> None:
        if run:
            key = (run, reading.rank, before)
            if key not in self._cuts:
                self._cuts[key] = cut(run, self.lexicon, rank=reading.rank, before=before)
            for piece in self._cuts[key]:
                reading.name(piece)


@dataclass
class _Reading:
    """What has been read of one text. ``rank`` is that of the last part in ``ORDER``; ``adjoining`` says that the last
    piece was a leftover and that what follows it belongs to the same remark when it is one, too.
    """

    parts: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    rank: int = -1
    adjoining: bool = False

    def name(self, piece: Piece) -> None:
        """Take in a cut of a run of names. A name that was read before is a repetition and is dropped."""
        self.pieces.append(piece)
        if self.parts.get(piece.part) == piece.value or (piece.part == "rest" and piece.text in self.parts.values()):
            self.adjoining = False
        elif piece.part == "rest" or piece.part in self.parts:
            self._leave(piece.text)
        else:
            self.parts[piece.part] = piece.value
            self.rank = max(self.rank, RANK[piece.part])
            self.adjoining = False

    def number(self, token: re.Match[str]) -> None:
        """Take in a number."""
        parts = meaning(token, self.parts)
        if not parts or parts.keys() & self.parts.keys():
            self._leave(token[0])
            return
        self.pieces += [Piece(part, token[0], value, 0.0, "number") for part, value in parts.items()]
        self.parts.update(parts)
        self.rank = max(self.rank, *(RANK.get(part, RANK["building"]) for part in parts))
        self.adjoining = False

    def _leave(self, text: str) -> None:
        if self.adjoining:
            self.rest[-1] += text
        else:
            self.rest.append(text)
        self.adjoining = True

    def row(self) -> dict[str, str]:
        """The parts by name, the leftovers joined by blanks."""
        return {**self.parts, "rest": " ".join(self.rest)} if self.rest else self.parts


def _with_sub_numbers(columns: pd.DataFrame) -> pd.DataFrame:
    """Plate numbers in canonical form, sub-numbers in their own column: 12号附3 → 12 and 3."""
    parsed = parse_numbers(columns["plate_no"])
    whole = parsed["canonical"].fillna(columns["plate_no"])
    is_sub = parsed["kind"].eq("sub") & parsed["main"].notna() & parsed["sub"].notna()
    number = whole.where(~is_sub, parsed["main"].astype("str"))
    sub = columns["sub_no"].fillna(parsed["sub"].astype("str").where(is_sub))
    return columns.assign(plate_no=number.astype("str"), sub_no=sub.astype("str"))
