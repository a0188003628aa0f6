"""``diming name``: romanisation, likeness of two names, pre-test of a proposed name."""

from __future__ import annotations

import json
from pathlib import Path

import click

from register.cli.group import Commands, Spoken
from register.cli.options import format_option, today_option
from register.cli.speech import language, t
from register.cli.tables import table
from rulebook.language import Text

name = Commands("name", Text("地名：拼写、比较、预审", "Names: romanisation, comparison, pre-test"))
name.add_lazy("pinyin", "register.cli.names:pinyin", Text("按规则拼写地名", "Romanise names by the place-name rules"))
name.add_lazy("compare", "register.cli.names:compare", Text("比较两个名称的读音", "How alike two names sound"))
name.add_lazy("test", "register.cli.names:test", Text("预审拟用名称", "Pre-test of a proposed name"))

VERDICTS = {
    "pass": Text("可以采用", "may be used"),
    "warn": Text("需要斟酌", "needs thought"),
    "fail": Text("不宜采用", "should not be used"),
}


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
@click.argument("proposed", metavar="NAME")
@_kind_option(required=True)
@click.option("--register", "address", required=True, metavar="REG", help=t("登记库", "The register"))
@click.option("--at", metavar="LON,LAT", help=t("位置，经纬度（EPSG:4490）", "Place, in degrees (EPSG:4490)"))
@click.option(
    "--geometry", "shape", type=click.Path(path_type=Path), help=t("位置，图形文件", "Place, a file with its geometry")
)
@click.option("--width-m", type=float, help=t("道路宽度（米）", "Width of the road in metres"))
@format_option("table", "json", default="table")
@today_option()
def test(
    proposed: str,
    kind: str,
    address: str,
    at: str | None,
    shape: Path | None,
    width_m: float | None,
    form: str,
    today: str,
) -> None:
    """Judge a proposed name against a register."""
    from register.cases import pretest
    from register.cases.pretest_place import place
    from register.store import opened

    lang = language()
    with opened(address) as register:
        where = place(at, shape, register.crs)
        proposal = pretest.Proposal(proposed, kind, where, width_m)
        outcome = pretest.pretest(proposal, register, lang=lang, today=today)
    if form == "json":
        said = {
            "name": proposed,
            "verdict": outcome.verdict,
            "specific": outcome.specific,
            "generic": outcome.generic,
            "pinyin": outcome.pinyin,
            "findings": outcome.findings,
            "not_run": outcome.not_run,
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"{proposed}  {outcome.pinyin}  {VERDICTS[outcome.verdict].within(lang)}")
    for finding in outcome.findings:
        click.echo(f"  {finding['rule']}  {finding['level']}  {finding['message']}")
    if outcome.not_run:
        click.echo(t("未检查：", "Not run: ") + ", ".join(one["rule"] for one in outcome.not_run))
