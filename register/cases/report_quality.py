"""The quality card: for every township and measure the share of sound records, its grade, its trend, what moved it.

After the improvement schedule of the British address gazetteers (gold, silver, bronze per measure); measures and
bounds are our own and stand in the profile. A card that was kept is a case of the register, and the next card is
compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from register import profiles
from register.cases.casebook import Case, all_cases, open_case
from register.cases.checking import today_text
from register.cases.review import Review
from register.cases.townships import township_names, townships_of
from register.people import Person, Right
from register.store import Register, opened
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.schema import in_force

KIND = "quality-card"
WHOLE = ""  # the code under which the whole county stands
BAD_LEVELS = ("error", "warning")
GRADES = {
    "gold": Text("金", "gold"),
    "silver": Text("银", "silver"),
    "bronze": Text("铜", "bronze"),
    "none": Text("未达标", "below"),
    "nothing": Text("无记录", "no records"),
}
MEASURES: dict[str, tuple[Text, Text]] = {
    "names": (Text("地名道路", "names"), Text("没有错误和警告的地名、道路", "place names and roads without error or warning")),
    "plates": (Text("门牌", "doorplates"), Text("没有错误和警告的门牌", "doorplates without error or warning")),
    "certificates": (Text("发证", "certified"), Text("在用门牌中有证号的", "plates in use that have a certificate number")),
    "addresses": (Text("地址", "addresses"), Text("没有错误和警告的地址", "addresses without error or warning")),
    "linked": (Text("挂接", "linked"), Text("分级为 A 或 B 的地址（已分级的）", "addresses graded A or B, of those graded")),
    "divisions": (Text("政区", "divisions"), Text("没有错误和警告的政区", "divisions without error or warning")),
    "problems": (Text("反馈办结", "problems done"), Text("已有结果的反馈问题", "returned problems that are done")),
}  # fmt: skip
LAYERS = {
    "names": ("place_names", "roads"),
    "plates": ("doorplates",),
    "addresses": ("addresses",),
    "divisions": ("divisions",),
}
MOST_CAUSES = 3


@dataclass(frozen=True)
class Cell:
    """One measure of one township: ``good`` of ``total`` records; ``causes`` are rules and how many records they hold."""

    good: int
    total: int
    causes: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Share of sound records, None without records."""
        return self.good / self.total if self.total else None


@dataclass(frozen=True)
class Card:
    """Cells by township code and measure. ``before`` is the card it is compared with, None for the first."""

    made_on: str
    names: Mapping[str, str]
    cells: Mapping[str, Mapping[str, Cell]]
    bounds: Mapping[str, float]
    before: Card | None = None

    def grade(self, code: str, measure: str) -> str:
        """Key of ``GRADES``."""
        share = self.cells[code][measure].share
        if share is None:
            return "nothing"
        return next((name for name in ("gold", "silver", "bronze") if share >= self.bounds[name]), "none")

    def trend(self, code: str, measure: str) -> float | None:
        """How much the share has risen since the card before; None where there is nothing to compare."""
        if self.before is None or code not in self.before.cells:
            return None
        old, new = self.before.cells[code].get(measure, Cell(0, 0)).share, self.cells[code][measure].share
        return None if old is None or new is None else new - old

    def moved_by(self, code: str, measure: str) -> list[tuple[str, int]]:
        """Rules (``records`` for more or fewer records) whose count moved the share, the strongest first."""
        if self.before is None or self.trend(code, measure) is None:
            return []
        old, new = self.before.cells[code][measure], self.cells[code][measure]
        moves = {rule: new.causes.get(rule, 0) - old.causes.get(rule, 0) for rule in {*old.causes, *new.causes}}
        moves["records"] = new.total - old.total
        told = [(rule, change) for rule, change in moves.items() if change]
        return sorted(told, key=lambda move: (-abs(move[1]), move[0]))[:MOST_CAUSES]

    def held_by(self, code: str, measure: str) -> list[tuple[str, int]]:
        """Rules that hold most records back now."""
        causes = self.cells[code][measure].causes.items()
        return sorted(causes, key=lambda cause: (-cause[1], cause[0]))[:MOST_CAUSES]


def card(address: str, *, today: str = "") -> Card:
    """The card of a register as it stands, compared with the newest one kept before ``today``."""
    today = today or today_text()
    findings = Review(address, today).findings()[0]
    with opened(address) as register:
        profile = profiles.load(register.profile_name)
        frames = {name: in_force(frame, today) for name, frame in register.layers().items() if name in _READ}
        kept = [
            case for case in all_cases(register, kind=KIND) if (case.opened_on or "") <= today and "cells" in case.body
        ]
    names = {WHOLE: str(profile.settings.get("county_name", "")), **township_names(frames["divisions"])}
    town = townships_of(_all_coded(frames))
    cells = {code: {} for code in names}  # type: dict[str, dict[str, Cell]]
    for measure, rows in _judged(frames, findings).items():
        rows["town"] = rows["mark"].map(town)
        for code in names:
            mine = rows if code == WHOLE else rows[rows["town"] == code]
            causes = Counter(rule for rules in mine.loc[~mine["good"], "rules"] for rule in rules)
            cells[code][measure] = Cell(int(mine["good"].sum()), len(mine), dict(causes))
    before = _read(kept[-1], profile) if kept else None
    return Card(today, names, cells, _bounds(profile), before)


def keep(register: Register, made: Card, person: Person) -> Case:
    """Keep a card, so that the next one has something to be compared with."""
    person.require(Right.DECIDE)
    body = {
        "names": dict(made.names),
        "cells": {
            code: {measure: [cell.good, cell.total, dict(cell.causes)] for measure, cell in row.items()}
            for code, row in made.cells.items()
        },
    }
    title = f"质量卡 {made.made_on}"
    return open_case(
        register, KIND, title, state="kept", actor=person.name, today=made.made_on, body=body, closed_on=made.made_on
    )


def as_json(made: Card, lang: str) -> list[dict[str, Any]]:
    """The card for programs: a row a township, the county first."""
    return [
        {
            "township": code,
            "name": name,
            "measures": {
                measure: {
                    "good": cell.good,
                    "total": cell.total,
                    "share": None if cell.share is None else round(cell.share, 4),
                    "grade": made.grade(code, measure),
                    "trend": None if (trend := made.trend(code, measure)) is None else round(trend, 4),
                    "moved_by": [{"rule": rule, "change": change} for rule, change in made.moved_by(code, measure)],
                    "held_by": [{"rule": rule, "records": count} for rule, count in made.held_by(code, measure)],
                }
                for measure, cell in made.cells[code].items()
            },
        }
        for code, name in made.names.items()
    ]


_READ = ("divisions", "place_names", "roads", "doorplates", "addresses", "areas", "returned_problems")


def _judged(frames: Mapping[str, pd.DataFrame], findings: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """For each measure its records: ``mark`` (layer:id), ``good``, ``rules`` (what speaks against it)."""
    against: dict[str, list[str]] = {}
    for one in findings:
        if one["level"] in BAD_LEVELS:
            against.setdefault(f"{one['layer']}:{one['record_id']}", []).append(one["rule"])
    judged = {}
    for measure, layers in LAYERS.items():
        marks = [f"{layer}:{record}" for layer in layers for record in frames[layer].index]
        judged[measure] = _rows(
            marks, [mark not in against for mark in marks], [against.get(mark, []) for mark in marks]
        )
    plates = frames["doorplates"]
    plates = plates[plates["status"] == "in_use"]
    coded = plates["plate_code"].notna()
    judged["certificates"] = _rows(list("doorplates:" + plates.index), coded.tolist(), [[]] * len(plates))
    graded = frames["addresses"]
    graded = graded[graded["grade"].notna()]
    sure = graded["grade"].isin(["A", "B"])
    judged["linked"] = _rows(list("addresses:" + graded.index), sure.tolist(), [[]] * len(graded))
    rows = frames["returned_problems"]
    done = rows["fix_state"].isin(["applied", "rejected"]) | rows["verdict"].isin(
        ["already_fixed", "not_reproduced", "no_such_record", "not_ours"]
    )
    marks = (rows["layer"].fillna("") + ":" + rows["record_id"].fillna("")).tolist()
    causes = [[rule] if isinstance(rule, str) else [] for rule in rows["rule"]]
    judged["problems"] = _rows(marks, done.tolist(), causes)
    return {measure: judged[measure] for measure in MEASURES}


def _rows(marks: list[str], good: list[bool], rules: list[list[str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mark": pd.Series(marks, dtype="str"),
            "good": pd.Series(good, dtype="bool"),
            "rules": pd.Series([tuple(dict.fromkeys(one)) for one in rules], dtype="object"),
        }
    )


def _all_coded(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in frames.items() if name != "returned_problems"}


def _bounds(profile: Profile) -> dict[str, float]:
    given = profile.setting("report")
    return {name: float(given[name]) for name in ("gold", "silver", "bronze")}


def _read(case: Case, profile: Profile) -> Card:
    """A card as it was kept."""
    cells = {
        code: {measure: Cell(good, total, causes) for measure, (good, total, causes) in row.items()}
        for code, row in case.body["cells"].items()
    }
    return Card(case.opened_on or "", case.body["names"], cells, _bounds(profile))
