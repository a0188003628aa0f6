"""``diming plate``: what is written on a plate, numbers for new buildings, renumbering a road."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import format_option, register_argument, today_option
from register.cli.speech import language, say, t
from register.cli.tables import table
from rulebook.language import Text

plate = Commands("plate", Text("门牌：读号、编号、重编", "Doorplates: reading, numbering, renumbering"))
plate.add_lazy("parse", "register.cli.plates:parse", Text("读懂门牌上的写法", "Read what is written on plates"))
plate.add_lazy("propose", "register.cli.plates:propose", Text("给新建房屋编号", "Numbers for new buildings"))
plate.add_lazy(
    "renumber", "register.cli.plates:renumber", Text("一条路的最少改动重编方案", "Least-change renumbering of a road")
)


def _road_option() -> Callable[[Any], Any]:
    return click.option("--road", required=True, metavar="ID", help=t("道路标识", "Id of the road"))


@click.command(
    "parse",
    cls=Spoken,
    summary=Text(
        "读懂门牌上的写法。读得懂为 true，不是门牌写法为 false，须由人判断的为 null 并提出问题。",
        "Read what is written on plates: legal is true, false, or null where a person must tell, with the question.",
    ),
)
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@format_option("table", "json", default="table")
def parse(texts: tuple[str, ...], form: str) -> None:
    """Print the parse of each text."""
    from register.cases import plates

    rows = plates.parse(texts, language())
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "text": t("写法", "text"),
        "legal": t("读得懂", "legal"),
        "kind": t("类型", "kind"),
        "main": t("主号", "main"),
        "sub": t("附号", "sub"),
        "range_to": t("止号", "to"),
        "building": t("幢", "building"),
        "unit": t("单元", "unit"),
        "room": t("室", "room"),
        "canonical": t("规范写法", "canonical"),
        "question": t("问题", "question"),
    }
    legal = {True: t("是", "yes"), False: t("否", "no"), None: t("待定", "ask")}
    click.echo(table([{**row, "legal": legal[row["legal"]]} for row in rows], headings))


@click.command(
    "propose",
    cls=Spoken,
    summary=Text(
        "按道路的编号规则、相邻门牌和间距，给新建房屋编号，并说明理由和其他可用的号。",
        "Propose numbers for new buildings by the road's convention, neighbours and spacing, with reason and alternatives.",
    ),
)
@register_argument()
@_road_option()
@click.option(
    "--points",
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("房屋点位文件（点图形，或 lon、lat 列）", "File of points (shapes, or columns lon and lat)"),
)
@click.option(
    "--at", metavar="LON,LAT", help=t("一处房屋的经纬度（EPSG:4490）", "One building, in degrees (EPSG:4490)")
)
@format_option("table", "json", default="table")
@today_option()
def propose(address: str, road: str, points: Path | None, at: str | None, form: str, today: str) -> None:
    """Print a number for each point."""
    from register.cases import plates
    from register.store import opened

    with opened(address) as register:
        rows = plates.proposals(register, road, at, points, language(), today=today)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "point": t("点位", "point"),
        "number": t("门牌号", "number"),
        "side": t("侧", "side"),
        "reason": t("理由", "reason"),
        "alternatives": t("其他可用号", "alternatives"),
    }
    sides = {"left": t("左", "left"), "right": t("右", "right"), None: None}
    shown = [
        {
            **row,
            "point": ",".join(str(degrees) for degrees in row["point"]),
            "side": sides[row["side"]],
            "alternatives": "、".join(row["alternatives"]),
        }
        for row in rows
    ]
    click.echo(table(shown, headings))


@click.command(
    "renumber",
    cls=Spoken,
    summary=Text(
        "给出一条路的重编方案：合乎顺序的门牌不动，只改错边、乱序和重号的，改动最少。写成修改计划（CSV）。",
        "A renumbering plan for a road: plates that fit stay, only those on the wrong side, out of order or repeated change. Writes a fix plan (CSV).",
    ),
)
@register_argument()
@_road_option()
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help=t("修改计划文件", "File of the fix plan"))
@today_option()
def renumber(address: str, road: str, out: Path | None, today: str) -> None:
    """Write or print a fix plan for a road."""
    from register.cases import plates
    from register.exchange.plans import write_plan
    from register.store import opened

    with opened(address) as register:
        plan = plates.renumbering(register, road, language(), today=today)
    if out is None:
        click.echo(plan.to_csv(index=False), nl=False)
    else:
        write_plan(out, plan)
    say(
        Text("道路 {road}：{count} 块门牌需要改号。", "Road {road}: {count} plates need another number.").format(
            road=road, count=len(plan)
        )
    )
