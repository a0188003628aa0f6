"""What the papers and the metal of doorplates need to know of each plate, put together from all layers at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from doorplates.addresses.compose import compose, written_parts
from doorplates.addresses.text import looked_up
from doorplates.grammar import parse_numbers, plain_parts
from register import profiles
from register.cases.checking import today_text
from register.cases.names import spelling, words_of
from register.store import Register
from rulebook.errors import CallError
from rulebook.profile import Profile, unknown
from rulebook.schema import in_force
from rulebook.spatial import has_shape

TOWNSHIP_DIGITS = 9
SIGNS = {"building": "幢", "unit": "单元", "room": "室"}
NAME_KINDS = {"road": "road", "village": "natural_village", "estate": "estate_building"}
STANDING = ("in_use", "temporary", "reserved")  # statuses of plates that may be made and certified


@dataclass(frozen=True)
class Choice:
    """Which plates are meant: those of ``ids``, else all that fit the other fields; empty fields ask nothing.

    ``road`` is a road's id, ``township`` nine digits, ``uncertified`` keeps plates without a certificate number,
    ``text`` occurs in the number, the id or the certificate number.
    """

    ids: tuple[str, ...] = ()
    road: str = ""
    place: str = ""
    township: str = ""
    status: str = ""
    issued_since: str = ""
    uncertified: bool = False
    text: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked for."""
        return self != Choice()


def chosen(plates: pd.DataFrame, choice: Choice, today: str) -> pd.DataFrame:
    """Plates of the layer that a choice means: named ones as they stand (ended ones too), otherwise those in force
    that are not cancelled. Raises CallError for an id that is not there.
    """
    if choice.ids:
        missing = [one for one in choice.ids if one not in plates.index]
        if missing:
            raise unknown("门牌", "doorplate", missing[0], plates.index.tolist()[:20000], "doorplates")
        return plates.loc[list(dict.fromkeys(choice.ids))]
    wanted = in_force(plates, today)
    wanted = wanted[wanted["status"].isin(STANDING)]
    for column, value in (("road_id", choice.road), ("place_id", choice.place), ("status", choice.status)):
        if value:
            wanted = wanted[wanted[column] == value]
    if choice.township:
        wanted = wanted[wanted["division_code"].str.startswith(choice.township[:TOWNSHIP_DIGITS], na=False)]
    if choice.issued_since:
        wanted = wanted[wanted["issued_on"].ge(choice.issued_since).fillna(False).astype(bool)]
    if choice.uncertified:
        wanted = wanted[wanted["plate_code"].isna()]
    if choice.text:
        columns = [wanted[name].str.contains(choice.text, regex=False, na=False) for name in ("number", "plate_code")]
        wanted = wanted[columns[0] | columns[1] | (wanted.index == choice.text)]
    return wanted


def facts(register: Register, choice: Choice, *, today: str = "") -> gpd.GeoDataFrame:
    """One row a plate, in the order of road or place and number, indexed by record id.

    Columns of the layer and: ``name`` (road, village or estate), ``name_pinyin``, ``road_class``, ``place_code`` (of
    the road or place), ``county``, ``township``, ``community`` (names), ``part`` (door, building, unit, room: what the
    plate stands for), ``written`` (number as on the plate), ``legal`` (True, False, None: a person must tell),
    ``address`` (standard address, composed where the record has none), ``standing`` (whether it may be made).
    """
    today = today or today_text()
    layers = register.layers()
    plates = chosen(layers["doorplates"], choice, today)
    profile = profiles.load(register.profile_name)
    told = _told(plates, layers, profile, today)
    ordered = told.assign(_main=parse_numbers(told["number"])["main"]).sort_values(
        ["kind", "name", "_main", "number"], na_position="last", kind="stable"
    )
    return ordered.drop(columns="_main")


def fitting(register: Register, text: str, choice: Choice, *, today: str = "", narrowed: bool = False) -> list[str]:
    """Ids of the plates that a choice means and whose number, certificate number, id, address, or road or place with
    the number holds ``text``, in the order of road or place and number.

    ``narrowed`` refuses to mean all plates: something must be asked for (CallError).
    """
    wanted = text.strip()
    if narrowed and not wanted and not choice.asks:
        raise CallError("请勾选门牌，或先用条件筛选。", "Tick plates, or narrow the list first.")
    plates = chosen(register.layer("doorplates"), choice, today or today_text())
    roads, places = register.layer("roads")["name"], register.layer("place_names")["name"]
    name = looked_up(plates["road_id"], roads).fillna(looked_up(plates["place_id"], places))
    told = pd.DataFrame({"name": name, "main": parse_numbers(plates["number"])["main"], "number": plates["number"]})
    if wanted:
        texts = [plates[column] for column in ("id", "plate_code", "number", "standard_address")]
        texts += [name + plates["number"], name]
        holds = pd.concat([one.str.contains(wanted, regex=False, na=False) for one in texts], axis=1)
        told = told[holds.any(axis=1)]
    return list(told.sort_values(["name", "main", "number"], na_position="last", kind="stable").index)


def one(register: Register, plate: str, *, today: str = "") -> pd.Series:
    """The facts of one plate; raises CallError when there is none of that id."""
    return facts(register, Choice(ids=(plate,)), today=today).iloc[0]


def require_some(found: pd.DataFrame) -> None:
    """Raise CallError when a choice means no plate."""
    if found.empty:
        raise CallError("没有符合条件的门牌。", "No doorplate fits what was asked for.")


def _told(plates: pd.DataFrame, layers: Mapping[str, pd.DataFrame], profile: Profile, today: str) -> gpd.GeoDataFrame:
    roads, places = in_force(layers["roads"], today), in_force(layers["place_names"], today)
    on_road = plates["kind"].eq("road")
    holder = {
        column: looked_up(plates["road_id"], roads[column]).where(
            on_road, looked_up(plates["place_id"], places[column])
        )
        for column in ("name", "pinyin", "place_code")
    }
    parts = {name: plain_parts(plates[name], sign) for name, sign in SIGNS.items()}
    told = plates.assign(
        **parts,
        name=holder["name"],
        name_pinyin=_spelt(holder["name"], holder["pinyin"], plates["kind"], profile),
        place_code=holder["place_code"],
        road_class=looked_up(plates["road_id"], roads["road_class"]),
        part=_part(parts),
        written=plates["number"].str.strip().str.removesuffix("号"),
        legal=parse_numbers(plates["number"])["legal"],
        standing=plates.index.isin(in_force(plates, today).index) & plates["status"].isin(STANDING),
        located=has_shape(plates.geometry),
    )
    told = _with_divisions(told, in_force(layers["divisions"], today), profile)
    return told.assign(address=told["standard_address"].fillna(composed(told, profile)))


def _part(parts: Mapping[str, pd.Series]) -> pd.Series:
    part = pd.Series("door", index=parts["room"].index, dtype="str")
    for name in ("building", "unit", "room"):
        part = part.mask(parts[name].notna(), name)
    return part


def _spelt(names: pd.Series, stored: pd.Series, kinds: pd.Series, profile: Profile) -> pd.Series:
    """The stored romanisation, else the one that the rules give; each name is spelt once."""
    wanted = pd.DataFrame({"name": names, "kind": kinds})[stored.isna() & names.notna()].drop_duplicates()
    if wanted.empty:
        return stored
    words = words_of(profile.name)
    by_name = {
        name: spelling(name, NAME_KINDS[kind], words).pinyin
        for name, kind in zip(wanted["name"], wanted["kind"], strict=True)
    }
    return stored.fillna(looked_up(names, by_name))


def _with_divisions(told: gpd.GeoDataFrame, divisions: pd.DataFrame, profile: Profile) -> gpd.GeoDataFrame:
    by_code = divisions.set_index("code")["name"] if len(divisions) else pd.Series(dtype="str")
    by_code = by_code[~by_code.index.duplicated()]
    codes = told["division_code"]
    county = codes.str.slice(0, 6) + "000000"
    village = codes.where(codes.str.slice(TOWNSHIP_DIGITS).ne("000"))
    return told.assign(
        county=looked_up(county, by_code).fillna(str(profile.settings.get("county_name", ""))).replace("", None),
        township=looked_up(codes.str.slice(0, TOWNSHIP_DIGITS) + "000", by_code),
        community=looked_up(village, by_code),
    )


def composed(told: pd.DataFrame, profile: Profile) -> pd.Series:
    """Standard addresses by the profile's form; missing where the plate has neither road nor place of a known name."""
    kind = told["kind"]
    parts: dict[str, Any] = {
        "county": told["county"],
        "township": told["township"],
        "community": told["community"],
        "natural_village": told["name"].where(kind.eq("village")),
        "estate": told["name"].where(kind.eq("estate")),
        "road": told["name"].where(kind.eq("road")),
        "plate_no": told["written"].where(kind.ne("estate") | told["part"].eq("door")),
        "sub_no": None,
        "building": told["building"],
        "unit": told["unit"],
        "room": told["room"],
    }
    form = profile.setting("standard_address")
    frame = pd.DataFrame(parts, index=told.index).astype("str")
    text = compose(written_parts(frame, form), form)
    return text.where(told["name"].notna())
