"""How building, unit, floor and room are written in a standard address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

_NUMBER_BEFORE = r"(?<=[0-9０-９])"
_SPOKEN_NUMBER = r"(?<=[号幢栋座元])([一二三四五六七八九十]{1,3})"
_DASH = "[-－—–]"
_CHAIN = rf"([0-9]{{1,3}}){_DASH}([0-9]{{1,2}}){_DASH}([0-9]{{3,4}}室?)(?![0-9号{_DASH[1:-1]}])"


@dataclass(frozen=True)
class CanonicalParts:
    """Rewrites the words after numbers; ``rewrites`` are (pattern, replacement), ``hint`` is in every text that needs
    one and quick to look for.
    """

    rewrites: tuple[tuple[str, str], ...]
    hint: str

    @classmethod
    def from_tables(cls, forms: pd.DataFrame, estate_terms: pd.DataFrame) -> CanonicalParts:
        """From ``address_part_forms`` (written, canonical, and the characters before which ``written`` is another
        word) and ``estate_generic_terms`` (term).
        """
        rewrites = []
        for written, canonical, unless in zip(
            forms["written"], forms["canonical"], forms["unless_before"].fillna(""), strict=True
        ):
            guard = f"(?![{unless}])" if unless else ""
            rewrites.append((f"{_NUMBER_BEFORE}{re.escape(written)}{guard}", canonical))
            rewrites.append((f"{_SPOKEN_NUMBER}{re.escape(written)}{guard}", rf"\g<1>{canonical}"))
        terms = "|".join(map(re.escape, estate_terms["term"]))
        for written, canonical in forms.loc[forms["part"].eq("building"), ["written", "canonical"]].itertuples(
            index=False
        ):
            rewrites.append(
                (rf"({terms})([一二三四五六七八九十]{{1,3}}){re.escape(written)}", rf"\g<1>\g<2>{canonical}")
            )
        rewrites.append((rf"({terms}){_CHAIN}", _spelled_out))
        hint = "|".join(map(re.escape, forms["written"]))
        return cls(tuple(rewrites), rf"{hint}|[0-9]{_DASH}[0-9]+{_DASH}")

    def rewrite(self, texts: pd.Series) -> pd.Series:
        """Texts in canonical writing; others are returned as they are."""
        hinted = texts[texts.str.contains(self.hint, regex=True).fillna(False).astype(bool)]
        for pattern, replacement in self.rewrites:
            hinted = hinted.str.replace(re.compile(pattern), replacement, regex=True)
        return texts.where(~texts.index.isin(hinted.index), hinted.reindex(texts.index))


def _spelled_out(found: re.Match[str]) -> str:
    estate, building, unit, room = found.groups()
    return f"{estate}{building}幢{unit}单元{room.removesuffix('室')}室"
