"""Names of divisions in addresses and on doorplates, as they follow a change of divisions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from boundaries import codes
from boundaries.drafting import Unit, level_of, parent_of
from boundaries.following import ROW_COLUMNS, rows_frame
from boundaries.succession import Succession
from doorplates.addresses.records import not_retired
from doorplates.addresses.renaming import LEVELS, MOVE_COLUMNS, changing, new_segment, new_texts
from rulebook.profile import Profile
from rulebook.schema import in_force
from rulebook.values import column_text

ADDRESS_TEXTS, PLATE_TEXTS = ("text", "standard_text"), ("standard_address",)


def name_rows(
    layers: Mapping[str, pd.DataFrame], succession: Succession, following: pd.DataFrame, profile: Profile, on: str
) -> pd.DataFrame:
    """Rows (``boundaries.following``) for segments and texts that name divisions whose name or parent changes.

    ``following`` has the rows of codes: an address goes where its code goes, one without a code where the divisions that
    its segments name go. Rows of an address whose code a person has yet to choose wait for that choice. Retired
    addresses keep their words.
    """
    if not _names_change(succession):
        return rows_frame([])
    suffixes = profile.table("division_suffixes")
    upper = _upper_names(succession, profile)
    parts = []
    for layer, texts in (("addresses", ADDRESS_TEXTS), ("doorplates", PLATE_TEXTS)):
        frame = in_force(layers[layer], on)
        if layer == "addresses":
            frame = frame[not_retired(frame)]
        if frame.empty:
            continue
        trace = _trace(layer, frame, succession, following)
        moves = changing(_moves(trace, succession))
        trace = trace.loc[moves.index]
        columns = (
            {} if layer == "doorplates" else {name: new_segment(frame[name], name, moves, suffixes) for name in LEVELS}
        )
        columns |= {name: new_texts(frame[name], moves, upper) for name in texts}
        parts += [_rows(layer, name, frame, new, trace) for name, new in columns.items()]
    return rows_frame(parts)


def _names_change(succession: Succession) -> bool:
    return bool(succession.heirs) or any(
        unit.name != succession.after[code].name for code, unit in succession.before.items() if code in succession.after
    )


def _trace(layer: str, frame: pd.DataFrame, succession: Succession, following: pd.DataFrame) -> pd.DataFrame:
    """Division of each record before and after (normal codes) and whether that is decided, by record id."""
    before = codes.normal_of_many(frame["division_code"])
    if layer == "addresses":
        before = before.fillna(_named(frame, succession))
    before = before[before.isin(list(succession.before))]
    own = following[following["layer"].eq(layer) & following["field"].eq("division_code")].set_index("record_id")
    settled = {code: heirs[0] for code, heirs in succession.heirs.items() if len(heirs) == 1}
    usual = before.map(settled).astype("object")
    usual = usual.fillna(before.where(~before.isin(list(succession.heirs))).astype("object"))
    first = own["after"].astype("str").str.replace(r";.*", "", regex=True)
    moved = codes.normal_of_many(first)
    after = usual.mask(usual.index.isin(own.index), moved.reindex(usual.index).astype("object"))
    decided = own["decided"].reindex(before.index)
    trace = pd.DataFrame({"before": before, "after": after, "shares": own["shares"].reindex(before.index)})
    trace["decided"] = decided.astype("object").where(decided.notna(), True).astype(bool)
    return trace.dropna(subset="after")


def _named(addresses: pd.DataFrame, succession: Succession) -> pd.Series:
    """Code of the village or township that the segments of an address name, where only one bears these names."""
    units = pd.DataFrame(
        [(code, unit.name, level_of(code), parent_of(code)) for code, unit in succession.before.items()],
        columns=["code", "name", "level", "parent"],
    )
    towns = units[units["level"].eq("township")].drop_duplicates("name", keep=False).set_index("name")["code"]
    villages = units[units["level"].eq("village")]
    by_place = villages.set_index(villages["parent"] + villages["name"])["code"]
    by_place = by_place[~by_place.index.duplicated(keep=False)]
    town = addresses["township"].map(towns).astype("str")
    return (town + addresses["community"]).map(by_place).astype("str").fillna(town)


def _moves(trace: pd.DataFrame, succession: Succession) -> pd.DataFrame:
    """Names of county, township and community before and after, by record id."""
    pairs = trace[["before", "after"]].drop_duplicates()
    chains = pd.DataFrame(
        [
            {**_chain(before, succession.before, "old"), **_chain(after, succession.after, "new")}
            for before, after in pairs.itertuples(index=False)
        ],
        columns=MOVE_COLUMNS,
        dtype="object",
    )
    table = pd.concat([pairs.reset_index(drop=True), chains], axis=1)
    return (
        trace[["before", "after"]]
        .reset_index()
        .merge(table, on=["before", "after"])
        .set_index("record_id")[MOVE_COLUMNS]
    )


def _chain(code: str, units: Mapping[str, Unit], side: str) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    while code:
        names[level_of(code)] = units[code].cells.get("name") if code in units else None
        code = parent_of(code)
    return {f"{segment}_{side}": names.get(level) for segment, level in LEVELS.items()}


def _upper_names(succession: Succession, profile: Profile) -> list[str]:
    """Names that an address may begin with before its township: provinces and prefectures, counties old and new."""
    listed = profile.table("known_divisions")
    former = profile.table("former_divisions")
    stems = {code[:2] for code in succession.before}
    near = listed[listed["code"].str[:2].isin(stems)]
    names = [*near["name"], *former.loc[former["level"].eq("county"), "name"]]
    for units in (succession.before, succession.after):
        names += [unit.name for code, unit in units.items() if level_of(code) in ("province", "prefecture", "county")]
    return [name for name in names if isinstance(name, str)]


def _rows(layer: str, field: str, frame: pd.DataFrame, new: pd.Series, trace: pd.DataFrame) -> pd.DataFrame:
    own = trace.reindex(new.index)
    decided = own["decided"].astype(bool).to_numpy()
    shares = [
        pairs if isinstance(pairs, tuple) else ((code, 1.0),)
        for pairs, code in zip(own["shares"], own["after"], strict=True)
    ]
    return pd.DataFrame(
        {
            "layer": layer,
            "record_id": new.index,
            "field": field,
            "before": column_text(frame[field].reindex(new.index)).to_numpy(),
            "after": new.to_numpy(dtype=object),
            "decided": decided,
            "shares": pd.Series(shares, dtype="object").to_numpy(),
            "why": np.where(decided, "renamed", "choose"),
        },
        columns=list(ROW_COLUMNS),
    )
