"""What a rule is: its code, texts, levels, parameters and function. The docstring of the function is its page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rulebook.language import Text, placeholders

if TYPE_CHECKING:
    from rulebook.context import Context
    from rulebook.findings import Findings

SECTIONS = ("What it does", "Why it matters", "Example", "Fix safety", "Trap")


class Level(StrEnum):
    """How much a fault weighs. Question: only a person can tell, and the answer is kept."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"
    INFO = "info"


class Remedy(StrEnum):
    """Where the fault can be repaired."""

    DESK = "desk"
    FIELD = "field"


class Safety(StrEnum):
    """Safe: may be applied unseen. Review: a person decides. None: no repair is proposed."""

    SAFE = "safe"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True)
class Param:
    """A parameter whose value comes from the profile: ``type`` is bool, int, float, str or list."""

    name: str
    type: type
    title: Text


@dataclass(frozen=True)
class Variant:
    """One shape of a rule's fault with a message (and, where it differs, a level) of its own."""

    message: Text
    level: Level | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    ``layers`` are checked one after another; ``needs`` must have records for the rule to run, ``uses`` may be empty.
    ``tables`` are word and code lists, ``params`` numbers: both come from the profile. ``spatial`` rules need a
    projected CRS. ``check(frame, context)`` gets the records in force of one layer, indexed by record id.
    """

    code: str
    name: str
    title: Text
    layers: tuple[str, ...]
    level: Level
    remedy: Remedy
    fix: Safety
    basis: str
    message: Text
    check: Callable[[Any, Context], Findings]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    tables: tuple[str, ...] = ()
    spatial: bool = False
    since: str = "0.1.0"
    variants: Mapping[str, Variant] = field(default_factory=dict)

    def message_of(self, variant: str) -> Text:
        """Message template of a variant, the rule's own for ``""``."""
        return self.variants[variant].message if variant else self.message

    def level_of(self, variant: str) -> Level:
        """Level of a variant before the profile judges."""
        return (self.variants[variant].level or self.level) if variant else self.level

    def placeholders(self) -> set[str]:
        """Evidence columns that some message of the rule expects."""
        messages = (self.message, *(variant.message for variant in self.variants.values()))
        return set().union(*(placeholders(sentence) for message in messages for sentence in message))

    def page(self) -> dict[str, Text]:
        """Sections of the catalogue page, parsed from the function's docstring."""
        return parse_page(inspect.getdoc(self.check) or "")


def parse_page(docstring: str) -> dict[str, Text]:
    """Split a rule's docstring into its sections; each has a ``zh:`` and an ``en:`` paragraph."""
    parts = re.split(r"^## (.+)$", docstring, flags=re.MULTILINE)[1:]
    return {
        heading.strip(): Text(*(_paragraph(body, lang) for lang in ("zh", "en")))
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }


def _paragraph(body: str, lang: str) -> str:
    found = re.search(rf"^{lang}:(.*?)(?=^(?:zh|en):|\Z)", body, flags=re.MULTILINE | re.DOTALL)
    joiner = "" if lang == "zh" else " "
    return joiner.join(line.strip() for line in found[1].strip().splitlines()) if found else ""
