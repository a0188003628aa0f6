"""Deadlines of approved names: filing (备案) and announcement (公告), in calendar days (地名管理条例 2022, 13 and 14)."""

from __future__ import annotations

import pandas as pd

from rulebook.context import Context
from rulebook.findings import Findings, flag

ISO_DATE = "%Y-%m-%d"


def overdue(frame: pd.DataFrame, ctx: Context, begin: pd.Series, done: pd.Series) -> Findings:
    """Flag the cases whose step ``done`` came, or has not come until today, more than the profile's days after
    ``begin``; both are ISO dates. Cases without a beginning are not judged.
    """
    start = pd.to_datetime(begin, format=ISO_DATE, errors="coerce")
    end = pd.to_datetime(done, format=ISO_DATE, errors="coerce")
    days = (end.fillna(pd.Timestamp(ctx.today)) - start).dt.days
    allowed = ctx.param("days")
    variant = pd.Series("", index=frame.index, dtype="str").mask(end.notna(), "late")
    title = frame["title"].fillna(frame["id"])
    return flag(
        frame, days > allowed, variant=variant, title=title, since=begin, done_on=done, days=days, allowed_days=allowed
    )
