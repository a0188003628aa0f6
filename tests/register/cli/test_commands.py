"""The commands of the outside contract: outputs, exit codes, sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from register.exchange.plans import read_plan, write_plan
from register.store import opened
from tests.register.cli.conftest import Outcome

Cli = Callable[..., Outcome]


@pytest.fixture
def plan(reg: Path, tmp_path: Path, cli: Cli) -> Path:
    """A fix plan for the register's one repairable name, accepted."""
    path = tmp_path / "plan.csv"
    checked = cli("check", reg, "--rule", "NAM102", "--plan", path)
    assert checked.code == 1, checked.err
    write_plan(path, read_plan(path).assign(accept="yes"))
    return path


def name_of(reg: Path, road: str) -> str:
    with opened(reg) as register:
        return str(register.layer("roads").loc[road, "name"])


def test_init_makes_a_register_once(tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "new.gpkg"
    assert cli("init", path).code == 0
    again = cli("init", path)
    assert again.code == 2
    assert "new.gpkg" in again.err
    assert "Traceback" not in again.err


def test_init_refuses_an_unknown_profile_with_the_nearest(tmp_path: Path, cli: Cli) -> None:
    refused = cli("init", tmp_path / "x.gpkg", "--profile", "zhejiang/shengzhu")
    assert refused.code == 2
    assert "zhejiang/shengzhou" in refused.err


def test_check_writes_findings_and_a_summary_as_json_lines(reg: Path, cli: Cli) -> None:
    done = cli("check", reg, "--rule", "NAM102", "--format", "jsonl")
    assert done.code == 1
    finding, last = done.jsonl
    assert {name: finding[name] for name in ("rule", "level", "layer", "record_id", "safety", "remedy", "related")} == {
        "rule": "NAM102",
        "level": "warning",
        "layer": "roads",
        "record_id": "r1",
        "safety": "safe",
        "remedy": "desk",
        "related": [],
    }
    assert finding["fix"] == [
        {"layer": "roads", "record_id": "r1", "field": "name", "before": "滨 江路", "after": "滨江路"}
    ]
    assert finding["message"].startswith("名称“滨 江路”")
    west, south, east, north = shapely.from_geojson(json.dumps(finding["geometry"])).bounds
    assert 120 < west < east < 121
    assert 29 < south <= north < 30
    summary = last["summary"]
    assert (summary["records"], summary["findings"], summary["by_rule"]) == (2, 1, {"NAM102": 1})
    assert summary["crashed"] == []
    assert summary["seconds"] >= 0


def test_check_is_clean_with_exit_code_0(reg: Path, cli: Cli) -> None:
    done = cli("check", reg, "--rule", "NAM103", "--format", "jsonl")
    assert done.code == 0
    assert done.jsonl[-1]["summary"]["findings"] == 0


def test_check_says_which_rules_did_not_run(reg: Path, cli: Cli) -> None:
    summary = cli("check", reg, "--format", "jsonl").jsonl[-1]["summary"]
    not_run = {one["rule"]: one["reason"] for one in summary["not_run"]}
    assert "divisions" in not_run["DIV101"]
    assert "NAM102" not in not_run


def test_check_speaks_english_when_asked(reg: Path, cli: Cli) -> None:
    finding = cli("check", reg, "--rule", "NAM102", "--format", "jsonl", "--lang", "en").jsonl[0]
    assert finding["message"].startswith('The name "滨 江路"')


@pytest.mark.parametrize("form", ["table", "csv", "html", "gpkg"])
def test_check_writes_every_format_to_a_file(reg: Path, tmp_path: Path, cli: Cli, form: str) -> None:
    target = tmp_path / f"findings.{form}"
    assert cli("check", reg, "--format", form, "--out", target).code == 1
    assert target.stat().st_size > 0


def test_check_refuses_unknown_layers_rules_and_dates(reg: Path, cli: Cli) -> None:
    for words, told in (
        (("--layer", "road"), "roads"),
        (("--rule", "NAM10"), "NAM10"),
        (("--today", "2026-13-01"), "YYYY-MM-DD"),
        (("--changed-since", "x"), "整数"),
        (("--format", "gpkg"), "--out"),
    ):
        refused = cli("check", reg, *words)
        assert refused.code == 2
        assert told in refused.err


def test_check_changed_since_looks_at_what_changed(reg: Path, plan: Path, cli: Cli) -> None:
    assert cli("check", reg, "--rule", "NAM102", "--changed-since", "0", "--format", "jsonl").code == 1
    with opened(reg) as register:
        revision = register.revision
    assert cli("check", reg, "--rule", "NAM102", "--changed-since", str(revision), "--format", "jsonl").code == 0
    beyond = cli("check", reg, "--changed-since", "99")
    assert beyond.code == 2
    assert "99" in beyond.err


def test_apply_undo_and_log_go_round(reg: Path, plan: Path, cli: Cli) -> None:
    done = cli("apply", reg, plan, "--actor", "王工", "--reason", "核对")
    assert (done.code, done.json["applied"], done.json["stale"], done.json["refused"]) == (0, 1, 0, 0)
    assert name_of(reg, "r1") == "滨江路"
    change = done.json["change_id"]
    row = json.loads(cli("log", reg, "--change", str(change), "--format", "jsonl").out)
    assert [row[name] for name in ("actor", "reason", "layer", "record_id", "field", "before", "after")] == [
        "王工", "核对", "roads", "r1", "name", "滨 江路", "滨江路",
    ]  # fmt: skip
    undone = cli("undo", reg, str(change), "--actor", "王工")
    assert undone.code == 0
    assert int(undone.out) == change + 1
    assert name_of(reg, "r1") == "滨 江路"
    assert "滨江路" in cli("log", reg, "--record", "roads:r1").out


def test_apply_twice_is_stale_and_changes_nothing(reg: Path, plan: Path, cli: Cli) -> None:
    cli("apply", reg, plan, "--actor", "a", "--reason", "b")
    again = cli("apply", reg, plan, "--actor", "a", "--reason", "b")
    assert again.code == 1
    assert (again.json["change_id"], again.json["applied"], again.json["stale"]) == (None, 0, 1)


def test_an_exemption_holds_from_its_first_to_its_last_day(reg: Path, tmp_path: Path, cli: Cli) -> None:
    finding = cli("check", reg, "--rule", "NAM102", "--format", "jsonl").jsonl[0]
    table = tmp_path / "exemptions.csv"
    table.write_text(
        "rule,record_id,fact_hash,reason,actor,at,valid_to\n"
        f"NAM102,r1,{finding['fact_hash']},石碑如此,王工,2024-01-01,2024-03-01\n",
        "utf-8",
    )
    assert cli("import", reg, table).code == 0
    assert cli("check", reg, "--rule", "NAM102", "--today", "2024-02-29").code == 0
    assert cli("check", reg, "--rule", "NAM102", "--today", "2024-03-01").code == 1


def test_apply_dry_run_and_only(reg: Path, plan: Path, cli: Cli) -> None:
    words = ("apply", reg, plan, "--actor", "a", "--reason", "b")
    assert cli(*words, "--dry-run").json["applied"] == 1
    assert cli(*words, "--only", "rule=NAM103").json["applied"] == 0
    assert name_of(reg, "r1") == "滨 江路"
    refused = cli(*words, "--only", "colour=red")
    assert refused.code == 2
    assert "colour" in refused.err
    assert cli(*words, "--only", "rule=NAM102").json["applied"] == 1


def edits(folder: Path, *lines: str) -> Path:
    """A plan written by hand, with only the columns that it needs."""
    path = folder / "edits.csv"
    path.write_text("\n".join(("accept,layer,record_id,field,before,after", *lines)) + "\n", "utf-8")
    return path


def test_the_same_edit_twice_is_done_once(reg: Path, tmp_path: Path, cli: Cli) -> None:
    plan = edits(tmp_path, "yes,roads,r2,note,,x", "yes,roads,r2,note,,x")
    done = cli("apply", reg, plan, "--actor", "a", "--reason", "b")
    assert (done.code, done.json["applied"]) == (0, 2)
    assert len(cli("log", reg, "--record", "roads:r2", "--change", "2", "--format", "jsonl").jsonl) == 1


def test_rows_that_want_different_values_for_one_cell_are_all_refused(reg: Path, tmp_path: Path, cli: Cli) -> None:
    plan = edits(tmp_path, "yes,roads,r2,note,,x", "yes,roads,r1,note,,y", "yes,roads,r2,note,,z")
    done = cli("apply", reg, plan, "--actor", "a", "--reason", "b")
    assert (done.code, done.json["applied"], done.json["refused"]) == (1, 1, 2)
    assert [row["row"] for row in done.json["rows"]] == ["2", "4"]
    assert cli("log", reg, "--record", "roads:r2", "--format", "jsonl").jsonl[0]["field"] == "*"


def test_undo_is_refused_when_a_later_change_depends_on_it(reg: Path, plan: Path, cli: Cli) -> None:
    first = cli("apply", reg, plan, "--actor", "a", "--reason", "b").json["change_id"]
    refused = cli("undo", reg, "1", "--actor", "a")
    assert refused.code == 2
    assert str(first) in refused.err


def test_backup_and_restore_bring_every_row_back(reg: Path, plan: Path, tmp_path: Path, cli: Cli) -> None:
    copy = tmp_path / "copy.gpkg"
    assert cli("backup", reg, copy).code == 0
    cli("apply", reg, plan, "--actor", "a", "--reason", "b")
    assert cli("restore", copy, reg).code == 0
    assert name_of(reg, "r1") == "滨 江路"


def test_rules_as_json_have_the_keys_of_the_contract(cli: Cli) -> None:
    entries = cli("rules", "--format", "json").json
    assert {"code", "name", "layer", "level", "remedy", "fix", "title", "basis", "params"} <= set(entries[0])
    assert len({entry["code"] for entry in entries}) == len(entries)
    one = cli("rules", "NAM102", "--format", "json").json
    assert [entry["code"] for entry in one] == ["NAM102"]


def test_a_value_outside_a_list_or_a_range_is_told_in_the_language_of_the_call(cli: Cli) -> None:
    assert "可以是 table、jsonl" in cli("check", "x.gpkg", "--format", "xml").err
    assert "table" in cli("check", "x.gpkg", "--format", "xml", "--lang", "en").err


def test_no_command_at_all_gets_the_help(cli: Cli) -> None:
    told = cli()
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("用法：diming")


def test_history_for_spreadsheets_runs_nothing(reg: Path, tmp_path: Path, cli: Cli) -> None:
    cli("apply", reg, edits(tmp_path, "yes,roads,r2,note,,=1+1"), "--actor", "@a", "--reason", "b")
    (line,) = cli("log", reg, "--change", "2", "--format", "csv").out.splitlines()[1:]
    assert line.split(",")[-1] == "'=1+1"
    assert ",'@a," in line


@pytest.mark.parametrize(
    "words",
    [
        ("check", "no-such.gpkg"),
        ("import", "no-such.gpkg", "x.csv"),
        ("apply", "no-such.gpkg", "plan.csv", "--actor", "a", "--reason", "b"),
        ("log", "no-such.gpkg"),
        ("undo", "no-such.gpkg", "1"),
        ("backup", "no-such.gpkg", "copy.gpkg"),
        ("restore", "no-such.gpkg", "county.gpkg"),
        ("rules", "XYZ999"),
        ("frobnicate",),
        ("check",),
        ("check", "--nonsense", "x"),
        ("log", "x.gpkg", "--lang", "fr"),
        ("check", "postgresql://localhost/x"),
        ("init", "postgresql://localhost/x"),
        ("undo", "no-such.gpkg", "9" * 20),
    ],
)
def test_wrong_calls_get_one_sentence_and_exit_code_2(
    words: tuple[str, ...], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = cli(*words)
    assert refused.code == 2
    assert refused.out == ""
    assert len(refused.err.strip().splitlines()) == 1
    assert "Error" not in refused.err or "程序自身" not in refused.err
    assert list(tmp_path.iterdir()) == []
