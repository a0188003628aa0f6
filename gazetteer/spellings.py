"""Spelling of every name in force, made once a run for the rules on romanisation and on sound."""

from __future__ import annotations

import pandas as pd

from gazetteer.reading import TABLES, Lexicon
from gazetteer.spelling import Modifiers, Spelling, spell
from gazetteer.split import TABLE, place_parts, road_parts
from gazetteer.text import HAN
from rulebook.context import Context, derived

NEEDED_TABLES = (TABLE, *TABLES)
READABLE = f"[{HAN}0-9]+"


@derived()
def lexicon(ctx: Context) -> Lexicon:
    """Readings of the profile's tables."""
    return Lexicon.from_tables(*(ctx.table(name) for name in TABLES))


def modifiers(ctx: Context) -> Modifiers:
    """Words that join the generic part, from the profile."""
    return Modifiers(frozenset(ctx.setting("direction_words")), frozenset(ctx.setting("shape_words")))


@derived("place_names")
def place_spellings(ctx: Context) -> pd.Series:
    """Spelling of every readable place name, by record id."""
    return spellings(place_parts(ctx), lexicon(ctx), modifiers(ctx))


@derived("roads")
def road_spellings(ctx: Context) -> pd.Series:
    """Spelling of every readable road name, by record id."""
    return spellings(road_parts(ctx), lexicon(ctx), modifiers(ctx))


def spellings_of(ctx: Context) -> pd.Series:
    """Spellings of the names of the checked layer; names with other characters than Han and digits are left
    out, they are faults of other rules.
    """
    found: pd.Series = (road_spellings if ctx.layer == "roads" else place_spellings)(ctx)
    return found


def spellings(parts: pd.DataFrame, words: Lexicon, joined: Modifiers) -> pd.Series:
    """Spelling of each row of ``name``, ``kind``, ``specific``, ``generic``; equal rows are spelt once."""
    readable = parts[parts["name"].str.fullmatch(READABLE, na=False)]
    whole = readable["specific"].isna() | readable["generic"].isna()
    keys = list(
        zip(
            readable["specific"].mask(whole, readable["name"]),
            readable["generic"].astype("object").mask(whole, None),
            readable["kind"].astype("object").where(readable["kind"].notna(), None),
            strict=True,
        )
    )
    known: dict[tuple[str, str | None, str | None], Spelling] = {
        key: spell(*key, lexicon=words, modifiers=joined) for key in dict.fromkeys(keys)
    }
    return pd.Series([known[key] for key in keys], index=readable.index, dtype="object")


def proposed(spelt: pd.Series) -> pd.Series:
    """The proposed romanisation of each spelling."""
    return pd.Series([one.pinyin for one in spelt], index=spelt.index, dtype="str")
