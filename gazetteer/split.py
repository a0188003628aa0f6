"""Specific and generic part of a name: as recorded where the record is right, else by the list of generic terms.

地名管理条例 (2022), art. 9: a name consists of a specific part (专名) and a generic part (通名).
"""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.text import core, plain
from rulebook.context import Context, derived

TABLE = "generic_terms"
ROAD = "road"
UNDIVIDED = ("natural_village", "other")


def kind_of(frame: pd.DataFrame) -> pd.Series:
    """Kind of every record: the column where there is one, ``road`` for the layer of roads."""
    return frame["kind"] if "kind" in frame else pd.Series(ROAD, index=frame.index, dtype="str")


def infer(name: pd.Series, kind: pd.Series, terms: pd.DataFrame) -> pd.DataFrame:
    """Columns ``specific``, ``generic`` (the longest term of its kind that leaves something before it, missing where
    there is none) and ``bare`` (the name is nothing but a term). ``terms`` has ``kind`` and ``term``.
    """
    parts = pd.DataFrame({"specific": pd.NA, "generic": pd.NA}, index=name.index, dtype="str")
    parts["bare"] = False
    for one_kind, known in terms[terms["kind"].isin(kind.unique())].groupby("kind")["term"]:
        here = name[kind == one_kind].dropna()
        ends = "|".join(re.escape(term) for term in known)
        found = here.str.extract(f"^(?P<specific>.+?)(?P<generic>{ends})$")
        bare = here.isin(set(known))
        parts.loc[here.index, ["specific", "generic"]] = found.mask(bare)
        parts.loc[here.index, "bare"] = bare
    return parts


def _split(frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """``name`` (plain, without notes in brackets), ``kind``, ``specific``, ``generic``, ``bare`` and ``recorded`` (the record's own two parts are
    filled and make the name) of every record.
    """
    name, kind = core(plain(frame["name"]), ctx.setting("provisional_marks")), kind_of(frame)
    specific, generic = plain(frame["specific"]), plain(frame["generic"])
    recorded = ((specific + generic) == name).fillna(False).astype(bool)
    parts = infer(name, kind, ctx.table(TABLE))
    undivided = kind.isin(UNDIVIDED) & ~recorded
    return pd.DataFrame(
        {
            "name": name,
            "kind": kind,
            "specific": specific.where(recorded, parts["specific"]).mask(undivided, name),
            "generic": generic.where(recorded, parts["generic"]),
            "bare": parts["bare"],
            "recorded": recorded,
        }
    )


@derived("place_names")
def place_parts(ctx: Context) -> pd.DataFrame:
    """Parts of every place name in force."""
    return _split(ctx.frame("place_names"), ctx)


@derived("roads")
def road_parts(ctx: Context) -> pd.DataFrame:
    """Parts of every road name in force."""
    return _split(ctx.frame("roads"), ctx)


def parts_of(ctx: Context) -> pd.DataFrame:
    """Parts of the names of the layer that is being checked."""
    parts: pd.DataFrame = (road_parts if ctx.layer == "roads" else place_parts)(ctx)
    return parts
