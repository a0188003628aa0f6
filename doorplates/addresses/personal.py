"""Personal data written into address texts: telephones, identity numbers, names of persons.

A match is taken with the label before it (电话：, 身份证号), so that nothing is left dangling. Texts are searched in
half width, character by character, so that what is cut can be cut from the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

REDACTED = "***"
_HALF_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})
_HAN = "[\u4e00-\u9fff]"
_GAP = r"[\s-]?"
_LONG_NUMBER = r"[0-9０-９](?:[\s－-]?[0-9０-９]){5}"
_PHONE_LABEL = r"(?:(?:联系)?(?:电话|手机|座机)(?:号码?)?|[Tt][Ee][Ll]\.?)[\s:]*"
_PHONES = (
    rf"(?<![0-9A-Za-z-])(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])",
    r"(?<![0-9A-Za-z-])(?:\(0[1-9][0-9]{1,2}\)|0[1-9][0-9]{1,2})[\s-]*[0-9]{7,8}(?![0-9])",
)
_IDENTITY_LABEL = r"(?:(?:居民)?身份证(?:号码?)?|公民身份号码|证件号码?)[\s:]*"
_IDENTITY = (
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_LABELLED_IDENTITY = rf"{_IDENTITY_LABEL}(?:[0-9]{{17}}[0-9Xx]|[0-9]{{15}})(?![0-9A-Za-z])"
_NO_PLATE = r"[0-9](?:-?[0-9]){9}|[0-9]{6}"
_LABELS = "电话|手机|座机|[Tt][Ee][Ll]|身份|证件"
_NOT_A_GIVEN_NAME = "门边侧面楼店东西南北旁口厅部处元层室幢号"
_EMPTY_BRACKETS = r"[(（][\s,;:，；：]*[)）]"
_LOOSE_ENDS = " \t\r\n,;:，；：、。\u3000"


@dataclass(frozen=True)
class PersonalData:
    """Finds and removes personal data; ``sure`` is cut, ``unsure`` is a person whose name's end cannot be told.

    ``hint`` is what every text with personal data contains; it is quick to look for. ``apart`` is found in the names or
    in the numbers of such a text, when these are looked at apart.
    """

    sure: re.Pattern[str]
    unsure: re.Pattern[str]
    hint: str
    hinted: re.Pattern[str]
    apart: re.Pattern[str]

    @classmethod
    def from_tables(cls, marks: pd.DataFrame, surnames: pd.DataFrame) -> PersonalData:
        """From the tables ``person_marks`` (mark, position before or after the name) and ``surnames`` (surname)."""
        before, after = (_any(marks.loc[marks["position"].eq(position), "mark"]) for position in ("before", "after"))
        surname = _any(surnames["surname"])
        start = r"(?:^|(?<=[\s,;:()号室幢层楼元组户]))"
        phone = rf"(?:{'|'.join(rf'(?:{_PHONE_LABEL})?{one}' for one in _PHONES)}|{_PHONE_LABEL}[0-9][0-9-]{{5,14}}(?![0-9]))"
        given = rf"(?!{_HAN}?[{_NOT_A_GIVEN_NAME}]){_HAN}{{1,2}}"
        found = (
            rf"{_LABELLED_IDENTITY}|(?:{_IDENTITY_LABEL})?{_IDENTITY}",
            rf"(?:{before})\s*:\s*{_HAN}{{2,4}}(?!{_HAN})",
            rf"(?:{before})\s*(?:{surname}){_HAN}{{1,2}}(?!{_HAN})",
            rf"{start}(?:{surname}){_HAN}{{0,2}}(?:{after})(?!{_HAN})",
            rf"{start}(?:{surname}){given}(?=[\s,;:(]*{phone})",
            rf"{phone}(?:[\s,;:(]*(?:{surname}){given}(?=[\s,;)]*$))?",
        )
        unsure = rf"(?:{before})\s*:?\s*(?:{surname}){_HAN}"
        hint = rf"{_LONG_NUMBER}|{before}|{after}"
        apart = re.compile(rf"{_NO_PLATE}|{_LABELS}|{before}|{after}")
        return cls(re.compile("|".join(found)), re.compile(unsure), hint, re.compile(hint), apart)

    def hinted_apart(self, part: str) -> bool:
        """Whether the names of a text, or its numbers (with any digits), may belong to personal data."""
        return self.apart.search(part) is not None

    def search(self, texts: pd.Series) -> pd.DataFrame:
        """Texts with personal data, indexed as ``texts``: ``cleaned`` (cut out) and ``redacted`` (starred out).

        Where only ``unsure`` matches, ``cleaned`` is missing: nothing can be cut unseen.
        """
        kept = texts.dropna()
        hinted = kept[kept.str.contains(self.hint, regex=True)]
        rows = {key: self._cut(text) for key, text in hinted.items() if self._holds(text.translate(_HALF_WIDTH))}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["cleaned", "redacted"], dtype="object")

    def cleaned(self, text: str) -> str:
        """One text with what is surely personal cut out."""
        if not self.hinted.search(text) or not self._holds(text.translate(_HALF_WIDTH)):
            return text
        return self._cut(text)[0] or text

    def _holds(self, text: str) -> bool:
        return bool(self.sure.search(text) or self.unsure.search(text))

    def _cut(self, text: str) -> tuple[str | None, str]:
        cleaned, redacted, start = "", "", 0
        for match in self.sure.finditer(text.translate(_HALF_WIDTH)):
            between = text[start : match.start()]
            cleaned, redacted, start = cleaned + between, redacted + between + REDACTED, match.end()
        rest = text[start:]
        unsure = self.unsure.search(rest.translate(_HALF_WIDTH))
        if unsure:
            return None, redacted + rest[: unsure.start()] + REDACTED
        tidy = re.sub(_EMPTY_BRACKETS, "", cleaned + rest)
        return tidy.strip(_LOOSE_ENDS) or None, redacted + rest


def _any(words: pd.Series) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
