"""Takes repeated parts out of address texts and puts divisions in the order of their levels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from doorplates.addresses.chain import SEPARATORS, DivisionNames

_WHOLE_TWICE = rf"^(.{{6,}}?){SEPARATORS}*\1$"


@dataclass(frozen=True)
class Repetition:
    """Knows the names of divisions and the words that local parts of an address end with.

    A chain of divisions belongs to the address when a number or a local part (road, village, estate) or nothing
    follows it; otherwise it begins the name of an institution and is left alone.
    """

    names: DivisionNames
    estate_terms: tuple[str, ...]
    institutions: tuple[str, ...]
    _local: re.Pattern[str] = field(init=False)
    _chains: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        ends = "|".join(["路", "街", "巷", "弄", "大道", "村", "社区", *map(re.escape, self.estate_terms)])
        institution = "|".join(map(re.escape, self.institutions))
        local = rf"$|[0-9０-９]|(?:(?!{institution})[^0-9０-９]){{1,6}}?(?:{ends})(?!{institution})"
        object.__setattr__(self, "_local", re.compile(local))
        object.__setattr__(self, "_chains", re.compile(rf"(?:(?:{self.names.pattern}){SEPARATORS}*)+"))

    def removed(self, texts: pd.Series, parts: pd.DataFrame) -> pd.Series:
        """The texts that are given, without repetitions. ``parts`` are the names of the address's road, community,
        natural village and estate; a name written twice in a row is written once.
        """
        given = texts.dropna()
        if given.empty:
            return given
        tidy = given.str.replace(_WHOLE_TWICE, r"\1", regex=True)
        for part in parts:
            tidy = _written_once(tidy, parts.loc[tidy.index, part])
        heads = self.names.heads(tidy)
        again = tidy.str.count(self.names.pattern) > heads.map(
            {head: len(set(self.names.links(head))) for head in heads.unique()}
        )
        disordered = heads.map({head: self._ordered(head) != self.names.links(head) for head in heads.unique()})
        odd = (again | disordered).astype(bool)
        tidy[odd] = [self._tidied(head, text[len(head) :]) for head, text in zip(heads[odd], tidy[odd], strict=True)]
        return tidy

    def _ordered(self, head: str) -> list[str]:
        return sorted(dict.fromkeys(self.names.links(head)), key=self.names.ranks.__getitem__)

    def _tidied(self, head: str, tail: str) -> str:
        links = self.names.links(head)
        ordered = self._ordered(head)
        if links != ordered and self._local.match(tail):
            head = "".join(ordered)
        for chain in self._chains.finditer(tail):
            said_before = set(self.names.links(chain[0])) <= set(ordered)
            rest = tail[chain.end() :]
            before_the_number = not re.search("[0-9０-９]", tail[: chain.start()])
            if said_before and (not rest or (before_the_number and self._local.match(rest))):
                return self._tidied(head, tail[: chain.start()] + rest)
        return head + tail


def _written_once(texts: pd.Series, names: pd.Series) -> pd.Series:
    twice = [
        isinstance(name, str) and len(name) > 1 and name + name in text
        for text, name in zip(texts, names, strict=True)
    ]  # fmt: skip
    once = [
        re.sub(f"(?:{re.escape(name)}){{2,}}", name, text)
        for text, name in zip(texts[twice], names[twice], strict=True)
    ]  # fmt: skip
    tidy = texts.copy()
    tidy[twice] = once
    return tidy
