"""Write and read, change and inverse, log and data: what must hold for any records and any edits."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from register.store import Register, create_register
from register.store.gpkg_geometry import bounds_of, decode, encode
from rulebook.changes import ChangeSet, edits_frame
from tests.register.store.conftest import BY, METRIC, PROFILE, same

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
number = st.floats(allow_nan=False, allow_infinity=False)
coordinate = st.floats(-1e7, 1e7, allow_subnormal=False)
point = st.builds(shapely.Point, coordinate, coordinate)
line = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True).map(shapely.LineString)
box = st.tuples(coordinate, coordinate).map(lambda xy: shapely.box(*xy, xy[0] + 10, xy[1] + 0.1))
any_shape = st.one_of(
    st.none(), point, line, box, st.builds(shapely.MultiPoint, st.lists(point, min_size=1, max_size=3))
)
record = st.fixed_dictionaries(
    {
        "name": text, "status": st.sampled_from(["in_use", "planned"]), "width_m": st.none() | number,
        "note": st.none() | text, "extra": st.none() | text, "geometry": st.none() | line,
    }
)  # fmt: skip
records = st.dictionaries(text, record, min_size=1, max_size=6)
EDITED = ("name", "width_m", "note", "extra", "geometry", "*")
edit = st.tuples(st.sampled_from(EDITED), text, number, st.none() | line, st.integers(0, 9))
few = settings(max_examples=20, deadline=None)


def frame_of(given_records: dict[str, dict[str, object]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame([{"id": key, **cells} for key, cells in given_records.items()])
    shapes = gpd.GeoSeries(table.pop("geometry").tolist(), crs=METRIC)
    table["width_m"] = table["width_m"].astype("float64")
    return gpd.GeoDataFrame(table, geometry=shapes, crs=METRIC)


def as_edit(register: Register, drawn: tuple[str, str, float, shapely.LineString | None, int]):
    """A drawn edit of one of the records that the register has, with the right value before."""
    field, some_text, some_number, shape, which = drawn
    ids = list(register.layer("roads").index)
    key = ids[which % len(ids)] if (ids and field != "*") or (which % 2 and ids) else f"{some_text}+"
    after: str | None = {"width_m": repr(some_number), "geometry": None if shape is None else shape.wkt}.get(
        field, some_text
    )
    if field == "*":
        made = json.dumps({"id": key, "name": some_text, "status": "in_use", "width_m": some_number})
        after = None if key in ids else made
    before = register.judge(edits_frame([("roads", key, field, None, after)]))["current"][0]
    return ("roads", key, field, before, after)


@few
@given(st.lists(any_shape, max_size=6))
def test_shapes_read_back(shapes: list[shapely.Geometry | None]) -> None:
    array = np.array([*shapes, None], dtype=object)[:-1]
    blobs = encode(array, 4549)
    back = decode(blobs)
    assert shapely.equals_identical(back, array)[~shapely.is_missing(array)].all()
    assert [blob is None for blob in blobs] == [shape is None for shape in shapes]
    for blob, shape in zip(blobs, shapes, strict=True):
        if shape is not None:
            minx, miny, maxx, maxy = shape.bounds
            assert bounds_of(blob) == (minx, maxx, miny, maxy)


@few
@given(records, records)
def test_what_is_put_reads_back_and_undo_takes_it_back(
    first: dict[str, dict[str, object]], second: dict[str, dict[str, object]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = create_register(Path(folder) / "r.gpkg", PROFILE, METRIC)
        register.put("roads", frame_of(first), **BY)
        for key, cells in first.items():
            back = register.layer("roads").loc[key]
            for name in ("name", "note", "extra"):
                assert (
                    cells[name] == (None if pd.isna(back[name]) else back[name])
                    if name in back
                    else cells[name] is None
                )
            assert cells["width_m"] == back["width_m"] or (cells["width_m"] is None and pd.isna(back["width_m"]))
        before = register.layer("roads")
        counts = register.put("roads", frame_of(second), **BY)
        assert counts.added + counts.updated + counts.unchanged == len(second)
        assert register.put("roads", frame_of(second), **BY).change_id is None
        if counts.change_id:
            register.undo(counts.change_id, **BY)
        assert same(register.layer("roads")[list(before)], before)
        assert register.integrity() == []
        register.close()


@few
@given(records, st.lists(edit, min_size=1, max_size=6))
def test_a_change_and_its_inverse_is_nothing(first, drawn) -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = create_register(Path(folder) / "r.gpkg", PROFILE, METRIC)
        register.put("roads", frame_of(first).assign(extra="x"), **BY)
        before = register.layer("roads")
        edits = [edit for edit in (as_edit(register, one) for one in drawn) if edit[3] != edit[4]]
        judged = register.judge(edits_frame(edits))
        change = ChangeSet(edits_frame(edits)[judged["outcome"].eq("ok").to_numpy()], **BY)
        if len(change):
            written = register.apply(change)
            assert register.integrity() == []
            logged = register.history(change_id=written)[["layer", "record_id", "field", "before", "after"]]
            register.apply(ChangeSet(logged, **BY).inverse(**BY))
            assert same(register.layer("roads"), before)
            again = register.undo(written + 1, **BY)
            register.undo(again, **BY)
            assert same(register.layer("roads"), before)
            assert register.integrity() == []
        register.close()
