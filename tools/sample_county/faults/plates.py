"""Faults in doorplates."""

from __future__ import annotations

from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (written_wrongly, linked_wrongly):
        sow(planter)


def written_wrongly(planter: Planter) -> None:
    """Numbers and certificate numbers."""
    for rule, where, numbers, wrong, zh, en in (
        ("DOR101", "文昌路", ("3", "5"), "不详", "门牌号写成“不详”", "the number is the word for unknown"),
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
    lost = planter.plate("瑞康路", "9", "11")
    planter.change("doorplates", lost, road_id="R999")
    planter.expect("DOR104", "doorplates", lost, "所属道路不在登记库", "the road is not in the register")
