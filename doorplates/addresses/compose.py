"""The standard text of an address, composed from its parts.

Parts, their order and the words after their numbers are the profile's (``[settings.standard_address]``). Practice in
Zhejiang: 市 + 镇街道 + 路名 + 号, 市 + 镇街道 + 小区 + 幢 + 单元 + 室, 市 + 镇街道 + 村社区 + 自然村 + 号.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from doorplates.addresses.text import comparable


def written_parts(addresses: pd.DataFrame, form: Mapping[str, Any]) -> pd.DataFrame:
    """Every part as it is written in a standard text, empty text where the address does not have it.

    ``form``: ``order`` (names of the parts), ``words`` (the word after the value of a part, written once).
    A sub-number is joined to its number: 128-1号.
    """
    parts = pd.DataFrame(index=addresses.index)
    numbered = addresses.assign(plate_no=plate_numbers(addresses, form["words"]))
    for part in form["order"]:
        value = comparable(numbered[part]) if part in numbered else pd.Series(index=addresses.index, dtype="str")
        word = form["words"].get(part, "")
        parts[part] = (value.str.removesuffix(word) + word if word else value).fillna("")
    return parts


def plate_numbers(addresses: pd.DataFrame, words: Mapping[str, str]) -> pd.Series:
    """Number with its sub-number as on a doorplate, without 号: 128, 128-1, 128附1."""
    number = comparable(addresses["plate_no"]).str.removesuffix(words["plate_no"])
    sub = comparable(addresses["sub_no"]).str.removesuffix(words["plate_no"])
    joined = sub.where(~sub.str.contains(r"^[0-9A-Za-z]").fillna(False).astype(bool), "-" + sub)
    return (number + joined).fillna(number)


def compose(parts: pd.DataFrame, form: Mapping[str, Any], written: pd.DataFrame | None = None) -> pd.Series:
    """Standard texts from ``written_parts``.

    Parts named in ``form["village_only"]`` are written only where the address has neither road nor estate, those in
    ``form["optional"]`` only where ``written`` (booleans by part) says so, by default nowhere.
    """
    by_village = parts["road"].eq("") & parts["estate"].eq("")
    text = pd.Series("", index=parts.index, dtype="str")
    for part in form["order"]:
        wanted = shown(part, form, by_village) if written is None or part not in written else written[part]
        text = text + parts[part].where(wanted, "")
    return text


def shown(part: str, form: Mapping[str, Any], by_village: pd.Series) -> pd.Series:
    """Whether a canonical text has the part; ``by_village``: addresses that have neither road nor estate."""
    return by_village if part in form["village_only"] else pd.Series(part not in form["optional"], by_village.index)
