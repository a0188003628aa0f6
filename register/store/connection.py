"""Connections to a register file: how it is opened, how a write is guarded, and the sentence for each SQLite error.

A connection lives for one operation, so that a register at rest is a single file without ``-wal`` beside it. Readers
see the last committed state and are never blocked (write-ahead log); a writer waits ``BUSY_SECONDS`` for another one.
GDAL must not open the file in a process that uses these connections: it drops SQLite's locks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from register.store.gpkg_functions import add_functions
from rulebook.errors import RegisterError

BUSY_SECONDS = 15.0

_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "另一个程序正在写入登记库 {path}，等待后仍未结束；请稍后再试。",
        "Another program is writing to the register {path} and did not finish in time; please try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "登记库 {path} 是只读的，不能写入；请检查文件和所在文件夹的权限。",
        "The register {path} is read-only; check the permissions of the file and of its folder.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} 不是登记库（不是 GeoPackage 文件，或文件头已损坏）。",
        "{path} is not a register (not a GeoPackage file, or its head is damaged).",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "登记库 {path} 已损坏；请用最近的备份恢复（diming restore）。",
        "The register {path} is damaged; restore it from the last backup (diming restore).",
    ),
    sqlite3.SQLITE_FULL: (
        "磁盘已满，登记库 {path} 没有改动。",
        "The disk is full; the register {path} was not changed.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "打不开登记库 {path}；请检查文件和所在文件夹的权限。",
        "The register {path} cannot be opened; check the permissions of the file and of its folder.",
    ),
    sqlite3.SQLITE_TOOBIG: (
        "有一个值太大，登记库 {path} 存不下，没有改动。",
        "A value is too large for the register {path}; nothing was changed.",
    ),
}
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_OTHERWISE = (
    "登记库 {path} 不能读写：{fault}。",
    "The register {path} cannot be read or written: {fault}.",
)


_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class DamagedRegisterError(RegisterError):
    """The file cannot be read as a database; only a backup helps."""


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system about ``path`` into RegisterError with a sentence."""
    try:
        yield
    except sqlite3.Error as fault:
        primary = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        zh, en = _SENTENCES.get(primary, _OTHERWISE)
        error = DamagedRegisterError if primary in _DAMAGED else RegisterError
        raise error(zh.format(path=path, fault=fault), en.format(path=path, fault=fault)) from fault
    except OSError as fault:
        zh, en = _OTHERWISE
        cause = fault.strerror or fault
        raise RegisterError(zh.format(path=path, fault=cause), en.format(path=path, fault=cause)) from fault
    except UnicodeEncodeError as fault:
        raise RegisterError(
            f"有文字含无效字符（{fault.object[fault.start : fault.end]!a}），不能存入登记库 {path}。",
            f"A text has an invalid character ({fault.object[fault.start : fault.end]!a}); "
            f"it cannot be kept in the register {path}.",
        ) from fault


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """An open connection to an existing file, in autocommit mode, with the functions of the spatial index."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -131072")
    add_functions(connection)
    return connection


@contextmanager
def connected(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A connection without a transaction, closed at the end."""
    with speaking(path):
        connection = connect(path, busy_seconds=busy_seconds)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees one committed state throughout."""
    with connected(path) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A connection with the write lock; committed at the end, rolled back by any exception."""
    with connected(path, busy_seconds=busy_seconds) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if connection.in_transaction:
            connection.execute("COMMIT")
