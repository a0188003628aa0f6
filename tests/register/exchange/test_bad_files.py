"""Files that cannot be understood: one sentence that names the fault, and the register as it was."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter

from register.cases.importing import ImportResult, import_file
from register.exchange import reading
from register.exchange.source import Limits
from register.store import Register
from rulebook.errors import CallError, CrsError, DimingError, FileError, SchemaError
from tests.register.exchange.conftest import PLAIN, PLATES, pack, table_of, write, write_gbk_shapefile, write_xlsx

Take = Callable[..., ImportResult]


@pytest.fixture
def refuse(reg: Register, take: Take) -> Callable[..., DimingError]:
    """Import a file that must be refused whole, and return the fault. The register must not have changed."""

    def run(path: Path, wanted: type[DimingError] = FileError, **options: object) -> DimingError:
        options.setdefault("layer", "doorplates")
        with pytest.raises(wanted) as told:
            take(path, **options)
        assert reg.revision == 0
        assert reg.layer("doorplates").empty
        for sentence in told.value.text:
            assert 10 < len(sentence) < 1500
            assert "Traceback" not in sentence
        return told.value

    return run


Refuse = Callable[..., DimingError]


def csv(folder: Path, table: pd.DataFrame | None = None, name: str = "a.csv", **options: object) -> Path:
    whole = table_of(PLATES, "easting", "northing") if table is None else table
    whole.to_csv(folder / name, index=False, **options)
    return folder / name


def cut(path: Path, share: float = 0.5) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


# ---- damaged, renamed, missing ----


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_truncated_xlsx(tmp_path: Path, refuse: Refuse, share: float) -> None:
    path = cut(write_xlsx(table_of(PLATES, "easting", "northing"), tmp_path / "a.xlsx"), share)
    assert "a.xlsx" in refuse(path, crs="EPSG:4549").text.zh


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_truncated_zip(tmp_path: Path, refuse: Refuse, share: float) -> None:
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    refuse(cut(pack(tmp_path / "a.zip", *tmp_path.glob("a.*")), share))


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_truncated_gpkg(tmp_path: Path, refuse: Refuse, share: float) -> None:
    many = pd.concat([PLATES.assign(id=[f"{part}-{number}" for number in range(3)]) for part in range(300)])
    refuse(cut(write(many, tmp_path / "a.gpkg", layer="doorplates"), share))


@pytest.mark.parametrize("suffix", [".dbf", ".shp", ".shx"])
def test_truncated_shapefile(tmp_path: Path, refuse: Refuse, suffix: str) -> None:
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    cut(tmp_path / f"a{suffix}")
    refuse(tmp_path / "a.shp")


def test_shapes_cut_off_are_not_taken_for_missing_ones(tmp_path: Path, refuse: Refuse) -> None:
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    cut(tmp_path / "a.shp", 0.9)
    assert "a.shp" in refuse(tmp_path / "a.shp").text.zh


@pytest.mark.parametrize("suffix", [".dbf", ".shx"])
def test_incomplete_shapefile(tmp_path: Path, refuse: Refuse, suffix: str) -> None:
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    (tmp_path / f"a{suffix}").unlink()
    assert suffix in refuse(tmp_path / "a.shp").text.zh


def test_truncated_geojson(tmp_path: Path, refuse: Refuse) -> None:
    refuse(cut(write(PLATES.to_crs(4490), tmp_path / "a.geojson"), 0.8))


def test_geojson_shapes_that_cannot_be_read_are_refused_alone(tmp_path: Path, take: Take) -> None:
    path = write(PLATES.to_crs(4490), tmp_path / "a.geojson")
    document = json.loads(path.read_text("utf-8"))
    first, second, _ = document["features"]
    first["geometry"]["coordinates"] = ["120°48′", 29.6]
    second["geometry"] = None
    path.write_text(json.dumps(document), "utf-8")
    result = take(path, layer="doorplates")
    assert (result.read, result.added) == (3, 2)
    assert [row for row, _ in result.refused] == [1]
    path.write_text("\n".join(json.dumps(feature) for feature in (first, second)), "utf-8")
    assert take(path, layer="doorplates").refused == []


def test_broken_kml_and_gpx(tmp_path: Path, refuse: Refuse) -> None:
    refuse(cut(write(PLATES.to_crs(4490), tmp_path / "a.kml", driver="LIBKML"), 0.8))
    (tmp_path / "a.gpx").write_text("<gpx><wpt lat='1' lon=", encoding="utf-8")
    refuse(tmp_path / "a.gpx")


def test_filegdb_without_its_tables(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "a.gdb").mkdir()
    refuse(tmp_path / "a.gdb")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.gpkg", "a.geojson", "a.kml", "a.zip", "a.shp"])
def test_empty_file(tmp_path: Path, refuse: Refuse, name: str) -> None:
    (tmp_path / name).touch()
    assert name in refuse(tmp_path / name).text.zh


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.gpkg", "a.geojson", "a.kml", "a.zip", "a.shp"])
def test_renamed_file(tmp_path: Path, refuse: Refuse, name: str) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    (tmp_path / name).write_bytes((tmp_path / "other.db").read_bytes())
    refuse(tmp_path / name)


def test_old_office_file_renamed_to_xlsx(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "xls" in refuse(tmp_path / "a.xlsx").text.zh


def test_missing_file_folder_and_unknown_format(tmp_path: Path, refuse: Refuse) -> None:
    refuse(tmp_path / "nothing.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "文件夹" in refuse(tmp_path / "folder.csv").text.zh
    (tmp_path / "a.xls").write_bytes(b"x")
    assert ".xlsx" in refuse(tmp_path / "a.xls").text.zh


# ---- archives that mean harm ----


def test_path_traversal_in_a_zip(tmp_path: Path, refuse: Refuse) -> None:
    for number, name in enumerate(("../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv")):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as archive:
            archive.writestr(name, "id\n1\n")
        refuse(tmp_path / f"{number}.zip")
    assert not (tmp_path.parent / "evil.csv").exists()


def test_zip_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (1 << 20))
    with pytest.raises(FileError, match="limit"):
        reading.read(tmp_path / "a.zip", limits=Limits(unpacked_bytes=1 << 19))
    workbook = write_xlsx(pd.DataFrame({"a": ["x" * 1000] * 2000}), tmp_path / "a.xlsx")
    with pytest.raises(FileError, match="limit"):
        reading.read(workbook, limits=Limits(unpacked_bytes=1 << 12))


def test_zip_that_lies_about_its_size(tmp_path: Path, refuse: Refuse) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (1 << 20))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(bytes(data))
    refuse(tmp_path / "a.zip")


def test_a_stray_cell_in_the_last_corner(tmp_path: Path, refuse: Refuse) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "kind"])
        sheet.write_string(1048575, 16383, "x")
    assert "16384" in refuse(tmp_path / "a.xlsx").text.zh


def test_several_data_sets_or_none_in_a_zip(tmp_path: Path, refuse: Refuse) -> None:
    one, two = csv(tmp_path, name="a.csv"), csv(tmp_path, name="b.csv")
    assert "b.csv" in refuse(pack(tmp_path / "two.zip", one, two)).text.zh
    (tmp_path / "readme.md").write_text("x")
    refuse(pack(tmp_path / "none.zip", tmp_path / "readme.md"))


def test_xml_entities(tmp_path: Path, refuse: Refuse) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'
    for name, encoding in (("a.kml", "utf-8"), ("b.kml", "utf-16"), ("c.gpx", "utf-8")):
        (tmp_path / name).write_text(bomb, encoding=encoding)
        assert "XML" in refuse(tmp_path / name).text.zh


# ---- encoding ----


def test_bytes_of_no_encoding_are_named_by_place(tmp_path: Path, refuse: Refuse) -> None:
    path = csv(tmp_path, encoding="utf-8")
    lines = path.read_bytes().split(b"\n")
    lines[2] = lines[2].replace("临".encode(), b"").replace(b"road", b"ro\xff\xfead")
    path.write_bytes(b"\n".join(lines))
    assert "第 3 行" in refuse(path, crs="EPSG:4549").text.zh


def test_wrong_encoding_by_the_caller(tmp_path: Path, refuse: Refuse) -> None:
    path = csv(tmp_path, encoding="gb18030")
    assert "UTF-8" in refuse(path, crs="EPSG:4549", encoding="UTF-8").text.zh
    refuse(path, CallError, crs="EPSG:4549", encoding="GBKK")
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    assert "utf-8" in refuse(tmp_path / "a.shp", encoding="utf-8").text.zh
    (tmp_path / "a.cpg").write_text("UTF-8")
    assert ".cpg" in refuse(tmp_path / "a.shp").text.zh


# ---- coordinate reference systems ----


def test_no_crs(tmp_path: Path, refuse: Refuse) -> None:
    path = csv(tmp_path)
    assert "--crs" in refuse(path, CrsError).text.zh
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    refuse(tmp_path / "a.shp", CrsError)
    bare = gpd.GeoDataFrame(PLATES.drop(columns="geometry"), geometry=PLATES.geometry.to_numpy())
    refuse(write(bare, tmp_path / "a.gpkg", layer="doorplates"), CrsError)


def test_geojson_in_metres_that_names_no_crs(tmp_path: Path, refuse: Refuse) -> None:
    bare = gpd.GeoDataFrame(PLATES.drop(columns="geometry"), geometry=PLATES.geometry.to_numpy())
    assert "--crs" in refuse(write(bare, tmp_path / "a.geojson"), CrsError).text.zh


def test_a_crs_that_contradicts_the_file(tmp_path: Path, refuse: Refuse) -> None:
    path = write(PLATES, tmp_path / "a.gpkg", layer="doorplates")
    told = refuse(path, CrsError, crs="EPSG:4490").text.zh
    assert "EPSG:4549" in told
    assert "EPSG:4490" in told
    refuse(path, CrsError, crs="EPSG:99999999")
    refuse(csv(tmp_path), CrsError, crs="EPSG:4490")


# ---- columns and rows ----


def test_missing_mandatory_columns_are_all_named(tmp_path: Path, refuse: Refuse) -> None:
    table = table_of(PLATES, "easting", "northing").drop(columns=["status", "number"])
    told = refuse(csv(tmp_path, table), SchemaError, crs="EPSG:4549").text
    assert "status" in told.zh
    assert "门牌号" in told.zh
    assert "number" in told.en


def test_missing_key_column(tmp_path: Path, refuse: Refuse) -> None:
    assert "id" in refuse(csv(tmp_path, table_of(PLATES, "x1", "y1").drop(columns="id")), SchemaError).text.en


def test_repeated_keys_are_listed_with_their_rows(tmp_path: Path, refuse: Refuse) -> None:
    table = table_of(PLATES, "easting", "northing").assign(id=["001", "002", " 001"])
    told = refuse(csv(tmp_path, table), SchemaError, crs="EPSG:4549").text.zh
    assert "001（2、4）" in told


def test_no_records(tmp_path: Path, refuse: Refuse) -> None:
    refuse(csv(tmp_path, table_of(PLATES, "easting", "northing").head(0)), SchemaError)
    refuse(write(PLATES.head(0), tmp_path / "a.gpkg", layer="doorplates", geometry_type="Point"), SchemaError)
    refuse(write_xlsx(pd.DataFrame({"id": []}), tmp_path / "a.xlsx"), SchemaError)


def test_no_acceptable_row_names_the_faults(tmp_path: Path, refuse: Refuse) -> None:
    table = table_of(PLATES, "easting", "northing").assign(status="gone", kind=["road", "x", "road"])
    told = refuse(csv(tmp_path, table), SchemaError, crs="EPSG:4549").text.zh
    assert "第 3 行" in told
    assert "reserved, temporary, in_use, cancelled" in told
    assert "“x”" in told


def test_geometry_of_another_type(tmp_path: Path, refuse: Refuse) -> None:
    areas = PLATES.set_geometry(PLATES.buffer(5))
    told = refuse(write(areas, tmp_path / "a.gpkg", layer="doorplates"), SchemaError).text.zh
    assert "Polygon" in told
    assert "Point" in told


def test_cell_of_ten_million_characters(tmp_path: Path, refuse: Refuse) -> None:
    table = table_of(PLATES, "easting", "northing")
    table.loc[1, "note"] = "字" * 10_000_000
    told = refuse(csv(tmp_path, table), SchemaError, crs="EPSG:4549").text.zh
    assert "第 3 行" in told
    assert "10000000" in told


def test_formulas_are_named_by_cell(tmp_path: Path, refuse: Refuse) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "kind", "number", "division_code", "status"])
        sheet.write_row(1, 0, ["1", "road", "1", "330683001001", "in_use"])
        sheet.write_formula(1, 2, "=1+1", None, "2")
        sheet.write_array_formula("D2:D2", "{=A2}", None, "1")
    told = refuse(tmp_path / "a.xlsx", SchemaError).text.zh
    assert "C2" in told
    assert "D2" in told


def test_an_unclosed_quotation_mark(tmp_path: Path, refuse: Refuse) -> None:
    lines = csv(tmp_path).read_text("utf-8").splitlines()
    lines[2] += '"'
    lines[2] = lines[2].replace(",27-29", ',"27-29')
    lines += [line.replace("003", f"10{number}") for number, line in enumerate(lines[3:] * 3)]
    (tmp_path / "a.csv").write_text("\n".join(lines).replace('""', '"') + "\n", "utf-8")
    with pytest.raises(FileError):
        refuse_or_row(tmp_path / "a.csv")


def refuse_or_row(path: Path) -> None:
    """Read the raw table: an unclosed mark must not swallow lines in silence."""
    (source,) = reading.read(path)
    if not source.refused:
        raise AssertionError(source.table)
    raise FileError("拒绝", "refused by row")


def test_two_headings_for_one_column(tmp_path: Path, refuse: Refuse) -> None:
    table = table_of(PLATES, "easting", "northing").assign(门牌号="5")
    told = refuse(csv(tmp_path, table), SchemaError, crs="EPSG:4549").text.zh
    assert "number、门牌号" in told
    assert "--map" in told
    repeated = csv(tmp_path, name="b.csv")
    repeated.write_text(repeated.read_text("utf-8").replace("note", "number", 1), "utf-8")
    refuse(repeated, SchemaError, crs="EPSG:4549")


def test_the_register_itself_is_no_file_to_import(reg: Register) -> None:
    with pytest.raises(CallError):
        import_file(reg, reg.address)


def test_one_bad_layer_keeps_the_whole_file_out(tmp_path: Path, reg: Register) -> None:
    path = write(PLATES, tmp_path / "a.gpkg", layer="doorplates")
    roads = gpd.GeoDataFrame({"id": ["r1"], "name": ["剡溪路"]}, geometry=[shapely.Point(0, 0)], crs="EPSG:4549")
    write(roads, path, layer="roads", append=True)
    with pytest.raises(SchemaError):
        import_file(reg, path)
    assert reg.revision == 0


def test_a_damaged_dbf_header(tmp_path: Path, refuse: Refuse) -> None:
    write_gbk_shapefile(PLAIN, tmp_path / "a.shp")
    data = bytearray((tmp_path / "a.dbf").read_bytes())
    data[4:8] = (2**31).to_bytes(4, "little")
    (tmp_path / "a.dbf").write_bytes(bytes(data))
    refuse(tmp_path / "a.shp")


def test_binary_noise(tmp_path: Path, refuse: Refuse) -> None:
    noise = io.BytesIO(bytes(range(256)) * 40).getvalue()
    for name in ("a.csv", "a.geojson", "a.kml", "a.gpx"):
        (tmp_path / name).write_bytes(noise)
        refuse(tmp_path / name)
