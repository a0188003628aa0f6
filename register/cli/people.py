"""Options that say who works, in which role and for which township."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from register.cli.options import actor_option
from register.cli.speech import t
from register.people import Person, Role, role_named
from rulebook.errors import CallError

TOWNSHIP_DIGITS = 9


def person_options(*, actor_required: bool) -> Callable[[Any], Any]:
    """``--actor``, ``--role`` and ``--township``, handed to the command as ``person``."""

    def add(command: Any) -> Any:
        @functools.wraps(command)
        def with_person(*args: Any, actor: str, role: str, township: str, **kwargs: Any) -> Any:
            if township and not (township.isdecimal() and len(township) == TOWNSHIP_DIGITS):
                raise CallError(
                    f"--township 应为 9 位乡级代码，不是“{township}”。",
                    f'--township is a township code of nine digits, not "{township}".',
                )
            return command(*args, person=Person(actor, role_named(role), township), **kwargs)

        for option in (
            actor_option(required=actor_required),
            click.option(
                "--role",
                default=Role.ADMINISTRATOR.value,
                show_default=True,
                metavar="|".join(Role),
                help=t("以哪种角色办理", "In which role"),
            ),
            click.option(
                "--township",
                default="",
                metavar="CODE",
                help=t("乡镇经办所在乡镇，9 位代码", "A clerk's own township, nine digits"),
            ),
        ):
            with_person = option(with_person)
        return with_person

    return add
