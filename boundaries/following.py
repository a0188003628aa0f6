"""Records that follow a reorganisation: every layer that quotes codes of divisions, and the lines between them.

The outcome is one row a cell (``ROW_COLUMNS``): ``before`` and ``after`` as canonical text, ``decided`` (False: a person
has to choose; ``after`` is then the proposal or missing), ``shares`` (code and share of the heirs it is about) and
``why`` (a key of ``REASONS``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from boundaries import codes
from boundaries.succession import Succession
from rulebook.language import Text
from rulebook.schema import in_force
from rulebook.values import column_text

ROW_COLUMNS = ("layer", "record_id", "field", "before", "after", "decided", "shares", "why")
QUOTING: dict[str, tuple[str, ...]] = {
    "areas": ("division_code",),
    "place_names": ("division_code",),
    "roads": ("division_code",),
    "doorplates": ("division_code",),
    "addresses": ("division_code",),
    "boundary_lines": ("left_code", "right_code"),
    "markers": ("division_codes", "caring_code"),
    "inspections": ("parties",),
}
ON_BORDERS = ("boundary_lines", "markers", "inspections")
LINKS = {
    "doorplates": (("road_id", "roads"), ("place_id", "place_names")),
    "addresses": (("doorplate_id", "doorplates"), ("road_id", "roads"), ("place_id", "place_names")),
}
REASONS = {
    "single": Text("原区划由{heirs}承接", "the division is succeeded by {heirs}"),
    "ground": Text("按位置属于{heirs}", "by its position in {heirs}"),
    "link": Text("随所挂的门牌、道路或地名", "as the doorplate, road or place it is linked with"),
    "choose": Text("涉及几个区划，请选择：{heirs}", "concerns several divisions, choose: {heirs}"),
    "unplaced": Text("没有位置，请选择：{heirs}", "has no position, choose: {heirs}"),
    "inner": Text("两侧已是同一区划，界线终止", "both sides are one division now, the line ends"),
    "lineless": Text("所在界线终止，界桩不再标界", "its line ends, the marker no longer marks a border"),
    "renamed": Text("区划更名", "the division has another name"),
    "abolished": Text("区划已撤销，名称停用", "the division has ended and its name with it"),
    "seat": Text("所在地的区划已撤销，名称是否停用请定", "its division has ended; does the name end as well?"),
    "line_left": Text("所在界线之一终止，请核定", "one of its lines ends, please settle"),
}


def followers(layers: Mapping[str, pd.DataFrame], succession: Succession, on: str) -> pd.DataFrame:
    """Rows for all records in force on ``on`` that quote a code which has heirs. ``layers`` are frames as stored."""
    rows = rows_frame([])
    for layer, columns in QUOTING.items():
        if succession.heirs and layer in layers and len(layers[layer]):
            frame = in_force(layers[layer], on)
            rows = rows_frame([rows, *(_column(layer, column, frame, succession, rows) for column in columns)])
    ended = _ended_lines(layers, rows, on)
    gone = pd.MultiIndex.from_frame(rows_frame(ended)[["layer", "record_id"]])
    own = pd.MultiIndex.from_frame(rows[["layer", "record_id"]])
    ends = rows_frame(ended)["field"].eq("valid_to").to_numpy()
    return rows_frame([rows[~own.isin(gone[ends])], *ended])


def rows_frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of several layers as one frame."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in ROW_COLUMNS})
    return pd.concat(filled, ignore_index=True)[list(ROW_COLUMNS)]


def _column(layer: str, column: str, frame: pd.DataFrame, succession: Succession, known: pd.DataFrame) -> pd.DataFrame:
    """Rows for one column of codes (one code or a ``;`` separated list)."""
    texts = frame[column].dropna()
    texts = texts[texts.isin(_touched_texts(texts, succession))]
    if texts.empty:
        return rows_frame([])
    quoted = codes.split_list(texts).rename("after").rename_axis("record_id").reset_index()
    code = codes.normal_of_many(quoted["after"])
    ids = quoted["record_id"]
    shapes = frame["geometry"].reindex(ids).to_numpy()
    found = succession.decide(code, shapes, along=layer in ON_BORDERS)
    several = code.map({one: len(heirs) > 1 for one, heirs in succession.heirs.items()}).reindex(found.index)
    found["why"] = np.where(several.astype(bool), "ground", "single")
    found["why"] = found["why"].mask(~found["decided"], "choose").mask(found["after"].isna(), "unplaced")
    for link, target in LINKS.get(layer, ()):
        linked = ids[found.index].map(frame[link]).map(_successors_of(known, target))
        use = ~found["decided"] & linked.notna()
        found["shares"] = found["shares"].mask(use, linked.map(lambda one: ((one, 1.0),), na_action="ignore"))
        found["after"] = found["after"].mask(use, linked)
        found["why"] = found["why"].mask(use, "link")
        found["decided"] |= use
    quoted["after"] = quoted["after"].astype("object").mask(quoted.index.isin(found.index), found["after"])
    quoted = quoted.join(found[["shares", "decided", "why"]])
    rows = _one_a_record(quoted)
    before = texts.reindex(rows["record_id"]).to_numpy()
    rows = rows.assign(layer=layer, field=column, before=before)[list(ROW_COLUMNS)]
    return rows[rows["after"].isna() | (rows["after"] != rows["before"])]


def _successors_of(known: pd.DataFrame, layer: str) -> pd.Series:
    """Division code by record id of those records of a layer that go to one division as a whole."""
    rows = known[known["layer"].eq(layer) & known["decided"].astype(bool) & known["field"].eq("division_code")]
    rows = rows[rows["after"].notna() & ~rows["after"].astype("str").str.contains(";")]
    return pd.Series(rows["after"].to_numpy(), index=rows["record_id"].to_numpy(), dtype="object")


def _one_a_record(quoted: pd.DataFrame) -> pd.DataFrame:
    """Members of lists put together again: decided where every member is, the least certain reason, shares of all."""
    alone = ~quoted["record_id"].duplicated(keep=False)
    parts = [quoted[alone].dropna(subset="why")]
    for record_id, own in quoted[~alone].groupby("record_id", sort=False):
        asked = own.dropna(subset="why")
        codes_after = [code for cell in own["after"].dropna() for code in str(cell).split(";")]
        row = {
            "record_id": record_id,
            "after": ";".join(dict.fromkeys(codes_after)) if own["after"].notna().all() else None,
            "decided": bool(asked["decided"].all()),
            "why": max(asked["why"], key=list(REASONS).index),
            "shares": tuple(pair for pairs in asked["shares"] for pair in pairs),
        }
        parts.append(pd.DataFrame([row]))
    joined = pd.concat([part.astype("object") for part in parts], ignore_index=True)
    return joined.assign(decided=joined["decided"].astype(bool))


def _touched_texts(texts: pd.Series, succession: Succession) -> list[str]:
    """Distinct texts that quote a code with heirs: a million records quote a few hundred."""
    distinct = pd.Series(texts.unique(), dtype="str")
    listed = codes.split_list(distinct)
    touched = codes.normal(listed).isin(list(succession.heirs))
    return [str(text) for text in distinct[sorted(set(listed.index[touched]))]]


def _ended_lines(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, on: str) -> list[pd.DataFrame]:
    """Changes ``rows`` to what follows from lines whose two sides became one: the line ends, and what stands on it alone."""
    lines = layers.get("boundary_lines")
    if lines is None or not len(rows):
        return []
    lines = in_force(lines, on)
    sides = {
        side: codes.normal(_after(rows, "boundary_lines", f"{side}_code", lines[f"{side}_code"]))
        for side in ("left", "right")
    }
    was_two = codes.normal(lines["left_code"]).ne(codes.normal(lines["right_code"]))
    ended = lines.index[sides["left"].eq(sides["right"]).fillna(False) & was_two]
    if not len(ended):
        return []
    found = [_ends("boundary_lines", lines.loc[ended], on, "inner")]
    stones = layers.get("markers")
    if stones is not None and len(stones):
        stones = in_force(stones, on)
        listed = codes.split_list(stones["line_codes"])
        gone = listed.isin(ended)
        touched = gone.groupby(level=0).any()
        whole = gone.groupby(level=0).all()
        found.append(_ends("markers", stones.loc[whole.index[whole]], on, "lineless"))
        left = touched.index[touched & ~whole]
        rest = listed[~gone & listed.index.isin(left)].groupby(level=0).agg(";".join)
        found.append(
            pd.DataFrame(
                {
                    "layer": "markers", "record_id": left, "field": "line_codes",
                    "before": stones["line_codes"].reindex(left).to_numpy(), "after": rest.reindex(left).to_numpy(),
                    "decided": False, "shares": [()] * len(left), "why": "line_left",
                },
                columns=list(ROW_COLUMNS),
            )
        )  # fmt: skip
    return found


def _after(rows: pd.DataFrame, layer: str, field: str, column: pd.Series) -> pd.Series:
    """A column with the values that decided rows give it."""
    own = rows[rows["layer"].eq(layer) & rows["field"].eq(field) & rows["decided"].astype(bool)]
    new = pd.Series(own["after"].to_numpy(), index=own["record_id"].to_numpy(), dtype="object")
    return column.astype("object").mask(column.index.isin(new.index), new.reindex(column.index)).astype("str")


def _ends(layer: str, frame: pd.DataFrame, on: str, why: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "layer": layer, "record_id": frame.index, "field": "valid_to", "before": column_text(frame["valid_to"]).to_numpy(),
            "after": on, "decided": True, "shares": [()] * len(frame), "why": why,
        },
        columns=list(ROW_COLUMNS),
    )  # fmt: skip
