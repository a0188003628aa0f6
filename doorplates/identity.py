"""What makes two plates the same: their road or place, number, building, unit and room, however they are written."""

from __future__ import annotations

import pandas as pd

from doorplates.along import plate_numbers
from doorplates.grammar import plain_parts
from rulebook.context import Context, derived

IDENTITY = ["holder", "written", "building", "unit", "room"]
SIGNS = {"building": "幢", "unit": "单元", "room": "室"}


@derived("doorplates")
def identities(ctx: Context) -> pd.DataFrame:
    """Columns ``IDENTITY`` of all plates in force, missing parts as ``""``, and the parsed number (``plate_numbers``).

    ``holder`` is ``roads:id`` or ``place_names:id``, missing where the record names neither; ``written`` the canonical
    number, or the text itself where it is not legal; building, unit and room are plain.
    """
    plates, numbers = ctx.frame("doorplates"), plate_numbers(ctx)
    on_road = plates["kind"].eq("road")
    parts = {name: plain_parts(plates[name], sign).fillna("") for name, sign in SIGNS.items()}
    return numbers.assign(
        holder=("roads:" + plates["road_id"]).where(on_road, "place_names:" + plates["place_id"]),
        written=numbers["canonical"].fillna(plates["number"]).fillna(""),
        **parts,
    )


def groups_of(members: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Records of ``members`` (index = record id) that share all of ``by``: one row a group of two or more, with
    ``record_id`` (the smallest), ``others`` (a tuple of the other ids) and the columns ``by``.
    """
    shared = members[members.duplicated(by, keep=False)].sort_index().rename_axis("record_id").reset_index()
    grouped = shared.groupby(by, sort=False)["record_id"].agg(tuple).rename("ids").reset_index()
    return grouped.assign(record_id=grouped["ids"].str[0].astype("str"), others=grouped["ids"].map(lambda ids: ids[1:]))


def as_related(ids: pd.Series, layer: str) -> pd.Series:
    """Tuples of ids as tuples of ``layer:id``."""
    return ids.map(lambda members: tuple(f"{layer}:{member}" for member in members)).astype("object")
