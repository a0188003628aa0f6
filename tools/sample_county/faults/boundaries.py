"""Faults in divisions, lines, markers and inspections."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

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
    first, second = sorted((planter.find("divisions", name="石璜镇"), planter.find("divisions", name="谷来镇")))
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
