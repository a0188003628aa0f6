"""Reads a profile and the chain it extends from TOML files, shipped ones by name, a bureau's own by path."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from register.paths import DATA
from rulebook.errors import ProfileError
from rulebook.profile import Profile, unknown, validate

SECTIONS = ("extends", "settings", "rules", "tables", "columns")
DEFAULT = "zhejiang/shengzhou"


def load(name: str = DEFAULT, *, checked: bool = True) -> Profile:
    """The profile of that name (``zhejiang/shengzhou``) or file path, merged with what it extends, checked whole.

    Without ``checked`` its values for rules are taken unseen, which spares loading all rules where none will run.
    """
    merged = _merged(name, ())
    profile = Profile(
        name=name,
        rules=merged.get("rules", {}),
        settings=merged.get("settings", {}),
        tables=merged.get("tables", {}),
        columns=merged.get("columns", {}),
        load_table=lambda table: read_table(merged["tables"][table]).copy(),
    )
    if checked:
        from register import catalogue

        validate(profile, catalogue.RULES)
    return profile


def shipped() -> list[str]:
    """Names of the profiles that come with the program."""
    root = DATA / "profiles"
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.toml"))


def locate(name: str) -> Path:
    """The file of a profile."""
    given = Path(name)
    if given.suffix == ".toml" and given.is_file():
        return given
    path = DATA / "profiles" / f"{name}.toml"
    if not path.is_file():
        raise unknown("配置", "profile", name, shipped(), "profiles")
    return path


@lru_cache
def read_table(path: str) -> pd.DataFrame:
    """A list under ``data/`` (or at an absolute path) as a frame of text columns; empty cells are missing."""
    return pd.read_csv(DATA / path, dtype="str", encoding="utf-8-sig", comment="#")


def _merged(name: str, seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        chain = " → ".join((*seen, name))
        raise ProfileError(f"配置互相继承，没有尽头：{chain}。", f"Profiles extend each other without end: {chain}.")
    path = locate(name)
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ProfileError(
            f"配置 {path} 不是正确的 TOML：{fault}。", f"Profile {path} is not valid TOML: {fault}."
        ) from fault
    for key in parsed:
        if key not in SECTIONS:
            raise unknown("段", "section", key, SECTIONS, str(path))
    parent = _merged(parsed.pop("extends"), (*seen, name)) if "extends" in parsed else {}
    return _overlay(parent, parsed)


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _overlay(merged[key], value) if both else value
    return merged
