"""Importing into a register: what is counted, kept, ended and refused, over whole files and single rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from register.cases.importing import ImportResult, import_file
from register.store import Register
from rulebook.errors import SchemaError
from tests.register.exchange.conftest import METRIC, PLATES, reg, take, write

__all__ = ["reg", "take"]
Take = Callable[..., ImportResult]
TODAY = "2026-11-23"


def csv(folder: Path, frame: pd.DataFrame, name: str = "doorplates.csv") -> Path:
    frame.to_csv(folder / name, index=False)
    return folder / name


def plates(**changes: Any) -> pd.DataFrame:
    """Three doorplates without positions."""
    return pd.DataFrame(PLATES.drop(columns="geometry")).assign(**changes)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.added, result.updated, result.unchanged, result.ended


def test_changed_rows_are_updated_and_logged_cell_by_cell(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, plates()))
    result = take(csv(tmp_path, plates(number=["1", "27-29", "临14"])))
    assert counts(result) == (0, 1, 2, 0)
    row = reg.history(change_id=result.change_id).iloc[0]
    assert (row["record_id"], row["field"], row["before"], row["after"]) == ("003", "number", "临12", "临14")
    assert row["reason"] == "导入 doorplates.csv"
    assert row["actor"] == "tester"


def test_columns_that_the_file_lacks_stay_and_empty_cells_clear(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, plates()))
    result = take(csv(tmp_path, pd.DataFrame({"id": ["001", "003"], "note": [None, "丙"]})))
    assert counts(result) == (0, 2, 0, 0)
    stored = reg.layer("doorplates")
    assert stored["note"].isna().tolist() == [True, True, False]
    assert stored["number"].tolist() == ["1", "27-29", "临12"]


def test_an_update_without_mandatory_columns_adds_nothing(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, plates()))
    result = take(csv(tmp_path, pd.DataFrame({"id": ["001", "new"], "note": ["x", "y"]})))
    assert counts(result) == (0, 1, 0, 0)
    ((row, reason),) = result.refused
    assert row == 3
    assert "kind" in reason.en
    with pytest.raises(SchemaError, match="kind"):
        take(csv(tmp_path, pd.DataFrame({"id": ["new", "newer"], "note": ["x", "y"]})))


def test_replace_ends_what_the_file_lacks_and_revives_what_returns(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, plates()))
    two = csv(tmp_path, plates().iloc[:2])
    for dry_run in (True, False):
        assert counts(take(two, replace=True, dry_run=dry_run)) == (0, 0, 2, 1)
    assert reg.layer("doorplates")["valid_to"].astype("object").where(lambda ends: ends.notna(), None).tolist() == [
        None,
        None,
        TODAY,
    ]
    assert counts(take(two, replace=True)) == (0, 0, 2, 0)
    whole = csv(tmp_path, plates())
    for dry_run in (True, False):
        assert counts(take(whole, replace=True, dry_run=dry_run)) == (0, 1, 2, 0)
    assert reg.layer("doorplates")["valid_to"].isna().all()


def test_replace_does_not_end_a_record_whose_row_was_refused(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, plates()))
    for dry_run in (True, False):
        result = take(csv(tmp_path, plates(status=["in_use", "gone", "in_use"])), replace=True, dry_run=dry_run)
        assert counts(result) == (0, 0, 2, 0)
        assert [row for row, _ in result.refused] == [3]
    assert reg.layer("doorplates")["valid_to"].isna().all()


@pytest.mark.parametrize("replace", [False, True])
def test_a_dry_run_counts_what_the_import_then_does(tmp_path: Path, reg: Register, take: Take, replace: bool) -> None:
    take(write(PLATES, tmp_path / "a.gpkg", layer="doorplates"))
    moved = PLATES.geometry.translate(0.001).where([True, False, False], PLATES.geometry)
    second = PLATES.set_geometry(moved).assign(id=["001", "002", "neu"], 色=["红", None, None])
    path = write(second, tmp_path / "b.gpkg", layer="doorplates")
    dry = take(path, replace=replace, dry_run=True)
    done = take(path, replace=replace)
    assert counts(dry) == counts(done) == (1, 1, 1, 1 if replace else 0)
    assert dry.change_id is None


def test_wrong_rows_are_refused_alone_with_all_their_reasons(tmp_path: Path, reg: Register, take: Take) -> None:
    table = plates(id=["001", None, "003"], issued_on=["1.2.3", "2024-01-01", "x"], kind=["road", "road", "house"])
    extra = pd.DataFrame(
        {"id": ["004"], "kind": ["village"], "number": [None], "division_code": [None], "status": ["in_use"]}
    )
    result = take(csv(tmp_path, pd.concat([table, extra])))
    assert [(row, reason.zh.count("；") + 1) for row, reason in result.refused] == [(2, 1), (3, 1), (4, 2)]
    assert (result.read, result.added) == (4, 1)
    assert reg.layer("doorplates").index.tolist() == ["004"]
    told = result.document("en")
    assert told["refused"][1] == {"row": 3, "reason": 'the mandatory "id" is empty'}
    assert {"layer", "read", "added", "updated", "unchanged", "refused"} <= set(told)


def test_an_empty_mandatory_cell_comes_in_where_a_rule_reports_it(tmp_path: Path, reg: Register, take: Take) -> None:
    roads = pd.DataFrame({"id": ["r1", "r2"], "name": [None, "剡溪路"], "status": ["in_use", None]})
    result = take(csv(tmp_path, roads, "roads.csv"))
    assert (result.added, result.refused) == (2, [])
    addresses = pd.DataFrame({"id": ["a1", "a2"], "text": ["剡溪路1号", None]})
    result = take(csv(tmp_path, addresses, "addresses.csv"))
    assert [row for row, _ in result.refused] == [3]


def test_ragged_lines_are_refused_alone(tmp_path: Path, take: Take) -> None:
    lines = csv(tmp_path, plates()).read_text("utf-8").splitlines()
    lines[2] += ",surplus"
    lines.insert(2, "")
    (tmp_path / "doorplates.csv").write_text("\n".join(lines), "utf-8")
    result = take(tmp_path / "doorplates.csv")
    assert [row for row, _ in result.refused] == [4]
    assert result.added == 2


def test_all_layers_of_a_register_come_into_another(tmp_path: Path, reg: Register) -> None:
    source = tmp_path / "source.gpkg"
    box = shapely.box(570000, 3260000, 590000, 3280000)
    divisions = gpd.GeoDataFrame(
        {"code": ["330683001000"], "name": ["剡湖街道"], "level": ["township"]}, geometry=[box], crs=METRIC
    )
    write(divisions.to_crs(4490), source, layer="divisions")
    write(PLATES, source, layer="doorplates", append=True)
    write(PLATES.head(0), source, layer="markers", append=True, geometry_type="Point")
    results = import_file(reg, source, today=TODAY)
    assert [(one.layer, one.added) for one in results] == [("divisions", 1), ("doorplates", 3), ("markers", 0)]
    stored = reg.layer("divisions").geometry.iloc[0]
    assert stored.geom_type == "MultiPolygon"
    assert stored.hausdorff_distance(shapely.MultiPolygon([box])) < 1e-6


def test_unknown_columns_are_kept_even_with_odd_names(tmp_path: Path, reg: Register, take: Take) -> None:
    odd = {"颜色": "红", 'a"b': "1", "select": "x", "record_id": "r", "Geom ": "g", "seq no": "7"}
    take(csv(tmp_path, plates(**odd).drop(columns="Geom ")))
    stored = reg.layer("doorplates")
    for name, value in odd.items():
        if name != "Geom ":
            assert stored[name].tolist() == [value] * 3


def test_progress_is_told_the_rows(tmp_path: Path, reg: Register) -> None:
    told: list[int] = []
    import_file(reg, csv(tmp_path, plates()), progress=told.append)
    assert told == [3]
