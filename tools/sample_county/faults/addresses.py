"""Faults in addresses."""

from __future__ import annotations

from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (private, wrong_division):
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
