"""Records as parties to one fault: which of several an edit would most likely change, and how the others are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rulebook.context import Context

STANDING = {"in_use": 0, "approved": 1, "historic": 2, "abolished": 3, "planned": 4}


def among(values: pd.Series | pd.Index, known: Iterable[Any]) -> np.ndarray:
    """Whether each text of ``values`` is one of ``known``: what ``isin`` says, some twenty times faster on long columns."""
    wanted = known if isinstance(known, pd.Series | pd.Index) else pd.Series(list(known), dtype="str")
    if not len(values) or not len(wanted):
        return np.zeros(len(values), dtype=bool)
    return np.asarray(pc.is_in(_arrow(values), value_set=_arrow(wanted), skip_nulls=True))


def _arrow(texts: pd.Series | pd.Index) -> pa.Array:
    return pa.array(texts.astype("str").array, type=pa.large_string(), from_pandas=True)


def stacked(ctx: Context, layers: tuple[str, ...], columns: list[str]) -> pd.DataFrame:
    """Records in force of several layers under each other: ``layer``, ``record_id`` and the named columns, missing
    where a layer does not have them.
    """
    parts = [
        ctx.frame(layer).reindex(columns=columns).rename_axis("record_id").reset_index().assign(layer=layer)
        for layer in layers
    ]
    return pd.DataFrame(pd.concat(parts, ignore_index=True))


def one_per_group(records: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """One row a group: the record to be edited (first by the columns ``weight`` descending where present, then by
    ``record_id``) with ``related`` holding ``layer:id`` of the others.

    ``records`` has ``layer``, ``record_id`` and the columns of ``group``; groups of one are left out.
    """
    order = ["weight", "record_id"] if "weight" in records else ["record_id"]
    inorder = records.sort_values([*order, "layer"], ascending=[*(column != "weight" for column in order), True])
    size = inorder.groupby(group)["record_id"].transform("size")
    several = inorder[size > 1]
    links = several["layer"] + ":" + several["record_id"]
    rest = several.duplicated(group)
    others = links[rest].groupby([several.loc[rest, column] for column in group]).agg(lambda ids: tuple(sorted(ids)))
    first = several[~rest].set_index(group)
    first["related"] = others
    return first.reset_index()


def weight_of(frame: pd.DataFrame) -> pd.Series:
    """How likely an edit changes a record: planned ones before those in use, unknown as in use."""
    return frame["status"].map(STANDING).fillna(0)
