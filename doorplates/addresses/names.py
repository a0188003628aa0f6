"""The names of addresses resolved: township, finest division, road and place, and what else they may mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from doorplates.addresses.divisions import core_names, named_once, named_townships, township_code
from doorplates.addresses.gathering import Codes
from doorplates.addresses.gazetteer import Gazetteer
from doorplates.addresses.text import comparable, looked_up

NAMES = (
    "province", "prefecture", "county", "township", "community", "natural_village", "road", "lane", "estate",
)  # fmt: skip
SAME_NAME = "same_name"
OWNERS = ["name", "layer", "id", "why"]
_PHASE = "(?<=..)(?:[一二三四五六七八九十0-9]{1,2}(?:期|区)|[东南西北中]区)$"


@dataclass(frozen=True)
class Resolved:
    """Each combination of names: ``current`` names (successors for former divisions), ``town`` (place in
    ``Gazetteer.towns``, -1 unknown), ``division``, ``road`` and ``place`` (missing where not certain), ``other_name``
    (a former division or a phase of an estate was named). ``owners``: roads and places that come into question where
    none is certain: ``name`` (place of the combination), ``layer``, ``id``, ``why`` (``SAME_NAME`` or a band of ``near``).
    """

    current: pd.DataFrame
    town: Codes
    division: pd.Series
    road: pd.Series
    place: pd.Series
    other_name: np.ndarray[tuple[int], np.dtype[np.bool_]]
    owners: pd.DataFrame


def resolve(names: pd.DataFrame, known: Gazetteer) -> Resolved:
    """Resolve combinations of ``NAMES``."""
    current = with_successors(names, known)
    town, division = _divisions(current, known)
    road_name = comparable(current["road"])
    with_lane = (road_name + comparable(current["lane"])).fillna("")
    road = _one(with_lane.where(with_lane.isin(known.roads)), town, known.roads, known.road_towns)
    road = road.fillna(_one(road_name, town, known.roads, known.road_towns))

    estate = comparable(current["estate"])
    whole = estate.str.replace(_PHASE, "", regex=True)
    hamlet = comparable(current["natural_village"])
    village = comparable(current["community"]).where(estate.isna() & current["road"].isna() & hamlet.isna())
    village = village.where(village.isin(known.places))
    by_estate = _one(estate, town, known.places, known.place_towns)
    by_phase = _one(whole.where(whole.ne(estate) & by_estate.isna()), town, known.places, known.place_towns)
    hamlet = hamlet.where(hamlet.isin(known.places), hamlet.str.replace("(?<=..)自然村$", "", regex=True))
    hamlet = hamlet.where(estate.isna() & current["road"].isna()).fillna(village)
    place = by_estate.fillna(by_phase).fillna(_one(hamlet, town, known.places, known.place_towns))

    division = division.fillna(_only_town(road, known.road_towns)).fillna(_only_town(place, known.place_towns))
    open_road = road_name.where(road.isna() & place.isna())
    open_place = estate.fillna(hamlet).where(road_name.isna() & place.isna())
    owners = [
        _owners(open_road, town, known.roads, known.road_towns, known).assign(layer="roads"),
        _owners(open_place, town, known.places, known.place_towns, known).assign(layer="place_names"),
    ]
    former = current["township"].ne(names["township"]) & names["township"].notna()
    return Resolved(
        current,
        known.towns.get_indexer(town),
        division.astype("str"),
        road,
        place,
        (former | by_phase.notna()).to_numpy(),
        pd.concat(owners, ignore_index=True)[OWNERS],
    )


def with_successors(names: pd.DataFrame, known: Gazetteer) -> pd.DataFrame:
    """Names with former prefectures, counties and townships replaced by their successor."""
    former = known.former[known.former["successor"].notna()]
    replaced = {}
    for level in ("prefecture", "county", "township"):
        heirs = former[former["level"].eq(level)].set_index("name")["successor"]
        replaced[level] = looked_up(names[level], heirs).fillna(names[level])
    return names.assign(**replaced)


def completed(names: pd.DataFrame, division: pd.Series, known: Gazetteer) -> pd.DataFrame:
    """Names with county and township filled in from the code of the division."""
    township = township_code(division).map(known.units["name"]).astype("str")
    county = (division.astype("str").str[:6] + "000000").map(known.counties).astype("str")
    return names.assign(township=names["township"].fillna(township), county=names["county"].fillna(county))


def _divisions(names: pd.DataFrame, known: Gazetteer) -> tuple[pd.Series, pd.Series]:
    """Code of the township, and of the finest division that is certain."""
    units = known.units
    town = named_townships(names["township"], units, known.suffixes)
    villages = units[units["level"].eq("village")]
    core = core_names(names["community"], known.suffixes, "village")
    in_town = pd.Series(dtype="str", index=names.index)
    for column, said in (("name", names["community"]), ("core", core)):
        here = (villages["town"] + villages[column])[lambda key: ~key.duplicated(keep=False)]
        in_town = in_town.fillna(looked_up(town + said, pd.Series(here.index, index=here)))
    anywhere = looked_up(names["community"], named_once(units, "name", "village"))
    village = in_town.fillna(anywhere.where(town.isna()))
    codes = pd.Series(known.counties.index, index=known.counties)
    county = looked_up(names["county"], codes[~codes.index.duplicated()])
    town = town.fillna(township_code(village))
    return town, village.fillna(town).fillna(county).astype("str")


def _one(names: pd.Series, town: pd.Series, known: pd.Series, towns: pd.Series) -> pd.Series:
    """Id of the one record of each name: in the township said when there is one there, else the only one anywhere."""
    records = pd.DataFrame({"id": known.index, "name": known.to_numpy()}).drop_duplicates()
    here = records.merge(pd.DataFrame({"id": towns.index, "town": towns.to_numpy()}), on="id")
    here = here[~here.duplicated(["name", "town"], keep=False)]
    in_town = (names + "|" + town).map(pd.Series(here["id"].to_numpy(), index=(here["name"] + "|" + here["town"])))
    single = records[~records["name"].duplicated(keep=False)]
    anywhere = names.map(pd.Series(single["id"].to_numpy(), index=single["name"]))
    sure = town.isna() | ~anywhere.isin(towns.index)
    return in_town.astype("str").fillna(anywhere.where(sure).astype("str")).astype("str")


def _owners(
    names: pd.Series, town: pd.Series, known: pd.Series, towns: pd.Series, gazetteer: Gazetteer
) -> pd.DataFrame:
    """``name``, ``id`` and ``why`` of all records of the township said (of any, where none is) that bear a name which
    several bear, or one like a name that nothing bears.
    """
    asked = pd.DataFrame({"name": names.index, "written": names, "town": town}).dropna(subset="written")
    records = pd.DataFrame({"id": known.index, "known": known.to_numpy()}).drop_duplicates()
    borne = asked.merge(records, left_on="written", right_on="known").assign(why=SAME_NAME)
    unknown = asked.loc[~asked["written"].isin(records["known"]), "written"]
    alike = borne.iloc[:0]
    if gazetteer.near is not None and len(unknown) and len(records):
        pairs = gazetteer.near.among(
            pd.Index(unknown.unique(), dtype="str"), pd.Index(records["known"].unique(), dtype="str")
        )
        pairs = pairs.rename(columns={"name": "written", "near": "known", "band": "why"}).astype("str")
        alike = asked.merge(pairs, on="written").merge(records, on="known")
    found = pd.concat([borne, alike], ignore_index=True)
    lies = pd.MultiIndex.from_arrays([towns.index, towns.to_numpy()])
    here = pd.MultiIndex.from_frame(found[["id", "town"]]).isin(lies)
    return found[found["town"].isna() | here | ~found["id"].isin(towns.index)][["name", "id", "why"]]


def _only_town(ids: pd.Series, towns: pd.Series) -> pd.Series:
    return looked_up(ids, towns[~towns.index.duplicated(keep=False)])
