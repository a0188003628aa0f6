"""``diming plate trip``: doubtful plates as a field trip, the form to take along, the answers that come back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, role_option, today_option
from register.cli.plate_papers import choice_options, named
from register.cli.speech import language, say, t
from register.people import Person
from rulebook.language import Text

trip = Commands("trip", Text("门牌外业踏勘", "Field trips to doorplates"))
for _name, _zh, _en in (
    ("new", "把存疑门牌编成一次踏勘", "Make a trip of doubtful plates"),
    ("list", "列出各次踏勘", "List trips"),
    ("form", "踏勘表（XLSX、GeoJSON、GPX、HTML、DOCX）", "The form to take along"),
    ("import", "导入踏勘结果", "Take in what came back"),
    ("plan", "踏勘更正写成修改计划", "Corrections as a fix plan"),
):
    trip.add_lazy(_name, f"register.cli.plate_trips:{_name}_", Text(_zh, _en))


@click.command(
    "new",
    cls=Spoken,
    summary=Text(
        "把须外业核实的门牌问题编成一次踏勘：排好路线（最近邻加 2-opt），说明路程；--any 不论有无问题。",
        "Make a trip of plates whose findings need the field, in a good order of visit with its length; --any takes the chosen plates with or without findings.",
    ),
)
@register_argument()
@choice_options(required=False)
@click.option("--rule", default="", metavar="CODE", help=t("只取某条规则的问题", "Findings of one rule only"))
@click.option(
    "--any", "any_plate", is_flag=True, help=t("所选门牌不论有无问题", "The chosen plates, with or without findings")
)
@click.option(
    "--most",
    type=click.IntRange(1, 500),
    default=60,
    show_default=True,
    help=t("一次最多几处", "At most so many points"),
)
@click.option(
    "--start",
    default="",
    metavar="LON,LAT",
    help=t("出发并返回的地点（EPSG:4490）", "Where the trip begins and ends (EPSG:4490)"),
)
@click.option("--inspector", default="", help=t("踏勘人", "Who goes"))
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help=t("同时写出踏勘表", "Write the form as well"))
@actor_option(required=True)
@role_option()
@format_option("table", "json", default="table")
@today_option()
def new_(
    address: str, which: Any, rule: str, most: int, start: str, inspector: str, out: Path | None, actor: str,
    person: Person, form: str, today: str, *, any_plate: bool,
) -> None:  # fmt: skip
    """Open a trip and print it."""
    from register.cases import plate_trip_forms, plate_trips
    from register.store import opened

    wanted = plate_trips.Wanted(which, rule, any_plate, most, start, inspector)
    case, left = plate_trips.plan_trip(address, wanted, replace(person, name=named(actor)), today=today)
    if out is not None:
        with opened(address) as register:
            plate_trip_forms.write(out, register, case, language())
    if form == "json":
        told = {"trip": case.id, "points": case.body["points"], "length_m": case.body["length_m"], "left": left}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _print(plate_trip_forms.rows(case, language()))
    length = case.body["length_m"] / 1000
    click.echo(
        t(
            f"{case.id}：{len(case.body['points'])} 处，路线直线距离 {length:.1f} 公里，另有 {left} 处留待下次。",
            f"{case.id}: {len(case.body['points'])} points, {length:.1f} km in straight lines, {left} left for another trip.",
        )
    )


@click.command("list", cls=Spoken, summary=Text("列出各次踏勘及其进度。", "List trips and how far they are."))
@register_argument()
@format_option("table", "json", default="table")
def list_(address: str, form: str) -> None:
    """Print the trips."""
    from register.cases import plate_trips
    from register.cli.tables import table
    from register.store import opened

    with opened(address) as register:
        cases = plate_trips.all_trips(register)
    rows = [
        {
            "trip": case.id,
            "opened_on": case.opened_on,
            "state": case.state,
            "points": len(case.body["points"]),
            "answered": len(case.body["answers"]),
            "length_m": case.body["length_m"],
        }
        for case in cases
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    shown = [{**row, "state": plate_trips.STATES[row["state"]].within(language())} for row in rows]
    headings = {
        "trip": t("编号", "trip"),
        "opened_on": t("立项", "opened"),
        "state": t("状态", "state"),
        "points": t("点数", "points"),
        "answered": t("已答复", "answered"),
        "length_m": t("路程（米）", "metres"),
    }
    click.echo(table(shown, headings))


@click.command(
    "form",
    cls=Spoken,
    summary=Text(
        "写出踏勘表，离线填写：XLSX、GeoJSON、GPX；带略图的打印表：HTML、DOCX。",
        "Write the form to fill in offline: XLSX, GeoJSON, GPX; the sheet with a map sketch to print: HTML, DOCX.",
    ),
)
@register_argument()
@click.argument("trip_id", metavar="TRIP")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F",
    help=t(".xlsx、.geojson、.gpx、.html 或 .docx", ".xlsx, .geojson, .gpx, .html or .docx"),
)
def form_(address: str, trip_id: str, out: Path) -> None:
    """Write the form of a trip."""
    from register.cases import plate_trip_forms, plate_trips
    from register.store import opened

    with opened(address) as register:
        case = plate_trips.trip(register, trip_id)
        plate_trip_forms.write(out, register, case, language())
    nowhere = sum(point["lon"] is None for point in case.body["points"])
    if nowhere and out.suffix.lower() == ".gpx":
        say(
            Text("{count} 处没有坐标，不在 GPX 中。", "{count} points have no position and are not in the GPX.").format(
                count=nowhere
            )
        )
    click.echo(str(out))


@click.command(
    "import",
    cls=Spoken,
    summary=Text(
        "导入踏勘结果（XLSX、CSV、GeoJSON、GPX）：每行是已收、已有、未答复或拒收及原因；重复导入不变。更正写成修改计划，不直接改库。",
        "Take in what came back (XLSX, CSV, GeoJSON, GPX): every row is in, already in, unanswered or refused with the reason; twice changes nothing. Corrections become a fix plan.",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--trip",
    "trip_id",
    default="",
    metavar="TRIP",
    help=t("踏勘编号（文件中没有时）", "The trip, where the file does not name it"),
)
@click.option(
    "--replace",
    "replacing",
    is_flag=True,
    help=t("以这次的答复代替已有的不同答复", "Let these answers replace other ones"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="plan.csv",
    help=t("更正的修改计划", "Fix plan of the corrections"),
)
@actor_option(required=True)
@role_option()
@format_option("json", "table", default="json")
@today_option()
def import_(
    address: str,
    file: Path,
    trip_id: str,
    out: Path | None,
    actor: str,
    person: Person,
    form: str,
    today: str,
    *,
    replacing: bool,
) -> None:
    """Print the report of the import."""
    import pandas as pd

    from register.cases import plate_trip_import, plate_trips
    from register.exchange.plans import numbered, write_plan
    from register.store import opened

    lang, who = language(), replace(person, name=named(actor))
    with opened(address) as register:
        report = plate_trip_import.import_answers(register, file, who, trip=trip_id, replacing=replacing, today=today)
        plans = [plate_trips.proposals(register, one, lang) for one in report.trips]
    plan = numbered(pd.concat(plans)) if plans else plate_trips.no_proposals()
    if out is not None:
        write_plan(out, plan)
    told = {**report.as_json(lang), "proposals": len(plan)}
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(
        t(
            f"读入 {told['read']} 行：收入 {told['in']}，已有 {told['already_in']}，未答复 {told['unanswered']}，拒收 {len(told['refused'])}；更正建议 {len(plan)} 条。",
            f"{told['read']} rows: {told['in']} in, {told['already_in']} already in, {told['unanswered']} unanswered, {len(told['refused'])} refused; {len(plan)} proposals.",
        )
    )
    for one in told["refused"]:
        click.echo(t(f"第 {one['row']} 行：{one['reason']}", f"row {one['row']}: {one['reason']}"))


@click.command(
    "plan",
    cls=Spoken,
    summary=Text(
        "把一次踏勘的更正写成修改计划（CSV），经审核后用 diming apply 执行。",
        "Write the corrections of a trip as a fix plan (CSV), to be reviewed and applied by diming apply.",
    ),
)
@register_argument()
@click.argument("trip_id", metavar="TRIP")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="plan.csv", help=t("修改计划文件", "File of the fix plan")
)
def plan_(address: str, trip_id: str, out: Path | None) -> None:
    """Write or print the plan."""
    from register.cases import plate_trips
    from register.exchange.plans import write_plan
    from register.store import opened

    with opened(address) as register:
        plan = plate_trips.proposals(register, trip_id, language())
    if out is None:
        click.echo(plan.to_csv(index=False), nl=False)
    else:
        write_plan(out, plan)
        click.echo(str(out))


def _print(rows: list[dict[str, Any]]) -> None:
    from register.cases.plate_trip_forms import COLUMNS
    from register.cli.tables import table

    names = ("no", "plate", "address", "reasons")
    click.echo(table(rows, {name: COLUMNS[name].within(language()) for name in names}))
