"""``diming rules``."""

from __future__ import annotations

import json

import click

from register.cli.group import Spoken
from register.cli.options import format_option
from register.cli.speech import language, t
from register.cli.tables import table
from rulebook.language import Text


@click.command(
    "rules",
    cls=Spoken,
    summary=Text(
        "查看规则目录；给出代码时显示那一条的说明页。", "Show the catalogue; with a CODE, the page of that rule."
    ),
)
@click.argument("code", required=False)
@format_option("table", "json", "md", default="table")
@click.option(
    "--profile",
    default="zhejiang/shengzhou",
    show_default=True,
    help=t("以哪个配置的级别和参数显示", "Profile whose levels and parameters are shown"),
)
def rules(code: str | None, form: str, profile: str) -> None:
    """List the rules, or explain one."""
    from register import catalogue, pages, profiles

    chosen = profiles.load(profile)
    listed = (catalogue.rule(code),) if code else catalogue.RULES
    lang = language()
    if form == "json":
        click.echo(json.dumps([pages.entry(rule, chosen, lang) for rule in listed], ensure_ascii=False, indent=1))
    elif form == "md" or code:
        click.echo(pages.catalogue_page(listed, chosen) if form == "md" else pages.rule_page(listed[0], chosen, lang))
    else:
        entries = [pages.entry(rule, chosen, lang) for rule in listed]
        headings = {
            "code": t("代码", "code"),
            "level": t("级别", "level"),
            "remedy": t("办理", "remedy"),
            "fix": t("修改", "fix"),
            "title": t("内容", "title"),
        }
        click.echo(table([{name: entry[name] for name in headings} for entry in entries], headings))
