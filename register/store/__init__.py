"""Where a register is kept. Everything above reads and writes it through this protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from pyproj import CRS

from register.store.attachments import Attachment
from rulebook.changes import ChangeSet
from rulebook.errors import RegisterError
from rulebook.language import Text


@dataclass(frozen=True)
class PutCounts:
    """What :meth:`Register.put` did to the records of a layer, and the change that did it (None: nothing changed)."""

    added: int
    updated: int
    unchanged: int
    ended: int
    change_id: int | None


class Register(Protocol):
    """A register of the layers in ``register.dictionary``, with an append-only log."""

    @property
    def address(self) -> str:
        """Path or URL it was opened by."""

    @property
    def crs(self) -> CRS:
        """CRS of every geometry in it."""

    @property
    def profile_name(self) -> str:
        """Profile it was made with."""

    @property
    def revision(self) -> int:
        """Number of the last change, 0 for an empty register."""

    def layer(self, name: str) -> pd.DataFrame:
        """All records of a layer, ended ones included, as ``Layer.conform`` gives them; unknown columns are kept."""

    def layers(self) -> Mapping[str, pd.DataFrame]:
        """Every layer of the dictionary, read when asked for, all from one consistent snapshot."""

    def judge(self, edits: pd.DataFrame) -> pd.DataFrame:
        """For each edit (``rulebook.changes.EDIT_COLUMNS``): ``outcome`` ok | stale | refused, ``reason`` (Text or
        None), ``current`` (canonical text). Refused: unknown layer, record or column, key column, value that is none.
        """

    def apply(self, change: ChangeSet) -> int:
        """Write all edits and their log rows in one transaction and return the change id. Raises StaleEditError when
        a value before no longer holds or the change is based on an older revision, RegisterError when an edit is
        refused; then nothing is written.
        """

    def put(
        self, name: str, frame: pd.DataFrame, *, actor: str, reason: str, replace: bool = False, today: str = ""
    ) -> PutCounts:
        """Take over a frame of a layer (register CRS, canonical dtypes, unique keys) in one transaction: new keys are
        added, changed cells updated, equal records left. Columns that the frame lacks stay as they are, unknown
        columns are added to the layer. ``replace`` ends records that the frame lacks (``valid_to`` = ``today``).
        """

    def undo(self, change_id: int, *, actor: str, reason: str, record: tuple[str, str] | None = None) -> int:
        """Write the inverse of a change (of one ``(layer, record_id)`` in it) as a new change and return its id.
        Raises RegisterError that names the later change which depends on it.
        """

    def history(
        self,
        *,
        record: tuple[str, str] | None = None,
        change_id: int | None = None,
        since: int = 0,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """Rows of the log, newest change first, with the columns of the dictionary's ``change_log``: those of one
        ``(layer, record_id)``, of one change, after a revision; at most ``limit`` rows.
        """

    def keep_findings(self, findings: list[dict[str, Any]], summary: dict[str, Any]) -> None:
        """Keep the findings of a full check (contract form, plus ``township``) and its summary, instead of older
        ones. ``summary["revision"]`` is the revision that was checked. Not a change: the log has no part in it.
        """

    def kept_findings(self) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """The findings and summary kept last; ``([], None)`` when there was no check yet."""

    def attach(self, name: str, media_type: str, content: bytes) -> str:
        """Keep a file (photograph, drawing) for good and return its SHA-256; the same content is kept once."""

    def attachment(self, sha256: str) -> Attachment | None:
        """The file of that SHA-256, None when there is none."""

    def backup(self, target: Path) -> None:
        """Write a consistent copy while others read and write."""

    def integrity(self) -> list[Text]:
        """What is wrong with the file itself; empty when it is sound and data and log agree."""

    def close(self) -> None:
        """Let go of the file."""


def open_register(address: str | Path) -> Register:
    """Open an existing register. Raises RegisterError when there is none or it is not one."""
    _refuse_postgis(address)
    from register.store.gpkg import GeoPackageRegister

    return GeoPackageRegister.open(Path(address))


def create_register(address: str | Path, profile_name: str, crs: CRS) -> Register:
    """Make an empty register. Raises RegisterError when the file exists; a kill leaves no half-made file."""
    _refuse_postgis(address)
    from register.store.gpkg import GeoPackageRegister

    return GeoPackageRegister.create(Path(address), profile_name, crs)


def _refuse_postgis(address: str | Path) -> None:
    if str(address).startswith(("postgresql://", "postgres://")):
        raise RegisterError(
            "本版本只支持 GeoPackage 登记库（.gpkg 文件），尚不支持 PostGIS。",
            "This version keeps registers in GeoPackage files (.gpkg); PostGIS is not supported yet.",
        )


@contextmanager
def opened(address: str | Path) -> Iterator[Register]:
    """An existing register for the length of a ``with`` block."""
    register = open_register(address)
    try:
        yield register
    finally:
        register.close()
