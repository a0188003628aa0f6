"""Copies of a register file: consistent while others write, and moved into place whole."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from register.store.connection import connected, speaking
from rulebook.errors import RegisterError

_COMPANIONS = ("-wal", "-shm", "-journal")


def backup(source: Path, target: Path) -> None:
    """Write a consistent copy of a register that others may be writing to; an older copy at ``target`` is replaced.

    Raises RegisterError when ``target`` is the register itself or a file that a program has open.
    """
    check_folder(target)
    if target.exists():
        if target.is_dir():
            raise RegisterError(f"{target} 是文件夹，不是文件。", f"{target} is a folder, not a file.")
        if target.samefile(source):
            raise RegisterError("不能把登记库备份到它自己。", "A register cannot be backed up onto itself.")
        _settle(target)
    if companions_of(target):
        raise RegisterError(
            f"{target} 正被其他程序使用，不能覆盖；请换一个文件名。",
            f"{target} is in use by another program and cannot be replaced; choose another name.",
        )
    draft = draft_of(target)
    with speaking(target):
        try:
            copy_into(source, draft)
            draft.replace(target)
            _sync_folder(target)
        finally:
            remove_with_companions(draft)


def copy_into(source: Path, target: Path) -> None:
    """Copy the committed state of a register into a file: a new one, or one that SQLite can write to.

    Readers of ``target`` keep what they see; its writers are waited for.
    """
    target.touch()
    with connected(source) as connection, connected(target) as copy:
        copy.execute("PRAGMA journal_mode = WAL")
        connection.backup(copy)


def draft_of(target: Path) -> Path:
    """A name beside ``target`` for a file that is not finished."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")


def check_folder(path: Path) -> None:
    """Raise RegisterError when the folder that a file is to be made in is not there."""
    if not path.absolute().parent.is_dir():
        raise RegisterError(f"没有文件夹 {path.parent}。", f"There is no folder {path.parent}.")


def check_place(path: Path) -> None:
    """Raise RegisterError when a new register cannot be made at ``path``."""
    check_folder(path)
    if path.exists() or path.is_symlink():
        raise RegisterError(
            f"{path} 已存在，不会覆盖；请换一个文件名。", f"{path} exists and is not overwritten; choose another name."
        )
    if companions_of(path):
        raise RegisterError(
            f"{path} 旁边留有旧登记库的日志文件 {companions_of(path)[0].name}；请先移走。",
            f"Beside {path} lies {companions_of(path)[0].name} of an earlier register; move it away first.",
        )


def _settle(path: Path) -> None:
    """Let SQLite take away the journals that a reader without the right to write has left beside a database.

    They stay where a program has it open, and beside what is no database.
    """
    if companions_of(path):
        with suppress(RegisterError), connected(path) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")


def companions_of(path: Path) -> list[Path]:
    """The journal files that lie beside a database."""
    return [beside for suffix in _COMPANIONS if (beside := path.with_name(path.name + suffix)).exists()]


def move_without_overwriting(draft: Path, target: Path) -> None:
    """Give a finished file its name, in one step; raises RegisterError when another file has it by now."""
    try:
        try:
            os.link(draft, target)
        except (PermissionError, NotImplementedError, OSError) as fault:
            if isinstance(fault, FileExistsError):
                raise
            os.close(os.open(target, os.O_CREAT | os.O_EXCL))  # a file system without links: hold the name first
            draft.replace(target)
    except FileExistsError as fault:
        raise RegisterError(
            f"{target} 已存在，不会覆盖；请换一个文件名。",
            f"{target} exists and is not overwritten; choose another name.",
        ) from fault
    _sync_folder(target)


def remove_with_companions(path: Path) -> None:
    """Remove a draft and its journals, as far as they are there."""
    for each in (path, *companions_of(path)):
        each.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can."""
    if os.name == "posix":
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
