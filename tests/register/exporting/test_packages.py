"""Sealed packages: what goes out, what is held back, what a receiver can prove, what changes alone are worth."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from register import catalogue
from register import profiles as judging
from register.cases.exporting import profiles
from register.cases.exporting.columns import dms
from register.cases.exporting.package import export
from register.cases.exporting.rebuilding import read_layer, read_table, rebuild
from register.cases.exporting.verifying import verify
from register.people import Person, Role
from register.store import Register, create_register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, DimingError, FileError
from tests.flows import plain_county

TODAY = "2026-06-01"
HEAD = Person("王主任", Role.HEAD)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A county with one error (a road outside its division's county) and one warning."""
    frames = plain_county.clean()
    plain_county.change("doorplates", "R1-7", number="9")(frames)
    plain_county.change("roads", "R2", pinyin="Guan He Road")(frames)
    plain_county.change("doorplates", "R1-1", owner_name="张三", phone="13800138000")(frames)
    register = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name, frame in plain_county.registered(frames).items():
        if len(frame):
            register.put(name, frame, actor="a", reason="b", today=TODAY)
    return register


def sent(register: Register, name: str, folder: Path, person: Person = HEAD, **options: object) -> dict:
    return dict(export(register, profiles.load(name), folder, today=TODAY, person=person, **options).manifest)


@pytest.mark.parametrize("name", profiles.names())
def test_every_profile_makes_a_package_that_verifies(register: Register, tmp_path: Path, name: str) -> None:
    manifest = sent(register, name, tmp_path / "out")
    assert verify(tmp_path / "out") == []
    assert manifest["profile"] == name
    assert manifest["catalogue"] == catalogue.version(judging.load(register.profile_name))
    assert manifest["counts"]
    assert sum(manifest["counts"].values()) > 0


def test_what_is_held_back_is_named_with_its_rule(register: Register, tmp_path: Path) -> None:
    sent(register, "geojson", tmp_path / "all")
    sent(register, "geojson", tmp_path / "lenient", allow_warnings=True)
    strict, lenient = (pd.read_csv(tmp_path / one / "withheld.csv") for one in ("all", "lenient"))
    assert {"row", "rule", "reason"} <= set(strict)
    assert ("roads:R2", "NAM202") in set(zip(strict["row"], strict["rule"], strict=True))
    assert set(lenient["level"]) == {"error"}
    assert "doorplates:R1-7" in set(lenient["row"])
    for folder, held in ((tmp_path / "all", strict), (tmp_path / "lenient", lenient)):
        out = gpd.read_file(folder / "doorplates.geojson")
        assert not set("doorplates:" + out["id"]) & set(held["row"])
        assert len(out) + held[held["layer"] == "doorplates"]["row"].nunique() == len(register.layer("doorplates"))


@pytest.mark.parametrize("damage", ["change", "remove", "add", "count", "seal"])
def test_whatever_is_changed_on_the_way_is_found(register: Register, tmp_path: Path, damage: str) -> None:
    sent(register, "geojson", tmp_path / "out")
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    match damage:
        case "change":
            file = tmp_path / "out" / "roads.geojson"
            file.write_text(file.read_text(encoding="utf-8").replace("北直街", "南直街"), encoding="utf-8")
        case "remove":
            (tmp_path / "out" / "withheld.csv").unlink()
        case "add":
            (tmp_path / "out" / "more.txt").write_text("x", encoding="utf-8")
        case "count" | "seal":
            manifest["counts" if damage == "count" else "created_on"] = (
                {"roads": 3} if damage == "count" else "2020-01-01"
            )
            path.write_text(json.dumps(manifest), encoding="utf-8")
    assert verify(tmp_path / "out")


def test_a_folder_that_is_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        verify(tmp_path)
    (tmp_path / "manifest.json").write_text("[1", encoding="utf-8")
    with pytest.raises(FileError):
        verify(tmp_path)


def changed(register: Register) -> int:
    """Some changes of every kind, and the revision before them."""
    before = register.revision
    road = register.layer("roads").loc["R3"]
    register.apply(
        ChangeSet(edits_frame([("roads", "R2", "pinyin", "Guan He Road", "Guānhé Lù")]), "a", "held back before")
    )
    register.apply(
        ChangeSet(
            edits_frame([("roads", "R3", "note", None, "x"), ("roads", "R3", "pinyin", road["pinyin"], "Bad Road")]),
            "a",
            "held back now",
        )
    )
    register.apply(ChangeSet(edits_frame([("doorplates", "R2-3", "valid_to", None, "2026-01-01")]), "a", "ended"))
    register.apply(ChangeSet(edits_frame([("doorplates", "R1-7", "number", "9", "7")]), "a", "also frees R1-9"))
    register.apply(ChangeSet(edits_frame([("roads", "R4", "note", None, "x")]), "a", "sound before and after"))
    plates = register.layer("doorplates")
    last, one_before = plates.geometry["R2-40"], plates.geometry["R2-38"]
    new = plates.loc[["R2-40"]].assign(id="N1", number="42", plate_code=None, issued_on=None)
    new.geometry = [shapely.Point(2 * last.x - one_before.x, 2 * last.y - one_before.y)]
    register.put("doorplates", new.set_geometry("geometry", crs=plates.crs), actor="a", reason="new", today=TODAY)
    return before


@pytest.mark.parametrize("name", ["register", "geojson", "geoparquet"])
def test_changes_rebuild_the_full_package(register: Register, tmp_path: Path, name: str) -> None:
    sent(register, name, tmp_path / "base")
    base = json.loads((tmp_path / "base" / "manifest.json").read_text(encoding="utf-8"))["revision"]
    changed(register)
    manifest = sent(register, name, tmp_path / "changes", since=base)
    assert set(manifest["changes"]) == {"ADD", "DELETE", "UPDATE"}
    assert sum(manifest["counts"].values()) < 10
    sent(register, name, tmp_path / "full")
    form = profiles.load(name).formats[0]
    for layer, rebuilt in rebuild(tmp_path / "base", tmp_path / "changes").items():
        full = read_layer(tmp_path / "full", layer, form).sort_index()
        assert list(rebuilt.index) == list(full.index), layer
        for column in full.columns:
            assert rebuilt[column].astype(str).tolist() == full[column].astype(str).tolist(), (layer, column)


def test_pushed_changes_rebuild_the_pushed_whole(register: Register, tmp_path: Path) -> None:
    sent(register, "zhejiang-push", tmp_path / "base")
    base = json.loads((tmp_path / "base" / "manifest.json").read_text(encoding="utf-8"))["revision"]
    changed(register)
    sent(register, "zhejiang-push", tmp_path / "changes", since=base)
    sent(register, "zhejiang-push", tmp_path / "full")
    operations = read_table(tmp_path / "changes", "doorplates")["CALLOPERATE"]
    assert operations["R2-3"] == "DELETE" and operations["N1"] == "ADD"
    for table, rebuilt in rebuild(tmp_path / "base", tmp_path / "changes").items():
        full = read_table(tmp_path / "full", table).sort_index()
        pd.testing.assert_frame_equal(rebuilt, full, check_dtype=False, check_index_type=False)


def test_packages_that_do_not_follow_each_other_are_refused(register: Register, tmp_path: Path) -> None:
    sent(register, "geojson", tmp_path / "base")
    changed(register)
    sent(register, "geojson", tmp_path / "other", since=0)
    with pytest.raises(CallError):
        rebuild(tmp_path / "base", tmp_path / "other")


@pytest.mark.parametrize(("role", "seen"), [(Role.HEAD, "张三"), (Role.READER, None)])
def test_personal_data_go_out_only_with_the_right(
    register: Register, tmp_path: Path, role: Role, seen: str | None
) -> None:
    person = Person("x", role)
    sent(register, "register", tmp_path / "layers", person)
    sent(register, "zhejiang-push", tmp_path / "push", person)
    plates = pyogrio.read_dataframe(tmp_path / "layers" / "register.gpkg", layer="doorplates").set_index("id")
    pushed = read_table(tmp_path / "push", "doorplates")
    assert (plates.loc["R1-1", "owner_name"] == "张三") == (seen is not None)
    assert pushed.loc["R1-1", "BYUX0004"] == seen
    text = b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    assert ("张三".encode() in text) == (seen is not None)


def test_a_shapefile_in_gbk_reads_back_and_tells_what_it_could_not_hold(register: Register, tmp_path: Path) -> None:
    edit = [("roads", "R1", "note", None, "注" * 200), ("roads", "R1", "start_desc", None, "Ānhuī")]
    register.apply(ChangeSet(edits_frame(edit), "a", "b"))
    sent(register, "shapefile-gbk", tmp_path / "out")
    roads = gpd.read_file(tmp_path / "out" / "roads.shp").set_index("id")
    assert (tmp_path / "out" / "roads.cpg").read_text() in ("GBK", "936")
    assert roads.loc["R1", "name"] == "北直街"
    assert roads.loc["R1", "note"] == "注" * 127
    altered = pd.read_csv(tmp_path / "out" / "altered.csv")
    assert {("R1", "note", "shortened"), ("R1", "start_desc", "replaced")} <= set(
        zip(altered["record_id"], altered["column"], altered["change"], strict=True)
    )


def test_degrees_of_the_census_form() -> None:
    assert dms(np.array([120.830069, 29.999999999, 0.5])).tolist() == ["120°49′48.25″", "30°00′00.00″", "0°30′00.00″"]


@pytest.mark.parametrize(
    "call",
    [
        lambda register, folder: sent(register, "nonsense", folder),
        lambda register, folder: sent(register, "geojson", folder, since=999),
        lambda register, folder: sent(register, "geojson", folder.parent),
    ],
)
def test_a_wrong_call_writes_nothing(register: Register, tmp_path: Path, call) -> None:
    before, revision = sorted(tmp_path.iterdir()), register.revision
    with pytest.raises(DimingError):
        call(register, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before
    assert register.revision == revision
