"""What the visitor wants to see, as it stands in the address bar."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from rulebook.errors import CallError

Box = tuple[float, float, float, float]
FACETS = ("level", "rule", "layer", "township")


@dataclass(frozen=True)
class Filters:
    """Filters of the list of findings; empty: everything. ``box`` is ``west,south,east,north`` in degrees."""

    level: str = ""
    rule: str = ""
    layer: str = ""
    township: str = ""
    text: str = ""
    box: str = ""

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> Filters:
        """Filters of a request; an unreadable box raises CallError."""
        found = cls(**{name: arguments.get(name, "").strip() for name in cls.__dataclass_fields__})
        read_box(found.box)
        return found

    def query(self, **changes: str) -> str:
        """The query string of these filters with some of them changed, ``?`` included."""
        given = {name: value for name, value in asdict(replace(self, **changes)).items() if value}
        return "?" + urlencode(given) if given else ""

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(asdict(self).values())

    def fits(self, finding: Mapping[str, Any]) -> bool:
        """Whether a finding fits the four facets."""
        return all(getattr(self, facet) in ("", finding[facet]) for facet in FACETS)


def read_box(text: str) -> Box | None:
    """``west,south,east,north`` in degrees; None for empty text, CallError for anything else."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = math.nan
    if not (math.isfinite(west) and -180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise CallError(
            f"范围应写成 西,南,东,北（经纬度），不能是“{text}”。",
            f'A box is west,south,east,north in degrees, not "{text}".',
        )
    return west, south, east, north


def facet_counts(findings: Iterable[Mapping[str, Any]], filters: Filters) -> dict[str, Counter[str]]:
    """For each facet, how many findings each of its values would give with the other filters as they are."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for one in findings:
        misses = [facet for facet in FACETS if getattr(filters, facet) not in ("", one[facet])]
        for facet in FACETS:
            if not misses or misses == [facet]:
                counts[facet][one[facet]] += 1
    return counts
