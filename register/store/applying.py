"""Writing accepted edits and their log rows as one change, and taking a change back by its inverse."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

import pandas as pd

from register.store.cells import sql_shapes, sql_values
from register.store.gpkg_schema import quoted
from register.store.judging import OK, REFUSED, Desk, Edit, Touched, Verdict, edits_of
from register.store.log import OpenChange, last_change_of, revision
from register.store.records import Records, Table, insert, objects, remove
from rulebook.changes import EDIT_COLUMNS, WHOLE_RECORD, ChangeSet
from rulebook.errors import RegisterError, StaleEditError
from rulebook.values import GEOMETRY

SHOWN = 5


def apply(connection: sqlite3.Connection, change: ChangeSet, srs_id: int) -> int:
    """Write a change and return its number; the connection must hold the write lock."""
    if change.based_on is not None and revision(connection) != change.based_on:
        raise StaleEditError(
            "修改没有写入：登记库在此期间已有别的修改，请重新拟定。",
            "Nothing was written: the register has changed meanwhile; draw the edits up again.",
        )
    edits = edits_of(change.edits)
    desk = Desk(connection, edits)
    verdicts = [desk.judge(edit) for edit in edits]
    _raise_unless_ok(verdicts)
    return _write(connection, desk, verdicts, srs_id, actor=change.actor, reason=change.reason, case_id=change.case_id)


def undo(
    connection: sqlite3.Connection,
    change_id: int,
    srs_id: int,
    *,
    actor: str,
    reason: str,
    record: tuple[str, str] | None,
) -> int:
    """Write the inverse of a change and return the new change's number; the connection must hold the write lock."""
    only, values = ("", ()) if record is None else (" AND layer = ? AND record_id = ?", record)
    rows = connection.execute(
        f"SELECT {', '.join(EDIT_COLUMNS)} FROM change_log WHERE change_id = ?{only} ORDER BY seq",
        (change_id, *values),
    ).fetchall()
    if not rows:
        what = "" if record is None else f" {record[0]}:{record[1]}"
        raise RegisterError(
            f"日志中没有变更 {change_id}{' 中的记录' if what else ''}{what}。",
            f"The log has no change {change_id}{' of record' if what else ''}{what}.",
        )
    done = ChangeSet(pd.DataFrame(rows, columns=list(EDIT_COLUMNS), dtype="object"), actor, reason)
    edits = edits_of(done.inverse(actor=actor, reason=reason).edits)
    desk = Desk(connection, edits, trusted=True)
    verdicts = [desk.judge(edit) for edit in edits]
    for verdict in verdicts:
        if verdict.outcome != OK:
            raise _dependent(connection, change_id, verdict.edit)
    return _write(connection, desk, verdicts, srs_id, actor=actor, reason=reason, case_id=None)


def _write(
    connection: sqlite3.Connection,
    desk: Desk,
    verdicts: Sequence[Verdict],
    srs_id: int,
    *,
    actor: str,
    reason: str,
    case_id: str | None,
) -> int:
    edits = [verdict.edit for verdict in verdicts if verdict.edit.before != verdict.edit.after]
    if not edits:
        raise RegisterError("没有要写入的修改。", "There is nothing to write: no edit changes anything.")
    change = OpenChange.begin(connection, actor=actor, reason=reason, case_id=case_id)
    for layer, table in desk.tables.items():
        records = {record_id: record for (name, record_id), record in desk.touched.items() if name == layer}
        _write_layer(connection, table, records, srs_id)
    for layer, group in groupby(edits, key=lambda edit: edit.layer):
        rows = [edit[1:] for edit in group]
        change.write(layer, rows, len(rows))
    change.touch(desk.tables)
    return change.change_id


def _write_layer(connection: sqlite3.Connection, table: Table, records: dict[str, Touched], srs_id: int) -> None:
    """Bring the records of one layer from what they were to what they are now."""
    removed = [key for key, record in records.items() if record.before is not None and record.now is None]
    made = {key: record.now for key, record in records.items() if record.before is None and record.now is not None}
    cells: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for key, record in records.items():
        if record.before is not None and record.now is not None:
            for name in record.written:
                if record.before.get(name) != record.now.get(name):
                    cells[name].append((key, record.now.get(name)))
    names = {*cells, *(name for now in made.values() for name in now)} - {GEOMETRY}
    table = table.with_columns(connection, [name for name in table.layer.columns if name in names])
    remove(connection, table, removed)
    if made:
        columns = [name for name in table.columns if name in names]
        texts = {name: objects([now.get(name) for now in made.values()]) for name in columns}
        shapes = sql_shapes((now.get(GEOMETRY) for now in made.values()), srs_id) if table.layer.geometry else None
        insert(connection, table, Records(objects(list(made)), texts, shapes))
    for name, changed in cells.items():
        ids, after = zip(*changed, strict=True)
        if name == GEOMETRY and table.layer.geometry:
            column, values = "geom", sql_shapes(after, srs_id).tolist()
        else:
            column, values = quoted(name), sql_values(after, table.field(name))
        connection.executemany(
            f"UPDATE {table.sql} SET {column} = ? WHERE {table.record_id} = ?", zip(values, ids, strict=True)
        )


def _raise_unless_ok(verdicts: Iterable[Verdict]) -> None:
    bad = [verdict for verdict in verdicts if verdict.outcome != OK]
    if not bad:
        return
    refused = [verdict for verdict in bad if verdict.outcome == REFUSED]
    shown = (refused or bad)[:SHOWN]
    more = len(refused or bad) - len(shown)
    zh = "；".join(f"{v.edit.layer}:{v.edit.record_id} {v.edit.field}：{v.reason.zh}" for v in shown if v.reason)
    en = "; ".join(f"{v.edit.layer}:{v.edit.record_id} {v.edit.field}: {v.reason.en}" for v in shown if v.reason)
    error = RegisterError if refused else StaleEditError
    raise error(
        f"修改没有写入。{zh}{f'；另有 {more} 处' if more else ''}。",
        f"Nothing was written. {en}{f'; and {more} more' if more else ''}.",
    )


def _dependent(connection: sqlite3.Connection, change_id: int, edit: Edit) -> RegisterError:
    """The error for a change that cannot be taken back because of a later one."""
    later = last_change_of(connection, edit.layer, edit.record_id, edit.field, change_id)
    where = f"{edit.layer}:{edit.record_id}" + ("" if edit.field == WHOLE_RECORD else f" {edit.field}")
    if later is None:
        return RegisterError(
            f"不能撤销变更 {change_id}：{where} 的值与日志不符，登记库曾被其他程序修改。",
            f"Change {change_id} cannot be undone: {where} does not hold what the log says; "
            "another program has edited the register.",
        )
    return RegisterError(
        f"不能撤销变更 {change_id}：之后的变更 {later} 又修改了 {where}；请先撤销变更 {later}。",
        f"Change {change_id} cannot be undone: the later change {later} depends on it ({where}); "
        f"undo change {later} first.",
    )
