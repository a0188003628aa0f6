"""Names that sound or look like a name that no record bears: 剡西路 for 剡溪路.

The bands are those of ``gazetteer.sound``: same tones, same sound, same in the local accent, one character apart.
Names are joined by keys, so the cost grows with the number of names, not of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from gazetteer import sound
from gazetteer.reading import Lexicon
from gazetteer.sound import Accent
from gazetteer.spelling import without_tones

SURE_BANDS = ("same_tone", "same_sound")
BANDS = (*SURE_BANDS, "accent", "near_text")
SHORTEST_LOOKALIKE = 3


@dataclass
class Nearness:
    """Compares names by sound and by characters. ``directions`` are characters that tell names of a series apart."""

    lexicon: Lexicon
    accent: Accent
    directions: frozenset[str]
    _keys: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def among(self, unknown: pd.Index, known: pd.Index) -> pd.DataFrame:
        """``name`` of ``unknown``, ``near`` of ``known`` and the closest ``band`` of each pair that is alike."""
        asked, there = self._keyed(unknown), self._keyed(known)
        pairs = [
            asked.merge(there, on=key, suffixes=("", "_there"))[["name", "name_there"]].assign(band=band)
            for band, key in sound.KEYS.items()
        ]
        pairs.append(self._one_apart(unknown, known))
        found = pd.concat(pairs, ignore_index=True).rename(columns={"name_there": "near"})
        found = found[found["name"].ne(found["near"])]
        found["band"] = pd.Categorical(found["band"], BANDS, ordered=True)
        return found.sort_values(["name", "band", "near"]).drop_duplicates(["name", "near"]).reset_index(drop=True)

    def _keyed(self, names: pd.Index) -> pd.DataFrame:
        names = names[names.str.fullmatch("[\u4e00-\u9fff]+").astype(bool)]
        new = [name for name in names if name not in self._keys]
        tones = pd.Series([" ".join(one.reading for one in self.lexicon.read(name)) for name in new], dtype="str")
        plain = pd.Series([without_tones(tone) for tone in tones], dtype="str")
        merged = _merged(plain, self.accent)
        self._keys.update(zip(new, zip(tones, plain, merged, strict=True), strict=True))
        return pd.DataFrame(
            [(name, *self._keys[name]) for name in names], columns=["name", *sound.KEYS.values()], dtype="str"
        )

    def _one_apart(self, unknown: pd.Index, known: pd.Index) -> pd.DataFrame:
        pairs = _open_places(unknown).merge(_open_places(known), on="open", suffixes=("", "_there"))
        apart = [
            sound.one_character_apart(first, second, self.directions)
            for first, second in zip(pairs["name"], pairs["name_there"], strict=True)
        ]
        return pairs.loc[apart, ["name", "name_there"]].assign(band="near_text")


def _merged(sounds: pd.Series, accent: Accent) -> pd.Series:
    """Syllables with the sounds merged that the local accent does not tell apart."""
    for initial, stand_in in accent.initials.items():
        sounds = sounds.str.replace(rf"\b{initial}(?=[a-zü])", stand_in, regex=True)
    for final, stand_in in accent.finals.items():
        sounds = sounds.str.replace(rf"{final}\b", stand_in, regex=True)
    return sounds


def _open_places(names: pd.Index) -> pd.DataFrame:
    """Every name with one of its characters left open."""
    rows = [
        (name, f"{name[:place]}*{name[place + 1 :]}")
        for name in names
        if len(name) >= SHORTEST_LOOKALIKE
        for place in range(len(name))
    ]
    return pd.DataFrame(rows, columns=["name", "open"], dtype="str")
