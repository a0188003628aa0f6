"""The mergers of 2019 and the communities of 2022, carried through a register from the command line and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from register import profiles
from register.cases.checking import check
from register.catalogue import RULES
from register.store import opened
from tests.flows import shengzhou_2018
from tests.register.cli.conftest import Outcome, cli  # noqa: F401 - a fixture
from tests.register.division_county import contents

TODAY = "2026-06-01"
CODES_AND_NAMES = tuple(
    rule for rule in RULES if rule.code.startswith(("DIV", "BND30", "DOR305", "ADR20", "ADR402", "ADR404", "NAM30"))
)
Cli = Callable[..., Outcome]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return shengzhou_2018.build(tmp_path / "county.gpkg")


def found(path: Path, today: str = TODAY) -> set[tuple[str, str]]:
    with opened(path) as register:
        report = check(register, rules=CODES_AND_NAMES, today=today)
    assert not report.crashes
    return {(one.rule.code, one.record_id) for one in report}


def townships(path: Path) -> pd.DataFrame:
    with opened(path) as register:
        divisions = register.layer("divisions")
    now = divisions[divisions["valid_to"].isna() & divisions["level"].eq("township")]
    return now[["name", "nbs_code"]]


def test_the_mergers_and_the_communities_in_turn(path: Path, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    mergers, communities = tmp_path / "2019.toml", tmp_path / "2022.toml"
    mergers.write_text(shengzhou_2018.MERGERS_2019, encoding="utf-8")
    communities.write_text(shengzhou_2018.communities_of_2022(), encoding="utf-8")
    with opened(path) as register:
        in_2018 = contents(register)

    first = cli("divisions", "apply", path, mergers, "--actor", "李敏", "--today", TODAY)
    assert first.code == 0, first.err
    assert first.json["layers"]["divisions"]["open"] == 0
    table = profiles.load().table("division_code_series")
    listed = table[table["valid_to"].isna()]
    now = townships(path)
    assert set(now.index) == set(listed["civil_code"] + "000")
    merged = now[now.index.isin([f"330683{tail}000" for tail in ("111", "112", "113", "206")])]
    assert dict(zip(merged["name"], merged["nbs_code"], strict=True)) == {
        "石璜镇": "330683105000",
        "谷来镇": "330683106000",
        "金庭镇": "330683108000",
        "贵门乡": "330683200000",
    }
    with opened(path) as register:
        divisions, addresses, plates = (register.layer(name) for name in ("divisions", "addresses", "doorplates"))
    assert divisions.loc["330683111213", ["name", "parent_code", "valid_from"]].tolist() == [
        "戴溪村",
        "330683111000",
        "2019-03-01",
    ]
    assert divisions.loc[divisions["name"].eq("松明培村") & divisions["valid_to"].isna(), "code"].tolist() == [
        "330683111214"
    ]  # its serial 201 is taken by a village of 石璜镇
    assert divisions.loc["330683113000"].geometry.area == pytest.approx(2 * 8e6)
    assert addresses.loc["A330683109246-5", ["text", "standard_text", "township", "division_code"]].tolist() == [
        "嵊州市金庭镇北漳村5号",
        "嵊州市金庭镇北漳村5号",
        "金庭镇",
        "330683113246",
    ]
    assert plates.loc["D330683205201-7", ["standard_address", "division_code"]].tolist() == [
        "嵊州市石璜镇松明培村7号",
        "330683111214",
    ]
    assert divisions.loc["330683113246", "nbs_code"] == "330683108246"  # as in the statistics list of 2019
    assert found(path) == set()
    assert found(path, "2019-03-01") == set()

    second = cli("divisions", "apply", path, communities, "--actor", "李敏", "--today", TODAY, "--take-proposals")
    assert second.code == 0, second.err
    with opened(path) as register:
        divisions, addresses, roads = (register.layer(name) for name in ("divisions", "addresses", "roads"))
    new = divisions[divisions["valid_from"].eq("2022-12-01")]
    assert len(new) == sum(len(one) - 1 for one in shengzhou_2018.COMMUNITIES_2022) == 16
    assert divisions.loc["330683004010", ["name", "nbs_code", "kind"]].tolist() == ["月湖社区", "330683005010", "社区"]
    assert pd.isna(divisions.loc["330683001002", "valid_to"])
    assert addresses.loc["A330683001002-5", ["text", "community", "division_code"]].tolist() == [
        "嵊州市剡湖街道明心社区5号",
        "明心社区",
        "330683001030",
    ]
    assert addresses.loc["A330683001002-7", "community"] == "新北社区"
    assert set(roads.loc["R330683001", "division_code"].split(";")) == {"330683001002", "330683001030", "330683001031"}
    assert found(path) == set()

    assert (
        cli("divisions", "code", "330683005010", "--register", path, "--on", "2024-01-01", "--format", "json").json[0][
            "counterpart"
        ]
        == "330683004010"
    )
    for done in (second, first):
        assert cli("undo", path, str(done.json["change_id"]), "--actor", "李敏").code == 0
    with opened(path) as register:
        after = contents(register)
        assert register.integrity() == []
    for layer, frame in in_2018.items():
        pd.testing.assert_frame_equal(frame, after[layer])


def test_a_file_in_the_statistics_series_is_told_apart(path: Path, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    """After the mergers an address on 330683105217 is of the statistics series, one on 330683109246 on a former code."""
    mergers = tmp_path / "2019.toml"
    mergers.write_text(shengzhou_2018.MERGERS_2019, encoding="utf-8")
    cli("divisions", "apply", path, mergers, "--actor", "李敏", "--today", TODAY)
    late = tmp_path / "late.csv"
    late.write_text(
        "id,text,division_code\nX1,嵊州市石璜镇通源村1号,330683105217\nX2,嵊州市金庭镇北漳村1号,330683109246\n",
        encoding="utf-8",
    )
    assert cli("import", path, late, "--layer", "addresses").code == 0
    assert {pair for pair in found(path) if pair[0].startswith("DIV")} == {("DIV104", "X1"), ("DIV501", "X2")}
