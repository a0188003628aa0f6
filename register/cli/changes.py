"""``diming apply``, ``undo`` and ``log``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, change_id_of, format_option, record_of, register_argument, role_option
from register.cli.speech import language, say, t
from register.cli.tables import table
from register.people import Person
from rulebook.errors import CallError
from rulebook.language import Text


@click.command(
    "apply",
    cls=Spoken,
    summary=Text(
        "在一个事务中执行修改计划（CSV）里 accept 为 yes 的行；原值已变的行不强行修改。",
        "Apply the rows of a fix plan (CSV) whose accept is yes, in one transaction; a row gone stale is not forced.",
    ),
)
@register_argument()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--only",
    multiple=True,
    metavar="COL=VALUE",
    help=t("只执行某列为某值的行（可多次）", "Only rows with this value (repeatable)"),
)
@click.option("--dry-run", is_flag=True, help=t("只判断，不写入", "Judge only, write nothing"))
@actor_option(required=True)
@click.option("--reason", required=True, help=t("理由，记入修改记录", "Why; kept in the history"))
def apply(address: str, plan: Path, only: tuple[str, ...], dry_run: bool, actor: str, reason: str) -> int:
    """Apply a plan; exit code 1 when a row was stale or refused."""
    from register.cases.applying import apply_plan
    from register.exchange.plans import read_plan
    from register.store import opened

    wanted = dict(_only(word) for word in only)
    with opened(address) as register:
        outcome = apply_plan(register, read_plan(plan), actor=actor, reason=reason, only=wanted, dry_run=dry_run)
    for row, kind, why in outcome.rows:
        if why is not None:
            label = {"stale": Text("已过时", "stale"), "refused": Text("拒绝", "refused")}[kind]
            say(
                Text("计划第 {row} 行{label}：{why}", "Plan row {row} {label}: {why}").format(
                    row=row, label=label, why=why
                )
            )
    summary = {
        "change_id": outcome.change_id,
        "applied": outcome.applied,
        "stale": outcome.stale,
        "refused": outcome.refused,
        "rows": [
            {"row": row, "outcome": kind, "reason": why.within(language())}
            for row, kind, why in outcome.rows
            if why is not None
        ],
    }
    click.echo(json.dumps(summary, ensure_ascii=False))
    return 1 if outcome.stale or outcome.refused else 0


@click.command(
    "undo",
    cls=Spoken,
    summary=Text(
        "撤销一次修改，或其中一条记录；后来的修改依赖它时说明原因并拒绝。输出新的修改编号。",
        "Take back a change, or one record of it; refused with the reason when a later change depends on it. Prints the new change id.",
    ),
)
@register_argument()
@click.argument("change_id")
@click.option("--record", metavar="L:ID", help=t("只撤销这一条记录（图层:标识）", "Only this record (layer:id)"))
@actor_option(required=False)
@click.option("--reason", default="", help=t("理由", "Why"))
def undo(address: str, change_id: str, record: str | None, actor: str, reason: str) -> None:
    """Undo a change and print the new change id."""
    from register.store import opened

    number, one = change_id_of(change_id), record_of(record)
    with opened(address) as register:
        why = reason or t(f"撤销修改 {number}", f"undo of change {number}")
        new = register.undo(number, actor=actor or login(), reason=why, record=one)
    click.echo(new)
    say(Text(f"已撤销修改 {number}，记为修改 {new}。", f"Change {number} is taken back by change {new}."))


@click.command("log", cls=Spoken, summary=Text("查看修改记录，最新的在前。", "Show the history, newest change first."))
@register_argument()
@click.option("--record", metavar="L:ID", help=t("只看这一条记录（图层:标识）", "Only this record (layer:id)"))
@click.option("--change", metavar="ID", help=t("只看这一次修改", "Only this change"))
@format_option("table", "json", "jsonl", "csv", default="table")
@role_option()
def log(address: str, record: str | None, change: str | None, form: str, person: Person) -> None:
    """Print the history."""
    from register import profiles
    from register.cases.privacy import masked_log
    from register.cases.sensitive import Sight
    from register.exchange.safe_cells import guarded
    from register.store import opened

    with opened(address) as register:
        rows = masked_log(
            register.history(record=record_of(record), change_id=change_id_of(change) if change else None)
        )
        rows = Sight.of(person, profiles.load(register.profile_name)).log(rows)
    listed = rows.astype("object").where(rows.notna(), None).to_dict("records")
    if form == "json":
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    elif form == "jsonl":
        for row in listed:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif form == "csv":
        click.echo(rows.apply(guarded).to_csv(index=False), nl=False)
    else:
        headings = {
            "change_id": t("编号", "change"),
            "at": t("时间", "at"),
            "actor": t("经办人", "actor"),
            "reason": t("理由", "reason"),
            "layer": t("图层", "layer"),
            "record_id": t("记录", "record"),
            "field": t("字段", "field"),
            "before": t("原值", "before"),
            "after": t("新值", "after"),
        }
        click.echo(table([{name: _short(row[name]) for name in headings} for row in listed], headings))


def _short(value: object, most: int = 40) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _only(word: str) -> tuple[str, str]:
    column, sign, value = word.partition("=")
    if not sign:
        raise CallError(f"--only 要写成 列=值，不是“{word}”。", f'--only is written COL=VALUE, not "{word}".')
    return column, value


def login() -> str:
    """The name the user is logged in by, for the history."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "diming"
