"""Takes repeated parts out of address texts and puts divisions in the order of their levels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from doorplates.addresses.chain import SEPARATORS, DivisionNames

SHORTEST_TWICE = 6
_NUMBER_TWICE = r"(?<![0-9-])(?P<number>[0-9]+号)(?P=number)(?![0-9])"


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
    _last_chain: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        ends = "|".join(["路", "街", "巷", "弄", "大道", "村", "社区", *map(re.escape, self.estate_terms)])
        institution = "|".join(map(re.escape, self.institutions))
        local = rf"$|[0-9０-９]|(?:(?!{institution})[^0-9０-９]){{1,6}}?(?:{ends})(?!{institution})"
        object.__setattr__(self, "_local", re.compile(local))
        object.__setattr__(
            self, "_last_chain", re.compile(rf"(?<=[号室幢]){SEPARATORS}*(?:(?:{self.names.pattern}){SEPARATORS}*)+$")
        )
        object.__setattr__(self, "_chains", re.compile(rf"(?:(?:{self.names.pattern}){SEPARATORS}*)+"))

    def removed(self, texts: pd.Series, parts: pd.DataFrame) -> pd.Series:
        """The texts that are given, without repetitions. ``parts`` are the names of the address's road, community,
        natural village and estate; a name written twice in a row is written once.
        """
        given = texts.dropna()
        if given.empty:
            return given
        tidy = pd.Series([_half(text) for text in given.tolist()], index=given.index, dtype="str")
        for part in parts:
            tidy = _written_once(tidy, parts.loc[tidy.index, part])
        heads = self.names.heads(tidy)
        tails = pd.Series(
            [text[len(head) :] for head, text in zip(heads.tolist(), tidy.tolist(), strict=True)],
            tidy.index,
            dtype="str",
        )
        disordered = [head for head in heads.unique() if self._ordered(head) != self.names.links(head)]
        odd = heads.isin(disordered) | tails.str.contains(f"{self.names.pattern}|[0-9]号[0-9]+号", regex=True)
        tidy[odd] = [self._tidied(head, tail) for head, tail in zip(heads[odd], tails[odd], strict=True)]
        return tidy

    def _ordered(self, head: str) -> list[str]:
        return sorted(dict.fromkeys(self.names.links(head)), key=self.names.ranks.__getitem__)

    def _tidied(self, head: str, tail: str) -> str:
        links = self.names.links(head)
        ordered = self._ordered(head)
        if links != ordered and self._local.match(tail):
            head = "".join(ordered)
        tail = re.sub(_NUMBER_TWICE, r"\g<number>", tail)
        last = self._last_chain.search(tail)
        if last and not links:
            return "".join(self._ordered(last[0])) + tail[: last.start()].rstrip(" ,，")
        for chain in self._chains.finditer(tail):
            said_before = set(self.names.links(chain[0])) <= set(ordered)
            rest = tail[chain.end() :]
            before_the_number = not re.search("[0-9０-９]", tail[: chain.start()])
            if said_before and (not rest or (before_the_number and self._local.match(rest))):
                return self._tidied(head, tail[: chain.start()] + rest)
        return head + tail


def _half(text: str) -> str:
    """The half of a text that is written twice, with at most one character between; any other text as it is."""
    half = len(text) // 2
    return text[:half] if half >= SHORTEST_TWICE and text[:half] == text[-half:] else text


def _written_once(texts: pd.Series, names: pd.Series) -> pd.Series:
    if names.isna().all():
        return texts
    twice = [
        isinstance(name, str) and len(name) > 1 and name + name in text
        for text, name in zip(texts.tolist(), names.tolist(), strict=True)
    ]  # fmt: skip
    once = [
        re.sub(f"(?:{re.escape(name)}){{2,}}", name, text)
        for text, name in zip(texts[twice], names[twice], strict=True)
    ]  # fmt: skip
    tidy = texts.copy()
    tidy[twice] = once
    return tidy
