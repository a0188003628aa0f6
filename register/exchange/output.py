"""Files that are written whole or not at all: a kill or an error leaves what was there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rulebook.errors import FileError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes ``path``'s place when the block ends without an error."""
    if path.is_dir():
        raise FileError(f"{path} 是文件夹，不能写成文件。", f"{path} is a folder and cannot be written as a file.")
    try:
        folder = tempfile.TemporaryDirectory(prefix=".diming-", dir=path.parent)
    except OSError as fault:
        raise FileError(
            f"不能写入 {path.parent}：{fault.strerror}。", f"{path.parent} cannot be written to: {fault.strerror}."
        ) from fault
    with folder as place:
        temporary = Path(place) / path.name
        yield temporary
        temporary.replace(path)
