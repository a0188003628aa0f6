"""Theme lists: names that an office would like to give, by theme (花木, 文化, 地名典故), with their meaning."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rulebook.errors import FileError

NAMED_BY = ("specific", "name")


def read_themes(file: Path) -> pd.DataFrame:
    """A list (CSV, UTF-8) as a frame of text columns: ``specific`` or ``name``, and what else it has.

    Raises FileError for a file that cannot be read or has neither column.
    """
    try:
        themes = pd.read_csv(file, dtype="str", encoding="utf-8-sig", comment="#")
    except (OSError, ValueError) as fault:
        raise FileError(f"读不了主题名单 {file}：{fault}", f"The theme list {file} cannot be read: {fault}") from fault
    if not set(NAMED_BY) & set(themes.columns):
        raise FileError(f"{file} 没有 specific 列，也没有 name 列。", f"{file} has neither a column specific nor name.")
    return themes
