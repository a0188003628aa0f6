"""Which township a record belongs to, for counting and filtering."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

TOWNSHIP_DIGITS = 9
CODE_COLUMNS = {
    "divisions": "code",
    "areas": "division_code",
    "place_names": "division_code",
    "roads": "division_code",
    "doorplates": "division_code",
    "addresses": "division_code",
}


def townships_of(layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """``layer:id`` → nine-digit code of the (first) township that the record names; records without one are left out."""
    found: dict[str, str] = {}
    for layer, column in CODE_COLUMNS.items():
        codes = layers[layer][column].str.slice(0, TOWNSHIP_DIGITS)
        codes = codes[codes.str.fullmatch(r"\d{9}", na=False) & ~codes.str.endswith("000", na=True)]
        found.update(zip(layer + ":" + codes.index, codes, strict=True))
    return found


def township_names(divisions: pd.DataFrame) -> dict[str, str]:
    """Nine-digit code → name of the townships in force."""
    towns = divisions[(divisions["level"] == "township") & divisions["valid_to"].isna()]
    return dict(zip(towns["code"].str.slice(0, TOWNSHIP_DIGITS), towns["name"], strict=True))
