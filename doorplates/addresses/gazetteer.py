"""What addresses are linked with: divisions, roads, places and doorplates in force, ready to be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
from doorplates.addresses.near import Nearness
from doorplates.addresses.plates import Codes, PlateIndex


@dataclass(frozen=True)
class Plates:
    """Doorplates that are not cancelled, by row: id, division, road, place and number; found by ``index``, and by their owner
    and parts alone in ``by_building``.
    """

    ids: pd.Series
    divisions: pd.Series
    roads: pd.Series
    places: pd.Series
    numbers: pd.Series
    index: PlateIndex
    by_building: PlateIndex

    @classmethod
    def of(cls, plates: pd.DataFrame) -> Plates:
        """From records of the layer."""
        keys = plate_keys(plates)
        return cls(
            pd.Series(plates.index, dtype="str"),
            plates["division_code"].reset_index(drop=True).astype("str"),
            plates["road_id"].reset_index(drop=True).astype("str"),
            plates["place_id"].reset_index(drop=True).astype("str"),
            plates["number"].reset_index(drop=True).astype("str"),
            PlateIndex.of(keys),
            PlateIndex.of(keys.assign(number="")),
        )


@dataclass(frozen=True)
class Gazetteer:
    """Names are comparable names by id; towns are the codes of all townships a road or place lies in or has doorplates
    in, by id. ``near`` compares names that nothing bears; without it none is offered.
    """

    units: pd.DataFrame
    former: pd.DataFrame
    counties: pd.Series
    suffixes: pd.DataFrame
    roads: pd.Series
    road_towns: pd.Series
    places: pd.Series
    place_towns: pd.Series
    plates: Plates
    towns: pd.Index
    plate_towns: Codes
    near: Nearness | None = None

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
        the profile's tables. Without divisions in the register the shipped list stands in.
        """
        divisions = layers["divisions"] if len(layers["divisions"]) else tables["known_divisions"]
        units = division_units(divisions, tables["division_suffixes"])
        ended = ended_divisions(history, layers["divisions"], today)
        standing = layers["doorplates"][layers["doorplates"]["status"].ne("cancelled")]
        plate_towns, towns = pd.factorize(township_code(standing["division_code"]))
        return cls(
            units=units,
            former=former_names(tables["former_divisions"], ended, units),
            counties=names_of_counties(tables["known_divisions"], units),
            suffixes=tables["division_suffixes"],
            roads=names_in_force(layers["roads"]),
            road_towns=_towns(layers["roads"], standing, "road_id"),
            places=names_and_aliases(layers["place_names"]),
            place_towns=_towns(layers["place_names"], standing, "place_id"),
            plates=Plates.of(standing),
            towns=pd.Index(towns, dtype="str"),
            plate_towns=np.append(plate_towns, -1),
            near=near,
        )


def _towns(frame: pd.DataFrame, plates: pd.DataFrame, owner: str) -> pd.Series:
    """Township codes by id of a road or place: of its divisions and of its doorplates; several rows where several."""
    own = frame["division_code"].str.split(";").explode()
    standing = plates.set_index(owner)["division_code"]
    both = township_code(pd.concat([own, standing[standing.index.notna()]]).astype("str"))
    pairs = pd.DataFrame({"id": both.index, "town": both.to_numpy()}).dropna().drop_duplicates()
    return pd.Series(pairs["town"].to_numpy(), index=pd.Index(pairs["id"], dtype="str"), dtype="str")
