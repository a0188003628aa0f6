"""Which rules can have something to say about one proposed name: cheap tests that spare running the others.

A rule that is screened out would be silent; a test holds that against the rules themselves. With it a name is judged
while it is being typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.characters import LEVELS
from gazetteer.neighbours import NUMERAL
from gazetteer.rules.generic_term_does_not_fit import SIZES
from gazetteer.spelling import Spelling
from gazetteer.split import UNDIVIDED
from gazetteer.wordlists import WORDS
from rulebook.profile import Profile

HAN_ONLY = re.compile("[\u4e00-\u9fff]+")
USUAL_LEVELS = ("1", "2")
FROM_THE_PLACE = ("NAM301", "NAM304")  # a proposal's divisions are read off its place
BAND_OF_RULE = {
    "NAM401": "same_text",
    "NAM402": "same_tone",
    "NAM403": "same_sound",
    "NAM404": "accent",
    "NAM406": "same_text",
    "NAM409": "same_text",
    "NAM410": "same_text",
}


@dataclass(frozen=True)
class Screen:
    """What the tests need of a profile. ``levels``: character → level; ``words``: any non-standard word;
    ``longest``: most characters of a name; ``marks``: words that are no part of a name; ``sized``: terms with limits.
    """

    levels: Mapping[str, str]
    words: re.Pattern[str]
    longest: int
    marks: tuple[str, ...]
    sized: frozenset[str]

    @classmethod
    def of(cls, profile: Profile) -> Screen:
        """The tests of a profile; made once for it."""
        screen: Screen = profile.once(cls, lambda: cls._made(profile))
        return screen

    @classmethod
    def _made(cls, profile: Profile) -> Screen:
        characters, words = profile.table(LEVELS), profile.table(WORDS)["word"]
        return cls(
            dict(zip(characters["char"], characters["level"], strict=True)),
            re.compile("|".join(re.escape(word) for word in words)),
            int(profile.rules["NAM101"]["max_characters"]),
            tuple(profile.setting("provisional_marks")),
            frozenset(profile.table(SIZES)["term"]),
        )

    def is_plain(self, parts: tuple[str, str | None, str], terms: tuple[str, ...], spelt: Spelling) -> bool:
        """Whether no rule on the writing of names can speak: common characters, a settled reading, one generic term of
        ``terms`` with something before it, no numeral, no word of a list. ``parts``: specific, generic, kind.
        """
        specific, generic, kind = parts
        name = specific + (generic or "")
        divided = bool(generic) and not any(specific.endswith(term) for term in terms)
        return (
            1 < len(name) <= self.longest
            and bool(HAN_ONLY.fullmatch(name))
            and all(self.levels.get(char) in USUAL_LEVELS for char in name)
            and (divided or kind in UNDIVIDED)
            and not NUMERAL.search(name)
            and not self.words.search(name)
            and not any(mark in name for mark in self.marks)
            and not spelt.uncertain
        )

    def may_speak(
        self,
        code: str,
        kind: str,
        *,
        shape: BaseGeometry,
        generic: str | None,
        bands: frozenset[str],
        held: bool,
        beside: bool,
    ) -> bool:
        """Whether a rule on place and scope can speak: about names in some of ``bands``, about places whose names are
        ``held``, about roads ``beside`` the shape; a rule that is not known here can always.
        """
        match code:
            case _ if code in FROM_THE_PLACE:
                return False
            case "NAM401" if kind in ("division", "village_seat"):  # held against divisions, too
                return True
            case _ if code in BAND_OF_RULE:
                return BAND_OF_RULE[code] in bands
            case "NAM405":
                return bool(bands - {"same_text"})
            case "NAM302":
                return held
            case "NAM303":
                return generic in self.sized
            case "NAM407":
                return beside
            case "NAM408":
                return len(shapely.get_parts(shape)) > 1
            case _:
                return True
