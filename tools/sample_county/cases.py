"""Naming cases: approved, filed and announced within the fifteen days that the regulation allows."""

from __future__ import annotations

import datetime

import pandas as pd

NAMED = ("文昌路", "迎恩路", "沿溪路", "学士路", "春晖路", "香榧路")
FIRST = datetime.date(2026, 2, 3)
BETWEEN_DAYS = 17


def build() -> pd.DataFrame:
    """One case a road, opened, approved, filed and announced one after the other."""
    records = []
    for number, name in enumerate(NAMED, start=1):
        opened = FIRST + datetime.timedelta(days=BETWEEN_DAYS * number)
        days = {"opened_on": 0, "approved_on": 6, "filed_on": 6 + 3 + number, "announced_on": 6 + 9 + number}
        dates = {column: (opened + datetime.timedelta(days=after)).isoformat() for column, after in days.items()}
        records.append(
            {"id": f"C{number:03d}", "kind": "naming", "title": f"关于命名{name}的批复", "state": "closed", **dates,
             "closed_on": dates["announced_on"], "source": "示例：地名事项"}
        )  # fmt: skip
    return pd.DataFrame(records)
