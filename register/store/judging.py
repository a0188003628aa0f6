"""Judging edits one after another: does each still find what it expects, and may the field hold what it brings?"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import NamedTuple

import pandas as pd

from register.dictionary import DICTIONARY
from register.store.cells import UnfitValueError, admitted, canonical, canonical_shape, geometry_field
from register.store.gpkg_schema import quoted
from register.store.records import Table, document, objects, shape_texts, texts_of
from rulebook.changes import EDIT_COLUMNS, WHOLE_RECORD
from rulebook.language import Text
from rulebook.schema import Field
from rulebook.values import GEOMETRY, to_text

OK, STALE, REFUSED = "ok", "stale", "refused"
Cells = dict[str, str]


class Edit(NamedTuple):
    """One edit as it is logged, cells as canonical text."""

    layer: str
    record_id: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Verdict:
    """What becomes of an edit: ``edit`` has canonical cells; ``current`` is what the register holds."""

    outcome: str
    edit: Edit
    reason: Text | None = None
    current: str | None = None


@dataclass
class Touched:
    """A record that edits speak of: its cells before (None: there was none), its cells now, the fields written."""

    before: Cells | None
    now: Cells | None
    written: set[str] = made_by(default_factory=set)


class Desk:
    """The records that some edits speak of, read once, and as they stand after each edit judged so far.

    ``trusted`` edits come from the log (undo): their values were in the register and are not looked at again.
    """

    def __init__(self, connection: sqlite3.Connection, edits: Iterable[Edit], *, trusted: bool = False) -> None:
        self.trusted = trusted
        self.tables: dict[str, Table] = {}
        self.fields: dict[str, dict[str, Field]] = {}
        self.touched: dict[tuple[str, str], Touched] = {}
        wanted: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for edit in edits:
            if edit.layer in DICTIONARY:
                wanted[edit.layer][edit.field].add(edit.record_id)
        for layer, by_field in wanted.items():
            self._read(connection, layer, by_field)

    def judge(self, edit: Edit) -> Verdict:
        """Judge one edit and, when it is sound, take it as done for the edits that follow."""
        layer = DICTIONARY.get(edit.layer)
        if layer is None:
            return _refused(edit, Text(f"没有图层“{edit.layer}”", f'there is no layer "{edit.layer}"'))
        record = self.touched[edit.layer, edit.record_id]
        try:
            if edit.field == WHOLE_RECORD:
                return self._judge_record(edit, record)
            return self._judge_cell(edit, record)
        except UnfitValueError as fault:
            return _refused(edit, fault.text, _current(edit.field, record.now))

    def _judge_cell(self, edit: Edit, record: Touched) -> Verdict:
        layer, table = DICTIONARY[edit.layer], self.tables[edit.layer]
        if edit.field in layer.key:
            return _refused(
                edit, Text(f"关键列“{edit.field}”不能修改", f'the key column "{edit.field}" cannot be edited')
            )
        known = self.fields[edit.layer].get(edit.field)
        if known is None:
            zh, en = f"图层 {edit.layer} 没有列“{edit.field}”", f'layer {edit.layer} has no column "{edit.field}"'
            return _refused(edit, Text(zh, en))
        if record.now is None:
            zh = f"图层 {edit.layer} 没有记录“{edit.record_id}”"
            return _refused(edit, Text(zh, f'layer {edit.layer} has no record "{edit.record_id}"'))
        current = record.now.get(edit.field)
        after = self._admit(table, edit.field, edit.after)
        edit = edit._replace(before=_lenient(table, known, edit.before), after=after)
        if edit.before != current:
            return _stale(edit, current)
        record.now = {name: cell for name, cell in record.now.items() if name != edit.field}
        if after is not None:
            record.now[edit.field] = after
        record.written.add(edit.field)
        return Verdict(OK, edit, None, current)

    def _judge_record(self, edit: Edit, record: Touched) -> Verdict:
        current = _current(WHOLE_RECORD, record.now)
        table = self.tables[edit.layer]
        if (edit.before is None) == (edit.after is None):
            return _refused(
                edit,
                Text(
                    "字段“*”只能新建（before 为空）或删除（after 为空）记录",
                    'the field "*" makes a record (before empty) or removes one (after empty)',
                ),
                current,
            )
        if edit.after is None:
            if record.now is None or self._parsed(table, edit.before) != record.now:
                return _stale(edit, current)
            record.written.update(record.now)
            record.now = None
            return Verdict(OK, edit._replace(before=current), None, current)
        if record.now is not None:
            return _stale(edit, current)
        made = self._parsed(table, edit.after, admit=not self.trusted)
        key = [made.get(name) for name in table.layer.key]
        if None in key or "/".join(map(str, key)) != edit.record_id:
            return _refused(
                edit, Text("记录内容的关键列与记录标识不符", "the record's key columns do not make its record id")
            )
        record.now = made
        record.written.update(made)
        return Verdict(OK, edit._replace(after=document(made)), None, current)

    def _parsed(self, table: Table, text: str | None, *, admit: bool = False) -> Cells:
        """The cells of a whole record from JSON."""
        known = self.fields[table.layer.name]
        try:
            parsed = json.loads(text or "")
            if not isinstance(parsed, dict):
                raise ValueError(text)
            cells = {name: None if cell is None else to_text(cell) for name, cell in parsed.items()}
        except (ValueError, TypeError) as fault:
            raise UnfitValueError(
                Text("记录内容不是字段名到值的 JSON 对象", "the record is not a JSON object of field names and values")
            ) from fault
        for name in cells:
            if name not in known:
                zh, en = f"图层 {table.layer.name} 没有列“{name}”", f'layer {table.layer.name} has no column "{name}"'
                raise UnfitValueError(Text(zh, en))
        if admit:
            mandatory = {field.name for field in table.layer.fields if field.mandatory}
            spoken_of = [name for name in known if name in cells or name in mandatory]
            cells = {name: self._admit(table, name, cells.get(name)) for name in spoken_of}
        return {name: cell for name, cell in cells.items() if cell is not None}

    def _admit(self, table: Table, name: str, text: str | None) -> str | None:
        if self.trusted:
            return text
        if name == GEOMETRY and table.layer.geometry:
            return canonical_shape(text, table.layer)
        return admitted(text, self.fields[table.layer.name][name])

    def _read(self, connection: sqlite3.Connection, layer: str, by_field: dict[str, set[str]]) -> None:
        """Read the cells that edits of one layer speak of; all cells where a whole record is made or removed."""
        table = self.tables[layer] = Table.of(connection, DICTIONARY[layer])
        self.fields[layer] = {name: table.field(name) for name in (*table.columns, *table.layer.columns)}
        if table.layer.geometry:
            self.fields[layer][GEOMETRY] = geometry_field(table.layer)
        ids = sorted(set().union(*by_field.values()))
        for record_id in ids:
            self.touched[layer, record_id] = Touched(None, None)
        whole = WHOLE_RECORD in by_field
        names = [name for name in table.columns if whole or name in by_field]
        shown = [quoted(name) for name in names]
        if table.layer.geometry and (whole or GEOMETRY in by_field):
            names.append(GEOMETRY)
            shown.append("geom")
        rows = connection.execute(
            f"SELECT {', '.join([table.record_id, *shown])} FROM {table.sql} "
            f"WHERE {table.record_id} IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        ).fetchall()
        if not rows:
            return
        found, *columns = zip(*rows, strict=True)
        texts = [
            shape_texts(objects(cells))
            if name == GEOMETRY and table.layer.geometry
            else texts_of(cells, table.field(name))
            for name, cells in zip(names, columns, strict=True)
        ]
        for record_id, *cells in zip(found, *texts, strict=True):
            now = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
            self.touched[layer, record_id] = Touched(now, now)


def edits_of(frame: pd.DataFrame) -> list[Edit]:
    """Edits from a frame with ``EDIT_COLUMNS``; empty and missing cells are None."""
    columns = []
    for name in EDIT_COLUMNS:
        given = frame[name].astype("object")
        columns.append(
            [str(cell) if there else None for cell, there in zip(given, given.notna() & given.ne(""), strict=True)]
        )
    layers, ids, fields = ([cell or "" for cell in column] for column in columns[:3])
    return [Edit(*row) for row in zip(layers, ids, fields, *columns[3:], strict=True)]


def _lenient(table: Table, known: Field, text: str | None) -> str | None:
    """``before`` in canonical form where it can be brought to it, so that 12.50 is not another number than 12.5."""
    try:
        if known.name == GEOMETRY and table.layer.geometry:
            return canonical_shape(text, table.layer)
        return canonical(text, known)
    except UnfitValueError:
        return text


def _current(name: str, cells: Cells | None) -> str | None:
    if cells is None:
        return None
    return document(cells) if name == WHOLE_RECORD else cells.get(name)


def _refused(edit: Edit, reason: Text, current: str | None = None) -> Verdict:
    return Verdict(REFUSED, edit, reason, current)


def _stale(edit: Edit, current: str | None) -> Verdict:
    return Verdict(
        STALE, edit, Text("登记库中的值已不是修改前的值", "the register no longer holds the value before"), current
    )
