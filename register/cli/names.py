"""``diming name``: romanisation, likeness of two names, pre-test of a proposed name."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, today_option
from register.cli.speech import language, t
from register.cli.tables import table
from rulebook.errors import CallError
from rulebook.language import Text

name = Commands("name", Text("地名：拼写、比较、预审", "Names: romanisation, comparison, pre-test"))
name.add_lazy("pinyin", "register.cli.names:pinyin", Text("按规则拼写地名", "Romanise names by the place-name rules"))
name.add_lazy("compare", "register.cli.names:compare", Text("比较两个名称的读音", "How alike two names sound"))
name.add_lazy("test", "register.cli.names:test", Text("预审拟用名称", "Pre-test of a proposed name"))

name.add_lazy("sheet", "register.cli.names:sheet", Text("输出预审单", "Write the sheet of a pre-test"))
name.add_lazy(
    "recheck", "register.cli.names:recheck", Text("按编号重新核对预审单", "Judge a sheet again by its number")
)

WIDEST_M = 300  # no road is wider


def _kind_option(*, required: bool) -> click.Option:
    from gazetteer.layers import KINDS

    return click.option(
        "--kind",
        required=required,
        metavar="KIND",
        help=t(f"地名类型：{'、'.join(KINDS)}", f"Kind of name: {', '.join(KINDS)}"),
    )


@click.command(
    "pinyin",
    cls=Spoken,
    summary=Text("按地名拼写规则给出罗马字母拼写。", "Romanise names by the spelling rules for place names."),
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_kind_option(required=False)
@format_option("table", "json", default="table")
def pinyin(names: tuple[str, ...], kind: str | None, form: str) -> None:
    """Print each name's romanisation."""
    from register.cases.names import romanise

    rows = romanise(names, kind)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "name": t("名称", "name"),
        "pinyin": t("拼写", "romanisation"),
        "ascii": t("无调", "plain letters"),
        "uncertain": t("读音待定", "reading uncertain"),
    }
    click.echo(table([{**row, "uncertain": "".join(row["uncertain"])} for row in rows], headings))


@click.command("compare", cls=Spoken, summary=Text("比较两个名称的读音和用字。", "How alike two names sound and look."))
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@format_option("table", "json", default="table")
def compare(first: str, second: str, form: str) -> None:
    """Print the band of likeness and why."""
    from register.cases import names

    band, why = names.compare(first, second)
    if form == "json":
        click.echo(json.dumps({"band": band, "why": why.within(language())}, ensure_ascii=False))
    else:
        click.echo(f"{band}  {why.within(language())}")


@click.command(
    "test",
    cls=Spoken,
    summary=Text(
        "按规则预审一个拟用名称；没有给出位置时，只运行不需要位置的规则，其余列在 not_run。",
        "Pre-test a proposed name by the rules; without a place only the rules that need none run, the rest are listed.",
    ),
)
@click.argument("proposed", nargs=-1, required=True, metavar="NAME...")
@_kind_option(required=True)
@click.option("--register", "address", required=True, metavar="REG", help=t("登记库", "The register"))
@click.option("--at", metavar="LON,LAT", help=t("位置，经纬度（EPSG:4490）", "Place, in degrees (EPSG:4490)"))
@click.option(
    "--geometry", "shape", type=click.Path(path_type=Path), help=t("位置，图形文件", "Place, a file with its geometry")
)
@click.option("--width-m", type=float, help=t("道路宽度（米）", "Width of the road in metres"))
@click.option("--sheet", "keep", is_flag=True, help=t("留存为编号的预审单", "Keep it as a numbered sheet"))
@actor_option(required=False)
@format_option("table", "json", default="table")
@today_option()
def test(
    proposed: tuple[str, ...],
    kind: str,
    address: str,
    at: str | None,
    shape: Path | None,
    width_m: float | None,
    keep: bool,
    actor: str,
    form: str,
    today: str,
) -> None:
    """Judge proposed names against a register."""
    from register.cases import pretest_sheet
    from register.cases.pretest import pretest
    from register.cases.pretest_place import place
    from register.store import opened

    if keep and not actor:
        raise CallError("留存预审单要用 --actor 写明经办人。", "Keeping a sheet needs --actor.")
    if width_m is not None and not 0 < width_m < WIDEST_M:
        raise CallError(f"--width-m 应大于 0、小于 {WIDEST_M}。", f"--width-m is above 0 and below {WIDEST_M}.")
    lang = language()
    with opened(address) as register:
        where = place(at, shape, register.crs)
        asked = pretest_sheet.proposals_of(proposed, kind, where, width_m)
        outcomes = [pretest(one, register, lang=lang, today=today) for one in asked]
        number = pretest_sheet.keep(register, asked, outcomes, actor=actor, today=today).id if keep else None
    if form == "json":
        said = [
            {"name": one.name, **asdict(outcome), **({"number": number} if number else {})}
            for one, outcome in zip(asked, outcomes, strict=True)
        ]
        click.echo(json.dumps(said if len(said) > 1 else said[0], ensure_ascii=False))
        return
    for one, outcome in zip(asked, outcomes, strict=True):
        _tell(one.name, outcome, lang)
    if number:
        click.echo(t("预审单编号：", "Number of the sheet: ") + number)


def _tell(name: str, outcome: Any, lang: str) -> None:
    """One name's verdict with everything it rests on."""
    from register.cases.pretest import VERDICT_NAMES
    from register.cases.pretest_sheet import BAND_WORDS

    click.echo(f"{name}  {outcome.pinyin}  {VERDICT_NAMES[outcome.verdict].within(lang)}")
    for finding in outcome.findings:
        click.echo(f"  {finding['rule']}  {finding['level']}  {finding['message']}")
    for other in outcome.neighbours:
        away = "" if other["distance_m"] is None else f"  {other['distance_m']:.0f} m"
        band = BAND_WORDS[other["band"]].within(lang)
        click.echo(f"  ~ {other['name']}  {other['pinyin'] or ''}  {band}  {other['layer']}:{other['record_id']}{away}")
    for held in outcome.held:
        away = "" if held["distance_m"] is None else f"  {held['distance_m']:.0f} m"
        click.echo(f"  {t('含有', 'holds')} {held['name']}  {held['layer']}:{held['record_id']}{away}")
    for old in outcome.former:
        click.echo(f"  {t('曾用名', 'former name')} {old['name']}  {old['layer']}:{old['record_id']}  {old['until']}")
    if outcome.not_run:
        click.echo("  " + t("未检查：", "Not run: ") + ", ".join(one["rule"] for one in outcome.not_run))


@click.command(
    "sheet",
    cls=Spoken,
    summary=Text("输出留存的预审单（DOCX、可打印网页）。", "Write the sheet of a kept pre-test, as DOCX or to print."),
)
@register_argument()
@click.argument("number", metavar="NUMBER")
@click.option("--docx", type=click.Path(path_type=Path), help=t("写成 DOCX 文件", "Write a DOCX file"))
@click.option("--html", type=click.Path(path_type=Path), help=t("写成可打印的网页", "Write a page to print"))
def sheet(address: str, number: str, docx: Path | None, html: Path | None) -> None:
    """Write a sheet by its number."""
    from register.cases import pretest_sheet
    from register.exchange.output import replacing
    from register.store import opened

    if docx is None and html is None:
        raise CallError("请用 --docx 或 --html 给出要写的文件。", "Name the file to write by --docx or --html.")
    with opened(address) as register:
        paper = pretest_sheet.sheet(register, pretest_sheet.numbered(register, number))
    for path, content in ((docx, paper.docx), (html, lambda: paper.html().encode())):
        if path is not None:
            with replacing(path) as new:
                new.write_bytes(content())
            click.echo(str(path), err=True)


@click.command(
    "recheck",
    cls=Spoken,
    summary=Text(
        "按编号重新核对预审单：结论和问题与当时是否一样。", "Judge the names of a sheet again, by its number."
    ),
)
@register_argument()
@click.argument("number", metavar="NUMBER")
@format_option("table", "json", default="table")
@today_option()
def recheck(address: str, number: str, form: str, today: str) -> int:
    """Tell what has changed since a pre-test; exit 1 when something has."""
    from register import catalogue, profiles
    from register.cases import pretest_sheet
    from register.cases.pretest import VERDICT_NAMES
    from register.store import opened

    with opened(address) as register:
        case, told = pretest_sheet.recheck(register, number, today=today)
        version = catalogue.version(profiles.load(register.profile_name))
    if form == "json":
        document = {
            "number": case.id,
            "date": case.opened_on,
            "catalogue": {"before": case.body["catalogue"], "now": version},
            "same": all(one.same for one in told),
            "names": [{**asdict(one), "same": one.same} for one in told],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(f"{case.id}  {case.opened_on}  {case.title}")
        for one in told:
            words = " → ".join(VERDICT_NAMES[verdict].within(language()) for verdict in (one.before, one.now))
            changes = [f"-{code}" for code in one.gone] + [f"+{code}" for code in one.new]
            click.echo(f"  {one.name}  {words}  {' '.join(changes) or t('没有变化', 'no change')}")
    return 0 if all(one.same for one in told) else 1
