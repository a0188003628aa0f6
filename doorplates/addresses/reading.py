"""Reads one address text: numbers and the runs of names between them, in the order written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from doorplates.addresses.lattice import RANK, Piece, cut, leading_divisions
from doorplates.addresses.lexicon import Lexicon
from doorplates.addresses.numbers import TOKEN, arabic, kind, meaning

_SEPARATORS = re.compile(r"[\s,;|/。:>]+|(?<![0-9])[、.-](?=[^0-9])|(?<=[^0-9])-(?=[^0-9])")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")

KNOWN = ("known name", "short name")
UNKNOWN = "unknown"
OWNERS = {"road", "lane", "estate", "community", "natural_village"}
DIVISIONS = ("province", "prefecture", "county", "township")


@dataclass
class Reading:
    """What has been read of one text. ``rank`` is that of the last part in ``ORDER``; ``adjoining`` says that the last
    piece was a leftover and that what follows it belongs to the same remark when it is one, too.
    """

    parts: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
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
            if piece.part != "rest" and not piece.why.startswith(KNOWN):
                self.unknown.append(piece.part)
            self.rank = max(self.rank, RANK[piece.part])
            self.adjoining = False

    def number(self, token: re.Match[str]) -> None:
        """Take in a number."""
        after_number = bool(self.pieces) and self.pieces[-1].why == "number"
        parts = meaning(token, self.parts, after_number=after_number)
        if parts and parts.items() <= self.parts.items():
            return
        if not parts or parts.keys() & self.parts.keys():
            self._leave(token[0])
            return
        self.pieces += [Piece(part, token[0], value, 0.0, "number") for part, value in parts.items()]
        self.parts.update(parts)
        self.rank = max(self.rank, *(RANK.get(part, RANK["building"]) for part in parts))
        self.adjoining = False

    def rank_of_names(self) -> int:
        """The rank that names are cut after: a text that begins with its number is read as if it came later."""
        if "plate_no" in self.parts and not self.parts.keys() & OWNERS:
            return max((RANK[part] for part in self.parts if part in DIVISIONS), default=-1)
        return self.rank

    def _leave(self, text: str) -> None:
        if self.adjoining:
            self.rest[-1] += text
        else:
            self.rest.append(text)
        self.adjoining = True

    def row(self) -> dict[str, str]:
        """The parts by name, the leftovers joined by blanks, and under ``unknown`` the parts whose names no list has."""
        row = dict(self.parts)
        if self.rest:
            row["rest"] = " ".join(self.rest)
        if self.unknown:
            row[UNKNOWN] = ";".join(self.unknown)
        return row


@dataclass
class Reader:
    """Reads cleaned texts with a lexicon. Every distinct run of names is cut once and kept."""

    lexicon: Lexicon
    _cuts: dict[tuple[str, int, str, bool], tuple[Piece, ...]] = field(default_factory=dict)

    def read(self, text: str | float) -> Reading:
        """A whole text; nothing for a missing one. What stands in brackets is a remark."""
        reading = Reading()
        if isinstance(text, str):
            bare = _BRACKETS.sub(" ", text) if "(" in text or "[" in text else text
            for stretch in arabic(_SEPARATORS.sub(" ", bare)).split():
                self.stretch(stretch, reading)
            reading.rest += [one or other for one, other in _BRACKETS.findall(text)] if bare is not text else []
        return reading

    def stretch(self, text: str, reading: Reading) -> None:
        """A stretch without separators, taken into ``reading``."""
        place = 0
        reading.adjoining = False
        for token in TOKEN.finditer(text):
            self.names(text[place : token.start()], kind(token), reading)
            reading.number(token)
            place = token.end()
        self.names(text[place:], "", reading)

    def names(self, run: str, before: str, reading: Reading) -> None:
        """A run of names that is followed by a number of the kind ``before``, taken into ``reading``."""
        if not run:
            return
        chain = leading_divisions(run, self.lexicon, rank=reading.rank_of_names())
        for piece in chain:
            reading.name(piece)
        left = run[sum(len(piece.text) for piece in chain) :]
        if left:
            abroad = bool(chain) and reading.parts.get("province") in self.lexicon.abroad
            key = (left, reading.rank_of_names(), before, abroad)
            if key not in self._cuts:
                self._cuts[key] = cut(left, self.lexicon, rank=key[1], before=before, abroad=abroad)
            for piece in self._cuts[key]:
                reading.name(piece)
