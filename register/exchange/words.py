"""Chinese words that stand for the values of closed lists, from ``data/exchange/code_words.csv``."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from register.profiles import read_table


@lru_cache
def words_of(layer: str) -> dict[tuple[str, str], str]:
    """(field, word) → value, for one layer; a row without a layer holds where the layer has none of its own."""
    table = read_table("exchange/code_words.csv")
    mine = pd.concat([table[table["layer"].isna()], table[table["layer"].eq(layer)]])
    return {(field, word): value for field, word, value in zip(mine["field"], mine["word"], mine["value"], strict=True)}
