"""Builds the sample county's register from its files and checks it against what is known to be wrong with it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import CRS

from register.cases.checking import check
from register.cases.importing import ImportResult, import_file
from register.paths import DATA
from register.store import Register, create_register
from rulebook.errors import CallError, DimingError, FileError
from rulebook.report import Report

SAMPLE = DATA / "sample"
REGISTER = "demo.gpkg"
MARK = ".diming-demo"  # lies in every folder that a demo made; only there an older demo is replaced
COMPANIONS = ("", "-wal", "-shm", "-journal")
ACTOR = "demo"

Known = tuple[str, str, str]  # rule, layer, record id


@dataclass(frozen=True)
class Taken:
    """What became of one file: the results of its layers, or the sentence with which it was refused."""

    file: str
    results: tuple[ImportResult, ...]
    refusal: DimingError | None
    refusal_due: bool

    @property
    def as_due(self) -> bool:
        """Whether it was taken over without a refused row, or refused where it has to be."""
        if self.refusal_due:
            return self.refusal is not None
        return self.refusal is None and not any(result.refused for result in self.results)


@dataclass(frozen=True)
class DemoResult:
    """The register, its files, its report, and where the findings are not those that ``expected.csv`` lists."""

    register: Path
    today: str
    imports: tuple[Taken, ...]
    report: Report
    missing: tuple[Known, ...]
    surplus: tuple[Known, ...]

    @property
    def sound(self) -> bool:
        """Whether everything came out exactly as it is known to be."""
        as_due = all(taken.as_due for taken in self.imports)
        return as_due and not (self.missing or self.surplus or self.report.crashes)


def build_demo(
    directory: Path, *, today: str = "", progress: Callable[[str], None] = lambda step: None, sample: Path = SAMPLE
) -> DemoResult:
    """Make the demo register in ``directory``, import the files of ``sample`` by its manifest, check it.

    A folder that an earlier demo made is used again and its register made anew; in any other folder nothing is
    touched. ``today`` is by default the manifest's date. ``progress`` is told every file and every rule.
    Raises CallError when the folder holds other things.
    """
    manifest = tomllib.loads((sample / "manifest.toml").read_text(encoding="utf-8"))
    path = _room(directory)
    day = today or manifest["today"]
    register = create_register(path, manifest["profile"], CRS.from_user_input(manifest["crs"]))
    try:
        taken = []
        for entry in manifest["file"]:
            progress(entry["path"])
            taken.append(_take(register, sample, entry, day))
        report = check(register, today=day, progress=progress)
    finally:
        register.close()
    missing, surplus = compare(report, expected(sample / manifest["expected"]))
    return DemoResult(path, day, tuple(taken), report, missing, surplus)


def expected(path: Path) -> Counter[Known]:
    """The findings that the check must have."""
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    return Counter(zip(rows["rule"], rows["layer"], rows["record_id"], strict=True))


def compare(report: Report, known: Counter[Known]) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Known findings that the report lacks, and findings of the report that are not known; each in order."""
    found = Counter((finding.rule.code, finding.layer, finding.record_id) for finding in report)
    return tuple(sorted((known - found).elements())), tuple(sorted((found - known).elements()))


def _take(register: Register, sample: Path, entry: dict[str, Any], today: str) -> Taken:
    mapping = sample / entry["map"] if "map" in entry else None
    due = entry.get("refused", False)
    try:
        results = import_file(
            register,
            sample / entry["path"],
            layer=entry.get("layer"),
            crs=entry.get("crs"),
            encoding=entry.get("encoding"),
            mapping=mapping,
            actor=ACTOR,
            today=today,
        )
    except FileError as refusal:
        return Taken(entry["path"], (), refusal, due)
    return Taken(entry["path"], tuple(results), None, due)


def _room(directory: Path) -> Path:
    """Where the register goes: into a new or empty folder, or into one that a demo made before."""
    if directory.exists() and not directory.is_dir():
        raise CallError(
            f"{directory} 是一个文件，不是文件夹；请用 --dir 另指一个文件夹。",
            f"{directory} is a file, not a folder; name another folder by --dir.",
        )
    mark = directory / MARK
    if directory.is_dir() and any(directory.iterdir()) and not mark.exists():
        raise CallError(
            f"文件夹 {directory} 里已有别的文件，示例不会动它；请用 --dir 另指一个空文件夹。",
            f"The folder {directory} holds other files and the demo leaves it alone; name an empty folder by --dir.",
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        mark.touch()
        for companion in COMPANIONS:
            (directory / f"{REGISTER}{companion}").unlink(missing_ok=True)
    except OSError as fault:
        raise CallError(
            f"不能写入文件夹 {directory}：{fault.strerror}。",
            f"The folder {directory} cannot be written: {fault.strerror}.",
        ) from fault
    return directory / REGISTER
