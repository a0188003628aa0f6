"""The pre-test of an application: every proposed name judged against the register, former names told, dependents counted."""

from __future__ import annotations

from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from gazetteer.procedure import Action
from gazetteer.scope import LIVE
from register.cases import pretest
from register.cases.former_names import NAME_LAYERS, former_names
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text

VERDICTS = ("pass", "warn", "fail")


def layer_of(kind: str) -> str:
    """The layer that names of a kind stand in."""
    return "roads" if kind == "road" else "place_names"


def pretest_names(
    register: Register,
    proposed: list[str],
    kind: str,
    geometry: BaseGeometry | None,
    width_m: float | None,
    *,
    without: tuple[str, ...] = (),
    today: str,
) -> list[dict[str, Any]]:
    """What the pre-test says of each name: ``name``, ``verdict``, ``specific``, ``generic``, ``pinyin``, ``findings``
    (rule, level, message in both languages, related records), ``not_run`` (codes), ``former`` names.

    ``without`` are records of the kind's layer that are left aside: the place's own present or planned record.
    """
    wanted = [pretest.Proposal(name, kind, geometry, width_m) for name in proposed]
    left_out = frozenset(f"{layer_of(kind)}:{one}" for one in without)
    return [
        _judged(register, one, left_out, former_names(register, one.name, today, left_out), today) for one in wanted
    ]


def _judged(
    register: Register,
    proposal: pretest.Proposal,
    without: frozenset[str],
    former: list[dict[str, str]],
    today: str,
) -> dict[str, Any]:
    outcome = pretest.pretest(proposal, register, lang="zh", today=today, without=without)
    findings = [
        {
            "rule": one["rule"],
            "level": one["level"],
            "message": one["messages"],
            "related": [mark for mark in one["related"] if pretest.PROPOSED not in mark],
        }
        for one in outcome.findings
    ]
    verdict = VERDICTS[max(VERDICTS.index(outcome.verdict), 1 if former else 0)]
    return {
        "name": proposal.name,
        "verdict": verdict,
        "specific": outcome.specific,
        "generic": outcome.generic,
        "pinyin": outcome.pinyin,
        "findings": findings,
        "not_run": [one["rule"] for one in outcome.not_run],
        "former": former,
    }


def standing_record(register: Register, mark: str, action: str, today: str) -> pd.Series:
    """The record ``layer:id`` that an application speaks of, with its geometry.

    Raises CallError when there is none, or when it is not in the state that the action asks for: naming fills a planned
    record, renaming and abolition concern a name in use.
    """
    layer, _, record_id = mark.partition(":")
    if layer not in NAME_LAYERS:
        raise CallError(
            f"记录要写成 roads:标识 或 place_names:标识，不是“{mark}”。",
            f'A record is written roads:ID or place_names:ID, not "{mark}".',
        )
    frame = register.layer(layer)
    if record_id not in frame.index:
        raise CallError(f"{layer} 中没有记录“{record_id}”。", f'There is no record "{record_id}" in {layer}.')
    record: pd.Series = frame.loc[record_id]
    ended = pd.notna(record["valid_to"]) and record["valid_to"] <= today
    fitting = ("planned",) if action == Action.NAMING else LIVE
    if ended or record["status"] not in fitting:
        name, status = record["name"], record["status"]
        raise CallError(
            f"{mark}（{name}）的状态是 {status}{'，已失效' if ended else ''}，不能{'用于命名' if action == Action.NAMING else '更名或销名'}。",
            f"{mark} ({name}) is {status}{', ended' if ended else ''}; it cannot be "
            f"{'the planned place of a naming' if action == Action.NAMING else 'renamed or abolished'}.",
        )
    return record


def dependents(register: Register, mark: str) -> list[Text]:
    """What hangs on a name that is to be changed or abolished: doorplates and addresses that point to it."""
    layer, _, record_id = mark.partition(":")
    column = "road_id" if layer == "roads" else "place_id"
    told = []
    for other, words in (
        ("doorplates", Text("{count} 块门牌用这个名称", "{count} doorplates use this name")),
        ("addresses", Text("{count} 条地址用这个名称", "{count} addresses use this name")),
    ):
        frame = register.layer(other)
        count = int(((frame[column] == record_id) & frame["valid_to"].isna()).sum())
        if count:
            told.append(words.format(count=count))
    return told
