"""The encoding is found out, said, and never guessed into wrong characters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fiona
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.cases.importing import ImportResult
from register.exchange.encoding import decode, known_codec
from register.exchange.reading import read
from register.exchange.shapefile import read_text_columns
from register.store import Register
from rulebook.errors import CallError, FileError
from tests.register.exchange.conftest import PLAIN, pack, write, write_gbk_shapefile

Take = Callable[..., ImportResult]
PATH = Path("a.csv")
CHINESE = "标识,名称\n1,剡溪路\n2,滨江路\n3,甘霖镇\n4,崇仁镇\n5,长乐镇\n6,三界镇\n7,黄泽镇\n8,石璜镇\n"


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=20))
@example("一" * 20)
def test_chinese_text_is_read_right_in_both_encodings(text: str) -> None:
    for codec in ("utf-8", "gb18030"):
        assert decode(text.encode(codec), PATH, None)[0] == text


def test_what_was_chosen_is_said_unless_it_makes_no_difference() -> None:
    assert "GB18030" in decode(CHINESE.encode("gbk"), PATH, None)[1][0].zh
    assert "UTF-8" in decode(CHINESE.encode(), PATH, None)[1][0].zh
    assert decode(b"id,name\n", PATH, None)[1] == ()
    for codec in ("utf-8-sig", "utf-16", "utf-16-le"):
        data = CHINESE.encode(codec)
        assert decode(data if codec != "utf-16-le" else b"\xff\xfe" + data, PATH, None) == (CHINESE, ())


def test_a_few_broken_bytes_in_utf8_are_named_and_not_read_as_gb18030() -> None:
    data = CHINESE.encode().replace("滨".encode(), b"\xe6\xbb")
    with pytest.raises(FileError, match="line 3"):
        decode(data, PATH, None)


def test_the_callers_word_counts() -> None:
    assert decode(CHINESE.encode("gbk"), PATH, "GBK") == (CHINESE, ())
    assert decode(CHINESE.encode("big5", errors="ignore"), PATH, "big5")[1] == ()
    with pytest.raises(FileError, match="line 1, byte 1"):
        decode(CHINESE.encode("gbk"), PATH, "utf-8")
    with pytest.raises(CallError):
        known_codec("GBK2")
    assert known_codec("CP936") == "gb18030"


def test_romanised_names_in_utf8_are_not_taken_for_chinese() -> None:
    assert decode("Shànxī Lù,Bīnjiāng Lù,Lǜshuǐ".encode(), PATH, None)[0] == "Shànxī Lù,Bīnjiāng Lù,Lǜshuǐ"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(tmp_path: Path, ending: str) -> None:
    (tmp_path / "a.csv").write_bytes(CHINESE.replace("\n", ending).encode("gbk"))
    (source,) = read(tmp_path / "a.csv")
    assert source.table["名称"].tolist()[:2] == ["剡溪路", "滨江路"]
    assert source.table.index.tolist() == list(range(2, 10))


@pytest.mark.parametrize(
    ("cpg", "codec"), [("936", "GBK"), ("GBK", "GBK"), ("UTF-8", "UTF-8"), ("65001", "UTF-8"), ("ANSI 936", "GBK")]
)
def test_a_cpg_is_honoured(tmp_path: Path, take: Take, reg: Register, cpg: str, codec: str) -> None:
    write(PLAIN, tmp_path / "doorplates.shp", encoding=codec)
    (tmp_path / "doorplates.cpg").write_text(cpg)
    result = take(tmp_path / "doorplates.shp")
    assert not any("编码" in note.zh for note in result.notes)
    assert reg.layer("doorplates")["old_address"].tolist()[2] == "吉祥里，旧宅"


def test_chinese_headings_and_cells_cut_at_the_width_of_the_field(tmp_path: Path) -> None:
    renamed = PLAIN.rename(columns={"old_address": "原门牌地址", "note": "备注"})
    write_gbk_shapefile(renamed.assign(备注="剡" * 130), tmp_path / "a.shp")
    data = (tmp_path / "a.dbf").read_bytes()
    columns, rows = read_text_columns(tmp_path / "a.dbf")
    assert rows == 3
    widest = max(columns, key=lambda column: column.width)
    assert len(widest.cells[0]) <= widest.width
    (tmp_path / "a.dbf").write_bytes(data.replace("剡".encode("gbk") * 127, b" " + "剡".encode("gbk") * 126 + b"\xe1"))
    (source,) = read(tmp_path / "a.shp")
    assert "原门牌地址" in source.table.columns
    assert set(source.table["备注"].str.strip("\ufffd 剡?")) <= {""}


@pytest.mark.parametrize(("name", "told"), [("剡溪大道北", True), ("剡溪大道", False), ("Shanxi Lu 1", False)])
def test_cells_that_fill_a_narrow_field_are_told(tmp_path: Path, name: str, told: bool) -> None:
    schema = {"geometry": "Point", "properties": {"id": "str:10", "name": "str:11"}}
    with fiona.open(tmp_path / "a.shp", "w", "ESRI Shapefile", schema=schema, encoding="gbk") as file:
        for number, text in enumerate(("短名", name), 1):
            properties = {"id": str(number), "name": text}
            file.write(
                {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": (0, 0)}}
            )
    (source,) = read(tmp_path / "a.shp", encoding="gbk")
    full = [note.en for note in source.notes if 'Column "name" is 11 bytes wide and 1 rows fill it (row 2' in note.en]
    assert bool(full) is told


def test_names_in_gbk_inside_a_zip(tmp_path: Path) -> None:
    """Python writes names beyond ASCII as marked UTF-8, so a name of equal length is exchanged for the GBK one."""
    (tmp_path / "m4pq.csv").write_text("id\n1\n", encoding="utf-8")
    path = pack(tmp_path / "a.zip", tmp_path / "m4pq.csv")
    path.write_bytes(path.read_bytes().replace(b"m4pq.csv", "门牌.csv".encode("gbk")))
    (source,) = read(path)
    assert source.name == "门牌"
