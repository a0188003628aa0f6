"""Runs rules over layers. A broken rule is a crash in the report, never a fault of the data; the others run on."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from pyproj import CRS

from rulebook.context import Context, Derived, Run
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.report import Crash, NotRun, Report, RuleFindings
from rulebook.rules import Rule


def run(
    rules: Sequence[Rule],
    layers: Mapping[str, pd.DataFrame],
    profile: Profile,
    *,
    today: str,
    crs: CRS | None,
    only_layers: frozenset[str] = frozenset(),
    progress: Callable[[str], None] = lambda code: None,
    known: Mapping[Derived, Any] | None = None,
) -> Report:
    """Check ``layers`` (name → frame with the dictionary's columns, indexed by record id) by ``rules``.

    ``today`` is an ISO date; ``crs`` the CRS of all layers, projected and in metres for spatial rules. Of a rule for
    several layers only those among ``only_layers`` are checked, when it is not empty.
    ``progress`` is told each rule's code when it is done. ``known`` are derived frames that the caller has at hand,
    just as they would be derived from ``layers``.
    """
    shared = Run(layers, profile, today, crs, dict(known or {}))
    found: list[RuleFindings] = []
    not_run: list[NotRun] = []
    crashes: list[Crash] = []
    seconds: dict[str, float] = {}
    for rule in rules:
        started = time.perf_counter()
        reason = why_not(rule, shared)
        if reason is not None:
            not_run.append(NotRun(rule, reason))
        else:
            try:
                found += _check(rule, shared, only_layers)
            except Exception as fault:  # noqa: BLE001 - a rule may fail in any way; it must not take the others with it
                crashes.append(Crash(rule, f"{type(fault).__name__}: {fault}", traceback.format_exc()))
        seconds[rule.code] = time.perf_counter() - started
        progress(rule.code)
    checked = {name for rule in rules for name in rule.layers if not only_layers or name in only_layers}
    records = sum(len(shared.current(name)) for name in sorted(checked))
    return Report(profile, tuple(found), tuple(not_run), tuple(crashes), seconds, records, crs)


def why_not(rule: Rule, shared: Run) -> Text | None:
    """The reason a rule cannot run on these layers, None when it can."""
    if not shared.profile.enabled(rule):
        return Text("配置中已停用", "switched off in the profile")
    if rule.spatial and (shared.crs is None or not shared.crs.is_projected):
        return Text("没有以米为单位的投影坐标系", "there is no projected CRS in metres")
    if all(shared.current(layer).empty for layer in rule.layers):
        names = "、".join(rule.layers)
        return Text(f"图层 {names} 没有记录", f"layer {', '.join(rule.layers)} has no records")
    missing = [layer for layer in rule.needs if shared.current(layer).empty]
    if missing:
        return Text(f"缺少所需图层 {'、'.join(missing)}", f"needed layer {', '.join(missing)} has no records")
    return None


def _check(rule: Rule, shared: Run, only_layers: frozenset[str]) -> list[RuleFindings]:
    results = []
    for layer in rule.layers:
        if only_layers and layer not in only_layers:
            continue
        frame = shared.current(layer)
        if not frame.empty:
            findings: Findings = rule.check(frame, Context(shared, rule, layer))
            if len(findings):
                results.append(RuleFindings(rule, layer, findings))
    return results
