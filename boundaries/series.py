"""Codes that are not in force: those of the statistics series and those that have ended, with their successors.

Civil affairs and statistics number townships separately; where a division was re-coded or merged, files of other
offices go on using the old number. The register itself says most of it (``nbs_code``, ended divisions); a table of
the profile adds what happened before the register began.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from boundaries import codes
from boundaries.layers import LEVELS
from rulebook.schema import in_force

STATISTICS, FORMER = "statistics", "former"
INSIDE_SHARE = 0.95


def listed(crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Codes of a crosswalk that are not civil-affairs codes in force: ``code``, ``series``, ``name``, ``successor``.

    A row of the crosswalk is a period: ``civil_code`` and ``statistics_code`` of a division from ``valid_from`` until
    ``valid_to`` (missing: in force), and the ``successor`` of its civil-affairs code.
    """
    running = crosswalk["valid_to"].isna()
    now, over = crosswalk[running], crosswalk[~running]
    differing = now[now["civil_code"].ne(now["statistics_code"])]
    ended = over.assign(code=over["civil_code"].fillna(over["statistics_code"]))
    ended = ended[~ended["code"].isin(now["civil_code"])]
    return pd.concat(
        [
            _entries(differing["statistics_code"], STATISTICS, differing["civil_code"], differing["name"]),
            _entries(ended["code"], FORMER, ended["successor"], ended["name"]),
        ],
        ignore_index=True,
    )


def obsolete_codes(history: pd.DataFrame, today: str, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """All codes that are due to be replaced, indexed by normal code: ``series`` (statistics, former), ``successor``
    (the one normal code in force that takes its place, missing where there is none or more than one), ``name``.

    ``history`` are the divisions with ended ones, ``table`` is what :func:`listed` gives. A code that is both
    counts as statistics: which of the two is meant only a person can tell.
    """
    now = in_force(history, today)
    current = codes.normal(now["code"])
    statistics = codes.normal(now["nbs_code"])
    parts = [_entries(statistics, STATISTICS, current, now["name"])]
    over = history[history["valid_to"].notna() & (history["valid_to"] <= today)]
    ended = codes.normal(over["code"])
    known = _entries([], "", [], [])
    if table is not None:
        known = _entries(codes.normal(table["code"]), table["series"], codes.normal(table["successor"]), table["name"])
        parts.append(known)
    parts.append(
        _entries(
            ended,
            FORMER,
            _successors(over, now, _only(known)).fillna(codes.looked_up(ended, _only(known))),
            over["name"],
        )
    )
    found = pd.concat(parts, ignore_index=True).dropna(subset="code")
    found = found[codes.well_formed(found["code"]) & ~found["code"].isin(current)]
    found["successor"] = found["successor"].where(found["successor"].isin(current))
    first = found.sort_values(["code", "series"], ascending=[True, False]).drop_duplicates("code").set_index("code")
    first["successor"] = codes.looked_up(first.index.to_series(), _only(found))
    return first


def replacements(values: pd.Series, obsolete: pd.DataFrame, current: pd.Series) -> pd.DataFrame:
    """What stands for each of the normal codes ``values`` that is not in force: ``series``, ``successor``, ``name``,
    indexed as ``values``; rows without an entry are left out. A village of a re-coded township keeps its last
    three digits. ``current`` are the normal codes in force.
    """
    asked = values[~values.isin(current) & values.notna()]
    whole = obsolete.reindex(asked).set_axis(asked.index)
    township = asked.str[:9] + "000"
    above = obsolete.reindex(township).set_axis(asked.index)
    moved = above["successor"].str[:9] + asked.str[9:]
    villages = set(current[~current.str.endswith("000")].str[:9])
    certain = moved.isin(current) | ~moved.str[:9].isin(villages)
    above["successor"] = moved.where(certain)
    return whole.where(whole["series"].notna(), above).dropna(subset="series")


def explained(values: pd.Series, history: pd.DataFrame, today: str) -> pd.Series:
    """Whether normal codes are of the statistics series or ended ones, by what the register itself says."""
    current = codes.normal(in_force(history, today)["code"])
    return pd.Series(
        values.index.isin(replacements(values, obsolete_codes(history, today), current).index), values.index
    )


def _entries(code: object, series: object, successor: object, name: object) -> pd.DataFrame:
    columns = {"code": code, "series": series, "successor": successor, "name": name}
    bare = {key: one.to_numpy() if isinstance(one, pd.Series) else one for key, one in columns.items()}
    return pd.DataFrame(bare, dtype="str")


def _only(entries: pd.DataFrame) -> pd.Series:
    """Successor of each code that has exactly one."""
    pairs = entries[["code", "successor"]].dropna().drop_duplicates()
    return pairs[~pairs["code"].duplicated(keep=False)].set_index("code")["successor"]


def _successors(over: pd.DataFrame, now: pd.DataFrame, known: pd.Series) -> pd.Series:
    """Code in force that follows each ended division: the only one that holds (nearly) all of its area, else the only
    one of its name in the same county (townships) or in the same township or its successor (villages: their names
    recur in a county). ``known`` maps codes of ended townships to successors.
    """
    found = _by_area(over, now)
    higher = over["level"].ne("village")
    by_name = _by_name(over[higher], now, known)
    known = pd.concat([known, pd.Series(found.fillna(by_name)[higher].to_numpy(), codes.normal(over["code"])[higher])])
    known = known.dropna()[lambda pairs: ~pairs.index.duplicated()]
    return found.fillna(by_name.reindex(over.index)).fillna(_by_name(over[~higher], now, known).reindex(over.index))


def _by_name(over: pd.DataFrame, now: pd.DataFrame, known: pd.Series) -> pd.Series:
    def keys(frame: pd.DataFrame) -> pd.Series:
        code = codes.normal(frame["code"])
        township = code.str[:9] + "000"
        home = (
            codes.looked_up(township, known).fillna(township).str[:9].where(frame["level"].eq("village"), code.str[:6])
        )
        return home + "|" + frame["level"] + "|" + frame["name"]

    unique = keys(now).drop_duplicates(keep=False).dropna()
    by_key = pd.Series(codes.normal(now["code"]).reindex(unique.index).to_numpy(), index=unique.to_numpy(), dtype="str")
    return codes.looked_up(keys(over), by_key)


def _by_area(over: pd.DataFrame, now: pd.DataFrame) -> pd.Series:
    found = pd.Series(pd.NA, index=over.index, dtype="str")
    for level in LEVELS:
        old, new = (_valid(frame[frame["level"].eq(level)]) for frame in (over, now))
        if old.empty or new.empty:
            continue
        left, right = shapely.STRtree(new.to_numpy()).query(old.to_numpy(), predicate="intersects")
        share = (
            shapely.area(shapely.intersection(old.to_numpy()[left], new.to_numpy()[right])) / old.area.to_numpy()[left]
        )
        holds = share >= INSIDE_SHARE
        new_codes = codes.normal(now.loc[new.index, "code"]).to_numpy()[right[holds]]
        found = found.fillna(pd.Series(new_codes, index=old.index[left[holds]], dtype="str"))
    return found


def _valid(frame: pd.DataFrame) -> gpd.GeoSeries:
    shapes: gpd.GeoSeries = frame["geometry"]
    return shapes[shapes.is_valid & ~shapes.is_empty & (shapely.area(shapes.to_numpy()) > 0)]


def quoted(frame: pd.DataFrame, column: str, obsolete: pd.DataFrame, current: pd.Series) -> pd.DataFrame:
    """Codes that records quote in ``column`` (a ``;`` separated list) and that are to be replaced, one row each:
    ``record_id``, ``quoted`` (normal code), ``series``, ``successor``, ``name``, ``after`` (the column's text with
    all codes of the row's series replaced; missing unless each has a successor). ``obsolete`` is what
    :func:`obsolete_codes` gives, ``current`` are the normal codes in force.
    """
    texts = frame[column].dropna()
    found = _replaced_texts(pd.Series(texts.unique(), dtype="str"), obsolete, current)
    records = texts[texts.isin(found["text"])].rename("text").rename_axis("record_id").reset_index()
    return records.merge(found, on="text").drop(columns="text")


def _replaced_texts(texts: pd.Series, obsolete: pd.DataFrame, current: pd.Series) -> pd.DataFrame:
    """:func:`quoted` for distinct texts: a million records quote a few hundred."""
    listed = codes.split_list(texts.set_axis(texts.to_numpy()))
    distinct = pd.Series(listed.unique(), dtype="str")
    normal = codes.normal(distinct)
    known = replacements(normal, obsolete, current)
    known = known.assign(quoted=normal[known.index], member=distinct[known.index]).set_index("member")
    parts = [
        pd.DataFrame({name: [] for name in ("text", "quoted", "series", "successor", "name", "after")}, dtype="str")
    ]
    for _, group in known.groupby("series"):
        own = listed[listed.isin(group.index)]
        members = listed[listed.index.isin(own.index)]
        new = codes.looked_up(members, group["successor"]).where(members.isin(group.index), members)
        joined = new.fillna("").groupby(level=0).agg(lambda one: ";".join(dict.fromkeys(one)))
        after = joined.where(~new.isna().groupby(level=0).any())
        entry = group.loc[own.to_numpy()].reset_index(drop=True)
        parts.append(entry.assign(text=own.index.to_numpy(), after=after[own.index].to_numpy()))
    return pd.concat(parts, ignore_index=True)
