"""What characters a name is made of: sets of characters as regular expressions, and the plain form of a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

INVISIBLE = r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
BRACKETS = r"()（）\[\]［］{}｛｝【】〔〕〖〗〈〉《》「」『』<>＜＞"
SEPARATORS = r"/／\\＼;；,，、|｜"
BROKEN = (
    r"[\ufffd?\uff1f\u25a0\u25a1\u25ad\u25ae\u25af\u25fb\u25fc\u2b1a\u2b1c\u3013\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
WIDE_ALPHANUMERIC = r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"

ORDINARY = "^[\u4e00-\u9fff0-9A-Za-z]+$"  # literal characters, so that the quick engine of pandas takes it

_ASIDE = r"[(（\[［{｛【〔〖〈《「『<＜][^)）\]］}｝】〕〗〉》」』>＞]*[)）\]］}｝】〕〗〉》」』>＞]?"
_WIDE = "".join(chr(point) for point in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))
TO_HALF_WIDTH = str.maketrans({char: chr(ord(char) - 0xFEE0) for char in _WIDE})


def plain(names: pd.Series) -> pd.Series:
    """Names as they are compared: compatibility forms folded, blanks and invisible characters gone, empty as missing.

    Names of ordinary characters, nearly all, are plain already and are left as they are.
    """
    special = np.flatnonzero(~names.str.match(ORDINARY, na=True).to_numpy(dtype=bool))
    if not len(special):
        return names
    folded = names.iloc[special].str.normalize("NFKC").str.replace(INVISIBLE, "", regex=True)
    bare = folded.str.replace(r"\s+", "", regex=True)
    result = names.copy()
    result.iloc[special] = bare.mask(bare == "").to_numpy()
    return result


def core(names: pd.Series, marks: Sequence[str]) -> pd.Series:
    """The name without notes in brackets and provisional ``marks``; of two names in one field the first."""
    words = "|".join(re.escape(mark) for mark in marks)
    special = np.flatnonzero(~names.str.match(ORDINARY, na=True) | names.str.contains(words, na=False))
    result = names.copy()
    result.iloc[special] = _core(names.iloc[special], words).to_numpy()
    return result


def _core(names: pd.Series, words: str) -> pd.Series:
    return (
        names.str.replace(_ASIDE, "", regex=True)
        .str.replace(f"[{BRACKETS}]|{words}", "", regex=True)
        .str.extract(f"([^{SEPARATORS}]+)", expand=False)
        .str.strip()
    )
