"""What addresses point to: roads and places in force by name, doorplates by owner and number."""

from __future__ import annotations

from functools import partial

import pandas as pd

from doorplates.addresses.compose import plate_numbers
from doorplates.addresses.text import by_distinct, comparable, looked_up
from doorplates.grammar import parse_numbers
from gazetteer.layers import STATUSES_IN_FORCE
from rulebook.context import Context, derived

PARTS = {"building": "幢", "unit": "单元", "room": "室"}


@derived("roads")
def road_names(ctx: Context) -> pd.Series:
    """Comparable names of the roads in force, by id."""
    return names_in_force(ctx.frame("roads"))


@derived("place_names")
def place_names(ctx: Context) -> pd.Series:
    """Comparable names of the places in force, by id; aliases are further rows with the same id."""
    return names_and_aliases(ctx.frame("place_names"))


def names_and_aliases(places: pd.DataFrame) -> pd.Series:
    """Comparable names and aliases of the places in force, by id."""
    names = names_in_force(places)
    aliases = places.reindex(columns=["aliases"])["aliases"].reindex(names.index.unique()).astype("str")
    others = aliases.str.split(r"[;；]", regex=True).explode().astype("str")
    return pd.concat([names, comparable(others)]).dropna()


def names_in_force(frame: pd.DataFrame) -> pd.Series:
    """Comparable names of the records that are approved or in use, by id."""
    known = frame.reindex(columns=["name", "status"])
    standing = known["status"].isna() | known["status"].isin(STATUSES_IN_FORCE)
    return comparable(known.loc[standing, "name"].astype("str")).dropna()


@derived("doorplates")
def standing_plates(ctx: Context) -> pd.DataFrame:
    """Doorplates in force that are not cancelled: ``road_id``, ``place_id``, ``number``, ``parts`` as compared."""
    plates = ctx.frame("doorplates")
    return plate_keys(plates[plates["status"].ne("cancelled")])


def plate_keys(plates: pd.DataFrame) -> pd.DataFrame:
    """Owner, canonical ``number`` and ``parts`` (building|unit|room) of doorplates."""
    keys = plates[["road_id", "place_id"]].copy()
    keys["number"] = canonical_numbers(plates["number"])
    keys["parts"] = joined_parts(plates)
    return keys


def address_keys(addresses: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """The same of addresses. ``number`` is that of the plate; ``in_lane`` and ``in_group`` are the other ways a plate
    may carry it: 261弄14, 3组12. Where there is no lane or group they equal ``number``.
    """
    keys = addresses[["road_id", "place_id"]].copy()
    base = plate_numbers(addresses, words)
    keys["number"] = canonical_numbers(base)
    for name, part in (("in_lane", "lane"), ("in_group", "village_group")):
        within = comparable(addresses[part]).dropna()
        keys[name] = canonical_numbers(within + base[within.index]).reindex(keys.index).fillna(keys["number"])
    keys["parts"] = joined_parts(addresses)
    return keys


def canonical_numbers(numbers: pd.Series) -> pd.Series:
    """Canonical form of plate numbers, the comparable text where the grammar does not know them."""
    texts = numbers.astype("str")
    return parse_numbers(texts)["canonical"].fillna(comparable(texts)).astype("str")


def plain_part(part: str, values: pd.Series) -> pd.Series:
    """Values of building, unit or room as compared: without the word and leading zeros."""
    return comparable(values).str.removesuffix(PARTS[part]).str.replace("^0+(?=.)", "", regex=True)


def joined_parts(frame: pd.DataFrame) -> pd.Series:
    """``building|unit|room`` of each record, empty where it has none."""
    building, unit, room = (by_distinct(frame[part], partial(plain_part, part)).fillna("") for part in PARTS)
    return building + "|" + unit + "|" + room


def matching_plates(keys: pd.DataFrame, plates: pd.DataFrame) -> pd.Series:
    """For each address the ids of all plates with its owner, number and parts, as tuples in order of id.

    ``keys`` from :func:`address_keys` with owners resolved, ``plates`` from :func:`plate_keys`. Records without a
    match are absent.
    """
    by_plate = plates.assign(owner=plates["road_id"].fillna(plates["place_id"]))
    owner = keys["road_id"].fillna(keys["place_id"])
    plain = pd.DataFrame({"owner": owner, "number": keys["number"], "parts": keys["parts"], "address": keys.index})
    others = [plain.assign(number=keys[form])[keys[form].ne(keys["number"])] for form in ("in_lane", "in_group")]
    asked = pd.concat([plain, *others]).dropna()
    pairs = asked.merge(by_plate.rename_axis("plate").reset_index(), on=["owner", "number", "parts"])
    return pairs.groupby("address")["plate"].agg(lambda ids: tuple(sorted(set(ids))))


def only(ids: pd.Series) -> pd.Series:
    """The single id of each tuple, missing where there are several."""
    return ids.map(lambda found: found[0] if len(found) == 1 else None).astype("str")


def resolved_owner(addresses: pd.DataFrame, roads: pd.Series) -> pd.Series:
    """``road_id`` of each address, else the id of the only road in force of its name; missing where it has a place."""
    single = roads[~roads.duplicated(keep=False)]
    by_name = looked_up(comparable(addresses["road"]), pd.Series(single.index, index=single))
    return addresses["road_id"].fillna(by_name.where(addresses["place_id"].isna()))


def tuples(ids: pd.Series, index: pd.Index) -> pd.Series:
    """``ids`` (tuples, some records absent) for every record of ``index``: an empty tuple where there is none."""
    filled = ids.astype("object").reindex(index)
    return pd.Series([one if isinstance(one, tuple) else () for one in filled], index=index, dtype="object")


def among(ids: pd.Series, known: pd.Index) -> pd.Series:
    """Whether each id is one of ``known`` (without repetitions); by position, which is much quicker than ``isin``."""
    return pd.Series(known.get_indexer(ids) >= 0, index=ids.index)
