"""Faults in addresses."""

from __future__ import annotations

from shapely import Point

from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (private, ill_written, wrong_division, wrong_link):
        sow(planter)


def of_road(planter: Planter, road: str, place: int = 0) -> str:
    """An address on a road."""
    frame = planter.layers["addresses"]
    return str(frame.loc[frame["road"].eq(road), "id"].iloc[place])


def private(planter: Planter) -> None:
    """What has no place in an address."""
    record = of_road(planter, "官驿路")
    planter.change("addresses", record, text=f"{planter.get('addresses', record, 'text')} 13800000000")
    planter.expect("ADR103", "addresses", record, "地址末尾写了手机号（虚构）", "a mobile number (invented) at the end")


def ill_written(planter: Planter) -> None:
    """Texts that are not in the form of an address."""
    double = of_road(planter, "义门街")
    text = str(planter.get("addresses", double, "text"))
    planter.change("addresses", double, text=text.replace("崇仁镇", "崇仁镇嵊州市崇仁镇"))
    planter.expect("ADR101", "addresses", double, "市名和镇名写了两遍", "county and town are written twice")
    other = of_estate(planter, "翠湖花园")
    planter.change("addresses", other, text=str(planter.get("addresses", other, "text")).replace("幢", "栋"))
    planter.expect("ADR102", "addresses", other, "“幢”写成了“栋”", "another character for the building")
    stale = of_road(planter, "福寿街")
    standard = str(planter.get("addresses", stale, "standard_text"))
    planter.change("addresses", stale, standard_text=standard.replace("福寿街", "福寿街9"))
    planter.expect("ADR203", "addresses", stale, "标准地址的门牌号与分段不同", "the standard text has another number")


def of_estate(planter: Planter, estate: str) -> str:
    """An address in an estate."""
    frame = planter.layers["addresses"]
    return str(frame.loc[frame["estate"].eq(estate), "id"].iloc[0])


def wrong_division(planter: Planter) -> None:
    """Divisions that are not where the address says, or no longer are."""
    moved = of_road(planter, "迎恩路")
    planter.change("addresses", moved, community="蛟潭村")
    planter.expect(
        "ADR201", "addresses", moved, "所写的村不在所写的街道", "the village is not in the street office named"
    )
    former = of_road(planter, "墨香街")
    text = str(planter.get("addresses", former, "text"))
    planter.change("addresses", former, text=text.replace("金庭镇", "北漳镇"))
    planter.expect("ADR202", "addresses", former, "用了 2019 年撤销的北漳镇", "names a town abolished in 2019")
    astray = planter.find("addresses", natural_village="雁塘口", plate_no="2")
    elsewhere = planter.get("addresses", of_road(planter, "岭北街"), "geometry")
    planter.change("addresses", astray, geometry=elsewhere)
    planter.expect("ADR301", "addresses", astray, "地址点落在另一个镇", "the point lies in another town")


def wrong_link(planter: Planter) -> None:
    """Parts that link to nothing, to too much or to something else."""
    nowhere = of_road(planter, "采茶街")
    text = str(planter.get("addresses", nowhere, "text")).replace("采茶街", "翠屏街")
    standard = str(planter.get("addresses", nowhere, "standard_text")).replace("采茶街", "翠屏街")
    planter.change(
        "addresses", nowhere, text=text, standard_text=standard, road="翠屏街", road_id=None, doorplate_id=None
    )
    planter.expect("ADR401", "addresses", nowhere, "所写的街不在登记库", "the street named is not in the register")
    unsure = of_road(planter, "清流街")
    planter.change("addresses", unsure, grade="C")
    planter.expect("ADR402", "addresses", unsure, "匹配等级为 C", "the match is of grade C")
    once = of_road(planter, "南庄街")
    twice = planter.add("addresses", once, id="S90001")
    planter.expect("ADR403", "addresses", min(once, twice), "同一地址登记了两次", "one address is recorded twice")
    other = of_road(planter, "书屋街")
    planter.change(
        "addresses", other, doorplate_id=planter.get("addresses", of_road(planter, "书屋街", 1), "doorplate_id")
    )
    planter.expect("ADR404", "addresses", other, "所连门牌是另一个号码", "linked to the plate of another number")
    far = of_road(planter, "镇前街")
    spot = planter.point("addresses", far)
    planter.change("addresses", far, geometry=Point(spot.x, spot.y + 700))
    planter.expect(
        "ADR405", "addresses", far, "地址点距所写的街约 700 米", "the point is some 700 m from the street named"
    )
