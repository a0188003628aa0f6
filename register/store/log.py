"""The change log: written in the same transaction as the edit, never updated or deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

import pandas as pd

from register.store.bulk import MANY, suspended
from register.store.gpkg_schema import APPEND_GUARD, LOG_COLUMNS

LogRow = tuple[str, str, str | None, str | None]  # record_id, field, before, after


def revision(connection: sqlite3.Connection) -> int:
    """Number of the last change, 0 before the first."""
    return int(connection.execute("SELECT coalesce(max(change_id), 0) FROM change_log").fetchone()[0])


@dataclass(frozen=True)
class OpenChange:
    """A change that is being written: its number, time and author, and a counter for its rows."""

    connection: sqlite3.Connection
    change_id: int
    at: str
    actor: str
    reason: str
    case_id: str | None
    seq: count[int] = field(default_factory=lambda: count(1))

    @classmethod
    def begin(
        cls, connection: sqlite3.Connection, *, actor: str, reason: str, case_id: str | None = None
    ) -> OpenChange:
        """The next change of a register; the connection must hold the write lock."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(connection, revision(connection) + 1, at, actor, reason, case_id)

    def write(self, layer: str, rows: Iterable[LogRow], count: int) -> None:
        """Append ``count`` rows of one layer. For many, the log's guard is set aside: their numbers are new."""
        stamp = (self.at, self.actor, self.reason, self.case_id, layer)
        with suspended(self.connection, APPEND_GUARD) if count >= MANY else nullcontext():
            self.connection.executemany(
                f"INSERT INTO change_log ({', '.join(LOG_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((self.change_id, seq, *stamp, *row) for row, seq in zip(rows, self.seq, strict=False)),
            )

    def touch(self, layers: Iterable[str]) -> None:
        """Bring the entries of changed layers in ``gpkg_contents`` up to date: time and extent."""
        at = self.at.replace("Z", ".000Z")
        for name in layers:
            self.connection.execute("UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", (at, name))
            if self.connection.execute("SELECT 1 FROM gpkg_geometry_columns WHERE table_name = ?", (name,)).fetchone():
                self.connection.execute(
                    "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) = "
                    f'(SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "rtree_{name}_geom") '
                    "WHERE table_name = ?",
                    (name,),
                )


def history(
    connection: sqlite3.Connection,
    *,
    record: tuple[str, str] | None = None,
    change_id: int | None = None,
    since: int = 0,
    limit: int | None = None,
) -> pd.DataFrame:
    """Rows of the log, newest change first, the rows of one change in the order they were written."""
    conditions: list[str] = ["change_id > ?"]
    values: list[str | int] = [since]
    if record is not None:
        conditions.append("layer = ? AND record_id = ?")
        values += list(record)
    if change_id is not None:
        conditions.append("change_id = ?")
        values.append(change_id)
    rows = connection.execute(
        f"SELECT {', '.join(LOG_COLUMNS)} FROM change_log WHERE {' AND '.join(conditions)} "
        "ORDER BY change_id DESC, seq LIMIT ?",
        (*values, -1 if limit is None else limit),
    ).fetchall()
    frame = pd.DataFrame(rows, columns=list(LOG_COLUMNS), dtype="object")
    return frame.astype({"change_id": "int64", "seq": "int64"})


def last_change_of(connection: sqlite3.Connection, layer: str, record_id: str, name: str, since: int) -> int | None:
    """The last change after ``since`` that wrote a cell, or made or removed its record."""
    cell = "" if name == "*" else "AND field IN (?, '*')"
    later: int | None = connection.execute(
        f"SELECT max(change_id) FROM change_log WHERE layer = ? AND record_id = ? AND change_id > ? {cell}",
        (layer, record_id, since, *([name] if cell else [])),
    ).fetchone()[0]
    return later


def today() -> str:
    """The date of the clock, ISO."""
    return date.today().isoformat()
