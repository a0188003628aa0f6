"""``diming exempt``."""

from __future__ import annotations

import json

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, record_of, register_argument, today_option
from register.cli.speech import t
from rulebook.errors import CallError
from rulebook.language import Text


@click.command(
    "exempt",
    cls=Spoken,
    summary=Text(
        "豁免规则在一条记录上查出的问题：写明理由，记在修改记录中；事实一变，豁免即失效。",
        "Exempt what a rule finds on a record, with a reason; it lapses when the facts change.",
    ),
)
@register_argument()
@click.option("--rule", "code", required=True, metavar="CODE", help=t("规则代码", "Code of the rule"))
@click.option("--record", required=True, metavar="LAYER:ID", help=t("记录", "The record"))
@click.option("--reason", required=True, help=t("为什么不算错", "Why it is no fault"))
@actor_option(required=True)
@today_option()
def exempt(address: str, code: str, record: str, reason: str, actor: str, today: str) -> None:
    """Write the exemption and print the change id."""
    from register.cases import exempting
    from register.cases.checking import today_text
    from register.store import opened

    place = record_of(record)
    if place is None:
        raise CallError("请用 --record 指明记录。", "Name the record by --record.")
    with opened(address) as register:
        change_id = exempting.exempt(register, code, *place, reason=reason, actor=actor, today=today or today_text())
    click.echo(json.dumps({"change_id": change_id}))
