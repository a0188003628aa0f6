"""Every rule in one visible table, in the order of their codes."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json

import boundaries.rules
import doorplates.rules
import gazetteer.rules
from rulebook.profile import Profile, unknown
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (*gazetteer.rules.RULES, *doorplates.rules.RULES, *boundaries.rules.RULES)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def version(profile: Profile) -> str:
    """Version of the program and digest of all rules with the profile's levels and parameters: papers and packages
    name it, for another digest may judge otherwise.
    """
    facts = [[known.code, profile.level(known).value, profile.params(known)] for known in RULES]
    digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()[:8]
    return f"{importlib.metadata.version('diming')}-{digest}"


def rule(code: str) -> Rule:
    """The rule of that code; raises with the nearest known code."""
    if code not in BY_CODE:
        raise unknown("规则", "rule", code, BY_CODE, "diming rules")
    return BY_CODE[code]


def select(layers: tuple[str, ...] = (), codes: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Rules that check one of ``layers`` (any layer when empty) and are among ``codes`` (all when empty)."""
    wanted = {rule(code).code for code in codes}
    return tuple(
        known
        for known in RULES
        if (not wanted or known.code in wanted) and (not layers or set(known.layers) & set(layers))
    )
