"""Setting a trigger aside while many rows are written: SQLite calls triggers row by row, at four times the cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from register.store.gpkg_schema import quoted

MANY = 1000


@contextmanager
def suspended(connection: sqlite3.Connection, trigger: str) -> Iterator[None]:
    """Run without a trigger; its work is the caller's. Nobody else sees it gone: it is back before the commit, and
    an exception takes the whole transaction back.
    """
    (statement,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()
    connection.execute(f"DROP TRIGGER {quoted(trigger)}")
    yield
    connection.execute(statement)
