"""What the tests of names share: the tables of the default profile, and the parts of a name by its kind."""

from __future__ import annotations

import pandas as pd

from gazetteer.reading import TABLES, Lexicon
from gazetteer.spelling import Modifiers, Spelling, spell
from gazetteer.split import infer
from register import profiles

PROFILE = profiles.load()
LEXICON = Lexicon.from_tables(*(PROFILE.table(name) for name in TABLES))
MODIFIERS = Modifiers(frozenset(PROFILE.setting("direction_words")), frozenset(PROFILE.setting("shape_words")))


def spelling_of(name: str, kind: str) -> Spelling:
    parts = infer(pd.Series([name]), pd.Series([kind]), PROFILE.table("generic_terms")).iloc[0]
    whole = parts.isna()["generic"]
    return spell(name if whole else parts["specific"], None if whole else parts["generic"], kind, LEXICON, MODIFIERS)
