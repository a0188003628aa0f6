"""Turns raw cells into the dictionary's types, column by column; what does not fit is refused with its row."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from register.exchange import angles
from register.exchange.refusals import Refusals
from rulebook.language import Text
from rulebook.schema import Field, FieldType
from rulebook.values import to_text

EXACT_DIGITS = 1e15
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
SCIENTIFIC = r"\s*\d(?:\.\d+)?[eE]\+\d\d\d?\s*"
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
DATE = r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
COMPACT_DATE = r"(\d{4})(\d{2})(\d{2})"


@dataclass(frozen=True)
class Cells:
    """A raw column as text (missing where empty), and which cells were numbers or dates in the file."""

    text: pd.Series
    lost: pd.Series
    dates: pd.Series


def cells(raw: pd.Series) -> Cells:
    """Text of raw cells: whole numbers without ``.0``, dates in ISO form. ``lost``: numbers too long to be exact."""
    none = pd.Series(False, index=raw.index)
    if isinstance(raw.dtype, pd.StringDtype):
        return Cells(raw.where(raw.ne("")).astype("str"), none, none)
    if pd.api.types.is_datetime64_any_dtype(raw.dtype):
        text = raw.dt.strftime("%Y-%m-%d %H:%M:%S").str.removesuffix(" 00:00:00")
        return Cells(text.where(raw.notna()).astype("str"), none, none)
    if pd.api.types.is_bool_dtype(raw.dtype):
        return Cells(raw.map({True: "true", False: "false"}, na_action="ignore").astype("str"), none, none)
    if pd.api.types.is_integer_dtype(raw.dtype):
        return Cells(raw.astype("str").where(raw.notna()).astype("str"), none, none)
    if pd.api.types.is_float_dtype(raw.dtype):
        return Cells(_number_text(raw), raw.abs().ge(EXACT_DIGITS) & raw.abs().lt(np.inf), none)
    kinds = raw.map(type)
    number = kinds.isin((int, float, np.float64, np.int64))
    dates = kinds.isin((datetime.date, datetime.datetime, datetime.time, datetime.timedelta))
    text = raw.map(_object_text)
    values = raw.where(number).astype("float64")
    return Cells(text.astype("str"), values.abs().ge(EXACT_DIGITS), dates)


def _object_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return to_text(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return None if value is None or value == "" else str(value)


def _number_text(numbers: pd.Series) -> pd.Series:
    whole = numbers.notna() & np.isfinite(numbers) & (numbers == numbers.round()) & (numbers.abs() < EXACT_DIGITS)
    text = numbers.astype("object").where(~whole, numbers.where(whole, 0).astype("int64")).map(str)
    return text.where(numbers.notna()).astype("str")


class Converter:
    """Converts the columns of one table. ``words`` is a closed list's other spellings: (field, word) → value."""

    def __init__(self, refusals: Refusals, words: Mapping[tuple[str, str], str], keys: tuple[str, ...]) -> None:
        self.refusals = refusals
        self.words = words
        self.keys = keys

    def convert(self, raw: pd.Series, field: Field, heading: str) -> pd.Series:
        """The column in the field's dtype. Cells that do not fit are missing and their rows refused."""
        found = cells(raw)
        if field.type is FieldType.NUMBER:
            if field.name in angles.FIELDS:
                found = replace(found, text=angles.decimal(found.text))
            return self._number(found, heading).astype("float64")
        if field.type is FieldType.INTEGER:
            return self._integer(found, heading)
        if field.type is FieldType.DATE:
            return self._date(found, heading)
        return self._text(found, field, heading)

    def other(self, raw: pd.Series, heading: str) -> pd.Series:
        """A column that the dictionary does not know, as text."""
        return self._without_control(cells(raw).text, heading)

    def _text(self, found: Cells, field: Field, heading: str) -> pd.Series:
        text = found.text
        if found.dates.any():
            self.refusals.add_cells(
                text[found.dates],
                lambda value: Text(
                    f"“{heading}”是日期单元格（{value}），应为文本；表格软件可能把 3-12 之类改成了日期",
                    f'"{heading}" is a date cell ({value}), text is due; a spreadsheet may have turned something like 3-12 into a date',
                ),
            )
        lost = found.lost | text.str.fullmatch(SCIENTIFIC).fillna(False).astype("bool")
        if lost.any():
            self.refusals.add_cells(
                text[lost],
                lambda value: Text(
                    f"“{heading}”的值 {value} 已被表格软件改成数字，末尾几位已丢失；请按文本重新填写",
                    f'"{heading}" is {value}: a spreadsheet has made a number of it and lost its last digits; enter it as text again',
                ),
            )
        text = self._without_control(text, heading)
        if field.allowed:
            return self._enumerated(text, field, heading)
        text = self._in_dictionary_words(text, field)
        return _missing_if_empty(text.str.strip()) if is_code(field, self.keys) else text

    def _without_control(self, text: pd.Series, heading: str) -> pd.Series:
        bad = text.str.contains(CONTROL, regex=True).fillna(False).astype("bool")
        if bad.any():
            self.refusals.add_cells(
                text[bad].map(repr),
                lambda value: Text(
                    f"“{heading}”含有控制字符（{value}）", f'"{heading}" holds control characters ({value})'
                ),
            )
        return text

    def _in_dictionary_words(self, text: pd.Series, field: Field) -> pd.Series:
        """The dictionary's own word where an open list has one; all other words stay."""
        values = {word: value for (name, word), value in self.words.items() if name == field.name}
        return text.str.strip().map(values).astype("str").fillna(text) if values else text

    def _enumerated(self, text: pd.Series, field: Field, heading: str) -> pd.Series:
        distinct = text.dropna().unique()
        meaning = {word: self._meaning(word, field) for word in distinct}
        values = text.map(meaning, na_action="ignore").astype("str")
        unknown = text.notna() & text.str.strip().ne("") & values.isna()
        if unknown.any():
            allowed = ", ".join(field.allowed)
            self.refusals.add_cells(
                text[unknown],
                lambda value: Text(
                    f"“{heading}”的值“{value}”不在允许的范围内：{allowed}",
                    f'"{heading}" is "{value}"; allowed: {allowed}',
                ),
            )
        return values

    def _meaning(self, word: str, field: Field) -> str | None:
        plain = unicodedata.normalize("NFKC", word).strip()
        if plain in field.allowed:
            return plain
        lower = {value.casefold(): value for value in field.allowed}
        value = self.words.get((field.name, plain)) or lower.get(plain.casefold())
        return value if value in field.allowed else None

    def _number(self, found: Cells, heading: str) -> pd.Series:
        text = _missing_if_empty(found.text.str.normalize("NFKC").str.strip())
        numbers = pd.to_numeric(text.where(text.str.fullmatch(NUMBER).fillna(False).astype("bool")), errors="coerce")
        numbers = numbers.astype("float64").where(np.isfinite)
        wrong = text.notna() & numbers.isna()
        if wrong.any():
            self.refusals.add_cells(
                text[wrong],
                lambda value: Text(f"“{heading}”的值“{value}”不是数字", f'"{heading}" is "{value}", not a number'),
            )
        return numbers

    def _integer(self, found: Cells, heading: str) -> pd.Series:
        numbers = self._number(found, heading)
        broken = numbers.notna() & ((numbers != numbers.round()) | (numbers.abs() >= EXACT_DIGITS))
        if broken.any():
            self.refusals.add_cells(
                found.text[broken],
                lambda value: Text(
                    f"“{heading}”的值“{value}”不是整数", f'"{heading}" is "{value}", not a whole number'
                ),
            )
        return numbers.mask(broken).astype("Int64")

    def _date(self, found: Cells, heading: str) -> pd.Series:
        text = _missing_if_empty(found.text.str.normalize("NFKC").str.strip())
        dates = iso_dates(text)
        wrong = text.notna() & dates.isna()
        if wrong.any():
            self.refusals.add_cells(
                text[wrong],
                lambda value: Text(
                    f"“{heading}”的值“{value}”不是日期，应为 2024-03-05 这样的形式",
                    f'"{heading}" is "{value}", not a date; write it like 2024-03-05',
                ),
            )
        return dates


def is_code(field: Field, keys: tuple[str, ...]) -> bool:
    """Whether blanks around a value are never part of it: keys, ids, codes."""
    return field.name in keys or field.name.rpartition("_")[2] in ("id", "ids", "code", "codes")


def iso_dates(text: pd.Series) -> pd.Series:
    """ISO form of texts that are dates in any usual form, missing for all others."""
    return text.map(_dates_of(text), na_action="ignore").astype("str")


def _dates_of(text: pd.Series) -> dict[str, str]:
    """ISO form of every distinct text that is a date."""
    distinct = pd.Series(text.dropna().unique(), dtype="str")
    parts = distinct.str.extract(f"^(?:{DATE})$").fillna(distinct.str.extract(f"^{COMPACT_DATE}$"))
    parts.columns = ["year", "month", "day"]
    dates = pd.to_datetime(parts.apply(pd.to_numeric), errors="coerce")
    valid = dates.notna()
    return dict(zip(distinct[valid], dates[valid].dt.strftime("%Y-%m-%d"), strict=True))


def _missing_if_empty(text: pd.Series) -> pd.Series:
    return text.where(text.ne("")).astype("str")
