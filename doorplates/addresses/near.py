"""Names that sound or look like a name that no record bears: 剡西路 for 剡溪路.

The bands are those of ``gazetteer.sound``: same tones, same sound, same in the local accent, one character apart.
Known names are listed by what they sound like and by their characters with one left open, so that a name is compared
with few others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gazetteer import sound
from gazetteer.reading import Lexicon
from gazetteer.sound import Accent
from gazetteer.spelling import without_tones

SURE_BANDS = ("same_tone", "same_sound")
SHORTEST_LOOKALIKE = 3
_CHINESE = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Nearness:
    """How names are compared. ``directions`` are characters that tell names of a series apart."""

    lexicon: Lexicon
    accent: Accent
    directions: frozenset[str]

    def sounds(self, name: str) -> tuple[str, str, str]:
        """The name with its tones, without them, and with the sounds merged that the local accent does not tell apart."""
        tones = " ".join(one.reading for one in self.lexicon.read(name))
        plain = without_tones(tones)
        merged = plain
        for initial, stand_in in self.accent.initials.items():
            merged = re.sub(rf"\b{initial}(?=[a-zü])", stand_in, merged)
        for final, stand_in in self.accent.finals.items():
            merged = re.sub(rf"{final}\b", stand_in, merged)
        return tones, plain, merged


class NearNames:
    """The known names that are like a name. Nothing is read before the first question."""

    def __init__(self, known: Iterable[str], nearness: Nearness) -> None:
        self.known, self.nearness = known, nearness
        self._by_sound: dict[tuple[str, str], list[str]] = {}
        self._by_open: dict[str, list[str]] = {}

    def like(self, name: str) -> list[tuple[str, str]]:
        """Known names like ``name``, each with the closest band, in the order of bands and names."""
        if not _CHINESE.fullmatch(name):
            return []
        if not self._by_sound:
            self._read()
        found: dict[str, str] = {}
        for band, key in zip(sound.KEYS, self.nearness.sounds(name), strict=True):
            for near in sorted(self._by_sound.get((band, key), ())):
                found.setdefault(near, band)
        for near in sorted({near for opened in _open_places(name) for near in self._by_open.get(opened, ())}):
            if sound.one_character_apart(name, near, self.nearness.directions):
                found.setdefault(near, "near_text")
        found.pop(name, None)
        return list(found.items())

    def _read(self) -> None:
        for name in dict.fromkeys(self.known):
            if _CHINESE.fullmatch(name):
                for band, key in zip(sound.KEYS, self.nearness.sounds(name), strict=True):
                    self._by_sound.setdefault((band, key), []).append(name)
                for opened in _open_places(name):
                    self._by_open.setdefault(opened, []).append(name)


def _open_places(name: str) -> list[str]:
    """The name with each of its characters left open in turn."""
    return [f"{name[:at]}*{name[at + 1 :]}" for at in range(len(name))] if len(name) >= SHORTEST_LOOKALIKE else []
