"""The file is a GeoPackage that others open, its spatial index is right after every write, its log only grows."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import shapely
from pyproj import CRS

from register.dictionary import DICTIONARY
from register.store import create_register
from register.store.connection import connected
from register.store.gpkg import GeoPackageRegister
from register.store.gpkg_geometry import encode
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CrsError
from tests.register.store.conftest import BY, METRIC, PROFILE, plates, roads, run_python

WITH_GDAL = """
import json, sys, warnings
warnings.simplefilter("error")
import fiona, pyogrio
path = sys.argv[1]
plates = pyogrio.read_dataframe(path, layer="doorplates", bbox=(580000.5, 3270000.5, 580002.5, 3270002.5))
info = pyogrio.read_info(path, layer="doorplates")
with fiona.open(path, layer="roads") as roads:
    said = {
        "layers": [name for name, _ in pyogrio.list_layers(path)], "fiona": fiona.listlayers(path),
        "ids": sorted(plates["id"]), "fast": info["capabilities"]["fast_spatial_filter"],
        "crs": [info["crs"], roads.crs.to_string()], "width": [each["properties"]["width_m"] for each in roads],
        "types": [roads.schema["geometry"], info["geometry_type"]],
        "log": len(pyogrio.read_dataframe(path, layer="change_log")),
    }
print(json.dumps(said))
"""


@pytest.fixture
def register(tmp_path: Path) -> GeoPackageRegister:
    create_register(tmp_path / "r.gpkg", PROFILE, METRIC)
    return GeoPackageRegister.open(tmp_path / "r.gpkg")


def index_of(register: GeoPackageRegister, layer: str) -> set[int]:
    with connected(register.path) as connection:
        return {row for (row,) in connection.execute(f"SELECT id FROM rtree_{layer}_geom")}


def test_gdal_opens_every_layer_and_uses_the_index(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates([f"p{number}" for number in range(5)]), **BY)
    register.put("roads", roads(["r1"], width_m=12.5), **BY)
    copy = register.path.with_name("copy.gpkg")
    shutil.copy(register.path, copy)
    done = run_python(WITH_GDAL, copy)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said.pop("layers")) == set(said.pop("fiona")) == {*DICTIONARY, "change_log"}
    assert said == {
        "ids": ["p1", "p2"], "fast": True, "crs": ["EPSG:4549", "EPSG:4549"], "width": [12.5],
        "types": ["MultiLineString", "Point"], "log": 6,
    }  # fmt: skip


def test_gdal_in_another_process_may_write_and_keeps_the_index(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    script = (
        "import fiona, sys\n"
        "with fiona.open(sys.argv[1], 'a', layer='doorplates') as layer:\n"
        "    properties = dict.fromkeys(layer.schema['properties']) | {'id': 'b'}\n"
        "    layer.write({'geometry': {'type': 'Point', 'coordinates': (1, 2)}, 'properties': properties})\n"
    )
    done = run_python(script, register.path)
    assert done.returncode == 0, done.stderr
    assert len(index_of(register, "doorplates")) == 2
    assert [fault.en for fault in register.integrity()] == ["1 records of layer doorplates differ from the log: b"]


def test_the_head_says_geopackage(register: GeoPackageRegister) -> None:
    with connected(register.path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert connection.execute("PRAGMA user_version").fetchone() == (10400,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = dict(connection.execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys"))
    assert {-1, 0, 4326, 4490, 4549} == set(systems)
    assert [CRS.from_wkt(systems[code]).to_epsg() for code in (4326, 4490, 4549)] == [4326, 4490, 4549]


def test_a_crs_without_a_code_is_kept_whole(tmp_path: Path) -> None:
    own = CRS.from_proj4("+proj=tmerc +lon_0=120.5 +k=1 +x_0=500000 +ellps=GRS80 +units=m")
    create_register(tmp_path / "own.gpkg", PROFILE, own)
    register = GeoPackageRegister.open(tmp_path / "own.gpkg")
    assert register.crs.equals(own)
    register.put("doorplates", plates(["a"]).set_crs(own, allow_override=True), **BY)
    assert register.layer("doorplates").crs.equals(own)
    with connected(register.path) as connection:
        assert connection.execute("SELECT srs_id FROM gpkg_geometry_columns").fetchone() == (100001,)


def test_a_crs_that_a_geopackage_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrsError, match="GeoPackage"):
        create_register(tmp_path / "r.gpkg", PROFILE, CRS("OGC:CRS84h"))
    assert list(tmp_path.iterdir()) == []


def test_index_follows_geometry(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    assert index_of(register, "doorplates") == {1, 2}
    moves = [("doorplates", "a", "geometry", "POINT (580000 3270000)", None)]
    register.apply(ChangeSet(edits_frame(moves), **BY))
    assert index_of(register, "doorplates") == {2}
    register.undo(2, **BY)
    assert index_of(register, "doorplates") == {1, 2}
    register.put("doorplates", plates(["c", "a"]), **BY)
    assert index_of(register, "doorplates") == {1, 2, 3}
    assert register.integrity() == []


def test_index_follows_plain_sql(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    (far,) = encode(shapely.from_wkt(["POINT (5 5)"]), 4549)
    empty = b"GP\x00\x11\x00\x00\x00\x00" + shapely.to_wkb(shapely.Point(), byte_order=1)
    with connected(register.path) as connection:
        connection.execute("UPDATE doorplates SET geom = ? WHERE fid = 1", (empty,))
        assert index_of(register, "doorplates") == {2}
        connection.execute("UPDATE doorplates SET geom = ? WHERE fid = 1", (far,))
        assert index_of(register, "doorplates") == {1, 2}
        connection.execute("UPDATE doorplates SET fid = 9 WHERE fid = 1")
        assert index_of(register, "doorplates") == {2, 9}
        connection.execute("UPDATE doorplates SET fid = 8, geom = NULL WHERE fid = 9")
        assert index_of(register, "doorplates") == {2}
        connection.execute("INSERT INTO doorplates (id, geom) VALUES ('c', ?), ('d', ?), ('e', NULL)", (far, empty))
        assert len(index_of(register, "doorplates")) == 2
        connection.execute("DELETE FROM doorplates")
        assert index_of(register, "doorplates") == set()


def test_many_records_are_indexed_like_few(register: GeoPackageRegister) -> None:
    frame = plates([f"p{number}" for number in range(1500)])
    frame.loc[3, "geometry"] = None
    register.put("doorplates", frame, **BY)
    assert len(index_of(register, "doorplates")) == 1499
    assert register.integrity() == []
    register.put("doorplates", plates(["x"]), **BY)
    assert len(index_of(register, "doorplates")) == 1500
    assert register.layer("doorplates").geometry["p3"] is None
    assert register.undo(2, **BY) == 3
    assert register.undo(1, **BY) == 4
    assert index_of(register, "doorplates") == set()
    assert register.integrity() == []


def test_heights_are_left_out(register: GeoPackageRegister) -> None:
    flat = plates(["a"])
    high = flat.set_geometry(shapely.points(580000, 3270000, [7.5]), crs=METRIC)
    register.put("doorplates", high, **BY)
    assert register.put("doorplates", flat, **BY).change_id is None
    assert not register.layer("doorplates").geometry["a"].has_z


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_log SET actor = 'nobody'",
        "UPDATE change_log SET after = NULL WHERE change_id = 1",
        "DELETE FROM change_log",
        "DELETE FROM change_log WHERE seq = 1",
        "INSERT OR REPLACE INTO change_log SELECT * FROM change_log",
        "REPLACE INTO change_log SELECT NULL, change_id, seq, at, 'x', reason, case_id, layer, record_id, field, "
        "before, after FROM change_log",
        "INSERT INTO change_log SELECT NULL, 1, seq + 9, at, 'x', reason, case_id, layer, record_id, field, before, "
        "after FROM change_log WHERE change_id = 2",
        "UPDATE OR IGNORE change_log SET actor = 'nobody'",
        "UPDATE OR REPLACE change_log SET fid = 1",
    ],
)
def test_the_log_cannot_be_rewritten(register: GeoPackageRegister, statement: str) -> None:
    for count in (2, 1500):
        register.put("doorplates", plates([f"p{number}" for number in range(count)]), **BY)
    before = register.history()
    plain = sqlite3.connect(register.path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            plain.execute(statement)
        plain.commit()
    finally:
        plain.close()
    assert register.history().equals(before)


def test_integrity_sees_what_went_past_the_log(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    with connected(register.path) as connection:
        connection.execute("UPDATE doorplates SET number = '9' WHERE id = 'b'")
        connection.execute("DELETE FROM rtree_doorplates_geom WHERE id = 1")
        connection.execute("DROP TRIGGER change_log_no_delete")
    said = " | ".join(fault.en for fault in register.integrity())
    assert "triggers" in said
    assert "spatial index of layer doorplates does not fit its geometries (1 places)" in said
    assert "1 records of layer doorplates differ from the log: b" in said
    with pytest.raises(Exception, match="another program has edited"):
        register.undo(1, **BY)


def test_contents_tell_extent_and_time(register: GeoPackageRegister) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    with connected(register.path) as connection:
        minx, maxy, changed = connection.execute(
            "SELECT min_x, max_y, last_change FROM gpkg_contents WHERE table_name = 'doorplates'"
        ).fetchone()
    assert 579999 <= minx <= 580000
    assert 3270001 <= maxy <= 3270002
    assert changed.endswith("Z")


def test_a_register_at_rest_is_one_file(register: GeoPackageRegister) -> None:
    layers = register.layers()
    register.put("doorplates", plates(["a"]), **BY)
    assert layers["roads"].empty
    register.close()
    assert [path.name for path in register.path.parent.iterdir()] == ["r.gpkg"]
