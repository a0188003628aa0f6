"""What a division code means: in two series, on a day, by the profile's crosswalk and by a register."""

from __future__ import annotations

from typing import Any

import pandas as pd

from boundaries import codes
from register import profiles
from register.store import opened
from rulebook.errors import CallError
from rulebook.values import to_text

CIVIL_AFFAIRS, STATISTICS = "civil_affairs", "statistics"
COLUMNS = ("code", "series", "name", "counterpart", "valid_from", "valid_to", "successor", "source")


def meanings(code: str, on: str = "", address: str | None = None) -> list[dict[str, str | None]]:
    """Every division that a code stands for (on an ISO date, or ever): ``COLUMNS``, codes with twelve digits.

    A dated fact known to the month or year begins or ends with its first day. The code of a village that is not listed
    itself is told by its township. Raises CallError for what is no code or no date.
    """
    asked = codes.normal_code(code) or ""
    if not codes.well_formed(pd.Series([asked], dtype="str")).iloc[0]:
        raise CallError(
            f"“{code}”不是区划代码（6、9 或 12 位数字）。", f'"{code}" is no division code (6, 9 or 12 digits).'
        )
    _require_date(on)
    table = _known(address)
    found = table[table["code"].eq(asked)]
    if found.empty and not asked.endswith("000"):
        found = _of_the_township(table, asked)
    if on:
        found = found[_first_days(found["valid_from"]).le(on) & _first_days(found["valid_to"], "9999").gt(on)]
    found = found.sort_values(["series", "valid_from", "name"], na_position="first")
    return [{name: to_text(row[name]) for name in COLUMNS} for row in found.to_dict("records")]


def _known(address: str | None) -> pd.DataFrame:
    """All that is known of codes; what the register says comes before the same from the crosswalk."""
    if address is None:
        return _both_series(profiles.load().table("division_code_series"))
    with opened(address) as register:
        profile, divisions = profiles.load(register.profile_name), register.layer("divisions")
    own = pd.DataFrame(
        {
            "civil_code": divisions["code"],
            "statistics_code": divisions["nbs_code"],
            "name": divisions["name"],
            "valid_from": divisions["valid_from"],
            "valid_to": divisions["valid_to"],
            "successor": None,
            "source": address,
        }
    )
    both = pd.concat([_both_series(own), _both_series(profile.table("division_code_series"))], ignore_index=True)
    return both[~both.duplicated(["code", "series", "name", "valid_to"])]


def _both_series(periods: pd.DataFrame) -> pd.DataFrame:
    """One row a code and series from rows that hold both codes of a period."""
    civil, statistics = codes.normal(periods["civil_code"]), codes.normal(periods["statistics_code"])
    common = {
        "name": periods["name"],
        "valid_from": periods["valid_from"],
        "valid_to": periods["valid_to"],
        "successor": codes.normal(periods["successor"]),
        "source": periods["source"],
    }
    parts = [
        pd.DataFrame({"code": civil, "series": CIVIL_AFFAIRS, "counterpart": statistics, **common}),
        pd.DataFrame({"code": statistics, "series": STATISTICS, "counterpart": civil, **common}),
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="code")


def _of_the_township(table: pd.DataFrame, asked: str) -> pd.DataFrame:
    """A village of a township that is listed: it keeps its serial in the other series and under the successor."""
    town = table[table["code"].eq(asked[:9] + "000")]
    moved: dict[str, Any] = {name: town[name].str[:9] + asked[9:] for name in ("counterpart", "successor")}
    return town.assign(code=asked, name=town["name"] + "/" + asked[9:], **moved)


def _first_days(dates: pd.Series, missing: str = "0000") -> pd.Series:
    """Dates known to the day, month or year as full dates."""
    text = dates.astype("str").fillna(missing)
    return text.where(text.str.len() >= 10, (text + "-01-01").str[:10])


def _require_date(on: str) -> None:
    if on and pd.isna(pd.to_datetime(on, format="%Y-%m-%d", errors="coerce")):
        raise CallError(f"--on 应为 YYYY-MM-DD，不是“{on}”。", f'--on is YYYY-MM-DD, not "{on}".')
