"""What several address rules ask of a record."""

from __future__ import annotations

import pandas as pd


def not_retired(addresses: pd.DataFrame) -> pd.Series:
    """Addresses that are used or planned; an address without a status counts as used."""
    return addresses["status"].fillna("current").ne("retired")


def used(addresses: pd.DataFrame) -> pd.Series:
    """Addresses that are used today; an address without a status counts as used."""
    return addresses["status"].fillna("current").eq("current")
