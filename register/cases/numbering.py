"""Numbering at the desk: how roads are numbered, numbers for new buildings, and reserving them for one officer only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from doorplates.allocation import Proposal, propose
from doorplates.lineage import entry
from doorplates.practice import practice
from doorplates.rules import numbers_missing
from doorplates.village_numbers import propose_in_place
from register import profiles
from register.cases.casebook import new_record
from register.cases.checking import today_text
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.context import Context, Run
from rulebook.errors import CallError, StaleEditError
from rulebook.profile import unknown
from rulebook.spatial import has_shape, locate

LAYERS = ("doorplates", "roads", "place_names", "divisions")
READER = replace(numbers_missing.RULE, uses=("place_names", "divisions", "addresses"))
TRIES = 20  # when several officers reserve at once


@dataclass(frozen=True)
class Reserved:
    """What a reservation wrote: the change, and for each point the plate's id and proposal (None: no number)."""

    change_id: int | None
    plates: tuple[str | None, ...]
    proposals: tuple[Proposal, ...]


def view(register: Register, today: str = "", *, more: tuple[str, ...] = ()) -> Context:
    """A view of plates and what they are numbered by, as the rules on numbering have it; ``more`` layers on demand."""
    layers = register.layers()
    frames = {name: layers[name] for name in (*LAYERS, *more)}
    profile = profiles.load(register.profile_name)
    return Context(Run(frames, profile, today or today_text(), register.crs), READER, "doorplates")


def road_in_force(register: Register, ctx: Context, road_id: str) -> None:
    """Raise when a road is not in force or has no line to number along."""
    roads = ctx.frame("roads")
    if road_id not in roads.index:
        raise unknown("有效的道路", "road in force", road_id, [str(one) for one in roads.index], register.address)
    if not has_shape(roads.geometry).at[road_id]:
        raise CallError(f"道路 {road_id} 没有中心线，无法编号。", f"Road {road_id} has no line to number along.")


def practice_of(register: Register, road_id: str | None = None, *, today: str = "") -> list[dict[str, Any]]:
    """How one road, or every road in force, is numbered (:func:`doorplates.practice.practice`), as plain values."""
    ctx = view(register, today)
    if road_id is not None:
        road_in_force(register, ctx, road_id)
    return practice_rows(ctx, road_id)


def practice_rows(ctx: Context, road_id: str | None = None) -> list[dict[str, Any]]:
    """Rows of :func:`doorplates.practice.practice` as plain values: None where nothing is known."""
    found = practice(ctx)
    if road_id is not None:
        found = found.loc[[road_id]]
    numbers = ctx.frame("doorplates")["number"]
    rows = found.astype("object").where(found.notna(), None)
    names = ctx.frame("roads")["name"]
    return [
        {
            "road_id": row.Index,
            "road": names[row.Index],
            "numbering": row.numbering,
            "source": row.source,
            "plates_say": row.says,
            "share": None if row.share is None else round(float(row.share), 3),
            "confidence": None if row.confidence is None else round(float(row.confidence), 3),
            "plates": int(row.plates),
            "sides": row.sides,
            "starts": row.starts,
            "in_order": None if row.in_order is None else round(float(row.in_order), 3),
            "spacing_m": None if row.spacing_m is None else round(float(row.spacing_m), 1),
            "against": [{"id": one, "number": numbers[one]} for one in row.against or ()],
        }
        for row in rows.itertuples()
    ]


def proposals(
    register: Register, ctx: Context, spots: gpd.GeoSeries, *, road_id: str | None = None, place_id: str | None = None
) -> list[Proposal]:
    """Numbers for new buildings at ``spots`` (register CRS) along a road, or in a village or estate."""
    if (road_id is None) == (place_id is None):
        raise CallError("--road 与 --place 要给且只能给一个。", "Give either --road or --place.")
    if road_id is not None:
        road_in_force(register, ctx, road_id)
        return propose(spots, road_id, ctx)
    places = ctx.frame("place_names")
    if place_id not in places.index:
        raise unknown(
            "有效的地名", "place in force", str(place_id), [str(one) for one in places.index], register.address
        )
    return propose_in_place(spots, str(place_id), ctx)


def reserve(
    register: Register,
    spots: gpd.GeoSeries,
    *,
    actor: str,
    reason: str = "",
    road_id: str | None = None,
    place_id: str | None = None,
    wanted: str | None = None,
    today: str = "",
) -> Reserved:
    """Propose numbers and write them as reserved plates, in one transaction.

    The change holds only for the revision it was drawn up on: where another officer wrote meanwhile, numbers are
    proposed anew, so that nobody gets a number twice. ``wanted`` asks for one number of a single point: the proposed
    one or an alternative; where it is not free any more, CallError says what is.
    """
    if not actor.strip():
        raise CallError("经办人不能为空。", "The actor must not be empty.")
    for _ in range(TRIES):
        revision = register.revision
        ctx = view(register, today)
        found = proposals(register, ctx, spots, road_id=road_id, place_id=place_id)
        if wanted is not None:
            found = [_as_wanted(found[0], wanted)]
        made = _records(ctx, spots, found, road_id, place_id)
        rows = [new_record("doorplates", one["id"], one) for one in made if one]
        ids = tuple(one["id"] if one else None for one in made)
        if not rows:
            return Reserved(None, ids, tuple(found))
        numbers = "、".join(str(one["number"]) for one in made if one)
        why = reason or f"预留 {road_id or place_id} {numbers}号"
        try:
            change_id = register.apply(ChangeSet(edits_frame(rows), actor, why, based_on=revision))
        except StaleEditError:
            continue
        return Reserved(change_id, ids, tuple(found))
    raise CallError("同时编号的人太多，没有取到号，请再试一次。", "Too many people are numbering at once; try again.")


def _as_wanted(found: Proposal, wanted: str) -> Proposal:
    free = [one for one in (found.number, *found.alternatives) if one]
    if wanted not in free:
        raise CallError(
            f"{wanted} 号已不能用（可能刚被别人预留），现在可用的是 {'、'.join(free) or '无'}。",
            f"Number {wanted} is not to be had any more (somebody may just have reserved it); free now: "
            f"{', '.join(free) or 'none'}.",
        )
    return replace(found, number=wanted)


def _records(
    ctx: Context, spots: gpd.GeoSeries, found: Sequence[Proposal], road_id: str | None, place_id: str | None
) -> list[dict[str, Any] | None]:
    """Reserved plates for the points that got a number."""
    known = set(ctx.history("doorplates").index)
    codes = divisions_at(spots, ctx)
    kind = "road" if road_id else _kind_of_place(ctx, str(place_id))
    made: list[dict[str, Any] | None] = []
    for point, one, code in zip(spots, found, codes, strict=True):
        if one.number is None:
            made.append(None)
            continue
        plate = unused_id(f"{road_id or place_id}-{one.number}", known)
        known.add(plate)
        made.append(
            {
                "id": plate,
                "kind": kind,
                "road_id": road_id,
                "place_id": place_id,
                "number": one.number,
                "division_code": code,
                "status": "reserved",
                "lineage": entry("reserved", on=ctx.today),
                "geometry": point,
            }
        )
    return made


def divisions_at(spots: gpd.GeoSeries, ctx: Context) -> list[str | None]:
    """Codes of the villages or communities around points, of the townships where none are drawn."""
    divisions = ctx.frame("divisions")
    codes = pd.Series(None, index=spots.index, dtype="str")
    for level in ("village", "township") if len(divisions) else ():
        codes = codes.fillna(locate(spots, divisions.geometry[divisions["level"].eq(level)]))
    return [code if isinstance(code, str) else None for code in codes]


def _kind_of_place(ctx: Context, place_id: str) -> str:
    return "estate" if ctx.frame("place_names").at[place_id, "kind"] == "estate_building" else "village"


def unused_id(wanted: str, known: set[str]) -> str:
    """``wanted``, or with the first ending that makes it unused."""
    number, found = 1, wanted
    while found in known:
        number += 1
        found = f"{wanted}.{number}"
    return found
