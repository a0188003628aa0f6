"""The findings of the last full check, kept in the register beside the layers; the log has no part in them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

INDEXED = ("fingerprint", "rule", "level", "layer", "record_id", "township")


def keep(connection: sqlite3.Connection, findings: list[dict[str, Any]], summary: dict[str, Any]) -> None:
    """Replace the findings kept before; the connection must hold the write lock."""
    connection.execute("DELETE FROM findings")
    connection.executemany(
        f"INSERT INTO findings ({', '.join(INDEXED)}, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((*(finding.get(name) for name in INDEXED), json.dumps(finding, ensure_ascii=False)) for finding in findings),
    )
    connection.execute(
        "INSERT OR REPLACE INTO findings_run VALUES (1, ?, ?)",
        (summary.get("revision"), json.dumps(summary, ensure_ascii=False)),
    )


def kept(connection: sqlite3.Connection) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The findings and the summary kept last; ``([], None)`` when there was no check yet."""
    run = connection.execute("SELECT summary FROM findings_run").fetchone()
    if run is None:
        return [], None
    rows = connection.execute("SELECT document FROM findings ORDER BY number")
    return [json.loads(document) for (document,) in rows], json.loads(run[0])
