"""Names of one scope that sound alike: what the rules on homophones share."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among, one_per_group
from gazetteer.scope import LIVE, place_scopes, road_scopes
from gazetteer.sound import Accent, keys
from gazetteer.spellings import lexicon, place_spellings, proposed, road_spellings
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag_faults

SCOPE = ["scope_kind", "scope", "kind"]


@derived("place_names", "divisions", "areas")
def place_sounds(ctx: Context) -> pd.DataFrame:
    """Scopes of place names with their sound keys and proposed spelling."""
    return _sounds(place_scopes(ctx), place_spellings(ctx), ctx)


@derived("roads", "divisions", "areas")
def road_sounds(ctx: Context) -> pd.DataFrame:
    """Scopes of roads with their sound keys and proposed spelling."""
    return _sounds(road_scopes(ctx), road_spellings(ctx), ctx)


def sounds_of(ctx: Context) -> pd.DataFrame:
    """Scopes and sound keys of the checked layer."""
    rows: pd.DataFrame = (road_sounds if ctx.layer == "roads" else place_sounds)(ctx)
    return rows


def accent(ctx: Context) -> Accent:
    """Sounds that the profile's speakers do not tell apart."""
    return Accent(ctx.setting("accent_initials"), ctx.setting("accent_finals"))


def _sounds(scopes: pd.DataFrame, spelt: pd.Series, ctx: Context) -> pd.DataFrame:
    standing = scopes["status"].isna() | scopes["status"].isin([*LIVE, "planned"])
    known = spelt[among(spelt.index, scopes["record_id"][standing])]
    sounding = keys(known, lexicon(ctx), accent(ctx)).assign(pinyin=proposed(known))
    return scopes[standing].merge(sounding.rename_axis("record_id").reset_index(), on="record_id")


def alike(frame: pd.DataFrame, ctx: Context, key: str, finer: str) -> Findings:
    """One finding for each group of names of one scope whose ``key`` is equal and whose ``finer`` key is not."""
    rows = sounds_of(ctx)
    group = [*SCOPE, key]
    several = rows[rows.groupby(group)[finer].transform("nunique") > 1]
    faults = one_per_group(several.assign(layer=ctx.layer), group)
    faults = faults[~faults[["record_id", "related"]].duplicated()]
    names = rows.drop_duplicates("record_id").set_index("record_id")["name"]
    others = [
        sorted({names[one.partition(":")[2]] for one in related} - {own})
        for related, own in zip(faults["related"], faults["name"], strict=True)
    ]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "key": faults["scope_kind"] + ":" + faults["scope"],
                "related": faults["related"],
                "name": faults["name"],
                "others": pd.Series(others, index=faults.index, dtype="object"),
                "pinyin": faults["pinyin"],
                "scope": faults["scope"],
                "scope_approximated": faults["scope_kind"] == "approximate",
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )
