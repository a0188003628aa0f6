"""Chinese words that stand for the values of closed lists, from ``data/exchange/code_words.csv``."""

from __future__ import annotations

from functools import lru_cache

from register.profiles import read_table


@lru_cache
def words_of(layer: str) -> dict[tuple[str, str], str]:
    """(field, word) → value, for one layer; rows without a layer hold for all."""
    table = read_table("exchange/code_words.csv")
    mine = table[table["layer"].isna() | table["layer"].eq(layer)]
    return {(field, word): value for field, word, value in zip(mine["field"], mine["word"], mine["value"], strict=True)}
