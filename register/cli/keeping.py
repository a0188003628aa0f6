"""``diming backup`` and ``diming restore``."""

from __future__ import annotations

from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import register_argument
from register.cli.speech import say
from rulebook.language import Text


@click.command(
    "backup",
    cls=Spoken,
    summary=Text(
        "备份登记库；可在他人使用时进行，得到前后一致的一份。",
        "Copy a register, also while others use it: one consistent state.",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path))
def backup(address: str, file: Path) -> None:
    """Write a consistent copy of a register."""
    from register.store import opened

    with opened(address) as register:
        register.backup(file)
    say(Text(f"已备份到 {file}。", f"Copied to {file}."))


@click.command(
    "restore",
    cls=Spoken,
    summary=Text(
        "用备份恢复登记库；原登记库先另存一份。",
        "Restore a register from a copy; the register that was there is kept beside it.",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("address", metavar="REG", type=click.Path(path_type=Path))
def restore(file: Path, address: Path) -> None:
    """Put a copy in a register's place."""
    from register.store.restore import restore as restore_register

    kept = restore_register(file, address)
    say(Text(f"已用 {file} 恢复 {address}。", f"Restored {address} from {file}."))
    if kept is not None:
        say(Text(f"原登记库另存为 {kept}。", f"The register that was there is kept as {kept}."))
