"""Which column of the dictionary a heading stands for: by map, by name, by title, by a county's own word for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from register.exchange.source import Source
from rulebook.errors import SchemaError
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.schema import Layer

LON_LAT = ("lon", "lat")
EASTING_NORTHING = ("easting", "northing")
SHAPE = "geometry"
POSITION = (*LON_LAT, *EASTING_NORTHING, SHAPE)
ANY_LAYER = "any"
DBF_HEADING_BYTES = 10
# Numbers that programs give to rows for their own use; a register has its own.
ROW_NUMBERS = ("fid", "ogc_fid", "objectid", "gml_id")


@dataclass(frozen=True)
class Columns:
    """``known``: column of the dictionary or of the position → heading. ``others``: headings kept under their own
    name. ``dropped``: headings left out, because the map says so, because they are a program's row numbers, or because
    they repeat the shapes that the file has anyway.
    """

    known: Mapping[str, str]
    others: tuple[str, ...]
    dropped: tuple[str, ...]


def assign(source: Source, layer: Layer, profile: Profile, given: Mapping[str, str]) -> Columns:
    """Give every heading its column; ``given`` (heading → column, ``""`` = leave out) overrides everything.

    Raises SchemaError when two headings claim one column.
    """
    named = _names(layer, profile, source.encoding)
    asked = {fold(heading): column for heading, column in given.items()}
    claims: dict[str, list[str]] = {}
    others, dropped = [], []
    for heading in map(str, source.table.columns):
        folded = fold(heading)
        if folded in asked and not asked[folded]:
            dropped.append(heading)
            continue
        column = asked.get(folded) or named.get(folded) or named.get(fold(_without_unit(heading)))
        if column in layer.columns or (column in POSITION and source.geometry is None):
            claims.setdefault(str(column), []).append(heading)
        elif heading.lower() in ROW_NUMBERS or column == SHAPE:
            dropped.append(heading)
        else:
            others.append(heading)
    several = {column: headings for column, headings in claims.items() if len(headings) > 1}
    if several:
        raise _ambiguous(source, several)
    return Columns({column: headings[0] for column, headings in claims.items()}, tuple(others), tuple(dropped))


def fold(heading: str) -> str:
    """A heading without what people write differently: width, case, blanks, underscores, the star of a must."""
    return re.sub(r"[\s_*]+", "", unicodedata.normalize("NFKC", heading).casefold())


def targets(layers: Iterable[Layer]) -> set[str]:
    """Every column that a map may name."""
    return {column for layer in layers for column in layer.columns} | set(POSITION)


def _without_unit(heading: str) -> str:
    return re.sub(r"[(（].*?[)）]\s*\*?$", "", heading)


def _names(layer: Layer, profile: Profile, encoding: str | None) -> dict[str, str]:
    """Folded heading → column, the surest last so that it wins."""
    names: dict[str, str] = {}
    for own in (ANY_LAYER, layer.name):
        names.update({fold(heading): column for heading, column in profile.columns.get(own, {}).items()})
    for field in layer.fields:
        names.update(
            dict.fromkeys(map(fold, (field.title.en, _without_unit(field.title.zh), field.title.zh)), field.name)
        )
    names.update({fold(column): column for column in (*POSITION, *layer.columns)})
    return {**_cut(names, encoding), **names} if encoding else names


def _cut(names: Mapping[str, str], encoding: str | None) -> dict[str, str]:
    """Headings as a dBase table cuts them, to ten bytes, where only one column fits."""
    cut: dict[str, set[str]] = {}
    for heading, column in {**names, **{column: column for column in names.values()}}.items():
        short = heading.encode(encoding or "utf-8")[:DBF_HEADING_BYTES].decode(encoding or "utf-8", errors="ignore")
        cut.setdefault(fold(short), set()).add(column)
    return {short: columns.pop() for short, columns in cut.items() if len(columns) == 1}


def _ambiguous(source: Source, several: Mapping[str, list[str]]) -> SchemaError:
    zh = "；".join(f"{column}：{'、'.join(headings)}" for column, headings in several.items())
    en = "; ".join(f"{column}: {', '.join(headings)}" for column, headings in several.items())
    return SchemaError(
        f'{source.name} 有几个标题对应同一列（{zh}）；请用 --map 指明取哪一个（其余写成 ""）。',
        f'{source.name}: several headings stand for one column ({en}); say by --map which one counts (write "" for the others).',
    )


def said(columns: Columns, source: Source) -> tuple[Text, ...]:
    """Notes about headings that were not recognised."""
    notes = []
    if columns.others:
        notes.append(
            Text(
                f"{source.name}：词典以外的列按原名保留：{'、'.join(columns.others)}。",
                f"{source.name}: columns unknown to the dictionary are kept under their own names: {', '.join(columns.others)}.",
            )
        )
    if columns.dropped:
        notes.append(
            Text(
                f"{source.name}：未导入的列：{'、'.join(columns.dropped)}。",
                f"{source.name}: columns left out: {', '.join(columns.dropped)}.",
            )
        )
    return tuple(notes)
