"""``diming plate order|draw|certificate|proof|trip`` and ``diming report`` from the words of a call to the files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from register.store import opened
from tests.case_files import layers_of
from tests.register.cli.conftest import Outcome

Cli = Callable[..., Outcome]
OWNER = "无名氏甲"
LAYERS = {
    "divisions": [
        {"code": "330683000000", "name": "嵊州市", "level": "county", "geometry": None},
        {"code": "330683001000", "name": "剡湖街道", "level": "township", "geometry": None},
    ],
    "roads": [{"id": "r", "name": "官河路", "status": "in_use", "geometry": "LINESTRING (580000 3270000, 580500 3270000)"}],
    "doorplates": [
        {"id": plate, "number": number, "kind": "road", "road_id": "r", "division_code": "330683001001", "status": "in_use",
         "owner_name": OWNER, "geometry": f"POINT ({580010 + 20 * int(number)} 3270010)"}
        for plate, number in (("a/1", "1"), ("b", "3"))
    ],
}  # fmt: skip


@pytest.fixture
def street(tmp_path: Path, cli: Cli) -> Path:
    path = tmp_path / "county.gpkg"
    assert cli("init", path).code == 0
    with opened(path) as register:
        for name, frame in layers_of(LAYERS).items():
            register.put(name, frame, actor="tester", reason="first import")
    return path


def test_order_and_drawings(cli: Cli, street: Path, tmp_path: Path) -> None:
    told = cli(
        "plate",
        "order",
        street,
        "--road",
        "r",
        "--out",
        tmp_path / "o.xlsx",
        "--record",
        "--actor",
        "x",
        "--format",
        "json",
    ).json
    assert (told["order"][:12], told["plates"], told["to_make"], told["left_out"]) == ("plate-order-", 2, 2, [])
    assert cli("plate", "draw", street, "--all", "--out", tmp_path / "svg").code == 0
    assert sorted(file.name for file in (tmp_path / "svg").iterdir()) == ["a%2f1.svg", "b.svg"]
    assert cli("plate", "draw", street, "--all", "--out", tmp_path / "one.svg").code == 2
    assert cli("plate", "order", street, "--out", tmp_path / "o.xlsx").code == 2
    assert cli("plate", "order", street, "--plate", "zz", "--out", tmp_path / "o.xlsx").code == 2


def test_certificate_and_proof_by_role(cli: Cli, street: Path, tmp_path: Path) -> None:
    issue = ("plate", "certificate", street, "--plate", "b", "--actor", "李敏", "--today", "2026-01-05")
    assert cli(*issue, "--out", tmp_path / "c.html", "--format", "json").json[0]["number"] == "830012026200001"
    assert OWNER in (tmp_path / "c.html").read_text(encoding="utf-8")
    assert cli(*issue, "--role", "clerk").code == 2
    proof = ("plate", "proof", street, "b", "--actor", "李敏", "--out", tmp_path / "p.docx")
    assert cli(*proof, "--other", "不动产证=老街1号", "--today", "2026-01-05").out.strip() == "address-proof-2026-0001"
    assert (tmp_path / "p.docx").read_bytes().startswith(b"PK")
    assert cli(*proof, "--other", "老街1号").code == 2


def test_a_trip_from_making_to_the_plan(cli: Cli, street: Path, tmp_path: Path) -> None:
    made = cli(
        "plate",
        "trip",
        "new",
        street,
        "--road",
        "r",
        "--any",
        "--actor",
        "张",
        "--out",
        tmp_path / "t.gpx",
        "--format",
        "json",
    )
    trip = made.json["trip"]
    assert cli("plate", "trip", "form", street, trip, "--out", tmp_path / "t.xlsx").code == 0
    assert cli("plate", "trip", "form", street, trip, "--out", tmp_path / "t.pdf").code == 2
    answers = tmp_path / "t.csv"
    answers.write_text(
        "plate,answer,number_found\na/1,confirmed,\nb,corrected_number,5\nq,confirmed,\n", encoding="utf-8"
    )
    told = cli(
        "--lang",
        "en",
        "plate",
        "trip",
        "import",
        street,
        answers,
        "--trip",
        trip,
        "--actor",
        "张",
        "--out",
        tmp_path / "plan.csv",
    ).json
    assert (told["read"], told["in"], [one["row"] for one in told["refused"]], told["proposals"]) == (3, 2, [4], 1)
    with (tmp_path / "plan.csv").open(encoding="utf-8-sig") as file:
        row = next(csv.DictReader(file))
    assert (row["record_id"], row["field"], row["before"], row["after"], row["accept"]) == ("b", "number", "3", "5", "")
    listed = cli("plate", "trip", "list", street, "--format", "json").json
    assert listed[0]["state"] == "done"
    report = cli("report", street, "--year", listed[0]["opened_on"][:4], "--format", "json").json
    assert (report["figures"]["site_visits"], report["figures"]["site_points"]) == (1, 2)


def test_the_report_in_every_form(cli: Cli, street: Path, tmp_path: Path) -> None:
    call = ("report", street, "--year", "2026", "--today", "2026-06-01")
    assert "# " in cli(*call).out
    assert (
        cli(
            *call,
            "--format",
            "docx",
            "--out",
            tmp_path / "r.docx",
            "--charts",
            tmp_path / "c.svg",
            "--keep",
            "--actor",
            "李敏",
        ).code
        == 0
    )
    assert (tmp_path / "r.docx").read_bytes().startswith(b"PK") and "<svg" in (tmp_path / "c.svg").read_text(
        encoding="utf-8"
    )
    assert json.loads(cli(*call, "--format", "json").out)["compared_with"] == "2026-06-01"
    assert cli("report", street, "--year", "3026").code == 2
    assert cli(*call, "--keep").code == 2
