"""Asking about names: their parts, their romanisation, and how alike two of them sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from gazetteer import sound
from gazetteer.layers import KINDS
from gazetteer.reading import TABLES, Lexicon
from gazetteer.sound import Accent
from gazetteer.spelling import Modifiers, Spelling, spell
from gazetteer.split import TABLE
from gazetteer.text import core, plain
from register import profiles
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.profile import Profile, unknown

GUESSED_KINDS = ("road", "division", "natural", "park_reserve", "facility", "estate_building")


@dataclass(frozen=True)
class Words:
    """What a profile knows about reading and splitting names."""

    profile: Profile
    lexicon: Lexicon
    modifiers: Modifiers
    accent: Accent
    terms: Mapping[str, tuple[str, ...]]  # generic terms of each kind, the longest first


@lru_cache
def words_of(profile_name: str) -> Words:
    """Readings, modifiers, accent and generic terms of a profile."""
    profile = profiles.load(profile_name)
    return Words(
        profile,
        Lexicon.from_tables(*(profile.table(name) for name in TABLES)),
        Modifiers(frozenset(profile.setting("direction_words")), frozenset(profile.setting("shape_words"))),
        Accent(profile.setting("accent_initials"), profile.setting("accent_finals")),
        {
            str(kind): tuple(sorted(set(known), key=len, reverse=True))
            for kind, known in profile.table(TABLE).groupby("kind")["term"]
        },
    )


def parts(name: str, kind: str | None, words: Words) -> tuple[str, str | None, str]:
    """Specific part, generic part (None: not divided) and kind of a name; without a kind the term that fits decides.

    A village or town of a single character and 村 or 镇 is written together (1984, 3).
    """
    if kind is None and name in words.lexicon.words:
        return name, None, "other"
    found = [(_generic(name, one, words), one) for one in ((kind,) if kind else GUESSED_KINDS)]
    generic, chosen = max(found, key=lambda one: len(one[0]))
    if kind is None and len(name) == 2 and chosen == "division":
        chosen = "natural_village"
    return (name[: -len(generic)], generic, chosen) if generic else (name, None, kind or "other")


def _generic(name: str, kind: str, words: Words) -> str:
    """The longest term of a kind that ends the name and leaves something before it; what ``split.infer`` says."""
    terms = words.terms.get(kind, ())
    if name in terms:
        return ""
    return next((term for term in terms if name.endswith(term) and len(term) < len(name)), "")


def spelling(name: str, kind: str | None, words: Words) -> Spelling:
    """Romanisation of a name."""
    bare = core(plain(pd.Series([name], dtype="str")), words.profile.setting("provisional_marks")).iloc[0]
    if not isinstance(bare, str):
        raise CallError("名称是空的。", "The name is empty.")
    specific, generic, kind_or_guess = parts(bare, kind, words)
    return spell(specific, generic, kind_or_guess, words.lexicon, words.modifiers)


def romanise(names: tuple[str, ...], kind: str | None, profile: str = profiles.DEFAULT) -> list[dict[str, Any]]:
    """``name``, ``pinyin``, ``ascii`` and the characters whose reading is ``uncertain``, for each name."""
    words = words_of(profile)
    known_kind(kind)
    spelt = [(name, spelling(name, kind, words)) for name in names]
    return [
        {"name": name, "pinyin": one.pinyin, "ascii": one.ascii, "uncertain": list(one.uncertain)}
        for name, one in spelt
    ]


WHY = {
    "same_text": Text("用字相同。", "The same characters."),
    "same_tone": Text("读音和声调都相同：{first}。", "The same sound and tones: {first}."),
    "same_sound": Text(
        "读音相同，声调不同：{first}，{second}。", "The same sound with other tones: {first}, {second}."
    ),
    "accent": Text("在当地口音中同音：{first}，{second}。", "The same sound in the local accent: {first}, {second}."),
    "near_text": Text("字数相同，只差一个字。", "The same length, one character apart."),
    "none": Text("读音和用字都不同：{first}，{second}。", "Neither sound nor characters are alike: {first}, {second}."),
}


def compare(first: str, second: str, profile: str = profiles.DEFAULT) -> tuple[str, Text]:
    """Band of likeness of two names (``gazetteer.sound.BANDS``) and why."""
    words = words_of(profile)
    names = pd.Series([first, second], dtype="str")
    spelt = pd.Series([spelling(name, None, words) for name in names], dtype="object")
    keyed = sound.keys(spelt, words.lexicon, words.accent).assign(name=plain(names))
    together = words.modifiers.directions | frozenset(words.profile.setting("position_words"))
    band = sound.band(*keyed.to_dict("records"), together)
    return band, WHY[band].format(first=spelt[0].pinyin, second=spelt[1].pinyin)


def plain_name(name: str) -> str:
    """The name without blanks and invisible characters; raises CallError when nothing is left."""
    folded = plain(pd.Series([name], dtype="str")).iloc[0]
    if not isinstance(folded, str):
        raise CallError("名称是空的。", "The name is empty.")
    return folded


def known_kind(kind: str | None) -> None:
    """Raise with the nearest known kind when there is no such kind of name."""
    if kind is not None and kind not in KINDS:
        raise unknown("地名类型", "kind", kind, KINDS, "--kind")
