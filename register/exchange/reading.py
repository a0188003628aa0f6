"""Opens a file by the reader its suffix asks for, after its first bytes have been compared with that suffix."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from register.exchange import delimited, shapefile, spreadsheet, vector
from register.exchange.archives import unpack
from register.exchange.source import DEFAULT_LIMITS, Limits, Source
from rulebook.errors import FileError, SchemaError
from rulebook.language import Text

ZIP, SQLITE, OLE = b"PK\x03\x04", b"SQLite format 3\x00", b"\xd0\xcf\x11\xe0"
SIGNATURES = {".gpkg": SQLITE, ".xlsx": ZIP, ".xlsm": ZIP, ".zip": ZIP, ".kmz": ZIP, ".shp": b"\x00\x00\x27\x0a"}
KINDS = {ZIP: Text("压缩包或 XLSX", "a zip archive or XLSX"), SQLITE: Text("SQLite 数据库", "an SQLite database"),
         OLE: Text("旧版 Office 文件（.xls）", "an old Office file (.xls)")}  # fmt: skip
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
READERS = {
    ".gpkg": vector.read,
    ".gdb": vector.read,
    ".geojson": vector.read_geojson,
    ".json": vector.read_geojson,
    ".kml": vector.read_xml,
    ".gpx": vector.read_xml,
    ".shp": shapefile.read,
    ".dbf": shapefile.read,
    **dict.fromkeys(TEXT_SUFFIXES, delimited.read),
    **dict.fromkeys((".xlsx", ".xlsm"), spreadsheet.read),
}
PACKED = (".zip", ".kmz")
FORMATS = "GeoPackage (.gpkg), Shapefile (.shp, .zip), FileGDB (.gdb, .zip), GeoJSON, KML, KMZ, GPX, CSV, XLSX"


def read(
    path: Path, *, encoding: str | None = None, sheet: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> list[Source]:
    """The tables of a file or of the one data set in a zip archive, or only the one named ``sheet``.

    Raises FileError with a sentence.
    """
    path = _existing(path)
    suffix = path.suffix.lower()
    if suffix in PACKED:
        with unpacked(path, limits) as inner:
            return [
                _named(source, inner, path) for source in read(inner, encoding=encoding, sheet=sheet, limits=limits)
            ]
    if suffix in (".xlsx", ".xlsm"):
        return spreadsheet.read(path, sheet, limits)
    sources = READERS[suffix](path, encoding, limits)
    return sources if sheet is None else _only(sources, sheet, path)


@contextmanager
def unpacked(path: Path, limits: Limits) -> Iterator[Path]:
    """The one data set of a zip archive, unpacked for the length of a ``with`` block."""
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        files = unpack(path, Path(folder), limits)
        found = {part for file in files for part in (file, *file.parents) if part.suffix.lower() == ".gdb"}
        inside = {file for file in files if not any(part in found for part in file.parents)}
        found |= {file for file in inside if file.suffix.lower() in READERS and file.suffix.lower() != ".dbf"}
        found -= {file for file in found if file.suffix.lower() == ".txt"} if len(found) > 1 else set()
        if len(found) != 1:
            names = sorted(member.relative_to(folder).as_posix() for member in found)
            raise FileError(
                f"{path.name} 里应当恰有一个数据集，现有 {len(names)} 个{'：' + '、'.join(names) if names else ''}；请分开导入。",
                f"{path.name} should hold exactly one data set, it holds {len(names)}{': ' + ', '.join(names) if names else ''}; import them one by one.",
            )
        yield found.pop()


def _existing(path: Path) -> Path:
    suffix = path.suffix.lower()
    if not path.exists():
        raise FileError(f"找不到文件 {path}。", f"There is no file {path}.")
    if path.is_dir() and suffix != ".gdb":
        raise FileError(f"{path} 是文件夹，不是文件。", f"{path} is a folder, not a file.")
    if suffix not in (*READERS, *PACKED):
        hint = (
            Text("请另存为 .xlsx。", "Save it as .xlsx.")
            if suffix in (".xls", ".et", ".ods", ".xlsb")
            else Text("", "")
        )
        raise FileError(
            f"不认识 {path.name} 的格式；可导入：{FORMATS}。{hint.zh}",
            f"The format of {path.name} is not known; these can be imported: {FORMATS}. {hint.en}".rstrip(),
        )
    if suffix == ".gdb" and not path.is_dir():
        raise FileError(
            f"{path.name} 应是一个 FileGDB 文件夹，却是文件。",
            f"{path.name} should be a FileGDB folder, but is a file.",
        )
    if path.is_file():
        _check_signature(path, suffix)
    return path


def _check_signature(path: Path, suffix: str) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as fault:
        raise FileError(
            f"{path} 无法打开：{fault.strerror}。", f"{path} cannot be opened: {fault.strerror}."
        ) from fault
    if not head:
        raise SchemaError(f"{path.name} 是空文件。", f"{path.name} is empty.")
    wanted = SIGNATURES.get(suffix)
    actual = next((sign for sign in KINDS if head.startswith(sign)), None)
    if (wanted is not None and not head.startswith(wanted)) or (wanted is None and actual is not None):
        kind = KINDS.get(actual, Text("别的内容", "something else")) if actual else Text("别的内容", "something else")
        raise FileError(
            f"{path.name} 的后缀是 {suffix}，内容却是{kind.zh}；文件可能改过名或已损坏。",
            f"{path.name} ends in {suffix} but holds {kind.en}; it may have been renamed or damaged.",
        )


def _only(sources: list[Source], name: str, path: Path) -> list[Source]:
    chosen = [source for source in sources if source.name == name]
    if not chosen:
        names = [source.name for source in sources]
        raise FileError(
            f"{path.name} 没有图层“{name}”；有：{'、'.join(names)}。",
            f'{path.name} has no layer "{name}"; it has: {", ".join(names)}.',
        )
    return chosen


def _named(source: Source, inner: Path, outer: Path) -> Source:
    """A source out of an archive: the archive's own name counts where the inner file's says nothing."""
    return replace(
        source, notes=(Text(f"压缩包内的文件：{inner.name}。", f"File in the archive: {inner.name}."), *source.notes)
    )
