"""``diming plate stage|issue|split|merge|cancel|lineage``: what happens to single plates, each one change of the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, format_option, register_argument, today_option
from register.cli.plates import at_option, points_option
from register.cli.speech import language, t
from register.cli.tables import table
from rulebook.language import Text


def _reason_option() -> Callable[[Any], Any]:
    return click.option(
        "--reason", required=True, metavar=t("理由", "TEXT"), help=t("理由，记入修改记录", "Why; kept in the history")
    )


def _plates_argument() -> Callable[[Any], Any]:
    return click.argument("plates", nargs=-1, required=True, metavar="PLATE...")


def _told(**outcome: Any) -> None:
    click.echo(json.dumps(outcome, ensure_ascii=False))


@click.command(
    "issue", cls=Spoken, summary=Text("把预留或临时门牌改为在用。", "Put reserved or temporary plates in use.")
)
@register_argument()
@_plates_argument()
@actor_option(required=True)
@_reason_option()
@today_option()
def issue(address: str, plates: tuple[str, ...], actor: str, reason: str, today: str) -> None:
    """Change the status and print the change."""
    from register.cases import numbering_lineage
    from register.store import opened

    with opened(address) as register:
        _told(change_id=numbering_lineage.issue(register, plates, actor=actor, reason=reason, today=today))


@click.command(
    "cancel",
    cls=Spoken,
    summary=Text(
        "注销门牌；号码留存，不再编给别处。", "Cancel plates; their numbers are kept and not given out again."
    ),
)
@register_argument()
@_plates_argument()
@actor_option(required=True)
@_reason_option()
@today_option()
def cancel(address: str, plates: tuple[str, ...], actor: str, reason: str, today: str) -> None:
    """Change the status and print the change."""
    from register.cases import numbering_lineage
    from register.store import opened

    with opened(address) as register:
        _told(change_id=numbering_lineage.cancel(register, plates, actor=actor, reason=reason, today=today))


@click.command(
    "merge",
    cls=Spoken,
    summary=Text(
        "几户合为一户：第一块门牌留用，其余注销。", "Merge houses: the first plate stays, the others are cancelled."
    ),
)
@register_argument()
@_plates_argument()
@actor_option(required=True)
@_reason_option()
@today_option()
def merge(address: str, plates: tuple[str, ...], actor: str, reason: str, today: str) -> None:
    """Write the merger and print the change."""
    from register.cases import numbering_lineage
    from register.store import opened

    with opened(address) as register:
        _told(
            change_id=numbering_lineage.merge(register, plates[0], plates[1:], actor=actor, reason=reason, today=today)
        )


@click.command(
    "split",
    cls=Spoken,
    summary=Text(
        "一户分为几户：原牌不动，新户编附号并预留。",
        "Split a house: its plate stays, the new ones get reserved sub-numbers.",
    ),
)
@register_argument()
@click.argument("plate", metavar="PLATE")
@points_option()
@at_option()
@actor_option(required=True)
@_reason_option()
@today_option()
def split(address: str, plate: str, points: Path | None, at: str | None, actor: str, reason: str, today: str) -> None:
    """Write the new plates and print the change."""
    from register.cases import numbering_lineage
    from register.cases.plates import spots_of
    from register.store import opened

    with opened(address) as register:
        spots = spots_of(at, points, register.crs)
        change, made = numbering_lineage.split(register, plate, spots, actor=actor, reason=reason, today=today)
    _told(change_id=change, plates=made)


@click.command(
    "stage",
    cls=Spoken,
    summary=Text(
        "实施一个重编事项的一期：写入已公告的新号，可撤销。",
        "Apply one stage of a renumbering: write the numbers that were announced; undo takes it back.",
    ),
)
@register_argument()
@click.argument("case", metavar="CASE")
@click.argument("number", metavar="STAGE")
@actor_option(required=True)
@today_option()
def stage(address: str, case: str, number: str, actor: str, today: str) -> None:
    """Write the stage and print the change."""
    from register.cases import numbering_stages
    from register.store import opened

    with opened(address) as register:
        _told(change_id=numbering_stages.apply_stage(register, case, number, actor=actor, today=today))


@click.command(
    "lineage",
    cls=Spoken,
    summary=Text(
        "一块门牌的沿革：预留、启用、改号、分户、合并、注销。",
        "What became of a plate: reserved, issued, renumbered, split, merged, cancelled.",
    ),
)
@register_argument()
@click.argument("plate", metavar="PLATE")
@format_option("table", "json", default="table")
@today_option()
def lineage(address: str, plate: str, form: str, today: str) -> None:
    """Print the events of a plate, oldest first, and the plates that name it."""
    from register.cases import numbering_lineage
    from register.store import opened

    with opened(address) as register:
        found = numbering_lineage.lineage_of(register, plate, today=today)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    headings = {"on": t("日期", "on"), "what": t("沿革", "event"), "plate": t("门牌", "plate")}
    own = [{"on": one["on"], "what": one[language()], "plate": found["number"]} for one in found["events"]]
    others = [{"on": one["on"], "what": one["event"], "plate": one["number"]} for one in found["others"]]
    click.echo(table(own + others, headings))
