"""Names of counties and higher divisions of the whole country: no other may be called so (地名管理条例 2022, 9 (7))."""

from __future__ import annotations

import pandas as pd

from gazetteer.codes import COUNTY_DIGITS, listed
from gazetteer.records import among
from rulebook.context import Context, derived

NATIONAL = "national_divisions"
NATION = "nation"


@derived()
def national_divisions(ctx: Context) -> pd.DataFrame:
    """``name``, ``code`` (six digits) and ``prefix`` (the digits that everything inside it shares) of each."""
    table = ctx.table(NATIONAL)
    code = table["code"].str[:COUNTY_DIGITS]
    return pd.DataFrame({"name": table["name"], "code": code, "prefix": code.str.replace("(00){1,2}$", "", regex=True)})


def names_elsewhere(rows: pd.DataFrame, codes: pd.Series, ctx: Context) -> pd.DataFrame:
    """Of the scope ``rows`` of the whole nation those whose name a division elsewhere has: ``record_id``, ``name`` and
    ``elsewhere``, its code. ``codes`` are the division codes of the records, several separated by ``;``.

    The division itself, and one that the record lies in, is not elsewhere.
    """
    known = national_divisions(ctx)
    asked = rows.loc[rows["scope_kind"] == NATION, ["record_id", "name"]].drop_duplicates("record_id")
    asked = asked[among(asked["name"], known["name"])]
    if asked.empty:
        return pd.DataFrame({"record_id": [], "name": [], "elsewhere": []}, dtype="str")
    pairs = asked.merge(known, on="name")
    own = listed(codes[among(codes.index, asked["record_id"])]).rename("own").rename_axis("record_id").reset_index()
    both = pairs.merge(own, on="record_id")
    inside = [own.startswith(prefix) for own, prefix in zip(both["own"], both["prefix"], strict=True)]
    at_home = pd.MultiIndex.from_frame(both.loc[inside, ["record_id", "code"]])
    away = pairs[~pd.MultiIndex.from_frame(pairs[["record_id", "code"]]).isin(at_home)]
    named = away.rename(columns={"code": "elsewhere"}).sort_values(["record_id", "elsewhere"])
    return named.drop_duplicates("record_id")[["record_id", "name", "elsewhere"]].reset_index(drop=True)
