"""Faults in doorplates."""

from __future__ import annotations

import shapely
from shapely import LineString, Point

from tools.sample_county import gcj02, ground, plates
from tools.sample_county.faults import names
from tools.sample_county.faults.planter import ASTRAY_SOURCE, Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (written_wrongly, linked_wrongly, standing_wrongly, numbered_wrongly, held_wrongly, measured_astray):
        sow(planter)


def written_wrongly(planter: Planter) -> None:
    """Numbers and certificate numbers."""
    for rule, where, numbers, wrong, zh, en in (
        ("DOR101", "灯笼巷", ("11",), "不详", "门牌号写成“不详”", "the number is the word for unknown"),
        ("DOR102", "锦绣路", ("6", "8"), "00{}", "门牌号前面多了两个零", "two leading zeros"),
        ("DOR103", "丰泽路", ("15", "17"), "{}-29", "门牌号可能是区段，也可能是附号", "a range or a sub-number"),
    ):
        record = planter.plate(where, *numbers)
        number = planter.get("doorplates", record, "number")
        planter.change("doorplates", record, number=wrong.format(number))
        planter.expect(rule, "doorplates", record, zh, en)
    first, second = sorted((planter.plate("井亭巷", "3", "5"), planter.plate("米市巷", "3", "5")))
    planter.change("doorplates", second, plate_code=planter.get("doorplates", first, "plate_code"))
    planter.expect(
        "DOR201", "doorplates", first, "两块门牌用了同一个门牌证号", "two plates have one certificate number"
    )


def linked_wrongly(planter: Planter) -> None:
    """Plates of a road that is not in the register."""
    lost = planter.plate("鼓楼巷", "11")
    planter.change("doorplates", lost, road_id="R999")
    planter.expect("DOR104", "doorplates", lost, "所属道路不在登记库", "the road is not in the register")
    moved = planter.plate("渔歌路", "3", "5")
    planter.change("doorplates", moved, division_code=planter.find("divisions", name="蒋镇村"))
    planter.expect(
        "DOR305", "doorplates", moved, "所填村社区不是所在的村社区", "recorded in a village it does not stand in"
    )


def standing_wrongly(planter: Planter) -> None:
    """Plates whose point is wrong."""
    crossed = planter.plate("鹤鸣东路", "15", "17")
    line = planter.get("roads", planter.road("鹤鸣东路"), "geometry").geoms[0]
    planter.change("doorplates", crossed, geometry=mirrored(planter.point("doorplates", crossed), line))
    planter.expect("DOR301", "doorplates", crossed, "单号立在了双号一侧", "an odd number on the even side")
    far = planter.plate("沿溪路", "8", "9")
    spot = planter.point("doorplates", far)
    planter.change("doorplates", far, geometry=Point(spot.x, spot.y - 150))
    planter.expect("DOR304", "doorplates", far, "距所编道路约 160 米", "some 160 m from its road")
    lost = planter.plate("学士路", "9", "11", "13")
    planter.change("doorplates", lost, geometry=None)
    planter.expect("EXC201", "doorplates", lost, "没有坐标", "no coordinates")
    village = planter.place("舜井头")
    stacked = planter.members("doorplates", place_id=village)
    for record in stacked[1:]:
        planter.change("doorplates", record, geometry=planter.point("doorplates", stacked[0]))
    planter.expect("DOR306", "doorplates", stacked[0], "全村门牌点在同一个点上", "all plates of a village on one point")
    outside = planter.plate("雪岭", "1", "2")
    county = planter.get("divisions", ground.COUNTY, "geometry")
    spot = planter.point("doorplates", outside)
    edge = shapely.shortest_line(spot, county.boundary).coords[-1]
    planter.change(
        "doorplates",
        outside,
        geometry=Point(round(edge[0] * 1.1 - spot.x * 0.1, 2), round(edge[1] * 1.1 - spot.y * 0.1, 2)),
    )
    planter.expect("DOR307", "doorplates", outside, "点落在县界以外", "the point lies outside the county")


def mirrored(point: Point, line: LineString) -> Point:
    """The point at the same distance on the other side of a line."""
    foot = line.interpolate(line.project(point))
    return Point(round(2 * foot.x - point.x, 2), round(2 * foot.y - point.y, 2))


def numbered_wrongly(planter: Planter) -> None:
    """Numbers that do not fit their neighbours."""
    line = planter.get("roads", planter.road("迎恩路"), "geometry").geoms[0]
    late, early = (
        planter.plate("迎恩路", "3", "5"),
        planter.find("doorplates", road_id=planter.road("迎恩路"), number="15"),
    )
    station = line.project(planter.point("doorplates", early)) + 10.0
    planter.change("doorplates", late, geometry=plates.along(line, station, 17.0))
    planter.expect("DOR302", "doorplates", late, "小号立在大号之间", "a low number among high ones")
    jump = planter.plate("打铁巷", "11", "12")
    planter.change("doorplates", jump, number=str(int(str(planter.get("doorplates", jump, "number"))) + 100))
    planter.expect("DOR303", "doorplates", jump, "路末的号码跳过一百号", "the last number jumps by a hundred")
    spare = planter.plate("艺圃路", "5", "7")
    number = int(str(planter.get("doorplates", spare, "number")))
    planter.remove("doorplates", spare)
    before = planter.find("doorplates", road_id=planter.road("艺圃路"), number=str(number - 2))
    planter.expect(
        "DOR402", "doorplates", before, f"建成路段缺 {number} 号", f"number {number} is missing in a built stretch"
    )
    twin = planter.plate("书院巷", "6", "8")
    spot = planter.point("doorplates", twin)
    double = planter.add(
        "doorplates", twin, id="D90001", plate_code="830022020290001", geometry=Point(spot.x + 2, spot.y)
    )
    planter.expect("DOR401", "doorplates", min(twin, double), "同一条路上有两块同号门牌", "one number twice on a road")


def held_wrongly(planter: Planter) -> None:
    """Plates whose status does not go with their number or their road."""
    road = planter.road("锦绣路")
    reserved = planter.find("doorplates", road_id=road, status="reserved")
    spot = planter.point("doorplates", reserved)
    used = planter.add(
        "doorplates",
        reserved,
        id="D90002",
        plate_code="830022020290002",
        status="in_use",
        geometry=Point(spot.x + 2, spot.y),
    )
    planter.expect("DOR501", "doorplates", used, "预留的号码已在使用", "a reserved number is in use")
    planned = names.spare_lane(planter, (3, 3), "新荷", "路", "Xīnhé Lù", status="planned")
    line = planter.get("roads", planned, "geometry").geoms[0]
    early = planter.add(
        "doorplates", used, id="D90003", plate_code="830022020290003", road_id=planned, number="1",
        geometry=plates.along(line, 40.0, 8.0), standard_address=None,
    )  # fmt: skip
    village = planter.layers["divisions"]
    inside = village[
        village["level"].eq("village") & shapely.covers(village.geometry.array, planter.point("doorplates", early))
    ]
    planter.change("doorplates", early, division_code=inside["code"].iloc[0])
    planter.expect("DOR502", "doorplates", early, "门牌在用而道路还在规划", "in use on a road that is only planned")


def measured_astray(planter: Planter) -> None:
    """All plates of one town in the coordinates of an online map, as a contractor handed them in."""
    town = planter.find("divisions", name="黄泽镇")
    frame = planter.layers["doorplates"]
    shifted = frame[frame["division_code"].str.startswith(town[:9])]
    for record, spot in zip(shifted["id"], shifted.geometry, strict=True):
        place = Point(ground.metres(*gcj02.shifted(*ground.degrees(spot.x, spot.y))))
        planter.change("doorplates", record, geometry=place, source=ASTRAY_SOURCE)
        if planter.get("doorplates", record, "kind") == "road":
            planter.expect(
                "DOR304",
                "doorplates",
                record,
                "随整批坐标偏移而远离道路",
                "off its road with the whole batch",
                cause="EXC202",
            )
    planter.expect(
        "EXC202", "doorplates", min(shifted["id"]), "整批门牌用了手机地图坐标", "a whole batch in map coordinates"
    )
