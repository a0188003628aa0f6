"""A line of five stones between two counties, and pictures as a camera writes them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from pyproj import CRS, Transformer

from register.store import create_register
from tests.case_files import layers_of

TODAY = "2026-06-01"
NAMES = {"m1": "诸嵊线1号", "m2": "诸嵊线2号", "m3": "诸嵊线3号", "m4": "诸嵊线4号", "t1": "柯诸嵊三交点"}
PLACES = {f"m{n}": (580412.21 + 1000 * n, 3274952.92) for n in range(1, 5)} | {"t1": (580412.21, 3274952.92)}
DEGREES = Transformer.from_crs(4549, 4490, always_xy=True)


def lon_lat(marker: str, east: float = 0.0, north: float = 0.0) -> tuple[float, float]:
    """Degrees of a stone, or of a place beside it."""
    x, y = PLACES[marker]
    lon, lat = DEGREES.transform(x + east, y + north)
    return round(lon, 8), round(lat, 8)


def build(path: Path) -> Path:
    """Make the register."""
    sides = "330681000000;330683000000"
    stones = [
        {
            "id": one, "number": f"0681068300{one[1]}{'S' if one == 't1' else 'Q'}", "name": NAMES[one], "line_codes": "L1",
            "serial": None if one == "t1" else int(one[1]), "type_code": "S" if one == "t1" else "Q", "faces": 2,
            "division_codes": sides, "status": "intact", "accuracy_m": 0.1, "level": "county", "caring_code": "330683000000",
            "easting": x, "northing": y, "lon": lon_lat(one)[0], "lat": lon_lat(one)[1], "recorded_crs": "EPSG:4549",
            "location": "示例村东侧", "geometry": f"POINT ({x} {y})",
        }
        for one, (x, y) in PLACES.items()
    ]  # fmt: skip
    line = {
        "code": "L1", "name": "诸嵊线", "level": "county", "left_code": "330681000000", "right_code": "330683000000",
        "last_inspected_on": "2020-06-30", "agreed_on": "1998-10-04", "marker_count": 5,
        "geometry": "MULTILINESTRING ((580400 3274940, 584500 3274940))",
    }  # fmt: skip
    witnesses = [
        {"marker_id": "m1", "seq": n, "name": name, "azimuth_deg": 120.0 * n - 60, "distance_m": 10.0 + n}
        for n, name in ((1, "石桥"), (2, "电杆"), (3, "路口"))
    ]
    register = create_register(path, "zhejiang/shengzhou", CRS(4549))
    layers = {"boundary_lines": [line], "markers": stones, "marker_witnesses": witnesses}
    for name, rows in layers.items():
        register.put(name, layers_of({name: rows})[name], actor="tester", reason=f"导入 {name}")
    register.close()
    return path


def picture(
    taken: str | None = "2026:05:01 09:30:00", place: tuple[float, float] | None = None, colour: str = "red"
) -> bytes:
    """A JPEG with the time and place that a camera writes."""
    image = Image.new("RGB", (64, 48), colour)
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[36867] = taken
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: _sexagesimal(place[1]), 3: "E", 4: _sexagesimal(place[0])})
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 4)
