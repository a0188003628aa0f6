"""What a naming case keeps: its facts, checked when they are filled in, and put together for the procedure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.procedure import (
    DATE_FACTS,
    DERIVED_FACTS,
    FACTS,
    GROUNDS,
    NUMBER_FACTS,
    PERSONAL_FACTS,
    STEPS,
    Action,
)
from gazetteer.procedure_terms import TABLE, Term, WorkingDays, terms_of
from register import profiles
from register.cases.casebook import Case
from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.errors import CallError
from rulebook.profile import Profile, unknown
from rulebook.values import from_text

KIND = "naming"
CHOICES = {
    "ground": tuple(GROUNDS),
    "road_class": next(known.allowed for known in DICTIONARY["roads"].fields if known.name == "road_class"),
}
GOVERNMENT = "government"
TOUCH_M = 1.0  # a road that reaches less into a division does not cross it


def checked_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are kept: numbers as numbers, dates as ISO text, empty text as None.

    Raises CallError for an unknown fact, one that the steps reckon themselves, or a value that is none.
    """
    return {name: _checked(name, value) for name, value in given.items()}


def _checked(name: str, value: Any) -> Any:
    if name not in FACTS or name in DERIVED_FACTS:
        raise unknown("事项内容", "fact of a case", name, set(FACTS) - set(DERIVED_FACTS), KIND)
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    if name in NUMBER_FACTS:
        return _number(name, text)
    if name in DATE_FACTS:
        return iso_date(text, FACTS[name].zh, FACTS[name].en)
    if name in CHOICES and text not in CHOICES[name]:
        allowed = CHOICES[name]
        raise CallError(
            f"{FACTS[name].zh}不能是“{text}”，可以是：{'、'.join(allowed)}。",
            f'{FACTS[name].en} cannot be "{text}"; allowed: {", ".join(allowed)}.',
        )
    return text


def _number(name: str, text: str) -> float | int:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise CallError(
            f"{FACTS[name].zh}应是大于零的数，不是“{text}”。", f'{FACTS[name].en} is a number above zero, not "{text}".'
        )
    return int(number) if number.is_integer() else number


def iso_date(text: str, zh: str, en: str) -> str:
    """An ISO date; raises CallError for anything else."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as fault:
        raise CallError(f"{zh}应为 YYYY-MM-DD，不是“{text}”。", f'{en} is YYYY-MM-DD, not "{text}".') from fault


def merged(body: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """A body with facts filled in; personal ones are kept apart, so that they can be masked as a whole."""
    kept = {**body.get("facts", {}), **{name: value for name, value in facts.items() if name not in PERSONAL_FACTS}}
    personal = {**body.get("personal", {}), **{name: value for name, value in facts.items() if name in PERSONAL_FACTS}}
    return {
        **body,
        "facts": {name: value for name, value in kept.items() if value is not None},
        "personal": {name: value for name, value in personal.items() if value is not None},
    }


def facts_of(case: Case, profile: Profile) -> dict[str, Any]:
    """All that the procedure asks of a case, see ``gazetteer.procedure.missing`` and ``procedure_terms.dues``."""
    body = case.body
    chosen = chosen_test(body)
    action = body.get("action", Action.NAMING.value)
    return {
        **dict.fromkeys(FACTS),
        **body.get("facts", {}),
        **body.get("personal", {}),
        "pinyin": body.get("facts", {}).get("pinyin") or chosen.get("pinyin"),
        "approved_on": case.approved_on,
        "state": case.state,
        "action": action,
        "kind": body.get("kind", ""),
        "geometry": bool(body.get("geometry")),
        "record": body.get("record"),
        "verdict": body.get("pretest", {}).get("verdict"),
        "former": bool(chosen.get("former")),
        "by_government": by_government(body.get("kind", ""), profile),
        **{f"{one['step']}_on": one["on"] for one in this_round(body)},
    }


def this_round(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Steps taken since the case was last returned."""
    trail = list(body.get("trail", ()))
    returned = [number for number, one in enumerate(trail) if one["step"] == "return"]
    return trail[returned[-1] + 1 :] if returned else trail


def chosen_test(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the last pre-test said of the name that is applied for."""
    name = body.get("facts", {}).get("name")
    return next((one for one in body.get("pretest", {}).get("names", ()) if one["name"] == name), {})


def by_government(kind: str, profile: Profile) -> bool:
    """Whether a government approves names of the kind (地名管理条例 2022, article 12)."""
    return bool(profile.setting("naming")["approver"].get(kind) == GOVERNMENT)


def terms(profile: Profile) -> list[Term]:
    """The terms of the procedure, with the days of the rules that judge them."""
    days = {code: int(given["days"]) for code, given in profile.rules.items() if "days" in given}
    own = profile.setting("naming")["terms"]
    return terms_of({step: given for step, given in own.items() if step in STEPS}, days)


def calendar(profile: Profile) -> WorkingDays:
    """The holidays that the profile knows."""
    return WorkingDays.from_table(profile.table(TABLE))


def shape_of(body: Mapping[str, Any]) -> BaseGeometry | None:
    """The place that a case is about, in the register's CRS."""
    shape: BaseGeometry | None = from_text(body.get("geometry"), None)
    return shape


def divisions_of(register: Register, shape: BaseGeometry) -> str:
    """Codes of the smallest divisions that a shape lies in or crosses, ``;`` between them; empty when it lies in none."""
    frame = register.layer("divisions")
    frame = frame[frame["valid_to"].isna()]
    for level in ("village", "township", "county"):
        of_level = frame[frame["level"] == level]
        shapes = of_level.geometry.to_numpy()
        hits = shapely.STRtree(shapes).query(shape, predicate="intersects") if len(shapes) else []
        if len(hits):
            return ";".join(_really(shape, of_level.iloc[sorted(hits)]))
    return ""


def _really(shape: BaseGeometry, divisions: gpd.GeoDataFrame) -> Iterable[str]:
    """Codes of the divisions that hold more than a touch of the shape, at least the one that holds most."""
    shared = shapely.intersection(divisions.geometry.to_numpy(), shape)
    size = pd.Series(shapely.length(shared), index=divisions["code"].to_numpy())
    reached = size[size > TOUCH_M] if shapely.get_dimensions(shape) else size.iloc[:1]
    return list(reached.index) or [str(size.idxmax())]


def profile_of(register: Register) -> Profile:
    """The profile that a register was made with."""
    return profiles.load(register.profile_name)
