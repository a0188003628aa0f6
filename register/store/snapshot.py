"""Every layer of a register as it was at one moment, read when it is asked for."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from pyproj import CRS

from register.dictionary import DICTIONARY
from register.store import log
from register.store.connection import connect, speaking
from register.store.records import Table, read_frame
from rulebook.errors import RegisterError


class Snapshot(Mapping[str, pd.DataFrame]):
    """Layers by name from one read transaction. It is let go when all layers were read, at ``close`` and when the
    snapshot is forgotten; a transaction that is held keeps the write-ahead log from shrinking.
    """

    def __init__(self, path: Path, crs: CRS) -> None:
        self._path, self._crs = path, crs
        self._frames: dict[str, pd.DataFrame] = {}
        self._lock = threading.Lock()
        with speaking(path):
            self._connection = connect(path)
            self._close = weakref.finalize(self, self._connection.close)
            self._connection.execute("BEGIN")
            self.revision = log.revision(self._connection)

    def __getitem__(self, name: str) -> pd.DataFrame:
        with self._lock:
            if name not in self._frames:
                self._frames[name] = self._read(name)
                if len(self._frames) == len(DICTIONARY):
                    self._close()
            return self._frames[name]

    def __contains__(self, name: object) -> bool:
        return name in DICTIONARY

    def __iter__(self) -> Iterator[str]:
        return iter(DICTIONARY)

    def __len__(self) -> int:
        return len(DICTIONARY)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; layers read before stay."""
        self._close()

    def _read(self, name: str) -> pd.DataFrame:
        layer = DICTIONARY[name]
        if not self._close.alive:
            raise RegisterError("登记库已关闭。", "The register was closed.")
        with speaking(self._path):
            return read_frame(self._connection, Table.of(self._connection, layer), self._crs)
