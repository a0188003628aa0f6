"""Export profiles: TOML files in ``data/exports`` that say which layers or tables go out, under which names, how written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from register.dictionary import DICTIONARY
from register.paths import DATA
from rulebook.errors import FileError
from rulebook.language import Text
from rulebook.profile import unknown

FOLDER = DATA / "exports"
FORMATS = ("gpkg", "shp", "gdb", "geojson", "parquet", "jsonl", "xlsx")
KEYS = ("title", "title_en", "formats", "crs", "encoding", "layers", "table")


@dataclass(frozen=True)
class Table:
    """A table that a receiver asks for: its columns (name → expression, see ``columns``) from one layer or several.

    ``envelope``: each row carries who sends it and what is to be done with it. ``personal``: it needs personal columns.
    """

    name: str
    sources: tuple[str, ...]
    columns: Mapping[str, str]
    envelope: bool = False
    personal: bool = False


@dataclass(frozen=True)
class ExportProfile:
    """One way out. ``layers`` go out as they are in the register, ``tables`` as a receiver wants them."""

    name: str
    title: Text
    formats: tuple[str, ...]
    crs: str = ""
    encoding: str = ""
    layers: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())

    @property
    def sources(self) -> tuple[str, ...]:
        """Every layer that something goes out of."""
        return tuple(dict.fromkeys((*self.layers, *(name for table in self.tables for name in table.sources))))


def names() -> list[str]:
    """Names of the shipped profiles."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> ExportProfile:
    """A shipped profile by name or a bureau's own by path; raises FileError or CallError that names the wrong key."""
    path = Path(name) if name.endswith(".toml") and Path(name).is_file() else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise unknown("导出方案", "export profile", name, names(), "--profile")
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FileError(
            f"导出方案 {path} 不是正确的 TOML：{fault}。", f"The export profile {path} is not valid TOML: {fault}."
        ) from fault
    return _checked(parsed, path)


def _checked(parsed: dict[str, Any], path: Path) -> ExportProfile:
    for key in parsed:
        if key not in KEYS:
            raise unknown("项", "key", key, KEYS, str(path))
    formats, layers = tuple(parsed.get("formats", ())), tuple(parsed.get("layers", ()))
    tables = tuple(
        Table(
            one["name"],
            tuple(one["sources"]),
            dict(one["columns"]),
            bool(one.get("envelope")),
            bool(one.get("personal")),
        )
        for one in parsed.get("table", ())
    )
    for kind, given, allowed in (("formats", formats, FORMATS), ("layers", layers, tuple(DICTIONARY))):
        for value in given:
            if value not in allowed:
                raise unknown("值", "value", value, allowed, f"{path} {kind}")
    title = parsed.get("title", path.stem)
    return ExportProfile(
        path.stem, Text(title, parsed.get("title_en", title)), formats, parsed.get("crs", ""), parsed.get("encoding", ""),
        layers, tables,
    )  # fmt: skip
