"""How alike two names sound: keys of equal sound, from equal tones to equal in the local accent, and the bands.

The law says that names in one scope avoid the same sound (避免同音) and does not define it. The bands are ours:
``same_text``, ``same_tone``, ``same_sound`` (tones aside), ``accent`` (sounds merged that local speakers do not tell
apart, by profile), ``near_text`` (one character apart), ``none``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from gazetteer.reading import Lexicon, Syllable
from gazetteer.spelling import DIGITS, Spelling, without_tones

BANDS = ("same_text", "same_tone", "same_sound", "accent", "near_text", "none")
KEYS = {"same_tone": "tone_key", "same_sound": "sound_key", "accent": "accent_key"}
NUMERALS = frozenset("0123456789零〇一二三四五六七八九十百千万甲乙丙丁戊己庚辛壬癸")


@dataclass(frozen=True)
class Accent:
    """Merged sounds: ``initials`` at the beginning of a syllable, ``finals`` at its end, each to its stand-in."""

    initials: Mapping[str, str]
    finals: Mapping[str, str]


def keys(spellings: pd.Series, lexicon: Lexicon, accent: Accent) -> pd.DataFrame:
    """``tone_key``, ``sound_key`` and ``accent_key`` of every spelling: syllables with blanks between, numbers read."""
    tone = pd.Series([tone_key(one, lexicon) for one in spellings], index=spellings.index, dtype="str")
    sound = pd.Series(
        tone.map({text: without_tones(text) for text in tone.unique()}), index=spellings.index, dtype="str"
    )
    merged = sound
    for initial, stand_in in accent.initials.items():
        merged = merged.str.replace(rf"\b{initial}(?=[a-zü])", stand_in, regex=True)
    for final, stand_in in accent.finals.items():
        merged = merged.str.replace(rf"{final}\b", stand_in, regex=True)
    return pd.DataFrame({"tone_key": tone, "sound_key": sound, "accent_key": merged})


def tone_key(spelling: Spelling, lexicon: Lexicon) -> str:
    """Syllables of a name with their tones, letters as they are, numbers as they are read."""
    units = tuple(chain.from_iterable(spelling.forms[-1])) if spelling.forms else ()
    if all(isinstance(unit, Syllable) for unit in units):
        return " ".join(unit.options[0] for unit in units if isinstance(unit, Syllable))
    spoken = (
        (unit.reading,)
        if isinstance(unit, Syllable)
        else (one.reading for one in lexicon.read(in_words(unit)))
        if unit.isdigit()
        else (unit.lower(),)
        for unit in units
    )
    return " ".join(chain.from_iterable(spoken))


def in_words(number: str) -> str:
    """A number below a hundred in Chinese characters, longer ones digit by digit."""
    characters = {value: char for char, value in DIGITS.items()}
    value = int(number)
    if value < 10 or value > 99:
        return "".join(characters[int(digit)] for digit in number)
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else characters[tens]) + "十" + (characters[ones] if ones else "")


def one_character_apart(first: str, second: str, directions: frozenset[str]) -> bool:
    """Whether two names of one length differ in one character that is no ordinal or direction on both sides."""
    if len(first) != len(second):
        return False
    differing = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(differing) == 1 and not any(set(differing[0]) <= kind for kind in (NUMERALS, directions))


def band(first: Mapping[str, Any], second: Mapping[str, Any], directions: frozenset[str]) -> str:
    """Band of two names, each with ``name`` (plain) and the three keys."""
    if first["name"] == second["name"]:
        return "same_text"
    for one, key in KEYS.items():
        if first[key] == second[key]:
            return one
    return "near_text" if one_character_apart(first["name"], second["name"], directions) else "none"
