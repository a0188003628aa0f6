"""``diming plate``: what is written on a plate, numbers for new buildings, renumbering a road."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from register.cases.numbering_words import NUMBERINGS, SOURCES, STARTS
from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, today_option
from register.cli.speech import language, say, t
from register.cli.tables import table as table_of
from rulebook.errors import CallError
from rulebook.language import Text

plate = Commands("plate", Text("门牌：读号、编号、重编", "Doorplates: reading, numbering, renumbering"))
plate.add_lazy("parse", "register.cli.plates:parse", Text("读懂门牌上的写法", "Read what is written on plates"))
plate.add_lazy("propose", "register.cli.plates:propose", Text("给新建房屋编号", "Numbers for new buildings"))
plate.add_lazy(
    "renumber", "register.cli.plates:renumber", Text("一条路的最少改动重编方案", "Least-change renumbering of a road")
)
plate.add_lazy(
    "convention", "register.cli.plates:convention", Text("每条路实际怎样编号", "How each road is numbered in practice")
)
for _name, _zh, _en in (
    ("stage", "实施重编事项的一期", "Apply a stage of a renumbering"),
    ("issue", "启用预留或临时门牌", "Put reserved or temporary plates in use"),
    ("split", "一户分为几户，编附号", "Split a house: sub-numbers for the new ones"),
    ("merge", "几户合为一户，留用一块", "Merge houses: one plate stays"),
    ("cancel", "注销门牌", "Cancel plates"),
    ("lineage", "一块门牌的沿革", "What became of a plate"),
):
    plate.add_lazy(_name, f"register.cli.plate_changes:{_name}", Text(_zh, _en))
for _name, _zh, _en in (
    ("order", "给制牌厂的制作清单", "The list for the workshop"),
    ("draw", "门牌图样（SVG、HTML）", "Drawings of plates (SVG, HTML)"),
    ("certificate", "核发门牌证", "Issue certificates"),
    ("proof", "出具地址证明", "Write an address proof"),
):
    plate.add_lazy(_name, f"register.cli.plate_papers:{_name}", Text(_zh, _en))
plate.add_lazy("trip", "register.cli.plate_trips:trip", Text("门牌外业踏勘", "Field trips to doorplates"))


def points_option() -> Callable[[Any], Any]:
    """``--points``: a file of points."""
    return click.option(
        "--points",
        type=click.Path(path_type=Path),
        metavar="F",
        help=t("房屋点位文件（点图形，或 lon、lat 列）", "File of points (shapes, or columns lon and lat)"),
    )


def at_option() -> Callable[[Any], Any]:
    """``--at``: one point."""
    return click.option(
        "--at", metavar="LON,LAT", help=t("一处房屋的经纬度（EPSG:4490）", "One building, in degrees (EPSG:4490)")
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
    click.echo(table_of([{**row, "legal": legal[row["legal"]]} for row in rows], headings))


@click.command(
    "propose",
    cls=Spoken,
    summary=Text(
        "按道路的编号规则、相邻门牌和间距，给新建房屋编号，并说明理由和其他可用的号。",
        "Propose numbers for new buildings by the road's convention, neighbours and spacing, with reason and alternatives.",
    ),
)
@register_argument()
@click.option("--road", metavar="ID", help=t("沿哪条路编号", "The road to number along"))
@click.option("--place", metavar="ID", help=t("在哪个自然村或住宅区编号", "The village or estate to number in"))
@points_option()
@at_option()
@click.option(
    "--reserve", is_flag=True, help=t("立即预留所提号码，写入登记库", "Reserve the numbers: write them to the register")
)
@click.option(
    "--number", metavar="N", help=t("预留备选号中的这一个（单点）", "Reserve this one of the alternatives (one point)")
)
@actor_option(required=False)
@click.option("--reason", default="", metavar=t("理由", "TEXT"), help=t("预留的理由", "Why the numbers are reserved"))
@format_option("table", "json", default="table")
@today_option()
def propose(
    address: str, road: str | None, place: str | None, points: Path | None, at: str | None, form: str, today: str, *,
    reserve: bool, number: str | None, actor: str, reason: str,
) -> None:  # fmt: skip
    """Print a number for each point, and reserve them where asked to."""
    from register.cases import plates
    from register.store import opened

    if number and not reserve:
        raise CallError("--number 要与 --reserve 同用。", "--number goes with --reserve.")
    with opened(address) as register:
        if reserve:
            spots = plates.spots_of(at, points, register.crs)
            if number and len(spots) != 1:
                raise CallError("--number 只能用于一处房屋。", "--number is for one building only.")
            given = {"road_id": road, "place_id": place, "wanted": number, "actor": actor, "reason": reason}
            change_id, rows = plates.reservation(register, spots, language(), today=today, **given)
            if change_id is not None:
                say(Text("已预留，修改编号 {change}。", "Reserved, change {change}.").format(change=change_id))
        else:
            rows = plates.proposals(register, road, at, points, language(), place_id=place, today=today)
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
    click.echo(table_of(shown, headings))


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
@click.option(
    "--table", type=click.Path(path_type=Path), metavar="F", help=t("新旧号对照表（CSV）", "Old and new numbers (CSV)")
)
@click.option(
    "--notices",
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("告知书表（CSV）", "Notices to the households (CSV)"),
)
@click.option(
    "--open-case",
    is_flag=True,
    help=t("立项：把方案存为事项，按期实施", "Open a case: keep the plan and apply it stage by stage"),
)
@actor_option(required=False)
@click.option(
    "--stages", type=click.IntRange(1, 100), default=1, show_default=True, help=t("分几期实施", "In how many stages")
)
@click.option(
    "--start",
    default="",
    metavar="YYYY-MM-DD",
    help=t("第一期日期（默认公告期满）", "Date of the first stage (default: after the notice)"),
)
@click.option(
    "--every-days",
    type=click.IntRange(0, 3650),
    default=14,
    show_default=True,
    help=t("各期间隔天数", "Days between stages"),
)
@today_option()
def renumber(
    address: str, road: str, out: Path | None, table: Path | None, notices: Path | None, today: str, *,
    open_case: bool, actor: str, **staged: Any
) -> None:  # fmt: skip
    """Write or print a fix plan for a road."""
    from register.cases import numbering_plan, numbering_stages
    from register.exchange.plans import write_plan
    from register.store import opened

    if open_case and not actor.strip():
        raise CallError("立项要用 --actor 写明经办人。", "Opening a case needs --actor.")
    with opened(address) as register:
        plan = numbering_plan.renumbering(register, road, language(), today=today, **staged)
        if table or notices:
            ctx = numbering_plan.plan_view(register, today)
            changed = numbering_plan.changes(ctx, road, language(), **staged)
            if table:
                numbering_plan.write_table(table, changed)
            if notices:
                numbering_plan.write_table(notices, numbering_plan.notices(changed, ctx))
        if open_case:
            case = numbering_stages.announce(register, road, language(), actor=actor, today=today, **staged)
            say(Text("已立项 {case}。", "Case {case} is open.").format(case=case.id))
    if out is None:
        click.echo(plan.to_csv(index=False), nl=False)
    else:
        write_plan(out, plan)
    numbers = plan[plan["field"] == "number"]
    say(
        Text(
            "道路 {road}：{count} 块门牌需要改号，涉及 {households} 条地址。",
            "Road {road}: {count} plates need another number; {households} addresses are touched.",
        ).format(road=road, count=len(numbers), households=int(numbers["households"].sum()))
    )


@click.command(
    "convention",
    cls=Spoken,
    summary=Text(
        "每条路怎样编号：单号在哪侧、从哪头起、是否连续、间距多大，有多可信，哪些门牌与之相反。",
        "How roads are numbered: the side of odd numbers, where they start, whether consecutive, the spacing, how sure that is, and the plates against it.",
    ),
)
@register_argument()
@click.option("--road", metavar="ID", help=t("只看这条路", "This road only"))
@click.option("--all", "every", is_flag=True, help=t("所有道路（默认）", "All roads (the default)"))
@format_option("table", "json", default="table")
@today_option()
def convention(address: str, road: str | None, form: str, today: str, *, every: bool) -> None:
    """Print the practice of one road or all."""
    from register.cases import numbering
    from register.store import opened

    if road is not None and every:
        raise CallError("--road 与 --all 只能给一个。", "Give either --road or --all.")
    with opened(address) as register:
        rows = numbering.practice_of(register, road, today=today)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "road": t("道路", "road"),
        "numbering": t("编号规则", "convention"),
        "source": t("依据", "from"),
        "confidence": t("可信度", "confidence"),
        "starts": t("起点", "starts at"),
        "spacing_m": t("每号米数", "m a number"),
        "plates": t("门牌", "plates"),
        "against": t("相反的门牌", "against it"),
    }
    shown = [
        {
            **row,
            "numbering": NUMBERINGS[row["numbering"]].within(language()),
            "source": SOURCES[row["source"]].within(language()),
            "starts": STARTS[row["starts"]].within(language()),
            "against": "、".join(str(one["number"]) for one in row["against"]),
        }
        for row in rows
    ]
    click.echo(table_of(shown, headings))
