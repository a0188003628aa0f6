"""Faults in divisions, lines, markers and inspections."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from tools.sample_county import ground, streets
from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (coded_wrongly, ill_fitting):
        sow(planter)


def coded_wrongly(planter: Planter) -> None:
    """Codes and parents of divisions."""
    village = planter.find("divisions", name="新建村")
    planter.change("divisions", village, code=village[:-1] + "X")
    planter.expect("DIV101", "divisions", village[:-1] + "X", "区划代码末位写成字母", "a letter at the end of the code")
    first, second = sorted((planter.find("divisions", name="金庭镇"), planter.find("divisions", name="贵门乡")))
    planter.change("divisions", second, nbs_code=planter.get("divisions", first, "nbs_code"))
    planter.expect("DIV102", "divisions", first, "两个镇填了同一个统计用代码", "two towns have one statistics code")
    stray = planter.find("divisions", name="楼家村")
    planter.change("divisions", stray, parent_code=planter.find("divisions", name="崇仁镇"))
    planter.expect("DIV103", "divisions", stray, "上级填成了邻镇", "the parent is the neighbouring town")


def ill_fitting(planter: Planter) -> None:
    """Polygons that do not tile."""
    shift_corner(planter, "山口村", "昆溪村", -30.0)
    first = min(planter.find("divisions", name="山口村"), planter.find("divisions", name="昆溪村"))
    planter.expect(
        "BND301", "divisions", first, "两村之间有宽约 30 米的缺口", "a gap of some 30 m between two villages"
    )
    shift_corner(planter, "蒋镇村", "嵊浦村", 25.0)
    first = min(planter.find("divisions", name="蒋镇村"), planter.find("divisions", name="嵊浦村"))
    planter.expect("BND302", "divisions", first, "两村重叠约 25 米", "two villages overlap by some 25 m")

    shift_corner(planter, "石楼社区", "覆船村", 0.04)
    first = min(planter.find("divisions", name="石楼社区"), planter.find("divisions", name="覆船村"))
    planter.expect("BND304", "divisions", first, "公共边的一个折点相差 4 厘米", "copies of one vertex differ by 4 cm")
    notch(planter, "白宅墅村")
    exclave(planter, "夏泽村", "永安村")
    hollow(planter, "举坑村")
    bow = planter.add(
        "areas", planter.find("areas", name="贵门乡建成区"), id="A90", kind="development_zone", name="示例工业园",
        geometry=bow_tie(planter),
    )  # fmt: skip
    planter.expect("BND101", "areas", bow, "边界自相交", "the outline crosses itself")


def bow_tie(planter: Planter) -> MultiPolygon:
    """A self-crossing outline in the middle of a village."""
    shape = planter.get("divisions", planter.find("divisions", name="水竹村"), "geometry")
    x, y = shape.centroid.x, shape.centroid.y
    return MultiPolygon([Polygon([(x, y), (x + 300, y + 200), (x + 300, y), (x, y + 200)])])


def exclave(planter: Planter, owner: str, around: str) -> None:
    """Give a patch in the middle of one village to another."""
    inside, outside = (planter.find("divisions", name=name) for name in (owner, around))
    host, guest = (planter.get("divisions", code, "geometry") for code in (outside, inside))
    patch = patch_of(host)
    planter.change("divisions", outside, geometry=MultiPolygon([host.geoms[0].difference(patch)]))
    planter.change("divisions", inside, geometry=MultiPolygon([*guest.geoms, patch]))
    planter.expect("BND102", "divisions", inside, "在邻村中间有一块飞地", "a patch in the middle of the next village")


def hollow(planter: Planter, village: str) -> None:
    """Cut a patch out of the middle of a village and give it to none."""
    code = planter.find("divisions", name=village)
    whole = planter.get("divisions", code, "geometry")
    planter.change("divisions", code, geometry=MultiPolygon([whole.geoms[0].difference(patch_of(whole))]))
    planter.expect("BND102", "divisions", code, "村中间有一个空洞", "a hole in the middle of a village")


def patch_of(shape: MultiPolygon) -> Polygon:
    """Four-cornered ground beside the middle of a village."""
    x, y = streets.seat_of(shape.geoms[0])[0]
    corners = ((0.0, 0.0), (210.0, 35.0), (260.0, 190.0), (40.0, 225.0))
    return Polygon([(round(x + 400 + east, 2), round(y + 300 + north, 2)) for east, north in corners])


def notch(planter: Planter, village: str) -> None:
    """Draw a village back from the county's outline at one vertex: the town is no longer filled."""
    code = planter.find("divisions", name=village)
    own = planter.get("divisions", code, "geometry")
    county = planter.get("divisions", ground.COUNTY, "geometry")
    ring = list(own.geoms[0].exterior.coords)
    outer = [place for place, pair in enumerate(ring) if Point(pair).distance(county.boundary) == 0]
    place = outer[len(outer) // 2]
    towards = own.centroid
    x, y = ring[place]
    length = np.hypot(towards.x - x, towards.y - y)
    ring[place] = (round(x + 50 * (towards.x - x) / length, 2), round(y + 50 * (towards.y - y) / length, 2))
    planter.change("divisions", code, geometry=MultiPolygon([Polygon(ring)]))
    parent = str(planter.get("divisions", code, "parent_code"))
    planter.expect("BND303", "divisions", parent, "村界没有画到镇界", "a village stops short of the town's outline")


def shift_corner(planter: Planter, village: str, neighbour: str, outwards_m: float) -> None:
    """Move the middle vertex of the common edge in the copy of ``village`` only, out of it or (negative) into it."""
    code = planter.find("divisions", name=village)
    own = planter.get("divisions", code, "geometry")
    other = planter.get("divisions", planter.find("divisions", name=neighbour), "geometry")
    edge = shapely.line_merge(shapely.intersection(own, other))
    if not isinstance(edge, LineString):
        raise LookupError(f"{village} and {neighbour} have no single common edge")
    inner = list(edge.coords)
    x, y = inner[len(inner) // 2]
    before, after = inner[len(inner) // 2 - 1], inner[len(inner) // 2 + 1]
    along = np.subtract(after, before) / np.hypot(*np.subtract(after, before))
    aside = (x - along[1] * abs(outwards_m), y + along[0] * abs(outwards_m))
    if own.contains(Point(aside)) == (outwards_m > 0):
        aside = (x + along[1] * abs(outwards_m), y - along[0] * abs(outwards_m))
    ring = [tuple(np.round(aside, 2)) if pair == (x, y) else pair for pair in own.geoms[0].exterior.coords]
    planter.change("divisions", code, geometry=MultiPolygon([Polygon(ring)]))
