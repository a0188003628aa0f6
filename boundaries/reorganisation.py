"""What a change of divisions says: which divisions become which, how, from which day on, and by whose decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely import MultiPolygon

from rulebook.errors import DimingError


class Kind(StrEnum):
    """Ways in which divisions change (Regulation on the administration of divisions, 2018)."""

    SPLIT = "split"
    MERGE = "merge"
    RENAME = "rename"
    RECODE = "recode"
    CREATE = "create"
    MOVE = "move"


class ReorganisationError(DimingError):
    """A change of divisions that cannot be: the sentence says which change, which code, and what is allowed."""


@dataclass(frozen=True)
class Target:
    """A division that comes out of a change. Codes are normal (twelve digits).

    ``geometry`` is its ground (for a move between two divisions: the ground that is handed over) in the register's
    CRS, ``members`` are the codes of its subdivisions, ``member_codes`` the codes that subdivisions get (old → new)
    where they are not to be worked out.
    """

    code: str | None = None
    name: str | None = None
    kind: str | None = None
    pinyin: str | None = None
    nbs_code: str | None = None
    urban_rural: str | None = None
    geometry: MultiPolygon | None = None
    members: tuple[str, ...] = ()
    member_codes: Mapping[str, str] = field(default_factory=dict)

    def said(self) -> dict[str, str]:
        """Its own cells of the layer that were given."""
        names = ("name", "kind", "pinyin", "nbs_code", "urban_rural")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True)
class Change:
    """One change. ``sources`` are normal codes of divisions in force."""

    kind: Kind
    sources: tuple[str, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Reorganisation:
    """Changes that take effect on one day (ISO date) by one decision; they are worked out in their order."""

    effective_on: str
    basis: str
    changes: tuple[Change, ...]
