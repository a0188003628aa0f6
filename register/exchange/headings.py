"""The heading line of a table: every filled column needs a heading of its own."""

from __future__ import annotations

import pandas as pd

from rulebook.errors import SchemaError
from rulebook.language import Text


def headed(table: pd.DataFrame, headings: list[object], file: str) -> tuple[pd.DataFrame, tuple[Text, ...]]:
    """Name the columns of ``table`` (numbered from 0) by ``headings`` and say which filled columns have none.

    Raises SchemaError when a heading stands twice.
    """
    names = ["" if heading is None else str(heading).strip().lstrip("\ufeff") for heading in headings]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise SchemaError(
            f"{file} 的标题行有重复的列：{'、'.join(twice)}。请改名后再导入。",
            f"{file}: headings stand twice: {', '.join(twice)}. Rename them and import again.",
        )
    named = [number for number, name in enumerate(names) if name]
    nameless = [
        number for number, name in enumerate(names) if not name and table[number].astype("str").str.strip().ne("").any()
    ]
    notes = tuple(
        Text(
            f"{file} 第 {number + 1} 列没有标题，未导入。",
            f"{file}: column {number + 1} has no heading and was left out.",
        )
        for number in nameless
    )
    return table[named].set_axis([names[number] for number in named], axis=1), notes
