"""The SQL that makes an empty register: a GeoPackage 1.4 with one table a layer, the log, and the findings kept last.

The GeoPackage part follows OGC 12-128r19 (tables: clause 1.1; spatial index and its triggers: annex F.3). Dates are
TEXT columns: they are ISO text from first read to last write. Tables that are not layers stay out of
``gpkg_contents``; what another program must know to write safely is declared in ``gpkg_extensions``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pyproj import CRS
from pyproj.enums import WktVersion
from pyproj.exceptions import CRSError

from register.dictionary import DICTIONARY
from rulebook.errors import CrsError
from rulebook.schema import FieldType, Layer

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400  # GeoPackage 1.4
FORMAT = 1  # of our own tables; a register of a higher format is not opened
OWN_SRS_ID = 100001  # for a CRS without an authority's code
LOG_COLUMNS = (
    "change_id", "seq", "at", "actor", "reason", "case_id", "layer", "record_id", "field", "before", "after",
)  # fmt: skip
SQL_TYPES = {FieldType.TEXT: "TEXT", FieldType.DATE: "TEXT", FieldType.NUMBER: "REAL", FieldType.INTEGER: "INTEGER"}
_RTREE_EXTENSION = ("gpkg_rtree_index", "http://www.geopackage.org/spec/#extension_rtree", "write-only")
_LOG_EXTENSION = ("diming_change_log", "every change of a layer has its rows in change_log", "write-only")

_GEOPACKAGE = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

_OWN = """
CREATE TABLE register_info (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE change_log (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  change_id INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT, reason TEXT, case_id TEXT,
  layer TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT);
CREATE UNIQUE INDEX change_log_order ON change_log (change_id, seq);
CREATE INDEX change_log_record ON change_log (layer, record_id);
CREATE TRIGGER change_log_no_update BEFORE UPDATE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
CREATE TRIGGER change_log_no_delete BEFORE DELETE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
CREATE TRIGGER change_log_only_append BEFORE INSERT ON change_log
WHEN NEW.change_id < (SELECT max(change_id) FROM change_log)
  OR EXISTS (SELECT 1 FROM change_log WHERE fid = NEW.fid)
  OR EXISTS (SELECT 1 FROM change_log WHERE change_id = NEW.change_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
CREATE TABLE findings (
  number INTEGER PRIMARY KEY, fingerprint TEXT, rule TEXT, level TEXT, layer TEXT, record_id TEXT, township TEXT,
  document TEXT NOT NULL);
CREATE INDEX findings_record ON findings (layer, record_id);
CREATE INDEX findings_rule ON findings (rule, level, township);
CREATE TABLE findings_run (number INTEGER PRIMARY KEY CHECK (number = 1), revision INTEGER, summary TEXT NOT NULL);
"""
APPEND_GUARD = "change_log_only_append"
LOG_TRIGGERS = ("change_log_no_update", "change_log_no_delete", APPEND_GUARD)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def record_id_sql(layer: Layer) -> str:
    """The SQL expression of a record id: the key columns joined by ``/``, as ``Layer.record_ids`` does."""
    return " || '/' || ".join(quoted(column) for column in layer.key)


def srs_id_of(crs: CRS) -> int:
    """The number a CRS has in the file: the EPSG code that it declares, else one of our own."""
    declared = crs.to_json_dict().get("id", {})
    return int(declared["code"]) if declared.get("authority") == "EPSG" else OWN_SRS_ID


def create_all(connection: sqlite3.Connection, crs: CRS, profile_name: str) -> None:
    """Make every table of an empty register in one transaction; the file must be new and empty."""
    reference_systems = list(_reference_systems(crs))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    connection.executescript("BEGIN IMMEDIATE;" + _GEOPACKAGE + _OWN)
    connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", reference_systems)
    for layer in DICTIONARY.values():
        create_layer(connection, layer, srs_id_of(crs))
    _add_contents(connection, "change_log", "attributes", "变更日志 change log", None)
    connection.execute("INSERT INTO gpkg_extensions VALUES ('change_log', NULL, ?, ?, ?)", _LOG_EXTENSION)
    info = {"format": str(FORMAT), "profile": profile_name, "crs": _declaration(crs)}
    connection.executemany("INSERT INTO register_info VALUES (?, ?)", info.items())
    connection.execute("COMMIT")


def create_layer(connection: sqlite3.Connection, layer: Layer, srs_id: int) -> None:
    """Make the table of a layer, with its spatial index where it has geometry."""
    columns = [
        "fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        *([f"geom {layer.geometry.upper()}"] if layer.geometry else []),
        *(
            f"{quoted(known.name)} {SQL_TYPES[known.type]}{' NOT NULL' if known.name in layer.key else ''}"
            for known in layer.fields
        ),
    ]
    table = quoted(layer.name)
    connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    connection.execute(f"CREATE UNIQUE INDEX {quoted(layer.name + '_key')} ON {table} ({record_id_sql(layer)})")
    description = f"{layer.title.zh} {layer.title.en}"
    if layer.geometry is None:
        _add_contents(connection, layer.name, "attributes", description, None)
        return
    _add_contents(connection, layer.name, "features", description, srs_id)
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (layer.name, layer.geometry.upper(), srs_id),
    )
    connection.execute("INSERT INTO gpkg_extensions VALUES (?, 'geom', ?, ?, ?)", (layer.name, *_RTREE_EXTENSION))
    for statement in _spatial_index(layer.name):
        connection.execute(statement)


def _add_contents(
    connection: sqlite3.Connection, name: str, data_type: str, description: str, srs_id: int | None
) -> None:
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        (name, data_type, name, description, srs_id),
    )


def _spatial_index(name: str) -> Iterator[str]:
    """The R-tree of a layer and the triggers that keep it, word for word those of GeoPackage 1.4."""
    table, rtree = quoted(name), quoted(f"rtree_{name}_geom")
    full_new = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))"
    full_old = "(OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom))"
    none_new = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))"
    none_old = "(OLD.geom ISNULL OR ST_IsEmpty(OLD.geom))"
    box = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
    put_new = f"INSERT OR REPLACE INTO {rtree} VALUES (NEW.fid, {box});"
    add_new = f"INSERT INTO {rtree} VALUES (NEW.fid, {box});"
    move = (
        f"UPDATE {rtree} SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), "
        "miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid;"
    )
    drop_old = f"DELETE FROM {rtree} WHERE id = OLD.fid;"
    drop_both = f"DELETE FROM {rtree} WHERE id IN (OLD.fid, NEW.fid);"
    triggers = (
        ("insert", "INSERT", full_new, put_new),
        ("update2", "UPDATE OF geom", f"OLD.fid = NEW.fid AND {none_new}", drop_old),
        ("update4", "UPDATE", f"OLD.fid != NEW.fid AND {none_new}", drop_both),
        ("update5", "UPDATE", f"OLD.fid != NEW.fid AND {full_new}", drop_old + put_new),
        ("update6", "UPDATE OF geom", f"OLD.fid = NEW.fid AND {full_new} AND {full_old}", move),
        ("update7", "UPDATE OF geom", f"OLD.fid = NEW.fid AND {full_new} AND {none_old}", add_new),
        ("delete", "DELETE", "OLD.geom NOTNULL", drop_old),
    )
    yield f"CREATE VIRTUAL TABLE {rtree} USING rtree(id, minx, maxx, miny, maxy)"
    for suffix, event, condition, action in triggers:
        trigger = quoted(f"rtree_{name}_geom_{suffix}")
        yield f"CREATE TRIGGER {trigger} AFTER {event} ON {table} WHEN {condition} BEGIN {action} END"


def _reference_systems(crs: CRS) -> Iterator[tuple[str, int, str, int, str, str]]:
    """Rows of ``gpkg_spatial_ref_sys``: the three that every GeoPackage has, CGCS2000 both ways, the register's."""
    yield "Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"
    yield "Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"
    known = {4326: CRS.from_epsg(4326), 4490: CRS.from_epsg(4490), 4549: CRS.from_epsg(4549)}
    for srs_id, system in {**known, srs_id_of(crs): crs}.items():
        organization = "NONE" if srs_id == OWN_SRS_ID else "EPSG"
        yield system.name, srs_id, organization, srs_id, _wkt1(system), ""


def _wkt1(crs: CRS) -> str:
    """The definition of a CRS in the older WKT that every reader of GeoPackage understands."""
    refusal = CrsError(
        f"坐标系 {crs.name} 不能写入 GeoPackage；请用其他坐标系建库。",
        f"The CRS {crs.name} cannot be written to a GeoPackage; use another one for the register.",
    )
    try:
        text = crs.to_wkt(WktVersion.WKT1_GDAL, output_axis_rule=True)
    except CRSError as fault:
        raise refusal from fault
    if not text:
        raise refusal
    return text


def _declaration(crs: CRS) -> str:
    """The CRS as text to make it again from: its EPSG code, else its full definition."""
    srs_id = srs_id_of(crs)
    return crs.to_wkt() if srs_id == OWN_SRS_ID else f"EPSG:{srs_id}"
