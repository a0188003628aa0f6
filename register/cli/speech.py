"""Which language the command line speaks, and how it speaks: talk goes to stderr, results to stdout."""

from __future__ import annotations

import os
import sys

import click

from rulebook.errors import CallError
from rulebook.language import LANGUAGES, Text

_spoken = "zh"


def language() -> str:
    """The language of this call, ``zh`` or ``en``."""
    return _spoken


def choose_language(arguments: list[str]) -> list[str]:
    """Take ``--lang`` (anywhere) out of the arguments, else ``DIMING_LANG``, and speak it from now on."""
    global _spoken  # noqa: PLW0603 - one process speaks one language
    rest, chosen = [], os.environ.get("DIMING_LANG") or "zh"
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            chosen = next(words, "")
        elif word.startswith("--lang="):
            chosen = word.partition("=")[2]
        else:
            rest.append(word)
    if chosen not in LANGUAGES:
        raise CallError(f"--lang 只能是 zh 或 en，不能是“{chosen}”。", f'--lang is zh or en, not "{chosen}".')
    _spoken = chosen
    return rest


def t(zh: str, en: str) -> str:
    """The sentence in the language of this call."""
    return Text(zh, en).within(_spoken)


def say(text: Text) -> None:
    """Tell the user something that is not a result."""
    click.echo(text.within(_spoken), err=True)


def speak_utf8() -> None:
    """Write UTF-8 whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
