"""Segmentation against the labelled addresses, and what must hold for any text."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorplates.addresses import lexicon
from doorplates.addresses.personal import PersonalData
from doorplates.addresses.segment import COLUMNS, FEW, Segmenter
from doorplates.addresses.subnumbers import SubNumbers, by_grammar
from doorplates.layers import SEGMENTS
from register import profiles
from tests.doorplates.addresses import labelled

TABLES = ("known_divisions", "former_divisions", "division_suffixes", "estate_generic_terms", "road_generic_endings")
CASES = labelled.read()


def table(name: str) -> pd.DataFrame:
    return profiles.read_table(f"tables/{name}.csv")


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    words = lexicon.build(tables={name: table(name) for name in TABLES}, county_code="330683")
    return Segmenter(words, PersonalData.from_tables(table("person_marks"), table("surnames")))


def said(segments: pd.DataFrame) -> list[dict[str, str]]:
    segments = segments[list(SEGMENTS)]
    rows = segments.astype("object").where(segments.notna(), None).to_dict("records")
    return [{str(part): value for part, value in row.items() if value is not None} for row in rows]


@pytest.fixture(scope="module")
def outcome(segmenter: Segmenter) -> list[dict[str, str]]:
    return said(segmenter.segments(pd.Series([text for _, text, _ in CASES], dtype="str")))


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case[1] for case in CASES])
def test_labelled_address(outcome: list[dict[str, str]], place: int) -> None:
    assert outcome[place] == CASES[place][2]


def test_there_are_enough_labelled_addresses() -> None:
    assert len(CASES) >= 200


def test_rows_keep_their_order_and_index(segmenter: Segmenter) -> None:
    texts = pd.Series([case[1] for case in CASES] * 2, dtype="str")[::-1]
    assert len(texts) > FEW
    segments = segmenter.segments(texts)
    assert list(segments.index) == list(texts.index)
    assert said(segments) == [expected for *_, expected in CASES][::-1] * 2


def test_missing_and_empty_texts_have_no_segments(segmenter: Segmenter) -> None:
    segments = segmenter.segments(pd.Series([None, "", " "], dtype="str"))
    assert segments.isna().all(axis=None)
    assert list(segments.columns) == [*SEGMENTS, "unknown"]


def test_a_split_can_be_explained(segmenter: Segmenter) -> None:
    _, pieces = segmenter.one("嵊州市剡溪路128号")
    assert [(piece.part, piece.value, piece.why) for piece in pieces] == [
        ("county", "嵊州市", "known name"),
        ("road", "剡溪路", "ending 路"),
        ("plate_no", "128", "number"),
    ]


def test_no_division_is_invented(segmenter: Segmenter) -> None:
    outcome = said(segmenter.segments(pd.Series(["长乐路1号", "剡溪路1号", "东山镇人民路2号"], dtype="str")))
    assert not any({"province", "prefecture", "county"} & row.keys() for row in outcome)


def test_names_of_the_register_decide() -> None:
    roads = pd.DataFrame({"name": ["嵊州剡溪路", "镇前"], "status": ["in_use", "in_use"]})
    places = pd.DataFrame({"name": ["鹿鸣"], "kind": ["estate_building"], "status": ["in_use"]})
    divisions = pd.DataFrame({"code": ["330683100201"], "name": ["章村路社区"], "level": ["village"]})
    words = lexicon.build(
        tables={name: table(name) for name in TABLES},
        county_code="330683",
        roads=roads,
        places=places,
        divisions=divisions,
    )
    segmenter = Segmenter(words, PersonalData.from_tables(table("person_marks"), table("surnames")))
    texts = ["嵊州剡溪路1号", "甘霖镇镇前1号", "嵊州市鹿鸣3幢", "嵊州市章村路社区5号"]
    assert said(segmenter.segments(pd.Series(texts, dtype="str"))) == [
        {"road": "嵊州剡溪路", "plate_no": "1"},
        {"township": "甘霖镇", "road": "镇前", "plate_no": "1"},
        {"county": "嵊州市", "estate": "鹿鸣", "building": "3"},
        {"county": "嵊州市", "community": "章村路社区", "plate_no": "5"},
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        alphabet="浙江省绍兴市嵊州剡溪路村镇花园弄号幢单元室楼组之附临甲第0123456789-()（） ,一二三十aA#\u200b",
        max_size=30,
    )
)
def test_any_text_is_read(segmenter: Segmenter, text: str) -> None:
    once = segmenter.one_by_one(pd.Series([text], dtype="str"))
    together = segmenter.segments(pd.Series([*["嵊州市剡溪路1号"] * FEW, text, "楼村3号"], dtype="str"))
    assert said(once)[0] == said(together)[FEW]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "嵊州市", "嵊州市剡湖街道", "甘霖镇尹家村", "嵊州市甘霖镇尹家村上宅", "五一路三号", "剡溪路临", "第"]),
            st.sampled_from(["剡溪路", "柳塘一弄", "剡溪花园", "中山路支弄", "东浦社区", ""]),
            st.sampled_from(["128号", "3幢2单元501室", "12-3-501", "261弄14号", "3组12号", "12号附3号", "27-29", "104国道5号", "5", "3号4号"]),
            st.sampled_from(["", "", "对面", "301", "（后门）"]),
        ),
        min_size=1,
        max_size=12,
    )
)  # fmt: skip
def test_gathering_gives_the_same_as_reading_one_by_one(
    segmenter: Segmenter, parts: list[tuple[str, str, str, str]]
) -> None:
    texts = pd.Series(["".join(part) for part in parts], dtype="str")
    many = pd.concat([texts] * (FEW // len(texts) + 1))
    assert segmenter.segments(many).equals(segmenter.one_by_one(many))
    alone = pd.DataFrame([segmenter.one(text)[0] for text in many], columns=list(COLUMNS), dtype="str")
    assert segmenter.segments(many).reset_index(drop=True).equals(alone)


@given(st.from_regex(r"[0-9]{1,4}号?[-附之][0-9]{1,4}|[0-9]{1,4}|[甲乙临]?[0-9]{1,3}[-~][0-9]{1,3}", fullmatch=True))
@settings(max_examples=25, deadline=None)
def test_usual_sub_numbers_are_read_as_the_grammar_reads_them(number: str) -> None:
    numbers = SubNumbers()
    numbers.learn([number])
    assert [numbers.known[number]] == by_grammar(pd.Series([number], dtype="str"))
