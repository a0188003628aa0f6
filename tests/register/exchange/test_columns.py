"""Headings find their columns and tables their layers, or the user is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely

from register import profiles
from register.cases.importing import ImportResult, import_file
from register.dictionary import DICTIONARY
from register.exchange import mapping
from register.exchange.choosing import guess
from register.exchange.columns import POSITION, assign, fold
from register.exchange.source import Source
from register.store import Register
from rulebook.errors import CallError, FileError, SchemaError
from tests.register.exchange.conftest import CHINESE, PLATES, table_of, write, write_xlsx

PROFILE = profiles.load()
Take = Callable[..., ImportResult]


def source(*headings: str, name: str = "a", shapes: bool = False, encoding: str | None = None) -> Source:
    table = pd.DataFrame({heading: pd.Series(["x"], dtype="str") for heading in headings})
    return Source(name, table, geometry=shapely.points([[0, 0]]) if shapes else None, encoding=encoding)


def known(layer: str, *headings: str, **more: object) -> dict[str, str]:
    return dict(assign(source(*headings, **more), DICTIONARY[layer], PROFILE, {}).known)  # type: ignore[arg-type]


@pytest.mark.parametrize("layer", DICTIONARY.values(), ids=lambda layer: layer.name)
def test_dictionary_names_and_chinese_titles_are_recognised(layer: object) -> None:
    for headings in (layer.columns, [field.title.zh for field in layer.fields]):
        found = known(layer.name, *headings)
        assert {column: heading for column, heading in found.items() if column in layer.columns} == dict(
            zip(layer.columns, headings, strict=True)
        )


@pytest.mark.parametrize(
    ("layer", "heading", "column"),
    [
        ("roads", "ＮＡＭＥ", "name"),
        ("roads", "Name*", "name"),
        ("roads", "宽度", "width_m"),
        ("roads", "宽度(米)", "width_m"),
        ("roads", "width m", "width_m"),
        ("doorplates", "门牌 号", "number"),
        ("doorplates", "经度", "lon"),
        ("markers", "纵坐标", "northing"),
        ("place_names", "资料来源及出处", "source"),
        ("doorplates", "WKT", "geometry"),
    ],
)
def test_headings_are_recognised_whatever_width_case_and_unit(layer: str, heading: str, column: str) -> None:
    assert known(layer, heading) == {column: heading}


def test_headings_cut_to_ten_bytes_by_a_dbf() -> None:
    assert known("doorplates", "division_c", "old_addres", encoding="gb18030", shapes=True) == {
        "division_code": "division_c", "old_address": "old_addres",
    }  # fmt: skip
    assert known("place_names", "罗马字母拼", encoding="gb18030", shapes=True) == {"pinyin": "罗马字母拼"}
    assert known("doorplates", "村社区", encoding="utf-8", shapes=True) == {"division_code": "村社区"}
    assert known("doorplates", "owner_id_n", shapes=True) == {}
    assert known("inspections", "inspected_", "inspector", encoding="utf-8", shapes=True) == {
        "inspected_on": "inspected_", "inspector": "inspector",
    }  # fmt: skip


def test_unknown_columns_keep_their_names_and_row_numbers_are_dropped() -> None:
    columns = assign(source("id", "颜色", "fid", "OBJECTID"), DICTIONARY["roads"], PROFILE, {})
    assert columns.others == ("颜色",)
    assert columns.dropped == ("fid", "OBJECTID")


def test_coordinates_beside_shapes_are_kept_as_columns_and_shapes_beside_shapes_dropped() -> None:
    columns = assign(source("id", "lon", "lat", "wkt", shapes=True), DICTIONARY["roads"], PROFILE, {})
    assert columns.others == ("lon", "lat")
    assert columns.dropped == ("wkt",)


def test_a_map_overrides_everything_and_may_leave_columns_out() -> None:
    table = source("name", "标准名称", "id", "甲")
    with pytest.raises(SchemaError, match="name, 标准名称"):
        assign(table, DICTIONARY["roads"], PROFILE, {})
    columns = assign(table, DICTIONARY["roads"], PROFILE, {"name": "", "甲": "note"})
    assert columns.known == {"name": "标准名称", "id": "id", "note": "甲"}
    assert columns.dropped == ("name",)


def test_synonyms_of_the_profile_name_columns_that_exist() -> None:
    for layer, words in PROFILE.columns.items():
        allowed = (
            {column for known in DICTIONARY.values() for column in known.columns}
            if layer == "any"
            else set(DICTIONARY[layer].columns)
        )
        assert set(words.values()) <= allowed | set(POSITION), layer
        assert len({fold(word) for word in words}) == len(words)


def test_map_files(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('layer = "roads"\ncrs = "EPSG:4490"\n[columns]\n"路名" = "name"\n"x" = "lon"\n', "utf-8")
    loaded = mapping.load(path)
    assert (loaded.layer, loaded.crs, loaded.columns) == ("roads", "EPSG:4490", {"路名": "name", "x": "lon"})
    assert mapping.load(None).columns == {}
    for content, fault in (
        ('[columns]\n"a" = "nam"\n', CallError),
        ('colums = "a"\n', CallError),
        ("crs = 4490\n", CallError),
        ("columns = 3\n", CallError),
        ("not toml", FileError),
    ):
        path.write_text(content, "utf-8")
        with pytest.raises(fault):
            mapping.load(path)
    with pytest.raises(FileError):
        mapping.load(tmp_path / "none.toml")


def test_the_layer_is_guessed_only_when_one_fits() -> None:
    plates = source(*CHINESE.values(), "颜色")
    assert guess(plates, PROFILE, {}) is DICTIONARY["doorplates"]
    assert guess(source("id", "name"), PROFILE, {}) is None
    assert guess(source("甲", "乙"), PROFILE, {}) is None


def test_a_file_is_known_by_its_name_or_its_columns_or_not_at_all(tmp_path: Path, reg: Register) -> None:
    table = table_of(PLATES, "easting", "northing")
    table.to_csv(tmp_path / "门楼牌.csv", index=False)
    table.assign(id=["a", "b", "c"]).to_csv(tmp_path / "export.csv", index=False)
    for name in ("门楼牌.csv", "export.csv"):
        (result,) = import_file(reg, tmp_path / name, crs="EPSG:4549")
        assert (result.layer, result.added) == ("doorplates", 3)
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", "utf-8")
    with pytest.raises(SchemaError, match="--layer"):
        import_file(reg, tmp_path / "x.csv")
    with pytest.raises(CallError, match="doorplates"):
        import_file(reg, tmp_path / "x.csv", layer="plates")


def test_sheets_of_a_workbook_are_layers_by_name(tmp_path: Path, reg: Register) -> None:
    witnesses = pd.DataFrame(
        {"界桩标识": ["m1"], "方位物序号": [1], "方位物名称": ["路口"], "方位角（度）": [10.5], "距离（米）": [3]}
    )
    with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter") as book:
        pd.DataFrame({"说明": ["填表说明"]}).to_excel(book, sheet_name="说明", index=False)
        witnesses.to_excel(book, sheet_name="方位物", index=False)
        table_of(PLATES, "easting", "northing").to_excel(book, sheet_name="doorplates", index=False)
    results = import_file(reg, tmp_path / "a.xlsx", crs="EPSG:4549")
    assert [(one.layer, one.added, one.skipped) for one in results] == [
        ("marker_witnesses", 1, ("说明",)),
        ("doorplates", 3, ("说明",)),
    ]
    assert reg.layer("marker_witnesses").index.tolist() == ["m1/1"]


def test_a_title_over_the_table_is_passed_over_and_rows_count_as_in_the_sheet(tmp_path: Path, take: Take) -> None:
    table = table_of(PLATES, "easting", "northing").assign(status=["in_use", "gone", "in_use"])
    with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter") as book:
        table.to_excel(book, index=False, startrow=2)
        book.sheets["Sheet1"].write(0, 0, "嵊州市门楼牌登记表")
    result = take(tmp_path / "a.xlsx", layer="doorplates", crs="EPSG:4549")
    assert [row for row, _ in result.refused] == [5]


def test_layers_of_a_geopackage_that_are_not_in_the_dictionary_are_named_as_skipped(
    tmp_path: Path, reg: Register
) -> None:
    path = write(PLATES, tmp_path / "a.gpkg", layer="doorplates")
    write(PLATES, path, layer="底图", append=True)
    (result,) = import_file(reg, path)
    assert result.skipped == ("底图",)
    assert any("底图" in note.zh for note in result.notes)


def test_layers_of_a_geopackage_are_known_by_name_only(tmp_path: Path, reg: Register) -> None:
    path = write(PLATES, tmp_path / "a.gpkg", layer="门牌2024")
    with pytest.raises(SchemaError, match="门牌2024"):
        import_file(reg, path)
    (result,) = import_file(reg, path, layer="doorplates")
    assert result.added == 3


def test_a_sheet_named_by_the_map(tmp_path: Path, take: Take) -> None:
    path = write_xlsx(table_of(PLATES, "easting", "northing"), tmp_path / "a.xlsx", "数据")
    assert take(path, mapping={"sheet": "数据", "layer": "doorplates", "crs": "EPSG:4549"}).added == 3
    with pytest.raises(FileError, match="数据"):
        take(path, mapping={"sheet": "没有"})
