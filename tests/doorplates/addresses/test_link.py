"""Links and grades over a little register."""

from __future__ import annotations

import pandas as pd
import pytest

from doorplates.addresses.link import LINKS
from doorplates.layers import SEGMENTS
from register.cases.addresses import LAYERS, AddressReader
from tests.case_files import layers_of

RECORDS = {
    "divisions": [
        {"code": "330683000000", "name": "嵊州市", "level": "county"},
        {"code": "330683100000", "name": "甘霖镇", "level": "township"},
        {"code": "330683101000", "name": "长乐镇", "level": "township"},
        {"code": "330683100201", "name": "尹家村"},
        {"code": "330683101201", "name": "长乐村", "parent_code": "330683101000"},
    ],
    "roads": [
        {"id": "new-1", "name": "新建路", "division_code": "330683100201"},
        {"id": "new-2", "name": "新建路", "division_code": "330683101201"},
        {"id": "shan", "name": "剡溪路", "division_code": "330683100201"},
        {"id": "lane", "name": "剡溪路261弄", "division_code": "330683100201"},
        {"id": "old", "name": "旧街", "status": "abolished"},
    ],
    "place_names": [
        {"id": "home", "name": "上宅", "kind": "natural_village", "division_code": "330683100201", "aliases": "宅上"},
        {"id": "garden", "name": "剡溪花园", "kind": "estate_building", "division_code": "330683100201"},
    ],
    "doorplates": [
        {"id": "n1", "road_id": "new-1", "number": "3"},
        {"id": "n2", "road_id": "new-2", "number": "3", "division_code": "330683101201"},
        {"id": "n3", "road_id": "new-2", "number": "5", "division_code": "330683101201"},
        {"id": "s1", "road_id": "shan", "number": "128"},
        {"id": "s2", "road_id": "shan", "number": "128-1"},
        {"id": "s3", "road_id": "shan", "number": "130", "status": "cancelled"},
        {"id": "l1", "road_id": "lane", "number": "14"},
        {"id": "l2", "road_id": "shan", "number": "300弄5"},
        {"id": "h1", "kind": "village", "road_id": "", "place_id": "home", "number": "3组12"},
        {"id": "e1", "kind": "estate", "road_id": "", "place_id": "garden", "number": "3", "building": "3"},
        {
            "id": "e2",
            "kind": "estate",
            "road_id": "",
            "place_id": "garden",
            "number": "1",
            "building": "5",
            "room": "201",
        },
    ],
}
STAND = {"division_code": "330683100201"}


CASES: list[tuple[str, dict[str, str | None]]] = [

    ("嵊州市甘霖镇新建路3号", {"road_id": "new-1", "doorplate_id": "n1", "grade": "A", "division_code": "330683100201"}),
    ("长乐镇新建路3号", {"road_id": "new-2", "doorplate_id": "n2", "grade": "A", "standard_text": "嵊州市长乐镇新建路3号"}),
    ("新建路3号", {"road_id": None, "doorplate_id": None, "grade": "C", "reason": "candidates"}),  # two roads bear it
    ("新建路5号", {"road_id": "new-2", "doorplate_id": "n3", "grade": "B", "reason": "near_name"}),  # one has a 5
    ("善溪路128号", {"road_id": "shan", "doorplate_id": "s1", "grade": "B", "reason": "near_name"}),  # sounds the same
    ("剡西路128号", {"road_id": "shan", "doorplate_id": "s1", "grade": "B", "reason": "near_name"}),
    ("剡江路128号", {"road_id": None, "doorplate_id": None, "grade": "C", "candidates": "doorplates:s1"}),  # looks alike
    ("长乐镇善溪路128号", {"road_id": None, "grade": "D", "candidates": None}),  # no such sound in that town
    ("剡溪花园二期3幢", {"place_id": "garden", "doorplate_id": "e1", "grade": "B", "reason": "other_name"}),
    ("剡溪路128号", {"doorplate_id": "s1", "grade": "A", "standard_text": "嵊州市甘霖镇剡溪路128号"}),
    ("剡溪路128号附1号", {"doorplate_id": "s2", "grade": "A"}),
    ("剡溪路128号301室", {"doorplate_id": "s1", "grade": "B"}),  # finer than its plate
    ("剡溪路128号对面", {"doorplate_id": "s1", "grade": "B"}),  # a remark
    ("剡溪路130号", {"road_id": "shan", "doorplate_id": None, "grade": "C"}),  # the plate is cancelled
    ("长乐镇剡溪路128号", {"road_id": None, "doorplate_id": None, "grade": "D"}),  # no such road in that town
    ("剡溪路261弄14号", {"road_id": "lane", "doorplate_id": "l1", "grade": "A"}),
    ("剡溪路300弄5号", {"road_id": "shan", "doorplate_id": "l2", "grade": "A"}),
    ("旧街1号", {"road_id": None, "grade": "D"}),
    ("甘霖镇尹家村上宅3组12号", {"place_id": "home", "doorplate_id": "h1", "grade": "A"}),
    ("尹家村宅上3组12号", {"place_id": "home", "doorplate_id": "h1", "grade": "A"}),
    ("剡溪花园3幢", {"place_id": "garden", "doorplate_id": "e1", "grade": "A"}),
    ("剡溪花园3幢2单元501室", {"doorplate_id": "e1", "grade": "B"}),
    ("剡溪花园5幢201室", {"doorplate_id": "e2", "grade": "A"}),
    ("甘霖镇尹家村9号", {"division_code": "330683100201", "grade": "D"}),
    ("新昌县人民路1号", {"division_code": "330624000000", "grade": "D", "standard_text": "新昌县人民路1号"}),
    ("嵊县北漳镇楼岙村12号", {"county": "嵊县", "standard_text": "嵊州市金庭镇楼岙村12号"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> AddressReader:
    filled = {
        layer: [
            {**({"status": "in_use"} if layer != "divisions" else {"level": "village", "kind": "村", "parent_code": "330683100000"}),
             **(STAND if layer == "doorplates" else {}), **({"kind": "road"} if layer == "doorplates" else {}), **row}
            for row in rows
        ]
        for layer, rows in RECORDS.items()
    }  # fmt: skip
    frames = layers_of(filled)
    return AddressReader.knowing({name: frames[name] for name in LAYERS}, "zhejiang/shengzhou")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_links(reader: AddressReader, text: str, expected: dict[str, str | None]) -> None:
    row = reader.read(pd.Series([text], dtype="str")).astype("object").iloc[0]
    assert {name: None if pd.isna(row[name]) else row[name] for name in expected} == expected


def test_links_keep_the_order_of_rows(reader: AddressReader) -> None:
    texts = pd.Series(["剡溪路128号", None, "长乐镇新建路3号", "剡溪路128号"], index=[7, 3, 5, 1], dtype="str")
    links = reader.read(texts)
    assert list(links.index) == [7, 3, 5, 1]
    assert [None if pd.isna(one) else one for one in links["doorplate_id"]] == ["s1", None, "n2", "s1"]


def test_one_address_is_read_as_in_a_column(reader: AddressReader) -> None:
    texts = [text for text, _ in CASES]
    column = reader.read(pd.Series(texts, dtype="str")).astype("object")
    for place, text in enumerate(texts):
        row, one = column.iloc[place], reader.read_one(text)
        for name in (*SEGMENTS, *LINKS, "reason"):
            assert one[name] == (None if pd.isna(row[name]) else row[name]), (text, name)


def test_candidates_have_a_label_and_a_reason(reader: AddressReader) -> None:
    assert [(one["id"], one["label"], one["why"]) for one in reader.read_one("新建路3号")["candidates"]] == [
        ("n1", "新建路3", "same_name"),
        ("n2", "新建路3", "same_name"),
    ]
