"""A register in one GeoPackage file, read and written through SQLite alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pandas as pd
from pyproj import CRS

from register.dictionary import DICTIONARY
from register.store import PutCounts, applying, attachments, copies, kept_findings, log, putting, soundness
from register.store.connection import BUSY_SECONDS, DamagedRegisterError, connected, reading, speaking, writing
from register.store.gpkg_schema import APPLICATION_ID, FORMAT, create_all, srs_id_of
from register.store.judging import Desk, edits_of
from register.store.records import Table, from_frame, read_frame
from register.store.snapshot import Snapshot
from rulebook.changes import ChangeSet
from rulebook.errors import RegisterError
from rulebook.language import Text
from rulebook.profile import unknown
from rulebook.schema import Layer


class GeoPackageRegister:
    """See ``register.store.Register``. Methods may be called from several threads: each opens the file for itself.

    ``busy_seconds`` is how long a write waits for another writer before it gives up.
    """

    def __init__(self, path: Path, profile_name: str, crs: CRS, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.profile_name = profile_name
        self.crs = crs
        self.busy_seconds = busy_seconds
        self._snapshots: WeakSet[Snapshot] = WeakSet()

    @classmethod
    def open(cls, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> GeoPackageRegister:
        """Open an existing register. Raises RegisterError when there is none or it is not one of ours."""
        if not path.exists():
            raise RegisterError(
                f"没有登记库 {path}；用 diming init 新建。", f"There is no register {path}; make one with diming init."
            )
        if not path.is_file():
            raise RegisterError(f"{path} 不是文件，不能作为登记库。", f"{path} is not a file, so it is no register.")
        if not path.stat().st_size:
            raise DamagedRegisterError(f"登记库 {path} 是空文件。", f"The register {path} is an empty file.")
        with connected(path) as connection:
            info = _info(connection, path)
        return cls(path, info["profile"], CRS.from_user_input(info["crs"]), busy_seconds=busy_seconds)

    @classmethod
    def create(cls, path: Path, profile_name: str, crs: CRS) -> GeoPackageRegister:
        """Make an empty register. It is built beside its place and moved there whole, never over another file."""
        if path.suffix.lower() != ".gpkg":
            raise RegisterError(
                f"登记库文件名应以 .gpkg 结尾：{path}。", f"The file name of a register ends in .gpkg, not so: {path}."
            )
        copies.check_place(path)
        draft = copies.draft_of(path)
        with speaking(path):
            try:
                draft.touch()
                with connected(draft) as connection:
                    create_all(connection, crs, profile_name)
                copies.move_without_overwriting(draft, path)
            finally:
                copies.remove_with_companions(draft)
        return cls.open(path)

    @property
    def address(self) -> str:
        return str(self.path)

    @property
    def revision(self) -> int:
        with reading(self.path) as connection:
            return log.revision(connection)

    def layer(self, name: str) -> pd.DataFrame:
        layer = _layer(name)
        with reading(self.path) as connection:
            return read_frame(connection, Table.of(connection, layer), self.crs)

    def layers(self) -> Mapping[str, pd.DataFrame]:
        snapshot = Snapshot(self.path, self.crs)
        self._snapshots.add(snapshot)
        return snapshot

    def judge(self, edits: pd.DataFrame) -> pd.DataFrame:
        wanted = edits_of(edits)
        with reading(self.path) as connection:
            desk = Desk(connection, wanted)
            verdicts = [desk.judge(edit) for edit in wanted]
        columns: dict[str, list[str | Text | None]] = {
            "outcome": [verdict.outcome for verdict in verdicts],
            "reason": [verdict.reason for verdict in verdicts],
            "current": [verdict.current for verdict in verdicts],
        }
        judged = {name: pd.Series(values, index=edits.index, dtype="object") for name, values in columns.items()}
        return edits.assign(**judged)

    def apply(self, change: ChangeSet) -> int:
        with writing(self.path, busy_seconds=self.busy_seconds) as connection:
            return applying.apply(connection, change, srs_id_of(self.crs))

    def put(
        self, name: str, frame: pd.DataFrame, *, actor: str, reason: str, replace: bool = False, today: str = ""
    ) -> PutCounts:
        layer = _layer(name)
        with reading(self.path) as connection:
            incoming = from_frame(Table.of(connection, layer), frame, self.crs)
        with writing(self.path, busy_seconds=self.busy_seconds) as connection:
            table = Table.of(connection, layer)
            return putting.put(
                connection, table, incoming, actor=actor, reason=reason, replace=replace, today=today or log.today()
            )

    def undo(self, change_id: int, *, actor: str, reason: str, record: tuple[str, str] | None = None) -> int:
        with writing(self.path, busy_seconds=self.busy_seconds) as connection:
            return applying.undo(connection, change_id, srs_id_of(self.crs), actor=actor, reason=reason, record=record)

    def history(
        self,
        *,
        record: tuple[str, str] | None = None,
        change_id: int | None = None,
        since: int = 0,
        limit: int | None = None,
    ) -> pd.DataFrame:
        with reading(self.path) as connection:
            return log.history(connection, record=record, change_id=change_id, since=since, limit=limit)

    def keep_findings(self, findings: list[dict[str, Any]], summary: dict[str, Any]) -> None:
        with writing(self.path, busy_seconds=self.busy_seconds) as connection:
            kept_findings.keep(connection, findings, summary)

    def kept_findings(self) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        with reading(self.path) as connection:
            return kept_findings.kept(connection)

    def attach(self, name: str, media_type: str, content: bytes) -> str:
        with writing(self.path, busy_seconds=self.busy_seconds) as connection:
            return attachments.attach(connection, name, media_type, content)

    def attachment(self, sha256: str) -> attachments.Attachment | None:
        with reading(self.path) as connection:
            return attachments.attachment(connection, sha256)

    def backup(self, target: Path) -> None:
        copies.backup(self.path, target)

    def integrity(self) -> list[Text]:
        try:
            with reading(self.path) as connection:
                return soundness.faults(connection)
        except DamagedRegisterError as fault:
            return [fault.text]

    def close(self) -> None:
        for snapshot in tuple(self._snapshots):
            snapshot.close()


def _layer(name: str) -> Layer:
    if name not in DICTIONARY:
        raise unknown("图层", "layer", name, DICTIONARY, "dictionary")
    return DICTIONARY[name]


def _info(connection: sqlite3.Connection, path: Path) -> dict[str, str]:
    """What the register says of itself. Raises RegisterError when it is none, or of a newer format."""
    is_package = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    has_info = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'register_info'").fetchone()
    info = dict(connection.execute("SELECT name, value FROM register_info")) if has_info else {}
    if not is_package or not {"format", "profile", "crs"} <= set(info):
        raise RegisterError(
            f"{path} 不是登记库；用 diming init 新建登记库，再用 diming import 导入这个文件。",
            f"{path} is not a register; make one with diming init and import this file with diming import.",
        )
    if int(info["format"]) > FORMAT:
        raise RegisterError(
            f"登记库 {path} 由更新的版本建立（格式 {info['format']}，本版本支持到 {FORMAT}）；请升级程序。",
            f"The register {path} was made by a newer version (format {info['format']}, "
            f"this one knows {FORMAT}); upgrade the program.",
        )
    return info
