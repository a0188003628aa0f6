from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from boundaries import datums, recorded
from rulebook.errors import ProfileError

CRS_120 = CRS("EPSG:4549")
PARAMETERS = {"Xian 1980": {"dx": 120.0, "dy": -45.0, "dz": 20.0, "rx": 0.5, "ry": -0.4, "rz": 1.2, "ds": 2.5}}
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
    shifts = (
        *datums.web_shifts(CRS_120),
        *datums.old_datums(CRS_120),
        *datums.converted_datums(CRS_120, PARAMETERS),
        *datums.other_zones(CRS_120),
    )
    for shift in shifts:
        assert np.abs(shift.undo(shift.apply(true)) - true).max() < 1e-3, shift.name


def test_old_datums_are_those_of_the_register_of_systems() -> None:
    place = np.array([[580412.21, 3274952.92]])
    for name, code in (("Beijing 1954", 2437), ("Xian 1980", 2385)):
        known = Transformer.from_crs(CRS_120, f"EPSG:{code}", always_xy=True).transform(*place[0])
        # the axes of these systems stand for northing and easting; always_xy puts easting first
        shift = next(one for one in datums.old_datums(CRS_120) if one.name == name)
        assert shift.apply(place)[0] == pytest.approx(known, abs=0.01)


def test_seven_parameters_are_the_bursa_wolf_model() -> None:
    place = np.array([[120.83, 29.59]])
    moved = datums.to_cgcs2000("Xian 1980", PARAMETERS)
    assert moved is not None

    def cartesian(degrees: np.ndarray, a: float, f: float) -> np.ndarray:
        lon, lat = np.radians(degrees[0])
        e2 = f * (2 - f)
        n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        return np.array([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)])

    old, new = cartesian(place, 6378140.0, 1 / 298.257), cartesian(moved(place), 6378137.0, 1 / 298.257222101)
    given = PARAMETERS["Xian 1980"]
    rx, ry, rz = (np.radians(given[key] / 3600) for key in ("rx", "ry", "rz"))
    turned = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]]) @ old
    expected = np.array([given["dx"], given["dy"], given["dz"]]) + (1 + given["ds"] * 1e-6) * turned
    # the height that the shift gives is left out, so only the place on the ellipsoid is compared
    up = expected / np.linalg.norm(expected)
    difference = expected - new
    assert np.linalg.norm(difference - (difference @ up) * up) < 0.3


@pytest.mark.parametrize("settings", [{"Xian 80": {}}, {"Xian 1980": {"tx": 1.0}}, {"Xian 1980": {"dx": "1"}}])
def test_wrong_parameters_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ProfileError):
        datums.shifts_of({"datum_shifts": settings})


def test_older_datums_are_told_by_their_name() -> None:
    codes = {4549: None, 4490: None, 2385: "Xian 1980", 2364: "Xian 1980", 2437: "Beijing 1954", 4610: "Xian 1980"}
    assert {code: datums.old_datum(CRS(f"EPSG:{code}")) for code in codes} == codes


def test_angles_rounded_to_seconds_are_as_coarse_as_that() -> None:
    angle = np.array([120 + 45 / 60 + 12.3 / 3600, 120.75341667, 120.75])
    assert recorded._rounding(angle) == pytest.approx([2.2, 0.0008, 1580], rel=0.5)


@pytest.mark.parametrize(
    ("text", "meridian"),
    [
        ("CGCS2000 3度带第40带", 120),
        ("1980西安坐标系 6度带 20带", 117),
        ("CM 117", 117),
        ("CGCS2000 zone 21", 123),
        ("国家2000", 120),
    ],
)
def test_zones_are_read_from_names(text: str, meridian: float) -> None:
    assert recorded._meridian(text, 120.0) == meridian
