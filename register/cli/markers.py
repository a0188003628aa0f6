"""``diming markers``: the five-year cycle, trips, what inspectors bring back, papers about stones and lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, role_option, today_option
from register.cli.speech import language, say, t
from register.cli.tables import table
from register.people import Person, Right
from rulebook.errors import CallError
from rulebook.language import Text

if TYPE_CHECKING:
    from register.cases.marker_facts import Markers
    from register.documents.paper import Paper

markers = Commands(
    "markers", Text("界桩：联检周期、外业任务、踏勘成果、登记表", "Markers: cycle, trips, visits, papers")
)
for _name, _zh, _en in (
    ("due", "各条界线何时应再联检", "When each line is to be inspected again"),
    ("trip", "立一次外业任务并打外业包", "Plan a trip and write its field package"),
    (
        "inspect",
        "收入踏勘成果：GPX、CSV、XLSX、GeoJSON、外业包",
        "Take in a field file: GPX, CSV, XLSX, GeoJSON, package",
    ),
    ("states", "按有凭据的检查写出修改计划", "A fix plan of what visits prove"),
    ("form", "界桩登记表", "Registration form of a marker"),
    ("record", "联合检查记录", "Record of a joint inspection"),
    ("report", "一条界线一轮联检的报告", "Report of a line and round"),
):
    markers.add_lazy(_name, f"register.cli.markers:{_name}", Text(_zh, _en))

STATES = {
    "overdue": Text("逾期", "overdue"),
    "soon": Text("将到期", "soon"),
    "in_time": Text("未到期", "in time"),
    "unknown": Text("无从起算", "unknown"),
}


@click.command(
    "due",
    cls=Spoken,
    summary=Text(
        "各条界线上次联检、应再联检的日期和本轮进度，最急的在前。",
        "For each line the last joint inspection, when the next is due and what is done, the most urgent first.",
    ),
)
@register_argument()
@click.option("--line", default="", metavar="CODE", help=t("只看这条界线", "Only this line"))
@format_option("table", "json", "csv", default="table")
@today_option()
def due(address: str, line: str, form: str, today: str) -> None:
    """Print the due list."""
    import pandas as pd

    from register.cases.inspection_cycle import COLUMNS, due_list
    from register.exchange.safe_cells import guarded
    from register.store import opened

    with opened(address) as register:
        rows = due_list(register, today=today, line=line)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif form == "csv":
        click.echo(
            pd.DataFrame(rows, columns=list(COLUMNS)).astype("object").apply(guarded).to_csv(index=False), nl=False
        )
    else:
        headings = {
            "code": t("界线", "line"), "name": t("名称", "name"), "last": t("上次联检", "last"), "due": t("应于", "due"),
            "days": t("还有天数", "days left"), "state": t("状态", "state"), "markers": t("界桩", "markers"),
            "visited": t("已查", "visited"), "not_found": t("未找到", "not found"),
        }  # fmt: skip
        click.echo(table([{**row, "state": STATES[row["state"]].within(language())} for row in rows], headings))


@click.command(
    "inspect",
    cls=Spoken,
    summary=Text(
        "收入踏勘成果并报告：收入、已在库中、拒绝及理由。同一文件收两次不会改变什么；有行被拒绝时退出码为 1。",
        "Take in a field file and report what came in, what was in already and what was refused and why. The same file twice "
        "changes nothing; exit code 1 when rows were refused.",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--crs", metavar="EPSG:n", help=t("文件坐标的坐标系", "CRS of the file's coordinates"))
@click.option(
    "--condition",
    default="",
    help=t("没有写明现状的记录按此登记（GPX 航点默认 intact）", "Condition of rows that say none (waypoints: intact)"),
)
@click.option(
    "--on", "day", default="", metavar="YYYY-MM-DD", help=t("没有日期的记录按此日期", "Day of rows that say none")
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    help=t("把有凭据的界桩状态和联检日期写成修改计划 CSV", "Write proven states and inspection days as a fix plan CSV"),
)
@actor_option(required=False)
@format_option("json", "table", default="json")
@today_option()
@role_option()
def inspect(
    address: str,
    file: Path,
    crs: str | None,
    condition: str,
    day: str,
    plan: Path | None,
    actor: str,
    form: str,
    today: str,
    person: Person,
) -> int:
    """Take a field file over; exit code 1 when something was refused."""
    from register.cases.inspection_states import status_plan
    from register.cases.inspections import take_in
    from register.cli.changes import login
    from register.exchange.plans import write_plan
    from register.store import opened

    person.require(Right.INSPECT)
    with opened(address) as register:
        report = take_in(register, file, actor=actor or login(), today=today, condition=condition, day=day, crs=crs)
        if plan is not None:
            write_plan(plan, status_plan(register, today))
    told = report.document(language())
    for note in report.notes:
        say(note)
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        line = Text(
            "读取 {read}，收入 {in}（其中补充 {completed}），已在库中 {already_in}，拒绝 {refused}；照片 {photos}",
            "read {read}, in {in} (of these completed {completed}), in already {already_in}, refused {refused}; photos {photos}",
        )
        click.echo(
            line.format({**told, "refused": len(told["refused"]), "photos": len(told["photos"])}).within(language())
        )
        for one in told["refused"]:
            click.echo(t("  第 {row} 行：{reason}", "  row {row}: {reason}").format(**one))
        for one in told["records"]:
            for doubt in one["doubts"]:
                click.echo(t("  {id}：{doubt}", "  {id}: {doubt}").format(id=one["id"], doubt=doubt))
    if plan is not None:
        say(Text(f"修改计划已写到 {plan}。", f"The fix plan is in {plan}."))
    return 1 if told["refused"] else 0


@click.command(
    "trip",
    cls=Spoken,
    summary=Text(
        "立一次界桩外业任务，打成外业包（任务单、记录表、离线表单、GeoPackage、GPX）。",
        "Open the case of a trip and write its field package (task list, record, offline form, GeoPackage, GPX).",
    ),
)
@register_argument()
@click.option("--line", required=True, metavar="CODE", help=t("界线代码", "The line"))
@click.option(
    "--marker", "ids", multiple=True, metavar="ID", help=t("只去这颗界桩（可多次）", "Only this marker (repeatable)")
)
@click.option("--round", "round_", default="", metavar="R", help=t("联检轮次，如 第五轮", "Round of joint inspection"))
@click.option("--on", "day", default="", metavar="YYYY-MM-DD", help=t("外业日期", "Day of the trip"))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("外业包（.zip）", "The package (.zip)"))
@actor_option(required=False)
@today_option()
@role_option()
def trip(
    address: str,
    line: str,
    ids: tuple[str, ...],
    round_: str,
    day: str,
    out: Path,
    actor: str,
    today: str,
    person: Person,
) -> None:
    """Print the number of the trip's case and write the package."""
    from register.cases.field_package import open_trip, package
    from register.cli.changes import login
    from register.exchange.output import replacing
    from register.store import opened

    person.require(Right.INSPECT)
    if out.suffix.lower() != ".zip":
        raise CallError(f"外业包的文件名应以 .zip 结尾：{out}。", f"The name of a package ends in .zip, not so: {out}.")
    with opened(address) as register, replacing(out) as temporary:
        case = open_trip(register, line, actor=actor or login(), today=today, markers=ids, round_=round_, day=day)
        temporary.write_bytes(package(register, case))
    click.echo(
        json.dumps(
            {"case": case.id, "title": case.title, "markers": case.body["markers"], "out": str(out)}, ensure_ascii=False
        )
    )


@click.command(
    "form",
    cls=Spoken,
    summary=Text("界桩登记表（.docx 或 .html）。", "Registration form of a marker (.docx or .html)."),
)
@register_argument()
@click.argument("marker")
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("写到文件", "Write to this file"))
@today_option()
@role_option()
def form(address: str, marker: str, out: Path, today: str, person: Person) -> None:
    """Write the registration form."""
    from register.cases.marker_papers import registration_form

    _write(out, address, today, person, lambda desk: registration_form(desk, marker))


@click.command(
    "record",
    cls=Spoken,
    summary=Text("一条界线一轮的联合检查记录（.docx 或 .html）。", "Joint-inspection record of a line and round."),
)
@register_argument()
@click.option("--line", required=True, metavar="CODE", help=t("界线代码", "The line"))
@click.option(
    "--round", "round_", default="", metavar="R", help=t("轮次（默认最近一轮）", "Round (default: the latest)")
)
@click.option("--blank", is_flag=True, help=t("空白表，供现场手填", "Blank, to be filled in by hand"))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("写到文件", "Write to this file"))
@today_option()
@role_option()
def record(address: str, line: str, round_: str, blank: bool, out: Path, today: str, person: Person) -> None:
    """Write the record."""
    from register.cases.marker_papers import joint_record

    _write(out, address, today, person, lambda desk: joint_record(desk, line, round_=round_, blank=blank))


@click.command(
    "report",
    cls=Spoken,
    summary=Text("一条界线一轮联检的报告；不给 --out 时输出 JSON。", "Report of a line and round; JSON without --out."),
)
@register_argument()
@click.option("--line", required=True, metavar="CODE", help=t("界线代码", "The line"))
@click.option(
    "--round", "round_", default="", metavar="R", help=t("轮次（默认最近一轮）", "Round (default: the latest)")
)
@click.option(
    "--out", type=click.Path(path_type=Path), help=t("写到文件（.docx 或 .html）", "Write to a file (.docx or .html)")
)
@today_option()
@role_option()
def report(address: str, line: str, round_: str, out: Path | None, today: str, person: Person) -> None:
    """Write the report or print its figures."""
    from register.cases.marker_papers import line_report, report_figures

    if out is not None:
        _write(out, address, today, person, lambda desk: line_report(desk, line, round_=round_))
        return
    with _desk(address, today, person) as desk:
        click.echo(json.dumps(report_figures(desk, line, round_=round_), ensure_ascii=False))


@contextmanager
def _desk(address: str, today: str, person: Person) -> Iterator[Markers]:
    from register import profiles
    from register.cases.marker_facts import Markers
    from register.cases.sensitive import Sight
    from register.store import opened

    with opened(address) as register:
        yield Markers(register, Sight.of(person, profiles.load(register.profile_name)), today)


def _write(out: Path, address: str, today: str, person: Person, paper: Callable[[Markers], Paper]) -> None:
    from register.exchange.output import replacing

    if out.suffix.lower() not in (".docx", ".html"):
        raise CallError(
            f"文书写成 .docx 或 .html，不是 {out.suffix or out}。",
            f"Papers are .docx or .html, not {out.suffix or out}.",
        )
    with _desk(address, today, person) as desk:
        filled = paper(desk)
    with replacing(out) as temporary:
        temporary.write_bytes(filled.docx() if out.suffix.lower() == ".docx" else filled.html().encode())
    say(Text(f"已写入 {out}。", f"Written to {out}."))


@click.command(
    "states",
    cls=Spoken,
    summary=Text(
        "写出修改计划（CSV）：有凭据的界桩状态、整轮查完的联检日期；核对后用 diming apply 执行。",
        "Write a fix plan (CSV) of the states that visits prove and the days of rounds that are complete; apply it by diming apply.",
    ),
)
@register_argument()
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("修改计划（.csv）", "The plan (.csv)"))
@today_option()
def states(address: str, out: Path, today: str) -> None:
    """Write the plan."""
    from register.cases.inspection_states import status_plan
    from register.exchange.plans import write_plan
    from register.store import opened

    with opened(address) as register:
        plan = status_plan(register, today)
    write_plan(out, plan)
    say(Text(f"{len(plan)} 处修改，计划已写到 {out}。", f"{len(plan)} edits; the plan is in {out}."))
