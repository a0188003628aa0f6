"""Reads the labelled addresses of ``tests/cases/addresses.toml``; the notation is told at its head."""

from __future__ import annotations

import re
import tomllib

from doorplates.layers import SEGMENTS
from tests.case_files import CASES

PARTS = {
    "p": "province", "f": "prefecture", "c": "county", "t": "township", "v": "community", "h": "natural_village",
    "g": "village_group", "r": "road", "l": "lane", "n": "plate_no", "s": "sub_no", "e": "estate", "b": "building",
    "u": "unit", "k": "floor", "m": "room", "x": "rest",
}  # fmt: skip
WORDS = {
    "plate_no": "[号#]",
    "sub_no": "号",
    "building": "幢|栋|号楼|#楼",
    "unit": "单元",
    "floor": "层|楼",
    "room": "室",
}


def read() -> list[tuple[str, str, dict[str, str]]]:
    """All cases: kind, text, expected segments (only those that are there)."""
    parsed = tomllib.loads((CASES / "addresses.toml").read_text(encoding="utf-8"))
    return [(kind, *labelled(line)) for kind, lines in parsed.items() for line in lines]


def labelled(line: str) -> tuple[str, dict[str, str]]:
    """Text and expected segments of one line."""
    text, expected = "", {}
    for piece in line.split(" "):
        written, _, value = piece[1:].partition("=")
        written = written.replace("␣", " ")
        text += written
        if piece[0] != "_":
            part = PARTS[piece[0]]
            bare = re.sub(f"(?:{WORDS[part]})$", "", written) if part in WORDS else written
            expected[part] = " ".join(filter(None, (expected.get(part), value or bare)))
    assert expected.keys() <= set(SEGMENTS)
    return text, expected
