"""Reads a column map: a TOML file with ``[columns]`` heading = "column", and perhaps layer, crs, encoding, sheet."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from register.dictionary import DICTIONARY
from register.exchange.columns import targets
from rulebook.errors import CallError, FileError

TEXT_KEYS = ("layer", "crs", "encoding", "sheet")


@dataclass(frozen=True)
class ColumnMap:
    """``columns``: heading → column of the dictionary or of the position, ``""`` to leave the heading out."""

    columns: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    sheet: str | None = None


def load(given: Path | str | Mapping[str, Any] | None) -> ColumnMap:
    """A map from a TOML file or an already parsed table. Raises FileError or CallError with the wrong key."""
    if given is None:
        return ColumnMap()
    if isinstance(given, Mapping):
        return _checked(given, "map")
    try:
        return _checked(tomllib.loads(Path(given).read_text(encoding="utf-8-sig")), str(given))
    except OSError as fault:
        raise FileError(
            f"映射文件 {given} 无法打开：{fault.strerror}。", f"The map {given} cannot be opened: {fault.strerror}."
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FileError(
            f"映射文件 {given} 不是正确的 TOML：{fault}。", f"The map {given} is not valid TOML: {fault}."
        ) from fault


def _checked(table: Mapping[str, Any], where: str) -> ColumnMap:
    for key, value in table.items():
        if key not in (*TEXT_KEYS, "columns"):
            raise _unknown(where, key, (*TEXT_KEYS, "columns"))
        if not isinstance(value, str if key in TEXT_KEYS else Mapping):
            raise CallError(f"映射文件 {where} 的 {key} 类型不对。", f"The map {where}: {key} is of the wrong type.")
    columns = table.get("columns", {})
    known = targets(DICTIONARY.values())
    for heading, column in columns.items():
        if not isinstance(column, str) or (column and column not in known):
            raise _unknown(f"{where} [columns] {heading}", str(column), tuple(known))
    return ColumnMap(columns, *(table.get(key) for key in TEXT_KEYS))


def _unknown(where: str, name: str, known: tuple[str, ...]) -> CallError:
    near = (difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0) or [""])[0]
    return CallError(
        f"映射文件 {where}：没有“{name}”，最接近的是“{near}”。",
        f'The map {where}: there is no "{name}"; the nearest is "{near}".',
    )
