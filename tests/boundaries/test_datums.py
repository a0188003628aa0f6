from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from boundaries import datums

CRS_120 = CRS("EPSG:4549")
places = st.tuples(st.floats(74, 134), st.floats(18, 53))


@given(places)
def test_inverse_takes_web_map_shifts_back(place: tuple[float, float]) -> None:
    true = np.array([place])
    for forward in (datums.to_gcj02, datums.to_bd09):
        assert np.abs(datums.inverse(forward, forward(true)) - true).max() < 1e-9


def test_gcj02_is_half_a_kilometre_off_in_this_part_of_the_country() -> None:
    true = np.array([[120.83, 29.59]])
    there = Transformer.from_crs("EPSG:4490", CRS_120, always_xy=True)
    metres = [np.array(there.transform(*one[0])) for one in (true, datums.to_gcj02(true), datums.to_bd09(true))]
    assert 400 < np.hypot(*(metres[1] - metres[0])) < 600
    assert 700 < np.hypot(*(metres[2] - metres[1])) < 1000


@pytest.mark.parametrize(
    ("true", "shifted"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_points_of_the_open_implementations(true: tuple[float, float], shifted: tuple[float, float]) -> None:
    # Shanghai, Shenzhen and Beijing in the tests of the eviltransform libraries
    assert datums.to_gcj02(np.array([true]))[0] == pytest.approx(shifted, abs=1e-8)


@given(st.tuples(st.floats(450_000, 650_000), st.floats(2_500_000, 4_500_000)))
def test_every_shift_is_undone(place: tuple[float, float]) -> None:
    true = np.array([place])
    for shift in (*datums.web_shifts(CRS_120), *datums.old_datums(CRS_120), *datums.other_zones(CRS_120)):
        assert np.abs(shift.undo(shift.apply(true)) - true).max() < 1e-3, shift.name


def test_old_datums_are_those_of_the_register_of_systems() -> None:
    place = np.array([[580412.21, 3274952.92]])
    for name, code in (("Beijing 1954", 2437), ("Xian 1980", 2385)):
        known = Transformer.from_crs(CRS_120, f"EPSG:{code}", always_xy=True).transform(*place[0])
        # the axes of these systems stand for northing and easting; always_xy puts easting first
        shift = next(one for one in datums.old_datums(CRS_120) if one.name == name)
        assert shift.apply(place)[0] == pytest.approx(known, abs=0.01)
