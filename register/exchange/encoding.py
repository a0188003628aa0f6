"""Which encoding a text file is in: what its author says, else strict UTF-8, else GB18030, and never a guess unsaid."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rulebook.errors import CallError, FileError
from rulebook.language import Text

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CANDIDATES = ("utf-8", "gb18030")
# A text in GB18030 read as UTF-8 is broken at nearly every Chinese character; broken UTF-8 only here and there.
MOSTLY_UTF8 = 0.1
EVEN = 0.5
BEYOND_LATIN = re.compile("[\u0250-\u07ff]")
CHINESE = re.compile("[\u0800-\U0010ffff]")


def known_codec(name: str) -> str:
    """The canonical name of an encoding that the caller named. Raises CallError for one that does not exist."""
    if name.strip().lower() in {"gbk", "gb2312", "cp936", "ansi 936", "936"}:
        return "gb18030"
    try:
        return codecs.lookup(name.strip()).name
    except LookupError as fault:
        raise CallError(
            f"没有编码“{name}”；常用的有 UTF-8、GBK、GB18030。",
            f'There is no encoding "{name}"; usual ones are UTF-8, GBK and GB18030.',
        ) from fault


def decode(data: bytes, path: Path, given: str | None) -> tuple[str, tuple[Text, ...]]:
    """The text of a file and what is to be said about its encoding.

    Raises FileError with line, position and byte where the text cannot be decoded.
    """
    if given is not None:
        codec = known_codec(given)
        text, fault = _try(data, "utf-8-sig" if codec == "utf-8" else codec)
        if fault is not None:
            raise _undecodable(path, data, fault, given)
        return text, ()
    for bom, codec in BOMS:
        if data.startswith(bom):
            text, fault = _try(data, codec)
            if fault is not None:
                raise _undecodable(path, data, fault, codec.upper().removesuffix("-SIG"))
            return text, ()
    text, fault = _try(data, "utf-8")
    if fault is None and not is_disguised(text):
        return text, () if data.isascii() else (chosen("UTF-8"),)
    chinese, misfit = _try(data, "gb18030")
    if fault is not None:
        broken = share_broken(data)
        if broken < MOSTLY_UTF8 or (misfit is not None and broken < EVEN):
            raise _undecodable(path, data, fault, "UTF-8")
        if misfit is not None:
            raise _undecodable(path, data, misfit, "GB18030")
    return (chinese, (chosen("GB18030"),)) if misfit is None else (text, (chosen("UTF-8"),))


def is_disguised(text: str) -> bool:
    """Whether text in GB18030 happens to be valid UTF-8: it then holds Greek, Cyrillic or Arabic letters (as 一 reads
    U+04BB) and not one Chinese character. Latin letters with marks are those of romanised names.
    """
    return BEYOND_LATIN.search(text) is not None and CHINESE.search(text) is None


def share_broken(data: bytes) -> float:
    """Which share of the characters beyond ASCII is broken when bytes are read as UTF-8."""
    text = data.decode("utf-8", errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") / foreign if foreign else 0.0


def chosen(codec: str) -> Text:
    """The sentence that says which encoding was taken."""
    return Text(
        f"文件没有注明编码，按 {codec} 读取；如有乱码请用 --encoding 指定。",
        f"The file does not name its encoding; it was read as {codec}. If characters are wrong, name it by --encoding.",
    )


def _try(data: bytes, codec: str) -> tuple[str, UnicodeDecodeError | None]:
    try:
        return data.decode(codec), None
    except UnicodeDecodeError as fault:
        return "", fault


def _undecodable(path: Path, data: bytes, fault: UnicodeDecodeError, codec: str) -> FileError:
    before = data[: fault.start]
    line = before.count(b"\n") + 1
    position = fault.start - (before.rfind(b"\n") + 1) + 1
    byte = data[fault.start]
    return FileError(
        f"{path.name} 第 {line} 行第 {position} 个字节（0x{byte:02X}）不是 {codec} 文字；请用 --encoding 指定正确的编码，或修正该处。",
        f"{path.name}, line {line}, byte {position} (0x{byte:02X}) is not {codec} text; name the right encoding by --encoding or mend the place.",
    )
