"""Which records go out and which are held back: those with an error, and with a warning or question unless allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from register.cases.sensitive import Sight
from register.store import Register
from rulebook.changes import WHOLE_RECORD
from rulebook.report import Report
from rulebook.rules import Level
from rulebook.schema import in_force

ADD, UPDATE, DELETE = "ADD", "UPDATE", "DELETE"
HELD_COLUMNS = ("row", "rule", "reason", "level", "layer", "record_id")
CHANGE_COLUMNS = ("layer", "record_id", "operation")


@dataclass(frozen=True)
class Selection:
    """``frames``: records that go out, by layer. ``withheld`` (``HELD_COLUMNS``): a row a record and rule that holds it
    back. ``changes`` (``CHANGE_COLUMNS``): what the receiver has to do, None for a full package.
    """

    frames: Mapping[str, pd.DataFrame]
    withheld: pd.DataFrame
    changes: pd.DataFrame | None


def select(
    register: Register,
    layers: Mapping[str, pd.DataFrame],
    sources: Sequence[str],
    report: Report,
    *,
    today: str,
    allow_warnings: bool,
    since: int | None,
    held_before: frozenset[str],
    lang: str,
    sight: Sight,
) -> Selection:
    """Records of ``sources`` for a full package, or those that changed after revision ``since``.

    ``held_before`` are the marks ``layer:id`` that the package of that revision held back: one that is sound by now goes
    out although it did not change itself.
    """
    current = {name: in_force(layers[name], today) for name in sources}
    withheld = _withheld(report, current, allow_warnings, lang, sight)
    held = set(withheld["row"])
    sound = {
        name: frame[~(name + ":" + frame.index.astype("str")).isin(held)].sort_index()
        for name, frame in current.items()
    }
    if since is None:
        return Selection(sound, withheld, None)
    log = register.history(since=since)
    log = log[log["layer"].isin(sources)]
    made = log[(log["field"] == WHOLE_RECORD) & log["before"].isna()]
    new = set(made["layer"] + ":" + made["record_id"]) | held_before
    touched = set(log["layer"] + ":" + log["record_id"]) | held_before
    changes, frames = [], {}
    for name in sources:
        marks = name + ":" + sound[name].index.astype("str")
        frames[name] = sound[name][marks.isin(touched)]
        changes += [
            (name, mark.partition(":")[2], ADD if mark in new else UPDATE) for mark in marks[marks.isin(touched)]
        ]
        gone = {mark.partition(":")[2] for mark in touched if mark.startswith(f"{name}:")} - set(current[name].index)
        changes += [(name, record_id, DELETE) for record_id in sorted(gone)]
    return Selection(frames, withheld, pd.DataFrame(changes, columns=list(CHANGE_COLUMNS), dtype="object"))


def _withheld(
    report: Report, current: Mapping[str, pd.DataFrame], allow_warnings: bool, lang: str, sight: Sight
) -> pd.DataFrame:
    holding = {Level.ERROR} if allow_warnings else {Level.ERROR, Level.WARNING, Level.QUESTION}
    rows = [
        (
            f"{one.layer}:{one.record_id}",
            one.rule.code,
            one.message.within(lang),
            one.level.value,
            one.layer,
            one.record_id,
        )
        for finding in report
        if finding.level in holding and finding.layer in current and finding.record_id in current[finding.layer].index
        for one in [sight.finding(finding)]
    ]
    frame = pd.DataFrame(rows, columns=list(HELD_COLUMNS), dtype="object")
    return frame.sort_values(["layer", "record_id", "rule"], kind="stable", ignore_index=True)
