"""A county's own facts and judgements: levels, parameters, lists, CRS, column maps. Built from a parsed table.

Reading the files and their ``extends`` chain is the business of ``register.profiles``; this module judges only.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from rulebook.errors import ProfileError
from rulebook.rules import Level, Rule

RESERVED_KEYS = ("level", "enabled", "variants")


@dataclass(frozen=True)
class Profile:
    """``rules``: code → level, enabled, variants, parameters. ``settings``: facts of the county. ``columns``:
    layer → {heading: column}. ``load_table`` reads a named list when a rule first asks for it.
    """

    name: str
    rules: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Any]
    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    load_table: Callable[[str], pd.DataFrame] = pd.DataFrame
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key: Any, build: Callable[[], Any]) -> Any:
        """The value of ``build``, which depends on this profile alone, computed when it is first asked for."""
        if key not in self.kept:
            self.kept[key] = build()
        return self.kept[key]

    def params(self, rule: Rule) -> dict[str, Any]:
        """Parameter values of a rule."""
        given = self.rules.get(rule.code, {})
        return {param.name: given[param.name] for param in rule.params}

    def enabled(self, rule: Rule) -> bool:
        """Whether the profile lets the rule run."""
        return bool(self.rules.get(rule.code, {}).get("enabled", True))

    def level(self, rule: Rule, variant: str = "") -> Level:
        """Judge: the level of a rule's findings (of one variant) in this county."""
        given = self.rules.get(rule.code, {})
        if variant and variant in given.get("variants", {}):
            return Level(given["variants"][variant])
        if variant and rule.variants[variant].level is not None:
            return rule.level_of(variant)
        return Level(given.get("level", rule.level))

    def setting(self, name: str) -> Any:
        """A value of ``[settings]``; raises ProfileError when the profile does not have it."""
        if name not in self.settings:
            raise unknown("设置", "setting", name, self.settings, self.name)
        return self.settings[name]

    def table(self, name: str) -> pd.DataFrame:
        """A named list as a frame."""
        if name not in self.tables:
            raise unknown("表", "table", name, self.tables, self.name)
        return self.load_table(name)


def validate(profile: Profile, rules: Iterable[Rule]) -> None:
    """Raise ProfileError for the first unknown code, key or wrong value, with the nearest known name."""
    known = {rule.code: rule for rule in rules}
    for code, given in profile.rules.items():
        if code not in known:
            raise unknown("规则", "rule", code, known, profile.name)
        _validate_rule(profile, known[code], given)
    for rule in known.values():
        for param in rule.params:
            if param.name not in profile.rules.get(rule.code, {}):
                raise ProfileError(
                    f"配置 {profile.name} 缺少规则 {rule.code} 的参数 {param.name}（{param.title.zh}）。",
                    f"Profile {profile.name} lacks parameter {param.name} of rule {rule.code} ({param.title.en}).",
                )
        for table in rule.tables:
            profile_has_table = table in profile.tables
            if not profile_has_table:
                raise unknown("表", "table", table, profile.tables, profile.name)


def _validate_rule(profile: Profile, rule: Rule, given: Mapping[str, Any]) -> None:
    params = {param.name: param for param in rule.params}
    where = f"{profile.name} [rules.{rule.code}]"
    for key, value in given.items():
        if key in params:
            wanted = params[key].type
            fits = isinstance(value, wanted) or (wanted is float and isinstance(value, int))
            if not fits or (wanted is not bool and isinstance(value, bool)):
                raise ProfileError(
                    f"{where} 的 {key} = {value!r} 类型不对，应为 {wanted.__name__}。",
                    f"{where}: {key} = {value!r} has the wrong type, {wanted.__name__} is expected.",
                )
        elif key not in RESERVED_KEYS:
            raise unknown("参数", "parameter", key, [*params, *RESERVED_KEYS], where)
    levels = {"level": given["level"]} if "level" in given else {}
    for variant, level in given.get("variants", {}).items():
        if variant not in rule.variants:
            raise unknown("情形", "variant", variant, rule.variants, where)
        levels[variant] = level
    for level in levels.values():
        if level not in tuple(Level):
            raise unknown("级别", "level", str(level), tuple(Level), where)


def unknown(zh: str, en: str, name: str, known: Iterable[str], where: str) -> ProfileError:
    """The error for a name that is not known, with the nearest one that is."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.0) or [""]
    return ProfileError(
        f"{where}：没有{zh}“{name}”，最接近的是“{near[0]}”。",
        f'{where}: there is no {en} "{name}"; the nearest is "{near[0]}".',
    )
