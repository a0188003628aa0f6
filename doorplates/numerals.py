"""Chinese numerals in doorplate numbers: 一百二十八, 十二, 二〇三, 廿三."""

from __future__ import annotations

import re

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}
RUN = re.compile("[零〇一二三四五六七八九十百千廿卅]+")
_DIGIT = "([一二三四五六七八九])"
_SPOKEN = re.compile(f"(?:{_DIGIT}千)?(?:零?{_DIGIT}百)?(?:零?{_DIGIT}?(十){_DIGIT}?|零{_DIGIT})?")


def to_arabic(text: str) -> str:
    """``text`` with every run of Chinese numerals in Arabic digits; a run that is no number stays as it is.

    Runs of digits only are read one by one (二〇三 = 203), others by their place words (一百零八 = 108).
    一百二 stays: it is said for 120 and written for 102.
    """
    return RUN.sub(lambda run: _value_of(run[0]), text)


def _value_of(run: str) -> str:
    if all(character in DIGITS for character in run):
        return "".join(str(DIGITS[character]) for character in run)
    spoken = _SPOKEN.fullmatch(run.replace("〇", "零").replace("廿", "二十").replace("卅", "三十"))
    if spoken is None:
        return run
    thousands, hundreds, tens, ten, ones, lone = spoken.groups()
    value = 1000 * DIGITS.get(thousands, 0) + 100 * DIGITS.get(hundreds, 0) + DIGITS.get(ones or lone, 0)
    return str(value + (10 * DIGITS.get(tens, 1) if ten else 0))
