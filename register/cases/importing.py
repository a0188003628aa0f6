"""Takes a file over into a register: read, give its tables their layers, judge them all, only then write."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import CRS

from boundaries import datums
from register import profiles
from register.cases.checking import today_text
from register.exchange import columns as headings
from register.exchange import mapping as maps
from register.exchange.choosing import choose
from register.exchange.door import Admitted, admit
from register.exchange.positions import named_crs
from register.exchange.reading import read
from register.exchange.source import Limits, Source
from register.store import PutCounts, Register
from rulebook.errors import CallError, SchemaError
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.schema import Layer
from rulebook.values import column_text


@dataclass(frozen=True)
class ImportResult:
    """What became of one layer of a file. ``refused``: row (as the user counts) and reason. ``skipped``: tables of
    the file that are no layer of the dictionary.
    """

    layer: str
    read: int
    added: int
    updated: int
    unchanged: int
    ended: int
    refused: list[tuple[int, Text]]
    notes: tuple[Text, ...]
    skipped: tuple[str, ...]
    change_id: int | None = None

    def document(self, lang: str) -> dict[str, Any]:
        """The contract's JSON line."""
        return {
            "layer": self.layer,
            "read": self.read,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "ended": self.ended,
            "refused": [{"row": row, "reason": reason.within(lang)} for row, reason in self.refused],
            "skipped": list(self.skipped),
            "notes": [note.within(lang) for note in self.notes],
        }


def import_file(
    register: Register,
    path: Path | str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    mapping: Path | str | Mapping[str, Any] | None = None,
    encoding: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
    actor: str = "",
    today: str = "",
    progress: Callable[[int], object] = lambda records: None,
) -> list[ImportResult]:
    """Take over all layers of a file, or none when one of them cannot be understood as a whole.

    ``crs`` (``EPSG:4490``), ``encoding``, ``layer`` and ``mapping`` (a TOML file or table) say what the file leaves
    open. ``replace`` ends the records that the file lacks. ``dry_run`` writes nothing and counts what would happen. ``progress`` is
    told the number of rows of each layer that is done.
    """
    path = Path(path)
    refuse_own_file(register, path)
    chosen = maps.load(mapping)
    profile = profiles.load(register.profile_name)
    limits = Limits(cell_chars=int(profile.setting("max_cell_chars")))
    sources = read(path, encoding=encoding or chosen.encoding, sheet=chosen.sheet, limits=limits)
    pairs, skipped = choose(sources, path, layer or chosen.layer, profile, chosen.columns)
    if not any(source.has_records for _, source in pairs):
        raise SchemaError(f"{path.name} 没有记录。", f"{path.name} holds no records.")
    named = named_crs(crs or chosen.crs) if crs or chosen.crs else None
    admitted = [
        _admit(register, found, source, profile=profile, given=chosen.columns, crs=named, limits=limits)
        for found, source in pairs
        if source.has_records
    ]
    results = []
    for one in admitted:
        results.append(
            _take(
                register,
                one,
                path=path,
                replace=replace,
                dry_run=dry_run,
                actor=actor,
                today=today or today_text(),
                skipped=tuple(skipped),
            )
        )
        progress(one.read)
    empty = [found.name for found, source in pairs if not source.has_records]
    results += [ImportResult(name, 0, 0, 0, 0, 0, [], (), tuple(skipped)) for name in empty]
    return _with_skipped_named(results, skipped)


def _with_skipped_named(results: list[ImportResult], skipped: list[str]) -> list[ImportResult]:
    """The results, the first of them saying which tables of the file were left out."""
    if not skipped:
        return results
    told = Text(
        f"词典中没有的图层，已跳过：{'、'.join(skipped)}。",
        f"Skipped, for the dictionary has no such layer: {', '.join(skipped)}.",
    )
    return [dataclasses.replace(results[0], notes=(*results[0].notes, told)), *results[1:]]


def refuse_own_file(register: Register, path: Path) -> None:
    """Raise CallError when a file to read is the register that is open."""
    own = Path(register.address)
    if own.exists() and path.exists() and own.samefile(path):
        raise CallError("要导入的文件就是登记库本身。", "The file to import is the register itself.")


def _admit(
    register: Register,
    layer: Layer,
    source: Source,
    *,
    profile: Profile,
    given: Mapping[str, str],
    crs: CRS | None,
    limits: Limits,
) -> Admitted:
    columns = headings.assign(source, layer, profile, given)
    admitted = admit(
        source,
        layer,
        columns,
        given_crs=crs,
        register_crs=register.crs,
        known_ids=lambda: register.layer(layer.name).index,
        limits=limits,
        datum_shifts=datums.shifts_of(profile.settings),
    )
    notes = (*source.notes, *admitted.notes, *headings.said(columns, source))
    return Admitted(layer, admitted.frame, admitted.read, admitted.refused, admitted.refused_ids, notes)


def _take(
    register: Register,
    admitted: Admitted,
    *,
    path: Path,
    replace: bool,
    dry_run: bool,
    actor: str,
    today: str,
    skipped: tuple[str, ...],
) -> ImportResult:
    name, frame = admitted.layer.name, admitted.frame
    kept = 0
    if replace:
        current = register.layer(name)
        frame, kept = complete_for_replacing(frame, current, admitted.refused_ids, today)
    if dry_run:
        counts = count(frame, register.layer(name), replace=replace, today=today)
    else:
        counts = register.put(name, frame, actor=actor, reason=f"导入 {path.name}", replace=replace, today=today)
    return ImportResult(
        name,
        admitted.read,
        counts.added,
        counts.updated,
        counts.unchanged - kept,
        counts.ended,
        admitted.refused,
        admitted.notes,
        skipped,
        counts.change_id,
    )


def complete_for_replacing(
    frame: pd.DataFrame, current: pd.DataFrame, refused_ids: frozenset[str], today: str
) -> tuple[pd.DataFrame, int]:
    """A frame fit to replace a layer, and how many records were added to it.

    A record whose row was refused has not left the file, so it stays as it is; a record that had ended and is in
    the file again is in force again, unless the file itself says when it ends.
    """
    if "valid_to" not in frame:
        ends = current["valid_to"].reindex(frame.index)
        frame = frame.assign(valid_to=ends.where(ends > today).astype("str"))
    staying = current.loc[current.index.isin(refused_ids), [column for column in frame if column in current]]
    if staying.empty:
        return frame, 0
    return pd.concat([frame, staying]), len(staying)


def count(frame: pd.DataFrame, current: pd.DataFrame, *, replace: bool, today: str) -> PutCounts:
    """What :meth:`Register.put` would do with ``frame``, by comparing canonical texts."""
    both = frame.index.intersection(current.index)
    differs = pd.Series(False, index=both)
    for column in frame.columns:
        new = column_text(frame[column].reindex(both))
        if column in current:
            old = column_text(current[column].reindex(both))
            differs |= (new != old) & ~(new.isna() & old.isna())
        else:
            differs |= new.notna()
    ended = 0
    if replace:
        left = current[~current.index.isin(frame.index)]
        ended = int((left["valid_to"].isna() | (left["valid_to"] > today)).sum())
    updated = int(differs.sum())
    return PutCounts(len(frame) - len(both), updated, len(both) - updated, ended, None)
