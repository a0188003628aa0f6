"""The names of addresses resolved: township, finest division, road and place, and what else they may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from doorplates.addresses.gazetteer import Divisions, Gazetteer, Owners

SAME_NAME = "same_name"
_PHASE = re.compile("(?<=..)(?:[一二三四五六七八九十0-9]{1,2}(?:期|区)|[东南西北中]区)$")
_TOWNSHIP = re.compile("([0-9]{9})[0-9]{3}")


class Names(NamedTuple):
    """The named parts of an address; None where it has none."""

    province: str | None
    prefecture: str | None
    county: str | None
    township: str | None
    community: str | None
    natural_village: str | None
    road: str | None
    lane: str | None
    estate: str | None


@dataclass(frozen=True)
class Resolved:
    """``names`` with the successors of former divisions; ``town`` and ``division``: codes; ``road`` and ``place``: ids,
    None where not certain; ``other_name``: a former division or a phase of an estate was named; ``owners``: layer, id
    and why of the roads and places that come into question where none is certain (``SAME_NAME`` or a band of ``near``).
    """

    names: Names
    town: str | None
    division: str | None
    road: str | None
    place: str | None
    other_name: bool
    owners: tuple[tuple[str, str, str], ...]


def resolve(said: Names, known: Gazetteer) -> Resolved:
    """Resolve one combination of names."""
    divisions, roads, places = known.divisions, known.roads, known.places
    names = said._replace(
        prefecture=divisions.successor(said.prefecture, "prefecture"),
        county=divisions.successor(said.county, "county"),
        township=divisions.successor(said.township, "township"),
    )
    town, division = _division(names, divisions)
    road = roads.one(f"{names.road}{names.lane}", town) if names.road and names.lane else None
    road = road or roads.one(names.road, town)

    by_estate = places.one(names.estate, town)
    whole = _PHASE.sub("", names.estate) if names.estate else None
    by_phase = places.one(whole, town) if by_estate is None and whole != names.estate else None
    hamlet = _hamlet(names, places) if names.estate is None and names.road is None else None
    place = by_estate or by_phase or places.one(hamlet, town)

    if road is not None or place is not None:
        owners: list[tuple[str, str, str]] = []
    elif names.road is not None:
        owners = _owners(names.road, town, roads)
    else:
        owners = _owners(names.estate or hamlet, town, places)
    return Resolved(
        names,
        town,
        division or roads.only_town(road) or places.only_town(place),
        road,
        place,
        said.township != names.township or by_phase is not None,
        tuple(owners),
    )


def township_of(code: str | None) -> str | None:
    """The code of the township that a division lies in or is."""
    found = _TOWNSHIP.fullmatch(code) if code is not None else None
    return f"{found[1]}000" if found and not found[1].endswith("000") else None


def _division(names: Names, known: Divisions) -> tuple[str | None, str | None]:
    """Code of the township, and of the finest division that is certain."""
    town = None
    if names.township is not None:
        town = known.townships.get(names.township) or known.townships.get(known.core(names.township, "township"))
    village = None
    if names.community is not None and town is not None:
        core = known.core(names.community, "village")
        village = known.villages.get((town, names.community)) or known.villages.get((town, core))
    elif names.community is not None:
        village = known.single_villages.get(names.community)
    town = town or township_of(village)
    county = known.counties.get(names.county) if names.county is not None else None
    return town, village or town or county


def _hamlet(names: Names, places: Owners) -> str | None:
    """The natural village by the name it has among the places, else the village where that is a place."""
    if names.natural_village is None:
        return names.community if names.community in places.ids else None
    bare = names.natural_village.removesuffix("自然村")
    return names.natural_village if names.natural_village in places.ids or len(bare) < 2 else bare


def _owners(name: str | None, town: str | None, owners: Owners) -> list[tuple[str, str, str]]:
    """All records of a name that several bear, or those that are like a name that nothing bears."""
    if name is None:
        return []
    why = {name: SAME_NAME}
    if name not in owners.ids:
        why = dict(owners.near.like(name)) if owners.near is not None else {}
    return [
        (owners.layer, one, reason)
        for near, reason in why.items()
        for one in owners.ids[near]
        if owners.may_lie(one, town)
    ]
