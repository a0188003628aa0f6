"""Files kept beside the layers: photographs, drawings, signed papers. Their name is the SHA-256 of their content.

The table is made when the first file comes, so that registers of any age take files. What is attached is never
changed; the log names it wherever a record speaks of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

_TABLE = """
CREATE TABLE IF NOT EXISTS attachments (
  sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, media_type TEXT NOT NULL, added_at TEXT NOT NULL, content BLOB NOT NULL)
"""


@dataclass(frozen=True)
class Attachment:
    """A file as it was handed in: ``name`` is for people only."""

    sha256: str
    name: str
    media_type: str
    content: bytes


def attach(connection: sqlite3.Connection, name: str, media_type: str, content: bytes) -> str:
    """Keep a file and return its SHA-256; the connection must hold the write lock. The same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    connection.execute(_TABLE)
    connection.execute(
        "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?)",
        (digest, name, media_type, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), content),
    )
    return digest


def attachment(connection: sqlite3.Connection, sha256: str) -> Attachment | None:
    """The file of that SHA-256, None when there is none."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachments'").fetchone():
        return None
    row = connection.execute(
        "SELECT sha256, name, media_type, content FROM attachments WHERE sha256 = ?", (sha256,)
    ).fetchone()
    return None if row is None else Attachment(*row)
