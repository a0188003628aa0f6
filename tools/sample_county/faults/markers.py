"""Faults in boundary lines, markers, witnesses and inspections."""

from __future__ import annotations

import numpy as np
from shapely import LineString, MultiLineString, Point

from tools.sample_county import gcj02, ground
from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (drawn_wrongly, recorded_wrongly, standing_wrongly, numbered_wrongly, inspected_wrongly):
        sow(planter)


def line_of(planter: Planter, name: str) -> str:
    """Code of a line."""
    return planter.find("boundary_lines", name=name)


def marker_of(planter: Planter, name: str) -> str:
    """Id of a marker."""
    return planter.find("markers", name=name)


def drawn_wrongly(planter: Planter) -> None:
    """Lines that do not agree with the polygons or with their markers."""
    off = line_of(planter, "柯嵊线")
    xy = np.array(planter.get("boundary_lines", off, "geometry").geoms[0].coords)
    middle = len(xy) // 2
    xy[middle - 1 : middle + 2] += (31.0, 33.0)
    planter.change("boundary_lines", off, geometry=MultiLineString([LineString(xy.round(2))]))
    planter.expect("BND305", "boundary_lines", off, "中段偏离县界约 45 米", "some 45 m off the outline half-way")
    turned = line_of(planter, "嵊余线")
    left, right = (planter.get("boundary_lines", turned, side) for side in ("left_code", "right_code"))
    planter.change("boundary_lines", turned, left_code=right, right_code=left)
    planter.expect("BND306", "boundary_lines", turned, "左右两侧填反", "left and right are exchanged")
    counted = line_of(planter, "嵊奉线")
    planter.change("boundary_lines", counted, marker_count=6)
    planter.expect("BND307", "boundary_lines", counted, "界桩颗数比实有的多一颗", "one marker more than there are")


def recorded_wrongly(planter: Planter) -> None:
    """Registration forms with a wrong or missing entry."""
    malformed = marker_of(planter, "嵊新线8号")
    planter.change("markers", malformed, number="八号桩")
    planter.expect("MRK101", "markers", malformed, "编号写成“八号桩”", "the number is written in words")
    alone = marker_of(planter, "诸嵊线1号")
    frame = planter.layers["marker_witnesses"]
    extra = frame["marker_id"].eq(alone) & frame["seq"].ge("3")
    planter.layers["marker_witnesses"] = frame[~extra].reset_index(drop=True)
    planter.expect("MRK102", "markers", alone, "只有两个方位物", "only two reference objects")
    mistyped = marker_of(planter, "诸嵊线2号")
    planter.change("markers", mistyped, lon=round(float(str(planter.get("markers", mistyped, "lon"))) + 0.01, 7))
    planter.expect("MRK103", "markers", mistyped, "经度多了 0.01 度", "0.01 degrees too much in the longitude")
    shifted = marker_of(planter, "嵊余线2号")
    spot = planter.point("markers", shifted)
    lon, lat = gcj02.shifted(*ground.degrees(spot.x, spot.y))
    planter.change("markers", shifted, lon=round(lon, 7), lat=round(lat, 7))
    planter.expect("MRK104", "markers", shifted, "经纬度取自手机地图", "longitude and latitude from a phone map")
    strange = marker_of(planter, "柯嵊线1号")
    sides = f"{ground.NEIGHBOURS['诸'].code}000000;{ground.COUNTY}"
    planter.change("markers", strange, division_codes=sides)
    planter.expect("MRK201", "markers", strange, "一侧填成了另一个县", "one side is another county")


def moved(planter: Planter, marker: str, east: float, north: float) -> None:
    """Move a marker with all figures of its form."""
    spot = planter.point("markers", marker)
    place = Point(round(spot.x + east, 3), round(spot.y + north, 3))
    lon, lat = ground.degrees(place.x, place.y)
    planter.change("markers", marker, geometry=place, easting=place.x, northing=place.y, lon=lon, lat=lat)


def standing_wrongly(planter: Planter) -> None:
    """Markers that do not stand where they should."""
    off = marker_of(planter, "嵊新线7号")
    moved(planter, off, 20.0, 40.0)
    planter.expect("MRK301", "markers", off, "离界线数十米", "some tens of metres off the line")
    corner = marker_of(planter, "余奉嵊三交点")
    moved(planter, corner, 55.0, -30.0)
    planter.expect("MRK302", "markers", corner, "不在三方交会处", "not where the three meet")


def numbered_wrongly(planter: Planter) -> None:
    """Serials that do not follow the line, or are not complete."""
    line = line_of(planter, "嵊虞线")
    second, third = (marker_of(planter, f"嵊虞线{serial}号") for serial in (2, 3))
    for marker, serial in ((second, 3), (third, 2)):
        planter.change("markers", marker, serial=serial, number=f"{line}{serial:03d}Q", name=f"嵊虞线{serial}号")
    planter.expect("MRK401", "markers", second, "两颗界桩的编号颠倒", "two serials are exchanged")
    lost = marker_of(planter, "嵊新线3号")
    before = marker_of(planter, "嵊新线2号")
    twin = planter.find("markers", name="嵊新线5号", type_code="B")
    fewer(planter, "嵊新线", lost, "single_count")
    planter.expect("MRK402", "markers", before, "缺第 3 号", "serial 3 is missing")
    planter.expect(
        "MRK403", "markers", before, "缺号处界桩相距十余公里", "some 12 km without a marker there", cause="MRK402"
    )
    fewer(planter, "嵊新线", twin, "double_count")
    first = planter.find("markers", name="嵊新线5号", type_code="A")
    planter.expect("MRK202", "markers", first, "双立界桩只登记了甲桩", "of a double marker only A is recorded")


def fewer(planter: Planter, line: str, marker: str, kind: str) -> None:
    """Take a marker with its witnesses out, and out of the figures of its line."""
    planter.remove("markers", marker)
    planter.remove("marker_witnesses", marker)
    code = line_of(planter, line)
    for column in ("marker_count", kind):
        planter.change("boundary_lines", code, **{column: int(str(planter.get("boundary_lines", code, column))) - 1})


def inspected_wrongly(planter: Planter) -> None:
    """Inspections that are late, incomplete or tell of a moved stone."""
    late = line_of(planter, "柯嵊线")
    planter.change("boundary_lines", late, last_inspected_on="2019-10-11")
    planter.expect("MRK501", "boundary_lines", late, "上次联检已过五年", "inspected more than five years ago")
    displaced = planter.find("inspections", marker_id=marker_of(planter, "东嵊线5号"))
    spot = planter.point("inspections", displaced)
    planter.change("inspections", displaced, geometry=Point(spot.x + 9, spot.y - 11))
    planter.expect(
        "MRK303",
        "markers",
        marker_of(planter, "东嵊线5号"),
        "联检位置与登记相差约 14 米",
        "found some 14 m from where it is recorded",
    )
    lonely = planter.find("inspections", marker_id=marker_of(planter, "东嵊线2号"))
    planter.change("inspections", lonely, parties=ground.COUNTY)
    planter.expect("MRK502", "inspections", lonely, "联检时邻县没有到场", "the neighbour was not present")
    unproved = planter.find("inspections", marker_id=marker_of(planter, "嵊奉线2号"))
    planter.change("inspections", unproved, condition="damaged", photos=None)
    planter.expect("MRK503", "inspections", unproved, "说界桩损坏却没有照片", "said to be damaged, without a photo")
    first = planter.find("inspections", marker_id=marker_of(planter, "东嵊线3号"))
    again = planter.find("inspections", marker_id=marker_of(planter, "东嵊线4号"))
    planter.change("inspections", again, photos=planter.get("inspections", first, "photos"))
    planter.expect("MRK504", "inspections", again, "两次检查用了同一张照片", "one picture for two inspections")
