"""The names of the sample county and their romanisation, from lists that a person has read.

Syllables are written in the lists one by one; here they are only joined by the rules of 1984 (中国地名汉语拼音字母
拼写规则, 汉语地名部分): one word with a capital, an apostrophe before a, o, e inside it (rule 11), generic part apart
(rule 1). The check's own romanisation has no part in it, so each proves the other.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).with_name("words")
GENERIC = {
    "村": "Cūn", "社区": "Shèqū", "路": "Lù", "街": "Jiē", "巷": "Xiàng", "弄": "Lòng",
}  # fmt: skip
DIRECTIONS = {"东": "Dōng", "西": "Xī"}
ORDINALS = {"一": "1", "二": "2"}


def read(name: str) -> list[dict[str, str]]:
    """Rows of a list under ``words/``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def word(syllables: str) -> str:
    """One word of a romanisation: ``zhú àn`` → ``Zhú'àn``."""
    first, *others = syllables.split(" ")
    joined = first + "".join("'" + other if base(other[0]) in "aoe" else other for other in others)
    return joined[0].upper() + joined[1:]


def base(letter: str) -> str:
    """The letter without its tone mark."""
    return unicodedata.normalize("NFD", letter)[0]


def village(row: dict[str, str]) -> str:
    """``Zhú'àn Cūn``."""
    return f"{word(row['syllables'])} {GENERIC[row['generic']]}"


def road(row: dict[str, str]) -> str:
    """``Jǐnxiù Lù``; a direction joins the generic part (rule 2), an ordinal is a figure (rule 7)."""
    *syllables, _last = row["syllables"].split(" ")
    sign = row["specific"][-1] if len(row["specific"]) > 2 else ""
    if sign in DIRECTIONS:
        return f"{word(' '.join(syllables))} {DIRECTIONS[sign]}{GENERIC[row['generic']].lower()}"
    if sign in ORDINALS:
        return f"{word(' '.join(syllables))} {ORDINALS[sign]} {GENERIC[row['generic']]}"
    return f"{word(row['syllables'])} {GENERIC[row['generic']]}"


def place(row: dict[str, str]) -> str:
    """``Cuìhú Huāyuán``; the words of a long generic part are divided by ``|`` in the list."""
    return " ".join([word(row["syllables"]), *map(word, row["generic_syllables"].split("|"))])
