"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from register.cli.speech import t
from register.people import Person, Role, role_named
from rulebook.errors import CallError

REGISTER = "REG"
MOST_DIGITS = 18  # what a database takes for a whole number


def register_argument() -> Callable[[Any], Any]:
    """The register's path or URL."""
    return click.argument("address", metavar=REGISTER)


def format_option(*choices: str, default: str) -> Callable[[Any], Any]:
    """``--format``."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=default,
        show_default=True,
        help=t("输出格式", "Output format"),
    )


def today_option() -> Callable[[Any], Any]:
    """``--today``: the date that deadlines are reckoned with."""
    return click.option(
        "--today",
        default="",
        metavar="YYYY-MM-DD",
        callback=_iso_date,
        help=t("以这一天计算期限（默认今天）", "Reckon deadlines with this day (default: the clock's)"),
    )


def actor_option(*, required: bool) -> Callable[[Any], Any]:
    """``--actor``: who does it."""
    return click.option(
        "--actor",
        required=required,
        default=None if required else "",
        metavar=t("经办人", "NAME"),
        help=t("谁做的，记入修改记录", "Who does it; kept in the history"),
    )


def role_option() -> Callable[[Any], Any]:
    """``--role``: for whose eyes the output is made; a :class:`register.people.Person` in that role."""
    return click.option(
        "--role",
        "person",
        default=Role.ADMINISTRATOR.value,
        show_default=True,
        metavar="|".join(Role),
        callback=lambda ctx, param, value: Person("", role_named(value)),
        help=t(
            "为哪种角色输出；无权者看不到个人信息，看到的界桩坐标是概略值",
            "For whose eyes; roles without the right see no personal data and rounded coordinates of markers",
        ),
    )


def _iso_date(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as fault:
        raise CallError(
            f"--today 应为 YYYY-MM-DD，不是“{value}”。", f'--today is YYYY-MM-DD, not "{value}".'
        ) from fault


def record_of(text: str | None) -> tuple[str, str] | None:
    """``layer:id`` split."""
    if text is None:
        return None
    layer, colon, record_id = text.partition(":")
    if not (layer and colon and record_id):
        raise CallError(
            f"记录要写成 图层:标识，例如 roads:R001，不是“{text}”。",
            f'A record is written layer:id, for example roads:R001, not "{text}".',
        )
    return layer, record_id


def change_id_of(text: str) -> int:
    """A change id or revision as a number."""
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise CallError(f"修改编号是一个整数，不是“{text}”。", f'A change id is a whole number, not "{text}".')
    return int(text)
