"""A sealed package in a folder: data files, ``manifest.json``, ``withheld.csv`` and, for changes only, ``changes.csv``."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import CRS

from register import catalogue, profiles
from register.cases.casebook import all_cases, open_case
from register.cases.checking import check
from register.cases.exporting import columns, writing
from register.cases.exporting.profiles import ExportProfile
from register.cases.exporting.selecting import DELETE, HELD_COLUMNS, Selection, select
from register.cases.privacy import PERSONAL
from register.cases.sensitive import Sight
from register.exchange.positions import label
from register.exchange.safe_cells import guarded
from register.people import Person, Right
from register.store import Register
from rulebook.errors import CallError, FileError
from rulebook.report import Report

KIND = "export"
FORMAT = "diming-package-1"
MANIFEST, WITHHELD, CHANGES, ALTERED = "manifest.json", "withheld.csv", "changes.csv", "altered.csv"


@dataclass(frozen=True)
class Package:
    """What was written: the manifest, and how many rows were held back."""

    folder: Path
    manifest: Mapping[str, Any]
    withheld: int


def export(
    register: Register,
    profile: ExportProfile,
    folder: Path,
    *,
    today: str,
    person: Person,
    since: int | None = None,
    allow_warnings: bool = False,
    lang: str = "zh",
) -> Package:
    """Write a package into a new or empty folder; it is there whole or not at all.

    The export is kept as a case of the register, so that the next package of changes knows what this one held back.
    Raises CallError for a folder that holds other things, a revision that never was, or a rule that broke.
    """
    _check_room(folder)
    layers, revision = register.layers(), register.revision
    if since is not None and not 0 <= since <= revision:
        raise CallError(
            f"没有版本 {since}；登记库现为 {revision}。",
            f"There is no revision {since}; the register is at {revision}.",
        )
    report = check(register, today=today)
    if report.crashes:
        raise CallError(
            f"规则 {report.crashes[0].rule.code} 自身出错，无法判断哪些记录可以导出。",
            f"Rule {report.crashes[0].rule.code} broke, so it cannot be told which records may go out.",
        )
    judging = profiles.load(register.profile_name)
    sight = Sight.of(person, judging)
    selection = select(
        register, layers, profile.sources, report, today=today, allow_warnings=allow_warnings, since=since,
        held_before=_held_before(register, profile, since), lang=lang, sight=sight,
    )  # fmt: skip
    crs = CRS.from_user_input(profile.crs) if profile.crs else register.crs
    target = Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".diming-", dir=target.parent) as place:
        inner = Path(place) / "package"
        inner.mkdir()
        order = _Order(
            profile,
            crs,
            register.crs,
            today,
            person,
            sight,
            revision,
            since,
            allow_warnings,
            catalogue.version(judging),
        )
        manifest = order.write(inner, selection, layers, report)
        if target.is_dir():
            target.rmdir()
        shutil.move(inner, target)
    body = {
        "profile": profile.name, "revision": revision, "since": since, "seal": manifest["seal"], "counts": manifest["counts"],
        "withheld": sorted(set(selection.withheld["row"])),
    }  # fmt: skip
    open_case(
        register, KIND, profile.title.zh, state="sent", actor=person.name, today=today, body=body, closed_on=today
    )
    return Package(target, manifest, len(selection.withheld))


def seal(manifest: Mapping[str, Any]) -> str:
    """Digest of everything that a manifest says, its own seal left out."""
    said = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class _Order:
    """What is to be written, for whom and as of when."""

    profile: ExportProfile
    crs: CRS
    register_crs: CRS
    today: str
    person: Person
    sight: Sight
    revision: int
    since: int | None
    allow_warnings: bool
    catalogue: str

    def write(
        self, folder: Path, selection: Selection, layers: Mapping[str, pd.DataFrame], report: Report
    ) -> dict[str, Any]:
        """Write every file of the package and return its manifest."""
        counts, altered = self._write_layers(folder, selection)
        counts |= self._write_tables(folder, selection, layers)
        _write_list(folder / WITHHELD, selection.withheld)
        if selection.changes is not None:
            _write_list(folder / CHANGES, selection.changes)
        if altered:
            _write_list(folder / ALTERED, pd.DataFrame(altered, columns=["layer", "record_id", "column", "change"]))
        manifest = {
            "format": FORMAT,
            "profile": self.profile.name,
            "title": self.profile.title.zh,
            "program": f"diming {version('diming')}",
            "catalogue": self.catalogue,
            "crs": label(self.crs),
            "created_on": self.today,
            "revision": self.revision,
            "since": self.since,
            "allow_warnings": self.allow_warnings,
            "role": self.person.role.value,
            "counts": counts,
            "withheld": len(selection.withheld),
            "withheld_records": int(selection.withheld["row"].nunique()),
            "changes": None if selection.changes is None else _counted(selection.changes["operation"]),
            "not_run": [{"rule": one.rule.code, "reason": one.reason.zh} for one in report.not_run],
            "files": [_entry(path, folder) for path in _files(folder)],
        }
        manifest["seal"] = seal(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return manifest

    def _write_layers(self, folder: Path, selection: Selection) -> tuple[dict[str, int], writing.Altered]:
        frames = {
            name: self.sight.frame(name, _shown(selection.frames[name], name, self.person))
            for name in self.profile.layers
        }
        altered: writing.Altered = []
        for form in self.profile.formats if frames else ():
            altered += writing.write_layers(folder, frames, form, crs=self.crs, encoding=self.profile.encoding)
        return {name: len(frame) for name, frame in frames.items()}, altered

    def _write_tables(self, folder: Path, selection: Selection, layers: Mapping[str, pd.DataFrame]) -> dict[str, int]:
        operations, deleted = _operations(selection)
        counts = {}
        for table in self.profile.tables:
            who = self.person if table.personal else None
            shown = {name: _shown(selection.frames[name], name, who) for name in table.sources}
            rows = columns.table_of(table, shown, layers, operations, crs=self.register_crs, today=self.today)
            gone = [mark for mark in deleted if mark.partition(":")[0] in table.sources]
            if table.envelope and gone:
                rows = pd.concat([rows, columns.deleted_rows(table, gone, layers, self.today)])
            for form in self.profile.formats:
                writing.write_table(folder, table.name, rows, form, f"{self.profile.name}-{table.name}")
            counts[table.name] = len(rows)
        return counts


def _operations(selection: Selection) -> tuple[dict[str, str], list[str]]:
    """What is to be done with each mark, and the marks to delete."""
    if selection.changes is None:
        return {}, []
    marks = selection.changes["layer"] + ":" + selection.changes["record_id"]
    operations = dict(zip(marks, selection.changes["operation"], strict=True))
    return operations, [mark for mark, operation in operations.items() if operation == DELETE]


def _shown(frame: pd.DataFrame, layer: str, person: Person | None) -> pd.DataFrame:
    """Records as a person may hand them out: without personal columns where the right is missing."""
    if person is not None and person.may(Right.SEE_PERSONAL):
        return frame
    return frame.assign(**{name: None for name in PERSONAL.get(layer, ()) if name in frame})


def _held_before(register: Register, profile: ExportProfile, since: int | None) -> frozenset[str]:
    """What the package of revision ``since`` held back."""
    if since is None:
        return frozenset()
    for case in reversed(all_cases(register, KIND)):
        if case.body.get("profile") == profile.name and case.body.get("revision") == since:
            return frozenset(case.body["withheld"])
    return frozenset()


def _check_room(folder: Path) -> None:
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileError(
            f"{folder} 已存在且不是空文件夹；请另指一个文件夹。",
            f"{folder} exists and is not an empty folder; name another.",
        )


def _write_list(path: Path, rows: pd.DataFrame) -> None:
    cells = rows.apply(guarded) if len(rows) else rows
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(rows.columns if len(rows.columns) else HELD_COLUMNS)
        writer.writerows(cells.itertuples(index=False))


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _entry(path: Path, folder: Path) -> dict[str, Any]:
    return {"name": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": digest_of(path)}


def _counted(column: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}
