"""Writes ``data/tables/characters.csv`` and ``character_variants.csv`` from the text files of the Unihan database.

    python -m tools.character_tables DIRECTORY_WITH_UNIHAN_TXT_FILES

``kTGH`` is the position of a character in the Table of General Standard Chinese Characters (2013): 1-3500 is level 1,
3501-6500 level 2, 6501-8105 level 3. A variant is a character outside the table that has a partner inside it, by
``kSimplifiedVariant`` (the most common partner where there are several), else by ``kZVariant`` or
``kSemanticVariant`` where there is exactly one.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

TABLES = Path(__file__).parent.parent / "data" / "tables"
VERSION = "Unihan 14.0.0"
VARIANT_FIELDS = ("kSimplifiedVariant", "kZVariant", "kSemanticVariant")


def fields(directory: Path, wanted: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Character, field and value of every line of a wanted field."""
    for path in sorted(directory.glob("Unihan_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            point, _, rest = line.partition("\t")
            name, _, value = rest.partition("\t")
            if name in wanted and not line.startswith("#"):
                yield chr(int(point[2:], 16)), name, value


def level_of(position: int) -> int:
    return 1 + (position > 3500) + (position > 6500)


def write(name: str, heading: list[str], rows: list[list[str]]) -> None:
    with (TABLES / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([heading, *rows])


def main(directory: Path) -> None:
    positions = {char: int(value.partition(":")[2]) for char, _, value in fields(directory, ("kTGH",))}
    inorder = sorted(positions, key=lambda char: positions[char])
    write(
        "characters.csv",
        ["char", "level", "source"],
        [[char, str(level_of(positions[char])), f"{VERSION} kTGH"] for char in inorder],
    )
    variants: dict[str, tuple[int, str]] = {}
    for char, name, value in fields(directory, VARIANT_FIELDS):
        partners = {chr(int(one.partition("<")[0][2:], 16)) for one in value.split()} & set(positions)
        rank = VARIANT_FIELDS.index(name)
        clear = len(partners) == 1 or (partners and rank == 0)
        if char not in positions and clear and rank < variants.get(char, (len(VARIANT_FIELDS), ""))[0]:
            variants[char] = (rank, min(partners, key=positions.__getitem__))
    write(
        "character_variants.csv",
        ["variant", "standard", "source"],
        [[char, standard, f"{VERSION} {VARIANT_FIELDS[rank]}"] for char, (rank, standard) in sorted(variants.items())],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
