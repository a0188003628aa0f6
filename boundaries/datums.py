"""Shifts that maps and old surveys put on coordinates: GCJ-02, BD-09, the ellipsoids of older datums, other zones.

GCJ-02 and BD-09 follow the formulas that have been published in open source since 2010 (eviltransform, coordtransform):
a trigonometric series in degrees on the Krassovsky ellipsoid, and a small rotation and stretch on top. Both lack an
exact inverse; it is found by iteration to well below a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyproj import CRS, Proj, Transformer

from rulebook.errors import ProfileError
from rulebook.profile import unknown

KRASSOVSKY_A, KRASSOVSKY_EE = 6378245.0, 0.00669342162296594323
BD_PI = np.pi * 3000.0 / 180.0
ITERATIONS = 6
ELLIPSOIDS = {"Beijing 1954": "krass", "Xian 1980": "IAU76"}
DEGREES = CRS("EPSG:4490")
SETTING = "datum_shifts"
HELMERT = {"dx": "x", "dy": "y", "dz": "z", "rx": "rx", "ry": "ry", "rz": "rz", "ds": "s"}
Array = Any


@dataclass(frozen=True)
class Shift:
    """A way in which stored coordinates differ from the true ones, both in metres of the register's CRS."""

    name: str
    apply: Callable[[Array], Array]
    undo: Callable[[Array], Array]


def to_gcj02(degrees: Array) -> Array:
    """GCJ-02 longitude and latitude of true ones (columns lon, lat)."""
    lon, lat = degrees[:, 0], degrees[:, 1]
    x, y = lon - 105.0, lat - 35.0
    waves = 20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    phi = np.radians(lat)
    flat = 1 - KRASSOVSKY_EE * np.sin(phi) ** 2
    meridian = KRASSOVSKY_A * (1 - KRASSOVSKY_EE) / flat**1.5
    normal = KRASSOVSKY_A / np.sqrt(flat)
    return np.column_stack([lon + np.degrees(east / (normal * np.cos(phi))), lat + np.degrees(north / meridian)])


def gcj02_to_bd09(degrees: Array) -> Array:
    """BD-09 longitude and latitude of GCJ-02 ones."""
    lon, lat = degrees[:, 0], degrees[:, 1]
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_PI)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def to_bd09(degrees: Array) -> Array:
    """BD-09 longitude and latitude of true ones."""
    return gcj02_to_bd09(to_gcj02(degrees))


def inverse(forward: Callable[[Array], Array], degrees: Array) -> Array:
    """Longitude and latitude that ``forward`` turns into the given ones, by fixed-point iteration."""
    guess = np.array(degrees, dtype=float)
    for _ in range(ITERATIONS):
        guess = guess - (forward(guess) - degrees)
    return guess


def old_datum(crs: CRS) -> str | None:
    """Name of the older datum (a key of ``ELLIPSOIDS``) that a CRS is on, None for a modern one."""
    name = "" if crs.geodetic_crs is None else crs.geodetic_crs.name.lower()
    return next((known for known in ELLIPSOIDS if known.lower() in name), None)


def shifts_of(settings: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]]:
    """Parameters of older datums in the settings of a profile; raises ProfileError for unknown names or values."""
    given: Mapping[str, Mapping[str, float]] = settings.get(SETTING, {})
    for datum, values in given.items():
        if datum not in ELLIPSOIDS:
            raise unknown("基准", "datum", datum, ELLIPSOIDS, SETTING)
        for key, value in values.items():
            if key not in HELMERT:
                raise unknown("参数", "parameter", key, HELMERT, f"{SETTING} {datum}")
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ProfileError(
                    f"{SETTING} {datum} 的 {key} = {value!r} 不是数。",
                    f"{SETTING} {datum}: {key} = {value!r} is not a number.",
                )
    return given


def to_cgcs2000(datum: str, shifts: Mapping[str, Mapping[str, float]]) -> Callable[[Array], Array] | None:
    """What turns degrees (columns lon, lat) of an older datum into degrees of CGCS2000 by the seven parameters of the
    profile (``datum_shifts``: metres, seconds of arc, parts in a million; Bursa-Wolf, position vector), None without.
    """
    if datum not in shifts:
        return None
    shift = " ".join(f"+{name}={shifts[datum].get(key, 0.0)}" for key, name in HELMERT.items())
    pipeline = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart +ellps={ELLIPSOIDS[datum]} +step +proj=helmert {shift} +convention=position_vector"
        " +step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )

    def moved(degrees: Array) -> Array:
        lon, lat, _ = pipeline.transform(degrees[:, 0], degrees[:, 1], np.zeros(len(degrees)))
        return np.column_stack([lon, lat])

    return moved


def central_meridian(crs: CRS) -> float:
    """Longitude of the natural origin of a transverse Mercator CRS, NaN for another sort."""
    return _parameter(crs, "Longitude of natural origin")


def false_easting(crs: CRS) -> float:
    """False easting in metres, without the zone number that some CRSs put before it."""
    return _parameter(crs, "False easting") % 1_000_000


def _parameter(crs: CRS, name: str) -> float:
    operation = crs.coordinate_operation
    values = {} if operation is None else {one.name: one.value for one in operation.params}
    return float(values.get(name, float("nan")))


def gauss_kruger(meridian: float, ellipsoid: str = "GRS80", easting: float = 500_000.0) -> Proj:
    """Gauss-Krüger projection (transverse Mercator, scale 1) of one central meridian and ellipsoid."""
    return Proj(proj="tmerc", lat_0=0, lon_0=meridian, k=1, x_0=easting, y_0=0, ellps=ellipsoid)


def web_shifts(crs: CRS) -> list[Shift]:
    """The shifts of Chinese web maps."""
    forth, back = _between(crs)
    return [_of_degrees(name, rule, forth, back) for name, rule in (("GCJ-02", to_gcj02), ("BD-09", to_bd09))]


def old_datums(crs: CRS) -> list[Shift]:
    """Older datums: the same degrees projected on their ellipsoid. Local datum shifts are not published and left out."""
    meridian, easting = central_meridian(crs), false_easting(crs)
    return [
        _reprojected(name, gauss_kruger(meridian, ellipsoid, easting), crs)
        for name, ellipsoid in ELLIPSOIDS.items()
        if not np.isnan(meridian)
    ]


def converted_datums(crs: CRS, parameters: Mapping[str, Mapping[str, float]]) -> list[Shift]:
    """Older datums of which the profile has the parameters: figures of theirs taken for those of the register's CRS."""
    meridian, easting = central_meridian(crs), false_easting(crs)
    found = []
    for name in sorted(parameters):
        modern = to_cgcs2000(name, parameters)
        if modern is not None and not np.isnan(meridian):
            found.append(
                _by_parameters(f"{name} (datum_shifts)", gauss_kruger(meridian, ELLIPSOIDS[name], easting), modern, crs)
            )
    return found


def other_zones(crs: CRS) -> list[Shift]:
    """The two neighbouring 3-degree zones on each side."""
    meridian, easting = central_meridian(crs), false_easting(crs)
    return [
        _reprojected(
            f"CGCS2000 / 3-degree Gauss-Kruger CM {meridian + step:.0f}E",
            gauss_kruger(meridian + step, easting=easting),
            crs,
        )
        for step in (-6, -3, 3, 6)
        if not np.isnan(meridian)
    ]


def _between(crs: CRS) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    to = Transformer.from_crs(crs, DEGREES, always_xy=True)
    back = Transformer.from_crs(DEGREES, crs, always_xy=True)
    return (
        lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])),
        lambda degrees: np.column_stack(back.transform(degrees[:, 0], degrees[:, 1])),
    )


def _of_degrees(
    name: str, rule: Callable[[Array], Array], to: Callable[[Array], Array], back: Callable[[Array], Array]
) -> Shift:
    return Shift(name, lambda xy: back(rule(to(xy))), lambda xy: back(inverse(rule, to(xy))))


def _reprojected(name: str, other: Proj, crs: CRS) -> Shift:
    to, back = _between(crs)

    def apply(xy: Array) -> Array:
        degrees = to(xy)
        return np.column_stack(other(degrees[:, 0], degrees[:, 1]))

    def undo(xy: Array) -> Array:
        return back(np.column_stack(other(xy[:, 0], xy[:, 1], inverse=True)))

    return Shift(name, apply, undo)


def _by_parameters(name: str, old: Proj, modern: Callable[[Array], Array], crs: CRS) -> Shift:
    to, back = _between(crs)

    def undo(xy: Array) -> Array:
        return back(modern(np.column_stack(old(xy[:, 0], xy[:, 1], inverse=True))))

    def apply(xy: Array) -> Array:
        degrees = inverse(modern, to(xy))
        return np.column_stack(old(degrees[:, 0], degrees[:, 1]))

    return Shift(name, apply, undo)
