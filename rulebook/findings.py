"""What a rule returns: one row a fault with its evidence in columns, and the edits it proposes.

Rules build columns, never sentences: messages are rendered late, from template and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from rulebook.values import GEOMETRY, column_text

FIXED_COLUMNS = ("record_id", "key", "variant", "related", "geometry")
EDIT_COLUMNS = ("finding", "option", "layer", "record_id", "field", "before", "after")


@dataclass(frozen=True)
class Findings:
    """``rows``: one fault a row (``FIXED_COLUMNS`` + evidence columns), numbered 0, 1, 2 …
    ``edits``: proposed repairs (``EDIT_COLUMNS``), ``finding`` pointing into ``rows``; cells as canonical text.

    ``key`` tells several faults of one record apart; ``related`` is a tuple of ``layer:id``. ``source`` is the
    checked frame. An edit whose ``layer`` is empty concerns the checked layer.
    """

    rows: pd.DataFrame
    edits: pd.DataFrame
    source: pd.DataFrame

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def evidence_columns(self) -> list[str]:
        """Names of the evidence columns."""
        return [name for name in self.rows.columns if name not in FIXED_COLUMNS]

    def propose(self, field: str, after: pd.Series | Any, *, option: str = "") -> Findings:
        """Propose a new value of ``field`` for the flagged records.

        ``after`` is a scalar or a Series indexed by record id (where a record has one finding) or by finding number;
        rows whose ``after`` is missing get no edit. ``before`` is read from the checked frame.
        """
        ids = self.rows["record_id"]
        if not isinstance(after, pd.Series):
            values = pd.Series([after] * len(ids), index=self.rows.index, dtype="object")
        elif after.index.name == "finding":
            values = after.reindex(self.rows.index)
        else:
            values = after.reindex(ids).set_axis(self.rows.index)
        wanted = self.rows.index[values.notna()]
        before = self.source[field].reindex(ids[wanted]).set_axis(wanted)
        return self._with_edits(
            pd.DataFrame(
                {
                    "finding": wanted,
                    "option": option,
                    "layer": "",
                    "record_id": ids[wanted].to_numpy(),
                    "field": field,
                    "before": column_text(before).to_numpy(),
                    "after": column_text(_as_geometry(values[wanted], field)).to_numpy(),
                },
                columns=list(EDIT_COLUMNS),
            )
        )

    def propose_edits(self, edits: pd.DataFrame) -> Findings:
        """Propose edits of other records or layers: a frame with ``EDIT_COLUMNS`` (``option`` may be absent),
        ``before`` and ``after`` as canonical text.
        """
        return self._with_edits(edits.assign(option=edits.get("option", ""))[list(EDIT_COLUMNS)])

    def _with_edits(self, more: pd.DataFrame) -> Findings:
        both = [frame for frame in (self.edits, more) if len(frame)]
        return replace(self, edits=pd.concat(both, ignore_index=True) if both else self.edits)


def _as_geometry(values: pd.Series, field: str) -> pd.Series:
    return gpd.GeoSeries(values, index=values.index) if field == GEOMETRY else values


def flag(
    frame: pd.DataFrame,
    wrong: pd.Series | None = None,
    *,
    key: pd.Series | str = "",
    variant: pd.Series | str = "",
    related: pd.Series | None = None,
    geometry: gpd.GeoSeries | None = None,
    **evidence: Any,
) -> Findings:
    """One finding for each record of ``frame`` where ``wrong`` holds (all records when it is None).

    Every Series is aligned by record id, scalars are repeated. ``related`` holds tuples of ``layer:id``.
    ``geometry`` defaults to the record's own.
    """
    flagged = slice(None) if wrong is None else wrong.reindex(frame.index, fill_value=False).to_numpy(dtype=bool)
    ids = frame.index[flagged]

    def column(value: Any) -> Any:
        return value.reindex(ids).to_numpy() if isinstance(value, pd.Series) else [value] * len(ids)

    rows = pd.DataFrame({"record_id": pd.Series(ids, dtype="str")})
    rows["key"] = pd.Series(column(key), dtype="str")
    rows["variant"] = pd.Series(column(variant), dtype="str")
    rows["related"] = pd.Series(column(related) if related is not None else [()] * len(ids), dtype="object")
    for name, value in evidence.items():
        rows[name] = column(value)
    shapes = geometry if geometry is not None else frame.get("geometry")
    rows["geometry"] = pd.Series(
        shapes.reindex(ids).to_numpy() if shapes is not None else None, index=rows.index, dtype="object"
    )
    return Findings(rows.rename_axis("finding"), no_edits(), frame)


def flag_faults(faults: pd.DataFrame, source: pd.DataFrame) -> Findings:
    """Findings from a table with one fault a row, for faults that concern several records.

    ``faults`` has ``record_id`` and evidence columns; ``key``, ``variant``, ``related``, ``geometry`` may be absent.
    ``source`` is the checked frame, from which :meth:`Findings.propose` reads the values before.
    """
    rows = pd.DataFrame(faults).reset_index(drop=True)
    for name, default in (("key", ""), ("variant", "")):
        rows[name] = rows[name].astype("str") if name in rows else pd.Series([default] * len(rows), dtype="str")
    for name, filler in (("related", ()), ("geometry", None)):
        if name not in rows:
            rows[name] = pd.Series([filler] * len(rows), dtype="object")
    rows["record_id"] = rows["record_id"].astype("str")
    rows["geometry"] = rows["geometry"].astype("object")
    evidence = [name for name in rows.columns if name not in FIXED_COLUMNS]
    ordered = rows[[*FIXED_COLUMNS[:4], *evidence, "geometry"]]
    return Findings(ordered.rename_axis("finding"), no_edits(), source)


def no_edits() -> pd.DataFrame:
    """An empty table of edits."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in EDIT_COLUMNS})


def merge(parts: list[Findings]) -> Findings:
    """Findings of several calls over the same frame as one, for rules that judge in steps."""
    rows, edits, start = [], [], 0
    for part in parts:
        rows.append(part.rows)
        edits.append(part.edits.assign(finding=part.edits["finding"] + start))
        start += len(part)
    filled = [frame for frame in rows if len(frame)]
    all_rows = pd.concat(filled, ignore_index=True) if filled else rows[0]
    kept = [frame for frame in edits if len(frame)]
    all_edits = pd.concat(kept, ignore_index=True) if kept else no_edits()
    return Findings(all_rows.rename_axis("finding"), all_edits, parts[0].source)
