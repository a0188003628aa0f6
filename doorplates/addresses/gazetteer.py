"""What addresses are linked with: divisions, roads, places and doorplates in force, ready to be looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pandas as pd

from doorplates.addresses.divisions import (
    division_units,
    ended_divisions,
    former_names,
    names_of_counties,
    township_code,
)
from doorplates.addresses.links import names_and_aliases, names_in_force, plate_keys
from doorplates.addresses.near import NearNames, Nearness
from doorplates.addresses.plates import Codes, PlateIndex

Key = TypeVar("Key")


@dataclass(frozen=True)
class Plates:
    """Doorplates that are not cancelled, by row: id, division, road, place and number, and the place of their township
    in ``towns_at`` (-1 unknown, also at the end of the list); found by ``index``, and by owner and parts alone in
    ``by_building``.
    """

    records: pd.DataFrame
    towns_at: Mapping[str | None, int]
    town: Codes
    index: PlateIndex
    by_building: PlateIndex

    @classmethod
    def of(cls, plates: pd.DataFrame) -> Plates:
        """From records of the layer."""
        keys = plate_keys(plates)
        town, towns = pd.factorize(township_code(plates["division_code"]))
        columns = ["division_code", "road_id", "place_id", "number"]
        return cls(
            plates[columns].astype("str").rename_axis("id").reset_index().astype("str"),
            {one: at for at, one in enumerate(towns)},
            np.append(town, -1),
            PlateIndex.of(keys),
            PlateIndex.of(keys.assign(number="")),
        )


@dataclass(frozen=True)
class Owners:
    """Roads or places: ``ids`` by comparable name or alias, and by id the codes of all townships one lies in or has
    doorplates in.
    """

    layer: str
    ids: Mapping[str, tuple[str, ...]]
    towns: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    near: NearNames | None

    @classmethod
    def of(cls, layer: str, names: pd.Series, towns: pd.DataFrame, nearness: Nearness | None) -> Owners:
        """``names`` by id (several rows where there are aliases), ``towns``: pairs of ``id`` and ``town``."""
        ids: dict[str, list[str]] = {}
        for one, name in zip(names.index, names, strict=True):
            if one not in ids.setdefault(name, []):
                ids[name].append(one)
        lies: dict[str, set[str]] = {}
        for one, town in zip(towns["id"], towns["town"], strict=True):
            lies.setdefault(one, set()).add(town)
        first = names[~names.index.duplicated()]
        return cls(
            layer,
            {name: tuple(sorted(found)) for name, found in ids.items()},
            {one: frozenset(found) for one, found in lies.items()},
            dict(zip(first.index, first, strict=True)),
            NearNames(ids, nearness) if nearness is not None and ids else None,
        )

    def one(self, name: str | None, town: str | None) -> str | None:
        """The one record of that name: in the township said when there is one there, else the only one anywhere whose
        townships are not known or where none was said.
        """
        found = self.ids.get(name, ()) if name is not None else ()
        here = [one for one in found if town in self.towns.get(one, ())]
        if len(here) == 1:
            return here[0]
        return found[0] if len(found) == 1 and (town is None or found[0] not in self.towns) else None

    def may_lie(self, one: str, town: str | None) -> bool:
        """Whether a record may lie in a township, where one was said."""
        return town is None or one not in self.towns or town in self.towns[one]

    def only_town(self, one: str | None) -> str | None:
        """The township of a record that is in one only."""
        towns = self.towns.get(one, frozenset()) if one is not None else frozenset()
        return next(iter(towns)) if len(towns) == 1 else None


@dataclass(frozen=True)
class Divisions:
    """Divisions in force by name: townships by name and by name without the word for their kind, villages by township
    and name, villages that bear their name alone, counties; names by code; successors of former divisions by level.
    """

    townships: Mapping[str, str]
    villages: Mapping[tuple[str, str], str]
    single_villages: Mapping[str, str]
    counties: Mapping[str, str]
    names: Mapping[str, str]
    county_names: Mapping[str, str]
    successors: Mapping[str, Mapping[str, str]]
    suffixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: pd.DataFrame, former: pd.DataFrame, counties: pd.Series, suffixes: pd.DataFrame) -> Divisions:
        """From the frames of ``divisions``."""
        towns, villages = units[units["level"].eq("township")], units[units["level"].eq("village")]
        by_town: dict[tuple[str, str], str] = {}
        for column in ("core", "name"):
            by_town |= _single(zip(zip(villages["town"], villages[column], strict=True), villages.index, strict=True))
        inherited = former[former["successor"].notna()]
        return cls(
            _single(zip(towns["core"], towns.index, strict=True))
            | _single(zip(towns["name"], towns.index, strict=True)),
            by_town,
            _single(zip(villages["name"], villages.index, strict=True)),
            {name: code for code, name in reversed(list(counties.items()))},
            units["name"].to_dict(),
            counties.to_dict(),
            {
                level: dict(zip(found["name"], found["successor"], strict=True))
                for level, found in inherited.groupby("level")
            },
            {
                level: tuple(sorted(found["suffix"], key=lambda word: -len(word)))
                for level, found in suffixes.groupby("level")
            },
        )

    def core(self, name: str, level: str) -> str:
        """A name without the word for its kind."""
        ending = next((one for one in self.suffixes[level] if name.endswith(one) and len(name) > len(one)), "")
        return name.removesuffix(ending)

    def successor(self, name: str | None, level: str) -> str | None:
        """The division that a former one of that name became, else the name."""
        return self.successors.get(level, {}).get(name, name) if name is not None else None


@dataclass(frozen=True)
class Gazetteer:
    """Everything that an address may point to."""

    divisions: Divisions
    roads: Owners
    places: Owners
    plates: Plates

    @classmethod
    def from_layers(
        cls,
        layers: Mapping[str, pd.DataFrame],
        tables: Mapping[str, pd.DataFrame],
        *,
        history: pd.DataFrame,
        today: str,
        near: Nearness | None = None,
    ) -> Gazetteer:
        """From the records in force of divisions, roads, place_names and doorplates, the ``history`` of divisions, and
        the profile's tables. Without divisions in the register the shipped list stands in. ``near`` compares names
        that nothing bears; without it none is offered.
        """
        listed = layers["divisions"] if len(layers["divisions"]) else tables["known_divisions"]
        units = division_units(listed, tables["division_suffixes"])
        ended = ended_divisions(history, layers["divisions"], today)
        counties = names_of_counties(tables["known_divisions"], units)
        former = former_names(tables["former_divisions"], ended, units)
        roads, places = layers["roads"], layers["place_names"]
        standing = layers["doorplates"][layers["doorplates"]["status"].ne("cancelled")]
        return cls(
            Divisions.of(units, former, counties, tables["division_suffixes"]),
            Owners.of("roads", names_in_force(roads), _towns(roads, standing, "road_id"), near),
            Owners.of("place_names", names_and_aliases(places), _towns(places, standing, "place_id"), near),
            Plates.of(standing),
        )


def _single(pairs: Iterable[tuple[Key, str]]) -> dict[Key, str]:
    """Keys that occur once, with their value."""
    listed = list(pairs)
    counts = Counter(key for key, _ in listed)
    return {key: value for key, value in listed if counts[key] == 1}


def _towns(frame: pd.DataFrame, plates: pd.DataFrame, owner: str) -> pd.DataFrame:
    """``id`` of a road or place and ``town``: township codes of its divisions and of its doorplates."""
    own = frame["division_code"].str.split(";").explode()
    standing = plates.set_index(owner)["division_code"]
    both = township_code(pd.concat([own, standing[standing.index.notna()]]).astype("str"))
    return pd.DataFrame({"id": both.index, "town": both.to_numpy()}).dropna().drop_duplicates().astype("str")
