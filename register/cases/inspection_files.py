"""What inspectors hand in: tables of visits out of GPX, CSV, XLSX, GeoJSON, GeoPackage or a field package, and their
photographs. Every table comes out with headings of the dictionary and an id for each row.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from boundaries.layers import INSPECTIONS
from register.cases.inspection_photos import SUFFIXES as PICTURES
from register.exchange import columns as headings
from register.exchange.archives import unpack
from register.exchange.cells import cells
from register.exchange.choosing import TITLES
from register.exchange.reading import PACKED, READERS, read
from register.exchange.source import Limits, Source
from register.exchange.words import words_of
from rulebook.errors import FileError, SchemaError
from rulebook.language import Text
from rulebook.profile import Profile

TARGETS = "targets"  # file of a field package with the places to go to: no visits
MOST_MEMBERS = 20_000
MOST_RATIO = 200  # how far an archive may shrink a large content; pictures hardly shrink at all
SMALL = 10 << 20
REFERENCES = ("marker_id", "number", "name")  # by which a row may name its marker
ID_DIGITS = 12
GPX_FIXES = {"dgps": "dgnss", "pps": "dgnss", "2d": "single", "3d": "single", "none": "none"}
FOUND = "intact"
SILENT = " （航点未写现状）"


@dataclass(frozen=True)
class HandedIn:
    """Tables of visits (canonical headings, index = row as the user counts) and photographs by plain file name.

    Those of a package (``packed``) all belong to its visits; those that lie beside a single file may be anybody's.
    """

    sources: list[Source]
    pictures: dict[str, Path] = field(default_factory=dict)
    packed: bool = False


@contextmanager
def handed_in(path: Path, profile: Profile, condition: str = "") -> Iterator[HandedIn]:
    """The content of a field file for the length of a ``with`` block; ``condition`` is that of waypoints which say none.
    Raises FileError or SchemaError.
    """
    settings = profile.setting("inspections")
    limits = Limits(int(profile.setting("max_cell_chars")), int(settings["package_mb"]) << 20)
    if path.suffix.lower() not in PACKED:
        sources = _of_visits(read(path, limits=limits), path, profile)
        yield HandedIn(_prepared(sources, path, profile, condition), _beside(path))
        return
    if not path.is_file():
        raise FileError(f"找不到文件 {path}。", f"There is no file {path}.")
    _refuse_bombs(path)
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        files = [file for file in unpack(path, Path(folder), limits) if not file.name.startswith((".", "~"))]
        pictures = {file.name.casefold(): file for file in files if file.suffix.lower() in PICTURES}
        tables = [file for file in files if file.suffix.lower() in READERS and file.stem != TARGETS]
        found: list[Source] = []
        for file in tables:
            read_here = [source for source in read(file, limits=limits) if len(tables) == 1 or _named(source, file)]
            found += _prepared(_of_visits(read_here, file, profile), file, profile, condition, strict=False)
        if not found:
            raise SchemaError(
                f"{path.name} 里没有检查记录：应有名为 inspections 的表（GeoPackage、GeoJSON、CSV、XLSX）或一个 GPX。",
                f"{path.name} holds no visits: a table named inspections (GeoPackage, GeoJSON, CSV, XLSX) or one GPX is due.",
            )
        yield HandedIn(found, pictures, packed=True)


def _refuse_bombs(path: Path) -> None:
    """An archive of very many members, or whose content is out of all proportion to its size, is not opened."""
    import zipfile

    if not zipfile.is_zipfile(path):
        raise FileError(
            f"{path.name} 不完整或不是压缩包，无法打开；请重新获取文件。",
            f"{path.name} is incomplete or no zip archive; fetch it again.",
        )
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or (size > SMALL and size > MOST_RATIO * max(packed, 1)):
        raise FileError(
            f"{path.name} 的内容与大小不成比例（{len(members)} 个文件，解压后 {size >> 20} MB），像是有害的压缩包，未打开。",
            f"{path.name} is out of proportion ({len(members)} files, {size >> 20} MB unpacked): it looks like a zip bomb and was not opened.",
        )


def _named(source: Source, file: Path) -> bool:
    """Whether a table of a package calls itself inspections, by its own name or by that of its file."""
    names = (headings.fold(source.name), headings.fold(file.stem))
    return any(name in TITLES and TITLES[name] is INSPECTIONS for name in names) or names[1].startswith("inspections")


def _is_visits(source: Source, file: Path) -> bool:
    """Whether a table can be one of visits: not another layer of the dictionary, not the track of a GPX file."""
    other = TITLES.get(headings.fold(source.name))
    if file.suffix.lower() == ".gpx":
        return source.name == "waypoints"
    return other is None or other is INSPECTIONS


def _of_visits(sources: list[Source], file: Path, profile: Profile) -> list[Source]:
    """The tables of a file that hold visits: those called so, else those with the columns that a visit must have, else
    whatever can be, so that what is missing is told.
    """
    possible = [source for source in sources if _is_visits(source, file)]
    called = [source for source in possible if TITLES.get(headings.fold(source.name)) is INSPECTIONS]
    complete = [source for source in possible if _has_must(source, profile)]
    return called or complete or possible


def _has_must(source: Source, profile: Profile) -> bool:
    try:
        known = headings.assign(source, INSPECTIONS, profile, {}).known
    except SchemaError:
        return False
    return {"inspected_on", "condition"} <= set(known)


def _beside(path: Path) -> dict[str, Path]:
    """Photographs in the folder of a single file, and in a folder ``photos`` there."""
    found = {}
    for folder in (path.parent / "photos", path.parent):
        if folder.is_dir():
            found |= {one.name.casefold(): one for one in folder.iterdir() if one.suffix.lower() in PICTURES}
    return found


def _prepared(
    sources: list[Source], path: Path, profile: Profile, condition: str, *, strict: bool = True
) -> list[Source]:
    filled = [source for source in sources if source.has_records]
    if not filled and strict:
        raise SchemaError(f"{path.name} 没有检查记录。", f"{path.name} holds no visits.")
    offset = int(profile.setting("inspections")["utc_offset_hours"])
    gpx = path.suffix.lower() == ".gpx"
    return [
        _with_ids(_canonical(_from_waypoints(one, offset, condition or FOUND) if gpx else one, profile), path.name)
        for one in filled
    ]


def _from_waypoints(source: Source, offset_hours: int, condition: str) -> Source:
    """Waypoints as visits: the name is the marker, the time the day, the description says the condition. A waypoint that
    says none was set at a stone that was found: ``condition`` (intact unless the caller says otherwise), and the note
    tells so; one that says several is left for the door to refuse.
    """
    table = source.table
    blank = pd.Series(None, index=table.index, dtype="object")
    said = table.reindex(columns=["cmt", "desc", "sym", "type"]).astype("object")
    texts = said.apply(lambda row: " ".join(dict.fromkeys(str(one) for one in row if pd.notna(one) and one)), axis=1)
    local = pd.to_datetime(table.get("time", blank), utc=True, errors="coerce") + pd.Timedelta(hours=offset_hours)
    named = texts.map(conditions_said)
    silent = named.map(len).eq(0)
    visits = pd.DataFrame(
        {
            "marker_id": table.get("name", blank),
            "inspected_on": local.dt.strftime("%Y-%m-%d"),
            "condition": named.map(lambda found: next(iter(found)) if len(found) == 1 else None).mask(
                silent, condition
            ),
            "fix_type": table.get("fix", blank).map(GPX_FIXES, na_action="ignore").fillna("single"),
            "note": texts.mask(silent, (texts + SILENT).str.strip()),
            "photos": table.get("link1_href", blank).map(lambda one: Path(str(one)).name, na_action="ignore"),
        },
        index=table.index,
    )
    return replace(source, table=visits.astype("str"))


def conditions_said(text: str) -> set[str]:
    """The conditions that a free text names; longer words are looked for first."""
    words = {word: value for (name, word), value in words_of(INSPECTIONS.name).items() if name == "condition"}
    known = INSPECTIONS.field_named("condition")
    words |= {value: value for value in (known.allowed if known else ())}
    rest, found = text.casefold(), set()
    for word in sorted(words, key=len, reverse=True):
        if word in rest:
            found.add(words[word])
            rest = rest.replace(word, " ")
    return found


def _canonical(source: Source, profile: Profile) -> Source:
    """The table under headings of the dictionary; what it does not know keeps its own. Blank rows are left out."""
    columns = headings.assign(source, INSPECTIONS, profile, {})
    renamed = source.table.drop(columns=list(columns.dropped)).rename(
        columns={heading: column for column, heading in columns.known.items()}
    )
    marker = pd.Series(pd.NA, index=renamed.index, dtype="object")
    for name in REFERENCES:
        if name in renamed:
            text = cells(renamed[name]).text.astype("object").str.strip()
            marker = marker.where(marker.notna(), text.where(text.notna() & text.ne(""), pd.NA))
    renamed = renamed.drop(columns=[name for name in REFERENCES if name in renamed]).assign(
        marker_id=marker.astype("str")
    )
    return replace(source, table=renamed)


def _with_ids(source: Source, file_name: str) -> Source:
    """Rows without an id get one made of what they say, so that the same file gives the same ids again. Rows whose id
    another row of the file has already are refused.
    """
    table = source.table
    given = (
        cells(table["id"]).text.astype("object").str.strip()
        if "id" in table
        else pd.Series(pd.NA, index=table.index, dtype="object")
    )
    given = given.where(given.notna() & given.ne(""), pd.NA)
    texts = table.drop(columns="id", errors="ignore").astype("object")
    where = (
        shapely.to_wkt(source.geometry, rounding_precision=7)
        if source.geometry is not None
        else np.full(len(table), "")
    )
    digests = [
        hashlib.sha256(
            "\x1f".join(
                [*(f"{name}={cell}" for name, cell in row.items() if pd.notna(cell) and cell != ""), str(place)]
            ).encode()
        ).hexdigest()
        for row, place in zip(texts.to_dict("records"), where, strict=True)
    ]
    made = pd.Series([f"V{digest[:ID_DIGITS]}" for digest in digests], index=table.index, dtype="object")
    ids = given.where(given.notna(), made)
    again = ids.duplicated()
    refused = tuple(
        (
            int(row),
            Text(
                f"同一文件中标识“{one}”重复，只取第一行",
                f'the id "{one}" stands in the file already; the first row counts',
            ),
        )
        for row, one in ids[again].items()
    )
    kept = ~again.to_numpy()
    return replace(
        source,
        name=file_name,
        table=table.assign(id=ids)[kept],
        geometry=None if source.geometry is None else source.geometry[kept],
        refused=(*source.refused, *refused),
    )
