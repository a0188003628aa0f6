"""Is a package still what it was when it was sealed?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import python_calamine as calamine

from register.cases.exporting.package import MANIFEST, WITHHELD, digest_of, seal
from rulebook.errors import FileError
from rulebook.language import Text


def verify(folder: Path) -> list[Text]:
    """What is wrong with a package; empty when nothing is. Raises FileError when the folder is no package."""
    folder = Path(folder)
    manifest = _manifest(folder)
    faults = list(_faults_of_files(folder, manifest))
    if seal(manifest) != manifest.get("seal"):
        faults.append(
            Text("清单 manifest.json 被改动过：封签不符。", "manifest.json was changed: the seal does not fit.")
        )
    if not faults:
        faults += _faults_of_counts(folder, manifest)
    return faults


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise FileError(f"{folder} 不是导出包：没有 {MANIFEST}。", f"{folder} is no package: there is no {MANIFEST}.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        complete = all({"name", "sha256"} <= set(one) for one in manifest["files"])
        if not complete or not {"counts", "withheld"} <= set(manifest):
            raise ValueError("files, counts, withheld")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise FileError(f"{path} 已损坏：{fault}。", f"{path} is damaged: {fault}.") from fault
    return manifest


def _faults_of_files(folder: Path, manifest: dict[str, Any]) -> Iterator[Text]:
    known = set()
    for one in manifest["files"]:
        name = one["name"]
        path = folder / name
        known.add(name)
        if not path.resolve().is_relative_to(folder.resolve()):
            yield Text(f"{name} 指向包外。", f"{name} leads out of the package.")
        elif not path.is_file():
            yield Text(f"缺少文件 {name}。", f"The file {name} is missing.")
        elif digest_of(path) != one["sha256"]:
            yield Text(f"文件 {name} 被改动过：摘要不符。", f"The file {name} was changed: the digest does not fit.")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST and name not in known:
            yield Text(f"多出文件 {name}。", f"The file {name} does not belong here.")


def _faults_of_counts(folder: Path, manifest: dict[str, Any]) -> Iterator[Text]:
    """Rows in the files against those that the manifest counts."""
    found = {WITHHELD: _lines_of_csv(folder / WITHHELD)}
    due = {WITHHELD: manifest["withheld"]}
    for name, count in manifest["counts"].items():
        for file, rows in _rows_of(folder, name):
            found[file], due[file] = rows, count
    for file, rows in found.items():
        if rows != due[file]:
            yield Text(
                f"{file} 有 {rows} 行，清单为 {due[file]}。", f"{file} has {rows} rows, the manifest says {due[file]}."
            )


def _rows_of(folder: Path, name: str) -> Iterator[tuple[str, int]]:
    """Number of rows of a layer or table in every file that holds it."""
    for path in sorted(folder.iterdir()):
        match path.suffix:
            case ".jsonl" if path.stem == name:
                yield path.name, sum(1 for line in path.read_text(encoding="utf-8").split("\n") if line)
            case ".xlsx" if path.stem.endswith(f"-{name}"):
                with calamine.CalamineWorkbook.from_path(path) as book:
                    yield path.name, max(len(book.get_sheet_by_index(0).to_python(skip_empty_area=False)) - 1, 0)
            case ".geojson" if path.stem == name:
                yield path.name, pyogrio.read_info(path)["features"]
            case ".parquet" if path.stem == name:
                import pyarrow.parquet

                yield path.name, pyarrow.parquet.read_metadata(path).num_rows
            case ".gpkg" | ".gdb":
                parts = [
                    layer for layer, _ in pyogrio.list_layers(path) if layer in (name, f"{name}_line", f"{name}_area")
                ]
                yield f"{path.name}/{name}", sum(pyogrio.read_info(path, layer=part)["features"] for part in parts)
    shapes = [path for part in ("", "_line", "_area") for path in folder.glob(f"{name}{part}.dbf")]
    if shapes:
        yield f"{name}.dbf", sum(pyogrio.read_info(path)["features"] for path in shapes)


def _lines_of_csv(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1
