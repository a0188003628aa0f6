"""``diming demo``: the sample county, checked against what is known to be wrong with it, and the site on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from register.cli.group import Spoken
from register.cli.progress import bar
from register.cli.speech import say, t
from rulebook.language import Text
from web.config import SiteConfig
from web.serve import DEFAULT_PORT, run

if TYPE_CHECKING:
    from register.cases.demo import DemoResult, Taken

NO_SERVE = "DIMING_NO_SERVE"
ACTOR = Text("演示", "demo")
MOST_NAMED = 20


@click.command(
    "demo",
    cls=Spoken,
    summary=Text(
        "用自带的样例县（含已知错误）建一个登记库，检查它，打开审核网站。设 DIMING_NO_SERVE=1 或用 --no-serve 时查完即止，"
        "结果与已知错误完全一致时退出码为 0。",
        "Build a register of the shipped sample county with its known faults, check it and open the review site. With "
        "DIMING_NO_SERVE=1 or --no-serve it ends after the check, with exit code 0 when it found exactly the known faults.",
    ),
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help=t("放登记库的文件夹", "Folder for the register"),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help=t("端口，0 为任一空闲端口", "Port, 0 for any free one"),
)
@click.option("--no-serve", is_flag=True, help=t("查完即止，不开网站", "End after the check, without a site"))
def demo(directory: Path, port: int, no_serve: bool) -> int:
    """Build, check, compare, serve."""
    from register.cases.demo import build_demo

    with bar(t("样例县", "sample county")) as progress:
        result = build_demo(directory, progress=lambda step: progress.update())
    tell(result)
    if no_serve or os.environ.get(NO_SERVE, "0") not in ("", "0"):
        return 2 if result.report.crashes else 0 if result.sound else 1
    return run(result.register, SiteConfig(actor=t(*ACTOR)), port=port, today=result.today)


def tell(result: DemoResult) -> None:
    """Say what became of the files and whether the findings are those that are known."""
    for taken in result.imports:
        say(_file_told(taken))
    for crash in result.report.crashes:
        say(Text(f"规则 {crash.rule.code} 自身出错：{crash.error}", f"Rule {crash.rule.code} broke: {crash.error}"))
    found = sum(1 for _ in result.report)
    say(Text(f"登记库 {result.register}：查出 {found} 条问题。", f"Register {result.register}: {found} findings."))
    if result.sound:
        say(Text("与样例中已知的错误完全一致。", "They are exactly the faults known to be in the sample."))
    for known, words in (
        (result.missing, Text("应查出而没有查出", "known but not found")),
        (result.surplus, Text("查出而不在已知之列", "found but not known")),
    ):
        for rule, layer, record_id in known[:MOST_NAMED]:
            say(Text(f"{words.zh}：{rule} {layer}:{record_id}", f"{words.en}: {rule} {layer}:{record_id}"))
        if len(known) > MOST_NAMED:
            more = len(known) - MOST_NAMED
            say(Text(f"{words.zh}：另有 {more} 条", f"{words.en}: {more} more"))


def _file_told(taken: Taken) -> Text:
    """One line on a file of the sample."""
    file = taken.file
    if taken.refusal is not None:
        return Text(f"{file}：未导入。{taken.refusal.text.zh}", f"{file}: refused. {taken.refusal.text.en}")
    added = sum(result.added for result in taken.results)
    refused = sum(len(result.refused) for result in taken.results)
    zh, en = f"{file}：新增 {added} 条", f"{file}: {added} records added"
    return Text(f"{zh}，拒收 {refused} 行", f"{en}, {refused} rows refused") if refused else Text(zh, en)
