"""``diming check``."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import change_id_of, format_option, register_argument, role_option, today_option
from register.cli.progress import bar
from register.cli.speech import language, say, t
from register.people import Person
from rulebook.errors import CallError
from rulebook.language import Text


@click.command(
    "check",
    cls=Spoken,
    summary=Text(
        "按规则检查登记库。有错误、警告或疑问时退出码为 1，只有提示或没有问题时为 0，规则自身出错时为 2。",
        "Check a register by the rules. Exit code 1 with errors, warnings or questions, 0 with none or only infos, 2 when a rule broke.",
    ),
)
@register_argument()
@click.option("--layer", "layers", multiple=True, help=t("只检查这个图层（可多次）", "Only this layer (repeatable)"))
@click.option(
    "--rule", "codes", multiple=True, metavar="CODE", help=t("只运行这条规则（可多次）", "Only this rule (repeatable)")
)
@click.option(
    "--changed-since",
    metavar="REV",
    help=t("只看涉及此后改动过的记录的问题", "Only findings that concern records changed after this revision"),
)
@format_option("table", "jsonl", "csv", "gpkg", "html", default="table")
@click.option(
    "--out", type=click.Path(path_type=Path), help=t("写到文件（gpkg 必须给出）", "Write to a file (gpkg needs one)")
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    help=t("把建议的修改写成修改计划 CSV", "Write the proposed repairs as a fix plan CSV"),
)
@click.option(
    "--choose",
    default="",
    metavar="OPTION",
    help=t(
        "问题有几种修法时取这一种（all 为全部列出）",
        "Where a finding offers several repairs, take this one (all: list every one)",
    ),
)
@today_option()
@role_option()
def check(
    address: str,
    layers: tuple[str, ...],
    codes: tuple[str, ...],
    changed_since: str | None,
    form: str,
    out: Path | None,
    plan: Path | None,
    choose: str,
    today: str,
    person: Person,
) -> int:
    """Check a register and write the findings."""
    from register import catalogue
    from register.cases import checking
    from register.cases.sensitive import Sight
    from register.dictionary import DICTIONARY
    from register.exchange.findings import write_report
    from register.exchange.plans import plan_rows, write_plan
    from register.store import opened
    from rulebook.profile import unknown

    for layer in layers:
        if layer not in DICTIONARY:
            raise unknown("图层", "layer", layer, DICTIONARY, "--layer")
    if form == "gpkg" and out is None:
        raise CallError("输出 gpkg 时要用 --out 给出文件。", "Output as gpkg needs --out.")
    rules = catalogue.select(layers, codes)
    started = time.perf_counter()
    with opened(address) as register:
        touched = None
        if changed_since is not None:
            since = change_id_of(changed_since)
            if since > register.revision:
                raise CallError(
                    f"登记库才到修改 {register.revision}，没有修改 {since}。",
                    f"The register is at change {register.revision}; there is no change {since}.",
                )
            touched = checking.changed_since(register, since)
            rules = checking.rules_reading({mark.partition(":")[0] for mark in touched}, rules)
        with bar(t("检查", "checking"), len(rules)) as progress:
            report = checking.check(
                register,
                rules=rules,
                today=today,
                only_layers=frozenset(layers),
                progress=lambda code: progress.update(),
            )
    report = replace(report, only_records=touched)
    sight = Sight.of(person, report.profile)
    counts = write_report(report, form, out, language(), seconds=time.perf_counter() - started, sight=sight)
    if plan is not None:
        write_plan(plan, sight.plan(plan_rows(report, language(), choose)))
        say(Text(f"建议的修改已写到 {plan}。", f"Proposed repairs are in {plan}."))
    if report.crashes:
        for crash in report.crashes:
            say(Text(f"规则 {crash.rule.code} 自身出错：{crash.error}", f"Rule {crash.rule.code} broke: {crash.error}"))
        return 2
    return 1 if any(counts.get(level) for level in ("error", "warning", "question")) else 0
