"""What became of a plate: reserved, split, merged, replaced, cancelled. Kept in the plate's own column ``lineage``.

An entry is ``event:what@date``; entries are separated by ``;``, oldest first: ``replaced:45@2026-12-01`` (its number was
45 until then), ``split:D12`` (its house was part of that of plate D12), ``merged:D13+D14`` (it took theirs over),
``merged_into:D12``, ``reserved``, ``cancelled``. The log of the register tells the same cell by cell; the column goes
with the record into every export.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rulebook.language import Text

EVENTS = {
    "reserved": Text("预留", "reserved"),
    "issued": Text("启用", "issued"),
    "replaced": Text("改号，原 {what} 号", "renumbered, was {what}"),
    "split": Text("自 {what} 分出", "split from {what}"),
    "merged": Text("并入 {what}", "took over {what}"),
    "merged_into": Text("已并入 {what}", "merged into {what}"),
    "cancelled": Text("注销", "cancelled"),
}
_ENTRY = re.compile(r"(?P<event>[a-z_]+)(?::(?P<what>[^@;]*))?(?:@(?P<on>\d{4}-\d{2}-\d{2}))?")


class Event(NamedTuple):
    """One entry: what happened, with what other plates or number, on which day."""

    event: str
    what: str
    on: str

    def told(self) -> Text:
        """The entry as a sentence part."""
        return EVENTS[self.event].format(what=self.what)


def entry(event: str, what: str = "", on: str = "") -> str:
    """One entry as it is written; signs that separate entries are taken out of ``what``."""
    named = re.sub("[;@]", " ", what)
    return event + (f":{named}" if named else "") + (f"@{on}" if on else "")


def extended(lineage: str | None, new: str) -> str:
    """A lineage with one more entry."""
    return f"{lineage};{new}" if lineage else new


def read(lineage: str | None) -> list[Event]:
    """Entries of a lineage, oldest first; what is none (written by hand) is left out."""
    found = (_ENTRY.fullmatch(part.strip()) for part in (lineage or "").split(";"))
    return [Event(one["event"], one["what"] or "", one["on"] or "") for one in found if one and one["event"] in EVENTS]
