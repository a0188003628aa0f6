"""Putting a backup in the place of a register, with the register that was there kept beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from register.store import copies, soundness
from register.store.connection import DamagedRegisterError, reading, speaking
from register.store.gpkg import GeoPackageRegister
from rulebook.errors import RegisterError


def restore(source: Path, target: Path) -> Path | None:
    """Make ``target`` equal to the register ``source`` and return the safety copy of what was there, if anything was.

    A register at ``target`` may be in use: it is written as one transaction, its readers keep what they see. A
    damaged one is moved aside. Raises RegisterError when ``source`` is no sound register, ``target`` another file.
    """
    faults = GeoPackageRegister.open(source).integrity()
    if faults:
        raise RegisterError(
            f"{source} 不完好，不能用来恢复：{faults[0].zh}。",
            f"{source} is not sound and cannot be restored from: {faults[0].en}.",
        )
    if not target.exists():
        _make(source, target)
        return None
    if target.suffix.lower() != ".gpkg" or not target.is_file():
        raise RegisterError(f"{target} 不是 .gpkg 文件，不会覆盖。", f"{target} is no .gpkg file and is not replaced.")
    if target.samefile(source):
        raise RegisterError("备份与登记库是同一个文件。", "The backup and the register are the same file.")
    safety = _beside(target)
    if _is_damaged(target):
        _move_aside(target, safety)
        _make(source, target)
    else:
        copies.backup(target, safety)
        copies.copy_into(source, target)
    return safety


def _make(source: Path, target: Path) -> None:
    copies.check_place(target)
    draft = copies.draft_of(target)
    with speaking(target):
        try:
            copies.copy_into(source, draft)
            copies.move_without_overwriting(draft, target)
        finally:
            copies.remove_with_companions(draft)


def _is_damaged(path: Path) -> bool:
    """Whether the pages of a register can no longer be read. Raises RegisterError when it is another file."""
    try:
        with reading(path) as connection:
            GeoPackageRegister.open(path)
            return bool(soundness.page_faults(connection))
    except DamagedRegisterError:
        return True


def _beside(target: Path) -> Path:
    """A free name for the safety copy."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in range(1, 1000):
        name = f"{target.stem}.before-restore-{stamp}{'' if number == 1 else f'-{number}'}{target.suffix}"
        if not target.with_name(name).exists():
            return target.with_name(name)
    raise RegisterError(f"{target} 旁边的旧副本太多。", f"There are too many old copies beside {target}.")


def _move_aside(target: Path, safety: Path) -> None:
    """Rename a damaged register and its journals: another program that still has it open goes on in the old file."""
    for each in (*copies.companions_of(target), target):
        each.rename(safety.with_name(safety.name + each.name.removeprefix(target.name)))
