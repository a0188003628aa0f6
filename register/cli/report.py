"""``diming report``: the year's figures and the quality card."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, format_option, register_argument, role_option, today_option
from register.cli.speech import language, say, t
from register.people import Person
from rulebook.errors import CallError
from rulebook.language import Text

FORMS = ("md", "json", "html", "docx")


@click.command(
    "report",
    cls=Spoken,
    summary=Text(
        "一年的数据：批准地名、编制门牌、实地踏勘、反馈问题、清理标志、部门工单、检查界桩，成表成文；以及各镇街道质量卡（金、银、铜，趋势和变动原因）。",
        "The year's figures as a table and a paragraph: names, doorplates, site visits, problems, signs, work orders, markers; and the quality card per township (gold, silver, bronze, trend, what moved it).",
    ),
)
@register_argument()
@click.option("--year", type=int, required=True, metavar="Y", help=t("年份", "The year"))
@format_option(*FORMS, default="md")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("写入文件（默认输出到屏幕）", "File to write (default: standard output)"),
)
@click.option(
    "--charts",
    type=click.Path(path_type=Path),
    metavar="F.svg",
    help=t("质量卡图表（SVG）", "Charts of the quality card (SVG)"),
)
@click.option(
    "--keep", is_flag=True, help=t("留存质量卡，供下次比较", "Keep the quality card for the next to be compared with")
)
@actor_option(required=False)
@role_option()
@today_option()
def report(
    address: str,
    year: int,
    form: str,
    out: Path | None,
    charts: Path | None,
    actor: str,
    person: Person,
    today: str,
    *,
    keep: bool,
) -> None:
    """Write the report of a year."""
    from register.cases import report as reporting
    from register.cases import report_charts, report_quality
    from register.exchange.output import replacing
    from register.store import opened

    if keep and not actor.strip():
        raise CallError("留存质量卡请用 --actor 写明经办人。", "Say who keeps the card by --actor.")
    if form == "docx" and out is None and sys.stdout.isatty():
        raise CallError("DOCX 请用 --out 写入文件。", "Write a DOCX into a file by --out.")
    made = reporting.year_report(address, year, today=today)
    lang = language()
    match form:
        case "json":
            content = (json.dumps(reporting.as_json(made, lang), ensure_ascii=False, indent=1) + "\n").encode()
        case "md":
            content = reporting.markdown(made, lang).encode()
        case "html":
            content = reporting.paper(made, lang, for_word=False).html().encode()
        case _:
            content = reporting.paper(made, lang, for_word=True).docx()
    for target, written in ((out, content), (charts, report_charts.svg(made.card, lang).encode() if charts else b"")):
        if target is not None:
            with replacing(target) as temporary:
                temporary.write_bytes(written)
    if out is None:
        click.echo(content, nl=False)
    if keep:
        with opened(address) as register:
            case = report_quality.keep(register, made.card, replace(person, name=actor))
        say(Text("已留存质量卡 {case}。", "The card was kept as {case}.").format(case=case.id))
