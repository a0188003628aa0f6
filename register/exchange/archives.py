"""Opens zip archives that come from outside: no path may leave the archive, no content may burst the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from register.exchange.source import Limits
from rulebook.errors import FileError

CHUNK = 1 << 20
UTF8_NAME = 0x800


@contextmanager
def checked_members(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """A zip archive whose declared size and member names have been checked; a broken one raises FileError."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > limits.unpacked_bytes:
                raise FileError(
                    f"{path.name} 解压后有 {size >> 20} MB，超过上限 {limits.unpacked_bytes >> 20} MB，未打开。",
                    f"{path.name} unpacks to {size >> 20} MB, above the limit of {limits.unpacked_bytes >> 20} MB; it was not opened.",
                )
            for member in archive.infolist():
                name = PurePosixPath(member.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or ":" in member.filename:
                    raise FileError(
                        f"{path.name} 里的“{member.filename}”指向压缩包之外，整个文件不予打开。",
                        f'"{member.filename}" in {path.name} points outside the archive; the file was not opened.',
                    )
                if member.flag_bits & 1:
                    raise FileError(
                        f"{path.name} 有密码保护，请取消密码后再导入。",
                        f"{path.name} is protected by a password; take it off and import again.",
                    )
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as fault:
        raise FileError(
            f"{path.name} 不完整或已损坏，无法解压；请重新获取文件。",
            f"{path.name} is incomplete or damaged ({fault}); fetch it again.",
        ) from fault


def unpack(path: Path, target: Path, limits: Limits) -> list[Path]:
    """Unpack an archive into ``target`` and return the files. Member names in GBK come out right."""
    files = []
    with checked_members(path, limits) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            place = target / _name(member).replace("\\", "/")
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as stream, place.open("wb") as file:
                while chunk := stream.read(CHUNK):
                    file.write(chunk)
            files.append(place)
    return files


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; zip tools on Chinese Windows write GBK without saying so, and Python takes it for CP437."""
    if member.flag_bits & UTF8_NAME or member.filename.isascii():
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename
