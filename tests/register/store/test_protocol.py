"""What every store does, as ``register.store.Register`` says."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely

from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CrsError, DimingError, RegisterError, SchemaError, StaleEditError
from tests.register.store.conftest import BY, METRIC, PROFILE, contents, plates, roads, same

LOG_COLUMNS = (
    "change_id", "seq", "at", "actor", "reason", "case_id", "layer", "record_id", "field", "before", "after",
)  # fmt: skip


def change(*rows: tuple[str, str, str, str | None, str | None]) -> ChangeSet:
    return ChangeSet(edits_frame(list(rows)), BY["actor"], BY["reason"], case_id="c1")


def outcome(register: Register, *rows: tuple[str, str, str, str | None, str | None]) -> list[str]:
    return register.judge(edits_frame(list(rows)))["outcome"].tolist()


def test_a_new_register_is_empty_and_says_what_it_is(reopened: Callable[[], Register]) -> None:
    register = reopened()
    assert register.profile_name == PROFILE
    assert register.crs == METRIC
    assert register.revision == 0
    assert register.integrity() == []
    assert list(register.layers()) == list(DICTIONARY)
    for name, layer in DICTIONARY.items():
        frame = register.layer(name)
        assert frame.empty
        assert frame.dtypes.equals(layer.empty(METRIC).dtypes.reindex(frame.columns))


def test_put_reads_back(reopened: Callable[[], Register], register: Register) -> None:
    given = roads(["r1", "0012"], width_m=[12.5, None], pinyin=["Shànxī Lù", ""])
    counts = register.put("roads", given, **BY)
    assert (counts.added, counts.updated, counts.unchanged, counts.ended, counts.change_id) == (2, 0, 0, 0, 1)
    back = reopened().layer("roads")
    assert list(back.index) == ["r1", "0012"]
    assert back["width_m"].tolist()[0] == 12.5
    assert np.isnan(back["width_m"].tolist()[1])
    assert back["pinyin"].isna().tolist() == [False, True]
    assert back.crs == METRIC
    assert set(back.geom_type) == {"MultiLineString"}
    assert shapely.get_coordinates(back.geometry).tolist() == shapely.get_coordinates(given.geometry).tolist()


def test_put_twice_changes_nothing(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    counts = register.put("doorplates", plates(["a", "b"]), **BY)
    assert (counts.added, counts.updated, counts.unchanged, counts.change_id) == (0, 0, 2, None)
    assert register.revision == 1
    assert register.put("doorplates", register.layer("doorplates"), **BY).change_id is None


def test_put_updates_only_what_differs(register: Register) -> None:
    register.put("doorplates", plates(["a", "b", "c"], size="大"), **BY)
    counts = register.put("doorplates", plates(["a", "b", "d"], number=["1", "2", "3"]), **BY)
    assert (counts.added, counts.updated, counts.unchanged, counts.ended) == (1, 1, 1, 0)
    assert register.layer("doorplates")["size"].dropna().tolist() == ["大", "大", "大"]
    rows = register.history(change_id=2)
    assert rows[["record_id", "field", "before", "after"]].values.tolist()[1:] == [["b", "number", "1", "2"]]
    assert json.loads(rows["after"][0])["geometry"] == "POINT (580002 3270002)"
    assert register.integrity() == []


def test_put_moves_a_geometry(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    counts = register.put("doorplates", plates(["b", "a"]), **BY)
    assert (counts.updated, counts.change_id) == (2, 2)
    assert set(register.history(change_id=2)["field"]) == {"geometry"}
    assert register.layer("doorplates").geometry["b"].x == 580000


def test_a_frame_without_geometry_leaves_geometry_alone(register: Register) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    register.put("doorplates", pd.DataFrame({"id": ["a", "b"], "number": ["7", "8"], "kind": "road"}), **BY)
    back = register.layer("doorplates")
    assert back.geometry["a"] == shapely.Point(580000, 3270000)
    assert back.geometry["b"] is None
    assert back["number"].tolist() == ["7", "8"]


def test_replace_ends_what_the_file_lacks(register: Register) -> None:
    register.put("doorplates", plates(["a", "b", "c"], valid_to=["2020-01-01", None, None]), **BY)
    again = plates(["x", "b"]).iloc[[1]]
    counts = register.put("doorplates", again, **BY, replace=True, today="2026-11-23")
    assert (counts.updated, counts.unchanged, counts.ended) == (0, 1, 1)
    assert register.layer("doorplates")["valid_to"].fillna("").tolist() == ["2020-01-01", "", "2026-11-23"]
    assert register.put("doorplates", again, **BY, replace=True, today="2026-11-24").change_id is None


def test_replace_takes_an_ended_record_back_when_the_file_has_it(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    register.put("doorplates", plates(["a"]), **BY, replace=True, today="2026-11-23")
    counts = register.put(
        "doorplates", plates(["a", "b"]).drop(columns="geometry"), **BY, replace=True, today="2026-11-24"
    )
    assert (counts.updated, counts.unchanged) == (1, 1)
    assert register.layer("doorplates")["valid_to"].isna().all()
    assert register.integrity() == []


def test_unknown_columns_are_kept_and_logged(reopened: Callable[[], Register], register: Register) -> None:
    odd = {
        'a "quoted" name': "x",
        "FID": 7.0,
        "Number": "n",
        "旧编号": "0001",
        "geom": "g",
        "drop table": True,
        "": "e",
    }
    frame = plates(["a"]).assign(**odd)
    assert register.put("doorplates", frame, **BY).added == 1
    assert register.put("doorplates", frame, **BY).change_id is None
    back = reopened().layer("doorplates")
    kept = back.loc["a", [name for name in back if name not in DICTIONARY["doorplates"].columns]].drop("geometry")
    assert kept.to_dict() == {
        'a "quoted" name': "x", "FID_2": "7", "Number_2": "n", "旧编号": "0001", "geom_2": "g", "drop table": "1", "column": "e",
    }  # fmt: skip
    assert register.integrity() == []
    assert register.undo(1, **BY) == 2
    assert register.undo(2, **BY) == 3
    assert same(register.layer("doorplates"), back)


def test_columns_that_differ_only_in_case_stay_apart(register: Register) -> None:
    frame = plates(["a"]).assign(Foo="1", foo="2")
    register.put("doorplates", frame, **BY)
    assert register.layer("doorplates").loc["a", ["Foo", "foo_2"]].tolist() == ["1", "2"]
    assert register.put("doorplates", frame, **BY).change_id is None


def test_dates_and_lists_in_unknown_columns_become_text(register: Register) -> None:
    frame = plates(["a", "b"]).assign(seen=pd.to_datetime(["2026-01-02", None]), parts=[["x"], None])
    register.put("doorplates", frame, **BY)
    back = register.layer("doorplates")
    assert back["seen"].fillna("").tolist() == ["2026-01-02 00:00:00", ""]
    assert back["parts"].fillna("").tolist() == ["['x']", ""]


@pytest.mark.parametrize(
    ("frame", "error", "said"),
    [
        (plates(["a", "a"]), SchemaError, "a"),
        (plates(["a", None]), SchemaError, "records 2"),
        (plates(["a", ""]), SchemaError, "records 2"),
        (plates(["a"]).drop(columns="id"), SchemaError, "key column id"),
        (plates(["a"]).to_crs(4490), CrsError, "CGCS2000"),
        (plates(["a"]).set_crs(None, allow_override=True), CrsError, "no declared CRS"),
        (plates(["a"]).set_geometry(plates(["a"]).buffer(1)), SchemaError, "Point"),
        (plates(["a"], owner_name=pd.Series(["\ud800"], dtype=object)), SchemaError, "owner_name"),
        (plates(["a"], number="1\0"), SchemaError, "NUL"),
        (plates(["a"], odd=pd.Series(["\ud800"], dtype=object)), RegisterError, "invalid character"),
    ],
)
def test_put_refuses_as_a_whole(register: Register, frame: pd.DataFrame, error: type[DimingError], said: str) -> None:
    with pytest.raises(error, match=said):
        register.put("doorplates", frame, **BY)
    assert register.revision == 0
    assert register.layer("doorplates").empty


def test_a_number_that_is_none_is_refused(register: Register) -> None:
    with pytest.raises(SchemaError, match="width_m"):
        register.put("roads", roads(["r1"], width_m="wide"), **BY)


def test_composite_keys(register: Register) -> None:
    frame = pd.DataFrame({"marker_id": ["m1", "m1"], "seq": ["1", "2"], "name": "树", "distance_m": [1.5, 2.0]})
    register.put("marker_witnesses", frame, **BY)
    assert list(register.layer("marker_witnesses").index) == ["m1/1", "m1/2"]
    register.apply(change(("marker_witnesses", "m1/2", "distance_m", "2", "2.25")))
    assert register.layer("marker_witnesses")["distance_m"].tolist() == [1.5, 2.25]
    assert register.integrity() == []


def test_unknown_layer_names_the_nearest(register: Register) -> None:
    with pytest.raises(DimingError, match="doorplates"):
        register.layer("doorplate")


def test_apply_writes_cells_and_log(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    number = register.apply(
        change(
            ("doorplates", "a", "number", "1", "3"),
            ("doorplates", "b", "geometry", "POINT (580001 3270001)", "POINT (1 2)"),
            ("doorplates", "b", "note", None, "x"),
        )
    )
    assert number == register.revision == 2
    back = register.layer("doorplates")
    assert back.loc["a", "number"] == "3"
    assert back.geometry["b"] == shapely.Point(1, 2)
    rows = register.history(change_id=2)
    assert rows["seq"].tolist() == [1, 2, 3]
    assert set(rows["case_id"]) == {"c1"}
    assert set(rows["actor"]) == {"张三"}
    assert register.integrity() == []


def test_records_are_made_and_removed(register: Register) -> None:
    made = '{"id": "r1", "name": "剡溪路", "status": "in_use", "width_m": 12.50, "geometry": "LINESTRING (0 0, 1 1)"}'
    register.apply(change(("roads", "r1", "*", None, made), ("roads", "r1", "width_m", "12.5", "13")))
    after = register.history(change_id=1)["after"][0]
    assert json.loads(after) == {
        "id": "r1", "name": "剡溪路", "status": "in_use", "width_m": "12.5", "geometry": "MULTILINESTRING ((0 0, 1 1))",
    }  # fmt: skip
    assert outcome(register, ("roads", "r1", "*", after, None)) == ["stale"]
    now = register.judge(edits_frame([("roads", "r1", "*", "{}", None)]))["current"][0]
    register.apply(change(("roads", "r1", "*", now, None)))
    assert register.layer("roads").empty
    assert register.integrity() == []


@pytest.mark.parametrize(
    ("edit", "expected", "said"),
    [
        (("doorplates", "a", "number", "1", "2"), "ok", None),
        (("doorplates", "a", "number", "2", "3"), "stale", "no longer"),
        (("doorplates", "a", "number", None, "3"), "stale", "no longer"),
        (("doorplates", "a", "number", "1", None), "ok", None),
        (("doorplates", "a", "status", "in_use", None), "refused", "mandatory"),
        (("doorplates", "a", "status", "in_use", "sold"), "refused", "reserved"),
        (("doorplates", "a", "number", "1", "2\0"), "refused", "NUL"),
        (("doorplates", "a", "id", "a", "b"), "refused", "key column"),
        (("doorplates", "x", "number", "1", "2"), "refused", "no record"),
        (("doorplates", "a", "colour", None, "red"), "refused", "no column"),
        (("doorplates", "a", "fid", "1", "2"), "refused", "no column"),
        (("change_log", "a", "reason", None, "x"), "refused", "no layer"),
        (("doorplates", "a", "issued_on", None, "2026-02-30"), "refused", "date"),
        (("doorplates", "a", "issued_on", None, "20260228"), "refused", "date"),
        (("doorplates", "a", "issued_on", None, "2026-02-28"), "ok", None),
        (("doorplates", "a", "geometry", "POINT (580000.0 3270000)", "POINT (1 1)"), "ok", None),
        (("doorplates", "a", "geometry", "POINT (580000 3270000)", None), "ok", None),
        (("doorplates", "a", "geometry", "POINT (580000 3270000)", "LINESTRING (0 0, 1 1)"), "refused", "Point"),
        (("doorplates", "a", "geometry", "POINT (580000 3270000)", "POINT (1"), "refused", "WKT"),
        (("roads", "r1", "width_m", "12.50", "1e1"), "ok", None),
        (("roads", "r1", "width_m", "12.5", "wide"), "refused", "number"),
        (("roads", "r1", "width_m", "12.5", "nan"), "refused", "number"),
        (("roads", "r1", "width_m", "12.5", "1_0"), "refused", "number"),
        (("roads", "r2", "*", None, '{"id": "r2", "name": "x", "status": "in_use"}'), "ok", None),
        (("roads", "r2", "*", None, '{"id": "r3", "name": "x", "status": "in_use"}'), "refused", "key"),
        (("roads", "r2", "*", None, '{"id": "r2", "colour": "x"}'), "refused", "colour"),
        (("roads", "r2", "*", None, '{"id": "r2", "width_m": "x"}'), "refused", "number"),
        (("roads", "r2", "*", None, "[1]"), "refused", "JSON"),
        (("roads", "r2", "*", None, '{"id": "r2", "name": ["x"]}'), "refused", "JSON"),
        (("roads", "r1", "*", None, '{"id": "r1", "name": "x", "status": "in_use"}'), "stale", "no longer"),
        (("roads", "r2", "*", '{"id": "r2"}', None), "stale", "no longer"),
        (("roads", "r1", "*", None, None), "refused", "makes a record"),
        (("markers", "m1", "serial", "5", "6"), "ok", None),
        (("markers", "m1", "serial", "5", "6.5"), "refused", "whole number"),
        (("markers", "m1", "serial", "5", "9" * 30), "refused", "whole number"),
    ],
)  # fmt: skip
def test_judging(
    register: Register, edit: tuple[str, str, str, str | None, str | None], expected: str, said: str | None
) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    register.put("roads", roads(["r1"], width_m=12.5), **BY)
    marker = plates(["m1"])[["id", "geometry"]].assign(number="1", line_codes="L", division_codes="D", status="intact")
    register.put("markers", marker.assign(serial=pd.Series([5], dtype="Int64")), **BY)
    verdict = register.judge(edits_frame([edit])).iloc[0]
    assert verdict["outcome"] == expected
    assert (verdict["reason"] is None) == (said is None)
    if said:
        assert said in verdict["reason"].en
    before = contents(register)
    if expected == "ok":
        register.apply(change(edit))
        assert register.revision == 4
    else:
        with pytest.raises(StaleEditError if expected == "stale" else RegisterError):
            register.apply(change(("doorplates", "a", "note", None, "first"), edit))
        assert register.revision == 3
        assert all(same(before[name], frame) for name, frame in contents(register).items())
    assert register.integrity() == []


def test_judge_keeps_the_frame_and_counts_on_earlier_edits(register: Register) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    edits = edits_frame([("doorplates", "a", "number", "1", "2"), ("doorplates", "a", "number", "2", "3")])
    judged = register.judge(edits.set_index(pd.Index([7, 9])).assign(rule="X"))
    assert judged.index.tolist() == [7, 9]
    assert judged["outcome"].tolist() == ["ok", "ok"]
    assert judged["current"].tolist() == ["1", "2"]
    assert judged["rule"].tolist() == ["X", "X"]
    assert register.judge(edits.iloc[:0])["outcome"].tolist() == []


def test_a_change_that_changes_nothing_is_refused(register: Register) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    for edits in ([], [("doorplates", "a", "number", "1", "1")]):
        with pytest.raises(RegisterError, match="nothing to write"):
            register.apply(change(*edits))


def test_undo_takes_back_and_can_be_taken_back(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    register.apply(change(("doorplates", "a", "number", "1", "2")))
    assert register.undo(2, **BY) == 3
    assert register.layer("doorplates")["number"].tolist() == ["1", "1"]
    assert register.undo(3, **BY) == 4
    assert register.layer("doorplates").loc["a", "number"] == "2"
    assert register.undo(4, **BY) == 5
    assert register.undo(1, **BY) == 6
    assert register.layer("doorplates").empty
    assert register.integrity() == []


def test_undo_of_one_record(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    register.apply(change(("doorplates", "a", "number", "1", "2"), ("doorplates", "b", "number", "1", "3")))
    register.undo(2, **BY, record=("doorplates", "b"))
    assert register.layer("doorplates")["number"].to_dict() == {"a": "2", "b": "1"}


def test_undo_names_the_later_change(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    register.apply(change(("doorplates", "a", "number", "1", "2")))
    register.apply(change(("doorplates", "a", "number", "2", "3")))
    register.apply(change(("doorplates", "b", "note", None, "x")))
    for number, later in ((2, 3), (1, 4)):
        with pytest.raises(RegisterError, match=f"later change {later}"):
            register.undo(number, **BY)
    register.undo(3, **BY)
    register.undo(2, **BY)
    assert register.layer("doorplates").loc["a", "number"] == "1"


def test_undo_of_what_is_not_there(register: Register) -> None:
    with pytest.raises(RegisterError, match="no change 7"):
        register.undo(7, **BY)
    register.put("doorplates", plates(["a"]), **BY)
    with pytest.raises(RegisterError, match="doorplates:b"):
        register.undo(1, **BY, record=("doorplates", "b"))


def test_history_newest_change_first(register: Register) -> None:
    register.put("doorplates", plates(["a", "b"]), **BY)
    register.apply(change(("doorplates", "b", "number", "1", "2"), ("doorplates", "a", "number", "1", "3")))
    rows = register.history()
    assert rows[["change_id", "seq"]].values.tolist() == [[2, 1], [2, 2], [1, 1], [1, 2]]
    assert tuple(rows) == LOG_COLUMNS
    assert register.history(record=("doorplates", "a"))["change_id"].tolist() == [2, 1]
    assert register.history(change_id=1)["record_id"].tolist() == ["a", "b"]
    assert register.history(since=1)["change_id"].tolist() == [2, 2]
    assert len(register.history(limit=1)) == 1
    assert register.history(change_id=9).empty


def test_layers_are_one_snapshot(register: Register) -> None:
    register.put("doorplates", plates(["a"]), **BY)
    layers = register.layers()
    register.put("doorplates", plates(["b"]), **BY)
    register.put("roads", roads(["r1"]), **BY)
    assert list(layers["doorplates"].index) == ["a"]
    assert layers["roads"].empty
    assert layers["roads"] is layers["roads"]
    assert "roads" in layers
    assert "road" not in layers
    assert list(register.layers()["doorplates"].index) == ["a", "b"]


def test_findings_are_kept_beside_the_log(reopened: Callable[[], Register], register: Register) -> None:
    assert register.kept_findings() == ([], None)
    finding = {"rule": "NAM102", "level": "warning", "layer": "roads", "record_id": "r1", "evidence": {"name": "剡 溪"}}
    register.keep_findings([finding, {**finding, "township": "330683001000"}], {"revision": 0, "seconds": 1.5})
    register.keep_findings([finding], {"revision": 0, "seconds": 2.5})
    assert reopened().kept_findings() == ([finding], {"revision": 0, "seconds": 2.5})
    assert register.revision == 0
    assert register.integrity() == []
