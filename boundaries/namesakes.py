"""Place names that stand for a division itself: they follow when the division is renamed or abolished."""

from __future__ import annotations

import pandas as pd

from boundaries import codes
from boundaries.drafting import Unit, parent_of
from boundaries.following import ROW_COLUMNS, rows_frame
from boundaries.succession import Succession
from rulebook.schema import in_force

DIVISION, SEAT = "division", "village_seat"
LIVING = ("planned", "approved", "in_use")


def namesakes(place_names: pd.DataFrame, succession: Succession, suffixes: list[str], on: str) -> pd.DataFrame:
    """Rows (``boundaries.following``) for place names in force that bear the name of a division which changes its name or
    ends. ``suffixes`` are the words that names of divisions end with, the longest first.
    """
    frame = in_force(place_names, on)
    frame = frame[frame["kind"].isin([DIVISION, SEAT]) & frame["status"].isin(LIVING)]
    homes = codes.normal(frame["division_code"])
    rows = []
    for code, unit in succession.before.items():
        heirs = [succession.after[one] for one in succession.heirs.get(code, (code,))]
        if any(heir.name == unit.name for heir in heirs):
            continue
        own = frame[frame["name"].eq(unit.name) & homes.isin([code, parent_of(code)])]
        if own.empty:
            continue
        if len(heirs) == 1 and heirs[0].origin == unit.origin:
            rows += [
                row for record in own.to_dict("index").items() for row in _renamed(record, unit, heirs[0], suffixes)
            ]
        else:
            rows += [row for record in own.to_dict("index").items() for row in _ended(record, heirs, on)]
    return rows_frame([pd.DataFrame(rows, columns=list(ROW_COLUMNS)).astype({"decided": bool})])


def _renamed(
    record: tuple[str, dict[str, str]], unit: Unit, heir: Unit, suffixes: list[str]
) -> list[tuple[str, str, str, str | None, str | None, bool, tuple[tuple[str, float], ...], str]]:
    record_id, cells = record
    generic = next((one for one in suffixes if heir.name.endswith(one) and heir.name != one), None)
    wanted: dict[str, str | None] = {
        "name": heir.name,
        "aliases": ";".join([*(str(cells["aliases"]).split(";") if _there(cells["aliases"]) else []), unit.name]),
    }
    if "pinyin" in heir.cells:
        wanted["pinyin"] = heir.cells["pinyin"]
    if generic and _there(cells["generic"]):
        wanted |= {"generic": generic, "specific": heir.name.removesuffix(generic)}
    return [
        ("place_names", record_id, name, _text(cells[name]), after, True, ((heir.code, 1.0),), "renamed")
        for name, after in wanted.items()
        if _text(cells[name]) != after
    ]


def _ended(
    record: tuple[str, dict[str, str]], heirs: list[Unit], on: str
) -> list[tuple[str, str, str, str | None, str | None, bool, tuple[tuple[str, float], ...], str]]:
    record_id, cells = record
    settled = cells["kind"] == DIVISION
    shares = tuple((heir.code, 0.0) for heir in heirs)
    return [
        ("place_names", record_id, name, _text(cells[name]), after, settled, shares, "abolished" if settled else "seat")
        for name, after in (("status", "abolished"), ("abolished_on", on))
    ]


def _there(cell: object) -> bool:
    return bool(pd.notna(cell))


def _text(cell: object) -> str | None:
    return str(cell) if _there(cell) else None
