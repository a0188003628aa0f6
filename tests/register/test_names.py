"""``diming name``: the outputs of the outside contract, and a sentence for a wrong call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyproj import CRS

from register.cli import diming
from register.store import create_register
from tests import case_files


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = diming.run(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "county.gpkg"
    rows = {
        "roads": [
            {"id": "a", "name": "剡溪路", "geometry": "LINESTRING (580000 3270000, 580500 3270000)"},
            {
                "id": "b",
                "name": "滨江路",
                "status": "planned",
                "geometry": "LINESTRING (580000 3270300, 580500 3270300)",
            },
        ],
        "divisions": [
            {
                "code": "330683100201",
                "name": "甲村",
                "level": "village",
                "kind": "村",
                "geometry": "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))",
            }
        ],
        "areas": [
            {
                "id": "A1",
                "kind": "built_up",
                "name": "城区",
                "geometry": "POLYGON ((579000 3269000, 582000 3269000, 582000 3272000, 579000 3272000, 579000 3269000))",
            }
        ],
    }
    filled = {name: [{**case_files.DEFAULTS.get(name, {}), **row} for row in several] for name, several in rows.items()}
    frames = case_files.layers_of(filled)
    kept = create_register(str(path), "zhejiang/shengzhou", CRS("EPSG:4549"))
    for name in rows:
        kept.put(name, frames[name], actor="test", reason="test")
    kept.close()
    return path


AT = "120.8316,29.5502"  # 580600 3270200 in EPSG:4549, in the built-up area


def pretest(capsys: pytest.CaptureFixture[str], register: Path, name: str, *more: str) -> dict[str, object]:
    code, out, err = run(
        capsys, "name", "test", name, "--kind", "road", "--register", str(register), "--format", "json", *more
    )
    assert code == 0, err
    return json.loads(out)


def test_pinyin_gives_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "name", "pinyin", "剡溪路", "重山路", "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {"name": "剡溪路", "pinyin": "Shànxī Lù", "ascii": "Shanxi Lu", "uncertain": []},
        {"name": "重山路", "pinyin": "Chóngshān Lù", "ascii": "Chongshan Lu", "uncertain": ["重"]},
    ]


@pytest.mark.parametrize(
    ("name", "pinyin"), [("王村", "Wángcūn"), ("甘霖镇", "Gānlín Zhèn"), ("天台", "Tiāntāi"), ("会稽山", "Kuàijī Shān")]
)
def test_without_a_kind_the_generic_term_tells(capsys: pytest.CaptureFixture[str], name: str, pinyin: str) -> None:
    _, out, _ = run(capsys, "name", "pinyin", name, "--format", "json")
    assert json.loads(out)[0]["pinyin"] == pinyin


def test_compare_gives_band_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "name", "compare", "剡溪路", "山西路", "--format", "json", "--lang", "en")
    assert code == 0
    said = json.loads(out)
    assert said["band"] == "same_sound"
    assert "Shànxī Lù" in said["why"]


def test_a_name_in_use_in_the_same_area_fails(capsys: pytest.CaptureFixture[str], register: Path) -> None:
    said = pretest(capsys, register, "剡溪路", "--at", AT)
    assert said["verdict"] == "fail"
    assert [finding["rule"] for finding in said["findings"]] == ["NAM401"]
    assert said["findings"][0]["related"] == ["roads:a"]
    assert (said["specific"], said["generic"], said["pinyin"]) == ("剡溪", "路", "Shànxī Lù")


def test_a_homophone_warns(capsys: pytest.CaptureFixture[str], register: Path) -> None:
    said = pretest(capsys, register, "剡西路", "--at", AT)
    assert said["verdict"] == "warn"
    assert [finding["rule"] for finding in said["findings"]] == ["NAM402", "NAM405"]


def test_a_rare_character_fails_as_the_name_is_planned(capsys: pytest.CaptureFixture[str], register: Path) -> None:
    said = pretest(capsys, register, "嶀浦路", "--at", AT)
    assert said["verdict"] == "fail"
    assert [(finding["rule"], finding["level"]) for finding in said["findings"]] == [("NAM106", "error")]


def test_a_good_name_passes(capsys: pytest.CaptureFixture[str], register: Path, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[120.83, 29.55], [120.835, 29.555]]}
    file = tmp_path / "road.geojson"
    file.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": line}), encoding="utf-8")
    said = pretest(capsys, register, "锦绣路", "--geometry", str(file), "--width-m", "24")
    assert said["verdict"] == "pass"
    assert said["findings"] == []


def test_without_a_place_the_rules_that_need_one_are_listed(capsys: pytest.CaptureFixture[str], register: Path) -> None:
    said = pretest(capsys, register, "剡溪路")
    assert said["verdict"] == "pass"
    assert {"NAM301", "NAM401", "NAM402"} <= {one["rule"] for one in said["not_run"]}


@pytest.mark.parametrize(
    "words",
    [
        ("name", "pinyin", "剡溪路", "--kind", "street"),
        ("name", "pinyin", " "),
        ("name", "compare", "剡溪路", ""),
        ("name", "test", "剡溪路", "--kind", "road", "--register", "missing.gpkg"),
    ],
)
def test_a_wrong_call_is_one_sentence(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("at", ["120.8", "east,north", "120.8;29.5", "999,999"])
def test_a_wrong_place_is_one_sentence(capsys: pytest.CaptureFixture[str], register: Path, at: str) -> None:
    code, _, err = run(capsys, "name", "test", "剡溪路", "--kind", "road", "--register", str(register), "--at", at)
    assert code == 2
    assert "--at" in err or at in err
