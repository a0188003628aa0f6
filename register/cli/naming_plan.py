"""``diming plan``: names reserved for planned roads and areas, used, released; coverage; names from theme lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from register.cli.applications import place_options
from register.cli.group import Commands, Spoken
from register.cli.options import format_option, register_argument, today_option
from register.cli.people import person_options
from register.cli.speech import say, t
from register.cli.tables import table
from register.people import Person
from rulebook.language import Text

plan = Commands(
    "plan", Text("地名规划：预留、启用、释放、覆盖、拟名", "Plan of names: reserve, use, release, coverage, themes")
)
for _name, _zh, _en in (
    ("reserve", "预留名称，绑定规划道路或区域", "Reserve a name for a planned road or area"),
    ("use", "启用预留名称", "Put a reserved name to use"),
    ("release", "释放预留名称", "Release a reserved name"),
    ("list", "列出预留名称", "List reserved names"),
    ("coverage", "规划道路的名称覆盖", "How far planned roads have names"),
    ("themes", "从主题名单中拟出可用名称", "Free names from a theme list"),
):
    plan.add_lazy(_name, f"register.cli.naming_plan:{_name}_", Text(_zh, _en))


def _kind_option() -> Any:
    return click.option("--kind", default="road", show_default=True, metavar="KIND", help=t("地名类型", "Kind of name"))


@click.command(
    "reserve",
    cls=Spoken,
    summary=Text(
        "预留名称：先预审，绑定规划道路、规划地名或区域。输出编号。",
        "Reserve a name that passes the pre-test; prints its number.",
    ),
)
@register_argument()
@click.argument("name", metavar="NAME")
@_kind_option()
@click.option(
    "--for", "bound_to", default="", metavar="L:ID", help=t("规划道路、规划地名或区域", "Planned road or name, or area")
)
@place_options()
@click.option("--meaning", default="", help=t("含义", "Meaning"))
@click.option("--theme", default="", help=t("主题", "Theme"))
@click.option("--reason", default="", help=t("理由", "Why"))
@person_options(actor_required=True)
@today_option()
def reserve_(
    address: str,
    name: str,
    kind: str,
    bound_to: str,
    at: str | None,
    shape: Path | None,
    meaning: str,
    theme: str,
    reason: str,
    person: Person,
    today: str,
) -> None:
    """Print the number of the reservation."""
    from register.cases.naming_plan import Reservation, reserve
    from register.cases.pretest_place import place
    from register.store import opened

    with opened(address) as register:
        wanted = Reservation(name, kind, bound_to, place(at, shape, register.crs), meaning, theme)
        made = reserve(register, wanted, person, reason=reason, today=today)
    click.echo(made.id)
    say(Text(f"已预留“{name}”：{made.records[0]}。", f'"{name}" is reserved: {made.records[0]}.'))


@click.command(
    "use",
    cls=Spoken,
    summary=Text("启用预留名称（在本系统之外批准的）。", "Use a reserved name that was approved elsewhere."),
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.option("--approval-no", required=True, help=t("批准文号", "Approval number"))
@click.option("--approved-on", required=True, metavar="YYYY-MM-DD", help=t("批准日期", "Approved on"))
@person_options(actor_required=True)
@today_option()
def use_(address: str, case_id: str, approval_no: str, approved_on: str, person: Person, today: str) -> None:
    """Use a reserved name."""
    from register.cases.applications_facts import iso_date
    from register.cases.naming_plan import use
    from register.store import opened

    day = iso_date(approved_on, "批准日期", "--approved-on")
    with opened(address) as register:
        made = use(register, case_id, person, approval_no=approval_no, approved_on=day, today=today)
    say(Text(f"已启用：{made.records[0]}。", f"In use: {made.records[0]}."))


@click.command(
    "release", cls=Spoken, summary=Text("释放预留名称，写明理由。", "Release a reserved name, with the reason.")
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.option("--reason", required=True, help=t("理由", "Why"))
@person_options(actor_required=True)
@today_option()
def release_(address: str, case_id: str, reason: str, person: Person, today: str) -> None:
    """Release a reserved name."""
    from register.cases.naming_plan import release
    from register.store import opened

    with opened(address) as register:
        made = release(register, case_id, person, reason=reason, today=today)
    say(Text(f"已释放：{made.body['name']}。", f"Released: {made.body['name']}."))


@click.command("list", cls=Spoken, summary=Text("列出预留名称。", "List reserved names."))
@register_argument()
@format_option("table", "json", default="table")
def list_(address: str, form: str) -> None:
    """Print the reservations."""
    from register.cases.casebook import all_cases
    from register.cases.naming_plan import KIND
    from register.store import opened

    with opened(address) as register:
        rows = [
            {
                "id": one.id,
                "name": one.body["name"],
                "state": one.state,
                "kind": one.body["kind"],
                "bound_to": one.body["bound_to"],
                "record": one.records[0],
                "opened_on": one.opened_on,
            }
            for one in all_cases(register, KIND)
        ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "id": t("编号", "number"),
        "name": t("名称", "name"),
        "state": t("状态", "state"),
        "kind": t("类型", "kind"),
    }
    click.echo(table(rows, {**headings, "bound_to": t("绑定", "bound to"), "record": t("记录", "record")}))


@click.command("coverage", cls=Spoken, summary=Text("规划道路有多少已有名称。", "How many planned roads have names."))
@register_argument()
@format_option("table", "json", default="table")
def coverage_(address: str, form: str) -> None:
    """Print the coverage."""
    from register.cases.naming_plan import coverage
    from register.store import opened

    with opened(address) as register:
        found = coverage(register)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    share = "—" if found["share"] is None else f"{found['share']:.1%}"
    click.echo(
        t(
            f"规划道路 {found['planned']} 条 {found['km']} 千米，已有名称 {found['named']} 条 {found['named_km']} 千米（{share}），"
            f"其中预留 {found['reserved']} 条。",
            f"{found['planned']} planned roads, {found['km']} km; named {found['named']}, {found['named_km']} km ({share}); "
            f"reserved {found['reserved']}.",
        )
    )
    headings = {"id": t("标识", "id"), "name": t("暂名", "provisional name"), "division_code": t("政区", "division")}
    if found["unnamed"]:
        click.echo(table(found["unnamed"], {**headings, "km": t("千米", "km")}))


@click.command(
    "themes",
    cls=Spoken,
    summary=Text(
        "从主题名单（CSV：specific 或 name，可有 meaning、theme）中拟出未被使用、预审通过的名称。",
        "Free names that pass the pre-test, from a theme list (CSV: specific or name, maybe meaning, theme).",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path), metavar="THEMES.csv")
@_kind_option()
@click.option("--generic", default="", metavar="TERM", help=t("通名，如 路", "Generic part, as 路"))
@place_options()
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help=t("最多几个", "At most so many")
)
@format_option("table", "json", default="table")
@today_option()
def themes_(
    address: str,
    file: Path,
    kind: str,
    generic: str,
    at: str | None,
    shape: Path | None,
    limit: int,
    form: str,
    today: str,
) -> None:
    """Print free names."""
    from register.cases.naming_plan import proposals
    from register.cases.pretest_place import place
    from register.cases.theme_lists import read_themes
    from register.store import opened

    themes = read_themes(file)
    with opened(address) as register:
        where = place(at, shape, register.crs)
        rows = proposals(register, themes, kind, generic=generic, geometry=where, limit=limit, today=today)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {"name": t("名称", "name"), "pinyin": t("拼写", "romanisation")}
    click.echo(table(rows, {**headings, "theme": t("主题", "theme"), "meaning": t("含义", "meaning")}))
