"""Sentences in the two languages of the product, kept side by side so that neither can be missing."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LANGUAGES = ("zh", "en")


class _EvidenceFormatter(string.Formatter):
    """``str.format`` for evidence: a missing value prints as a dash, a list as its members."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "—"
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "、".join(str(member) for member in value)
        return str(super().format_field(value, format_spec))


_FORMATTER = _EvidenceFormatter()


class Text(NamedTuple):
    """One sentence in Chinese and English; braces are filled by :meth:`format`."""

    zh: str
    en: str

    def format(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> Text:
        """Fill the placeholders of both languages. A ``Text`` among the values is filled in each language's own."""
        given = {**(values or {}), **more}
        return Text(
            *(
                _FORMATTER.vformat(template, (), {name: _in_language(value, lang) for name, value in given.items()})
                for lang, template in zip(LANGUAGES, self, strict=True)
            )
        )

    def within(self, lang: str) -> str:
        """The sentence in ``lang`` (``"zh"`` or ``"en"``)."""
        return self.en if lang == "en" else self.zh


def _in_language(value: Any, lang: str) -> Any:
    return value.within(lang) if isinstance(value, Text) else value


def placeholders(template: str) -> set[str]:
    """Names that the template expects to be filled."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
