"""``diming export`` and ``verify``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, change_id_of, register_argument, today_option
from register.cli.speech import language, say, t
from register.people import Person, Role, role_named
from rulebook.language import Text

ACTOR = "diming"


@click.command(
    "export",
    cls=Spoken,
    summary=Text(
        "写出封签的导出包：数据文件、manifest.json、withheld.csv（未送出的行及原因）。有行被扣下时退出码为 1。",
        "Write a sealed package: data files, manifest.json, withheld.csv (rows held back and why). Exit code 1 when rows were withheld.",
    ),
)
@register_argument()
@click.option("--profile", "name", required=True, metavar="P", help=t("导出方案", "Export profile"))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("新建的文件夹", "Folder to make"))
@click.option("--since", metavar="REV", help=t("只导出此版本之后的变化", "Only what changed after this revision"))
@click.option("--allow-warnings", is_flag=True, help=t("只扣下有错误的行", "Hold back only rows with errors"))
@click.option(
    "--role",
    default=Role.ADMINISTRATOR.value,
    help=t("以此角色导出（决定能否带个人信息）", "Role to export as (decides on personal data)"),
)
@today_option()
@actor_option(required=False)
def export(
    address: str, name: str, out: Path, since: str | None, allow_warnings: bool, role: str, today: str, actor: str
) -> int:
    """Write the package and print its counts as JSON."""
    from register.cases.checking import today_text
    from register.cases.exporting import package, profiles
    from register.store import opened

    profile = profiles.load(name)
    person = Person(actor or ACTOR, role_named(role))
    with opened(address) as register:
        written = package.export(
            register,
            profile,
            out,
            today=today or today_text(),
            person=person,
            since=None if since is None else change_id_of(since),
            allow_warnings=allow_warnings,
            lang=language(),
        )
    manifest = written.manifest
    if written.withheld:
        say(Text(
            f"{manifest['withheld_records']} 条记录未送出，原因见 {out / package.WITHHELD}。",
            f"{manifest['withheld_records']} records were withheld; see {out / package.WITHHELD} for the reasons."))  # fmt: skip
    keys = (
        "profile",
        "revision",
        "since",
        "crs",
        "catalogue",
        "counts",
        "withheld",
        "withheld_records",
        "changes",
        "seal",
    )
    click.echo(json.dumps({key: manifest[key] for key in keys}, ensure_ascii=False))
    return 1 if written.withheld else 0


@click.command(
    "verify",
    cls=Spoken,
    summary=Text(
        "核对导出包：摘要、封签、行数。相符退出码为 0，不符为 1。",
        "Check a package: digests, seal, counts. Exit code 0 when all fits, 1 when not.",
    ),
)
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
def verify(place: Path) -> int:
    """Print every fault and say how it came out."""
    from register.cases.exporting.verifying import verify as faults_of

    faults = faults_of(place)
    for fault in faults:
        say(fault)
    click.echo(
        json.dumps({"sound": not faults, "faults": [fault.within(language()) for fault in faults]}, ensure_ascii=False)
    )
    return 1 if faults else 0
