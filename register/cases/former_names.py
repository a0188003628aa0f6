"""Names that were in use before: an old name is kept for good, and whoever wants it again is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from gazetteer.rules.life_dates_contradict import ENDED
from gazetteer.text import plain
from register.store import Register

NAME_LAYERS = ("roads", "place_names")
Former = dict[str, str]


def former_by_name(layers: Mapping[str, pd.DataFrame], today: str) -> dict[str, list[Former]]:
    """Plain name → records that carried it and no longer do (historic, abolished or ended): ``layer``, ``record_id``,
    ``name``, ``until`` (ISO date, empty where it is not known).
    """
    found: dict[str, list[Former]] = defaultdict(list)
    for layer in NAME_LAYERS:
        frame = layers[layer]
        gone = frame["status"].isin(ENDED) | (frame["valid_to"] <= today).fillna(False)
        old = frame[gone & frame["name"].notna()].sort_index()
        dates = old["abolished_on"] if "abolished_on" in old else pd.Series(pd.NA, index=old.index, dtype="str")
        until = dates.fillna(old["valid_to"]).fillna("")
        for key, record_id, name, day in zip(plain(old["name"]), old.index, old["name"], until, strict=True):
            found[key].append({"layer": layer, "record_id": str(record_id), "name": str(name), "until": str(day)})
    return dict(found)


def former_names(register: Register, name: str, today: str, without: frozenset[str] = frozenset()) -> list[Former]:
    """Records that carried the name and no longer do; ``without`` are marks ``layer:id`` that are left aside."""
    wanted = plain(pd.Series([name], dtype="str")).iloc[0]
    known = former_by_name({layer: register.layer(layer) for layer in NAME_LAYERS}, today)
    return [one for one in known.get(wanted, []) if f"{one['layer']}:{one['record_id']}" not in without]
