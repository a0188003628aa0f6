"""What the words of a returned problem mean: which rules reproduce it, which cells it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from register import catalogue
from register.profiles import read_table

WORDS = "tables/problem_words.csv"
CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")


@dataclass(frozen=True)
class Meaning:
    """``rules`` that reproduce the problem, the likeliest first; ``fields`` it speaks of; ``outcome`` is the verdict
    where no rule can tell (needs_field_visit, not_ours); ``words`` that were recognised.
    """

    rules: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    outcome: str = ""
    words: tuple[str, ...] = ()


def meaning(problem_type: str | None, problem_text: str | None) -> Meaning:
    """The meaning of a problem: a rule code named outright, else the words of its type, else those of its text."""
    codes = {rule.code for rule in catalogue.RULES}
    named = tuple(dict.fromkeys(code for code in CODE.findall(f"{problem_type} {problem_text}") if code in codes))
    if named:
        return Meaning(rules=named, words=named)
    for text in (problem_type, problem_text):
        if text and (found := _meaning_of(text)).words:
            return found
    return Meaning()


@cache
def _meaning_of(text: str) -> Meaning:
    """Longer words first; a word that stands inside a longer one that was found says nothing more."""
    left, rows = text, []
    for row in _table():
        if row["word"] in left:
            left = left.replace(row["word"], "\0")
            rows.append((text.index(row["word"]), row))
    rows.sort(key=lambda found: found[0])
    outcomes = [row["outcome"] for _, row in rows if row["outcome"]]
    rules = tuple(dict.fromkeys(code for _, row in rows for code in _split(row["rules"])))
    return Meaning(
        rules=rules,
        fields=tuple(dict.fromkeys(name for _, row in rows for name in _split(row["fields"]))),
        outcome=outcomes[0] if outcomes and not rules else "",
        words=tuple(row["word"] for _, row in rows),
    )


@cache
def _table() -> list[dict[str, str | None]]:
    table = read_table(WORDS).astype("object")
    table = table.where(pd.notna(table), None)
    order = table["word"].str.len().sort_values(ascending=False, kind="stable").index
    return table.loc[order].to_dict("records")


def _split(text: str | None) -> list[str]:
    return text.split(";") if text else []
