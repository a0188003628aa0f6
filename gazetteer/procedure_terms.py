"""When the steps of a name's case are due, in calendar or working days, each with its basis.

The law counts days (日) for filing and announcement, which are calendar days; terms of working days leave out weekends
and the holidays that the State Council sets for each year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from gazetteer.procedure import STEPS, Facts, State, next_step
from rulebook.language import Text

TABLE = "working_days"
CALENDAR, WORKING = "calendar", "working"
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """Days off on weekdays, days worked at weekends, and the years of which both are known."""

    off: frozenset[str]
    worked: frozenset[str]
    years: frozenset[str]

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> WorkingDays:
        """From the table ``working_days``: ``date`` and ``works`` (yes or no)."""
        works = table["works"].eq("yes")
        return cls(
            frozenset(table.loc[~works, "date"]),
            frozenset(table.loc[works, "date"]),
            frozenset(table["date"].str[:4]),
        )

    def works(self, day: date) -> bool:
        """Whether offices work that day."""
        text = day.isoformat()
        return text in self.worked or (day.weekday() < SATURDAY and text not in self.off)

    def after(self, start: str, days: int) -> str:
        """The ``days``-th working day after a date."""
        day, left = date.fromisoformat(start), days
        while left > 0:
            day += timedelta(days=1)
            left -= self.works(day)
        return day.isoformat()

    def knows(self, start: str, end: str) -> bool:
        """Whether the holidays of all years between two dates are known."""
        return all(str(year) in self.years for year in range(int(start[:4]), int(end[:4]) + 1))


@dataclass(frozen=True)
class Term:
    """Within how many days after which date a step is due. ``binding`` is false where a basis is only followed by
    analogy or by practice.
    """

    step: str
    days: int
    unit: str
    since: str
    basis: Text
    binding: bool


@dataclass(frozen=True)
class Due:
    """A date by which a step is due."""

    step: str
    since: str
    due_on: str
    term: Term
    holidays_known: bool

    def days_left(self, today: str) -> int:
        """Days from ``today`` until the date, negative when it is past."""
        return (date.fromisoformat(self.due_on) - date.fromisoformat(today)).days


def terms_of(settings: Mapping[str, Any], days_of_rules: Mapping[str, int]) -> list[Term]:
    """Terms from the profile's ``naming.terms``; ``rule`` instead of ``days`` takes the days of that rule."""
    return [
        Term(
            step,
            int(given["days"] if "days" in given else days_of_rules[given["rule"]]),
            given["unit"],
            given["since"],
            Text(given["basis"], given["basis_en"]),
            bool(given["binding"]),
        )
        for step, given in settings.items()
    ]


def dues(facts: Facts, terms: list[Term], calendar: WorkingDays) -> list[Due]:
    """What is due in a case, earliest first. ``facts`` hold the date of each step done as ``<step>_on``, and
    ``by_government``: whether a government or the civil affairs department approves, as for those an announcement is
    reckoned from the approval and for others from the filing (地名管理条例 2022, article 14).
    """
    open_steps = _open_steps(str(facts["state"]))
    found = []
    for term in terms:
        since = term.since
        if term.step == "announce" and not facts.get("by_government", True):
            since = "file"
        start = facts.get(f"{since}_on")
        if term.step not in open_steps or not start:
            continue
        working = term.unit == WORKING
        end = calendar.after(start, term.days) if working else later(start, term.days)
        found.append(Due(term.step, start, end, term, not working or calendar.knows(start, end)))
    return sorted(found, key=lambda one: (one.due_on, list(STEPS).index(one.step)))


def later(day: str, days: int) -> str:
    """The ISO date that many calendar days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _open_steps(state: str) -> set[str]:
    """Names of the steps that a case in this state still has before it."""
    names, reached = set(), State(state)
    while (step := next_step(reached)) is not None:
        names.add(step.name)
        reached = step.after
    return names
