"""Sparing rules and records changes nothing: the quick judgement of a name is that of all rules over all records."""

from __future__ import annotations

import pytest
import shapely
from pyproj import CRS

from gazetteer.neighbours import NameIndex
from gazetteer.screen import Screen
from register.cases import pretest
from register.cases.name_book import NameBook, name_book
from register.cases.pretest import Proposal, judge
from register.store import create_register, opened
from tests import case_files

SQUARE = "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))"
STANDING = ("剡溪路", "山西路", "香樟园路", "滨江大道", "经一路", "经二路", "谢岙路", "官驿路", "剡溪小区", "甘霖路")
ASKED = (
    "剡溪路", "剡西路", "香樟苑路", "经3路", "滨江大道大道", "维也纳路", "鲁迅路", "嶀浦路", "重山路", "A路", "剡溪路小区", "锦绣路",
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> NameBook:
    path = tmp_path_factory.mktemp("screen") / "county.gpkg"
    lines = [f"LINESTRING (580000 {3270000 + 200 * n}, 580500 {3270000 + 200 * n})" for n in range(len(STANDING))]
    rows = {
        "roads": [{"id": f"r{n}", "name": name, "geometry": lines[n]} for n, name in enumerate(STANDING)],
        "divisions": [{"code": "330683100201", "name": "甲村", "geometry": SQUARE}],
        "areas": [{"id": "A1", "geometry": SQUARE}],
    }
    frames = case_files.layers_of(
        {name: [{**case_files.DEFAULTS.get(name, {}), **row} for row in several] for name, several in rows.items()}
    )
    register = create_register(str(path), "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name in rows:
        register.put(name, frames[name], actor="test", reason="test")
    register.close()
    with opened(path) as kept:
        return name_book(kept, "2026-11-24")


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("road", None),
        ("road", "LINESTRING (580000 3270010, 580400 3270010)"),
        ("estate_building", "POINT (581000 3271500)"),
    ],
)
def test_screened_judgement_is_the_whole_one(
    book: NameBook, monkeypatch: pytest.MonkeyPatch, kind: str, place: str | None
) -> None:
    shape = shapely.from_wkt(place) if place else None
    asked = [Proposal(name, kind, shape, 6.0) for name in ASKED]
    quick = [judge(book, one, lang="zh") for one in asked]
    with monkeypatch.context() as patched:
        patched.setattr(Screen, "is_plain", lambda *given: False)
        patched.setattr(Screen, "may_speak", lambda *given, **facts: given[1] not in ("NAM301", "NAM304"))
        patched.setattr(pretest, "_at_hand", lambda *given: {})
        patched.setattr(NameIndex, "concerned", lambda self, *given: self.records.index.to_numpy())
        whole = [judge(book, one, lang="zh") for one in asked]
    for name, ours, plain in zip(ASKED, quick, whole, strict=True):
        said, expected = ([(one["rule"], one["message"]) for one in outcome.findings] for outcome in (ours, plain))
        assert said == expected, name
        assert ours.verdict == plain.verdict


def test_neighbours_come_likest_first_with_their_distance(book: NameBook) -> None:
    outcome = judge(book, Proposal("剡西路", "road", shapely.Point(580000, 3270100)), lang="zh")
    assert [(one["name"], one["band"]) for one in outcome.neighbours] == [
        ("剡溪路", "same_tone"), ("山西路", "same_sound"),
    ]  # fmt: skip
    assert outcome.neighbours[0]["distance_m"] == 100.0


def test_held_places_are_told_with_where_they_lie(book: NameBook) -> None:
    outcome = judge(book, Proposal("剡溪路小区", "estate_building", shapely.Point(580000, 3270100)), lang="zh")
    assert [(one["name"], one["distance_m"], one["lies_there"]) for one in outcome.held] == [("剡溪路", 100.0, False)]


def test_records_left_aside_do_not_judge(book: NameBook) -> None:
    there = Proposal("剡溪路", "road", shapely.Point(580000, 3270000))
    assert judge(book, there, lang="zh").verdict == "fail"
    assert judge(book, there, lang="zh", without=frozenset({"roads:r0"})).verdict != "fail"


def test_hints_are_spared_while_one_types_and_the_verdict_stays(book: NameBook) -> None:
    line = shapely.from_wkt("LINESTRING (580000 3270010, 580400 3270010)")
    for name in ASKED:
        whole, typed = (
            judge(book, Proposal(name, "road", line, 6.0), lang="zh", hints=hints) for hints in (True, False)
        )
        assert typed.verdict == whole.verdict
        assert typed.findings == [one for one in whole.findings if one["rule"] not in {"NAM404", "NAM405", "NAM406"}]
        assert {one["rule"] for one in whole.findings} - {one["rule"] for one in typed.findings} <= {
            one["rule"] for one in typed.not_run
        }
