"""Checks a register: the catalogue's rules over its layers, exemptions honoured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from register import catalogue, profiles
from register.store import Register
from rulebook import engine
from rulebook.report import Report
from rulebook.rules import Rule
from rulebook.schema import in_force


def today_text() -> str:
    """The clock's date as ISO text, in local time."""
    return date.today().isoformat()


def check(
    register: Register,
    *,
    rules: Sequence[Rule] = catalogue.RULES,
    today: str = "",
    only_layers: frozenset[str] = frozenset(),
    progress: Callable[[str], None] = lambda code: None,
) -> Report:
    """Run ``rules`` over one consistent snapshot of a register, with the profile it was made with.

    ``today`` (ISO date, default the clock's) is what deadlines and cycles are reckoned with.
    """
    today = today or today_text()
    layers = register.layers()
    exemptions = in_force(layers["exemptions"], today)
    report = engine.run(
        rules,
        layers,
        profiles.load(register.profile_name),
        today=today,
        crs=register.crs,
        only_layers=only_layers,
        progress=progress,
    )
    exempt = zip(exemptions["rule"], exemptions["record_id"], exemptions["fact_hash"], strict=True)
    return replace(report, exempt=frozenset(exempt))


def changed_since(register: Register, revision: int) -> frozenset[str]:
    """Records changed after a revision, as ``layer:id``."""
    log = register.history(since=revision)
    return frozenset(log["layer"] + ":" + log["record_id"])


def rules_reading(layers: set[str], rules: Sequence[Rule] = catalogue.RULES) -> tuple[Rule, ...]:
    """Rules whose outcome can depend on one of ``layers``; exemptions concern every rule."""
    if "exemptions" in layers:
        return tuple(rules)
    return tuple(rule for rule in rules if layers & {*rule.layers, *rule.needs, *rule.uses})
