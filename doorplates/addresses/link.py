"""Links segmented addresses with the register: division, road, place and doorplate, and how sure the match is.

Grades: A – exactly one doorplate fits entirely. B – one doorplate has the number, but the address is finer than it,
names a former division or carries a remark. C – the road or place is known, its doorplate is not or several fit.
D – neither road nor place is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from doorplates.addresses.compose import compose, written_parts
from doorplates.addresses.divisions import (
    core_names,
    division_units,
    ended_divisions,
    former_names,
    named_once,
    named_townships,
    names_of_counties,
    township_code,
)
from doorplates.addresses.links import (
    address_keys,
    matching_plates,
    names_and_aliases,
    names_in_force,
    only,
    plate_keys,
)
from doorplates.addresses.text import comparable, looked_up

LINKS = ("division_code", "road_id", "place_id", "doorplate_id", "grade", "standard_text")


@dataclass(frozen=True)
class Gazetteer:
    """What addresses are linked with. Names are comparable names by id; towns are the codes of all townships a road or
    place lies in or has doorplates in, by id.
    """

    units: pd.DataFrame
    former: pd.DataFrame
    counties: pd.Series
    suffixes: pd.DataFrame
    roads: pd.Series
    road_towns: pd.Series
    places: pd.Series
    place_towns: pd.Series
    plates: pd.DataFrame
    plate_divisions: pd.Series

    @classmethod
    def from_layers(
        cls,
        layers: Mapping[str, pd.DataFrame],
        tables: Mapping[str, pd.DataFrame],
        *,
        history: pd.DataFrame,
        today: str,
    ) -> Gazetteer:
        """From the records in force of divisions, roads, place_names and doorplates, the ``history`` of divisions, and
        the profile's tables. Without divisions in the register the shipped list stands in.
        """
        divisions = layers["divisions"] if len(layers["divisions"]) else tables["known_divisions"]
        units = division_units(divisions, tables["division_suffixes"])
        ended = ended_divisions(history, layers["divisions"], today)
        plates = layers["doorplates"][layers["doorplates"]["status"].ne("cancelled")]
        return cls(
            units=units,
            former=former_names(tables["former_divisions"], ended, units),
            counties=names_of_counties(tables["known_divisions"], units),
            suffixes=tables["division_suffixes"],
            roads=names_in_force(layers["roads"]),
            road_towns=_towns(layers["roads"], plates, "road_id"),
            places=names_and_aliases(layers["place_names"]),
            place_towns=_towns(layers["place_names"], plates, "place_id"),
            plates=plate_keys(plates),
            plate_divisions=plates["division_code"],
        )


def link(segments: pd.DataFrame, known: Gazetteer, form: Mapping[str, Any]) -> pd.DataFrame:
    """The columns ``LINKS`` for every row of ``segments``. ``form`` is the profile's ``standard_address``."""
    current = _with_successors(segments, known)
    town, division = _division(current, known)
    with_lane = (comparable(current["road"]) + comparable(current["lane"])).fillna("")
    road = _nearest_named(with_lane.where(with_lane.isin(known.roads)), town, known.roads, known.road_towns)
    road = road.fillna(_nearest_named(comparable(current["road"]), town, known.roads, known.road_towns))
    place = _nearest_named(comparable(current["estate"]), town, known.places, known.place_towns)
    hamlet = _nearest_named(comparable(current["natural_village"]), town, known.places, known.place_towns)
    place = place.fillna(hamlet.where(current["estate"].isna() & current["road"].isna()))

    keys = address_keys(current.assign(road_id=road, place_id=place), form["words"])
    exact, coarse = _plates(keys, known.plates)
    plate = exact.fillna(coarse)
    stands = looked_up(plate, known.plate_divisions)
    plate = plate.where(~_contradicts(township_code(stands), town))
    stands = stands.where(plate.notna())

    grade = pd.Series("D", index=segments.index, dtype="str").mask(road.notna() | place.notna(), "C")
    doubtful = segments["rest"].notna() | current["township"].ne(segments["township"]) & segments["township"].notna()
    grade = grade.mask(plate.notna(), "B").mask(plate.notna() & plate.eq(exact) & ~doubtful, "A")
    division = (
        stands.fillna(division).fillna(_only_town(road, known.road_towns)).fillna(_only_town(place, known.place_towns))
    )
    links = pd.DataFrame({"division_code": division, "road_id": road, "place_id": place, "doorplate_id": plate})
    standard = compose(written_parts(_completed(current, links["division_code"], known), form), form)
    links["grade"], links["standard_text"] = grade, standard.where(standard.ne("")).astype("str")
    return links.astype("str")


def _towns(frame: pd.DataFrame, plates: pd.DataFrame, owner: str) -> pd.Series:
    """Township codes by id of a road or place: of its divisions and of its doorplates; several rows where several."""
    own = frame["division_code"].str.split(";").explode()
    standing = plates.set_index(owner)["division_code"]
    both = township_code(pd.concat([own, standing[standing.index.notna()]]).astype("str"))
    pairs = pd.DataFrame({"id": both.index, "town": both.to_numpy()}).dropna().drop_duplicates()
    return pd.Series(pairs["town"].to_numpy(), index=pd.Index(pairs["id"], dtype="str"), dtype="str")


def _only_town(ids: pd.Series, towns: pd.Series) -> pd.Series:
    return looked_up(ids, towns[~towns.index.duplicated(keep=False)])


def _with_successors(segments: pd.DataFrame, known: Gazetteer) -> pd.DataFrame:
    """Segments with former counties and townships replaced by their successor."""
    former = known.former[known.former["successor"].notna()]
    replaced = {}
    for level in ("county", "township"):
        heirs = former[former["level"].eq(level)].set_index("name")["successor"]
        replaced[level] = looked_up(segments[level], heirs).fillna(segments[level])
    return segments.assign(**replaced)


def _division(segments: pd.DataFrame, known: Gazetteer) -> tuple[pd.Series, pd.Series]:
    """Code of the township, and of the finest division that is certain."""
    units = known.units
    town = named_townships(segments["township"], units, known.suffixes)
    villages = units[units["level"].eq("village")]
    core = core_names(segments["community"], known.suffixes, "village")
    in_town = pd.Series(dtype="str", index=segments.index)
    for column, names in (("name", segments["community"]), ("core", core)):
        here = (villages["town"] + villages[column])[lambda key: ~key.duplicated(keep=False)]
        in_town = in_town.fillna(looked_up(town + names, pd.Series(here.index, index=here)))
    anywhere = looked_up(segments["community"], named_once(units, "name", "village"))
    village = in_town.fillna(anywhere.where(town.isna()))
    codes = pd.Series(known.counties.index, index=known.counties)
    county = looked_up(segments["county"], codes[~codes.index.duplicated()])
    town = town.fillna(township_code(village))
    return town, village.fillna(town).fillna(county).astype("str")


def _nearest_named(names: pd.Series, town: pd.Series, known: pd.Series, towns: pd.Series) -> pd.Series:
    """Id of the one record of each name: in the township said when there is one there, else the only one anywhere."""
    records = pd.DataFrame({"id": known.index, "name": known.to_numpy()}).drop_duplicates()
    here = records.merge(pd.DataFrame({"id": towns.index, "town": towns.to_numpy()}), on="id")
    here = here[~here.duplicated(["name", "town"], keep=False)]
    in_town = (names + "|" + town).map(pd.Series(here["id"].to_numpy(), index=(here["name"] + "|" + here["town"])))
    single = records[~records["name"].duplicated(keep=False)]
    anywhere = names.map(pd.Series(single["id"].to_numpy(), index=single["name"]))
    sure = town.isna() | ~anywhere.isin(towns.index)
    return in_town.astype("str").fillna(anywhere.where(sure).astype("str")).astype("str")


def _contradicts(towns: pd.Series, said: pd.Series) -> pd.Series:
    return towns.notna() & said.notna() & towns.ne(said)


def _plates(keys: pd.DataFrame, plates: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The doorplate that fits each address entirely, and the one of its house or building where the address is finer.

    An address of an estate without a number is known by its building: 剡溪花园3幢.
    """
    in_house = keys["parts"].ne("||")
    of_building = keys["parts"].str.extract(r"^([^|]*)")[0] + "||"
    any_number = plates.assign(number="")
    numberless = keys[keys["number"].isna() & of_building.ne("||")].assign(number="", in_lane="", in_group="")
    exact = _found(keys, plates).fillna(_found(keys.assign(road_id=None), plates))
    exact = exact.fillna(_found(numberless, any_number).reindex(keys.index))
    coarse = _found(keys[in_house].assign(parts="||"), plates).reindex(keys.index)
    building = _found(numberless.assign(parts=of_building), any_number).reindex(keys.index)
    coarse = coarse.fillna(building)
    return exact.astype("str"), coarse.astype("str")


def _found(keys: pd.DataFrame, plates: pd.DataFrame) -> pd.Series:
    return only(matching_plates(keys, plates)).reindex(keys.index).astype("str")


def _completed(segments: pd.DataFrame, division: pd.Series, known: Gazetteer) -> pd.DataFrame:
    """Segments with county and township filled in from the division's code."""
    township = township_code(division).map(known.units["name"]).astype("str")
    county = (division.astype("str").str[:6] + "000000").map(known.counties).astype("str")
    return segments.assign(township=segments["township"].fillna(township), county=segments["county"].fillna(county))
