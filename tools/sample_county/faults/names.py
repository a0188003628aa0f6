"""Faults in place names and roads."""

from __future__ import annotations

from itertools import count

from tools.sample_county import ground, streets
from tools.sample_county.faults.planter import Planter

SPARE_IDS = count(1)


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (written_wrongly, built_wrongly, not_standard, filled_in_wrongly, placed_wrongly, alike):
        sow(planter)


def written_wrongly(planter: Planter) -> None:
    """Signs that do not belong in a name."""
    for rule, name, wrong, zh, en in (
        ("NAM102", "独秀峰", "独秀 峰", "名称中间多了一个空格", "a blank inside the name"),
        ("NAM104", "石印峰", "石?峰", "名称中的一个字变成了问号", "a question mark where a character was lost"),
        (
            "NAM107",
            "香炉峰",
            "香炉峰（暂名）",
            "名称带有“暂名”字样和括号",
            "brackets and a provisional mark in the name",
        ),
    ):
        record = planter.place(name)
        planter.change("place_names", record, name=wrong, specific=None, generic=None)
        planter.expect(rule, "place_names", record, zh, en)
    nameless = planter.place("牛角尖")
    planter.change("place_names", nameless, name=None, specific=None, generic=None)
    planter.expect("NAM101", "place_names", nameless, "没有名称", "no name")


def built_wrongly(planter: Planter) -> None:
    """Names whose parts are not a specific and a generic part."""
    split = planter.place("湖头泵站")
    planter.change("place_names", split, specific="湖")
    planter.expect(
        "NAM204", "place_names", split, "专名与通名拼不成名称", "specific and generic part do not make the name"
    )


def not_standard(planter: Planter) -> None:
    """Names that the regulation does not allow."""


def filled_in_wrongly(planter: Planter) -> None:
    """Fields of the registration form."""
    short = planter.place("鹿胎山")
    planter.change("place_names", short, place_code=str(planter.get("place_names", short, "place_code"))[:-1])
    planter.expect("NAM206", "place_names", short, "地名代码只有 19 位", "a place code of 19 digits")
    first, second = sorted((planter.place("枫林桥"), planter.place("石桥隧道")))
    code = planter.get("place_names", first, "place_code")
    planter.change("place_names", second, place_code=code)
    planter.expect("NAM207", "place_names", first, "两座设施用了同一个地名代码", "two works have one place code")
    empty = planter.place("棋盘山")
    planter.change("place_names", empty, division_code=None)
    planter.expect("NAM208", "place_names", empty, "没有填写所在政区", "the division is not filled in")


def placed_wrongly(planter: Planter) -> None:
    """Names and places that do not fit each other."""


def alike(planter: Planter) -> None:
    """Names that are taken for one another."""


def spare_road(planter: Planter, spot: int, name: tuple[str, str, str], **cells: object) -> str:
    """A lane without plates on free ground of the city; ``name`` is specific part, generic part, romanisation."""
    specific, generic, pinyin = name
    number = 900 + next(SPARE_IDS)
    like = planter.road("书院巷")
    record = planter.add(
        "roads", like, id=f"R{number}", name=specific + generic, specific=specific, generic=generic, pinyin=pinyin,
        place_code=f"{ground.COUNTY[:9]}{streets.ROAD_CATEGORY}{number:06d}", numbering=None,
    )  # fmt: skip
    planter.change("roads", record, **cells)
    return record
