"""Documents tell the truth: commands, options, profile keys and links in them exist, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from register import catalogue, pages, profiles
from web.cli import diming

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
COMMANDS = diming.list_commands(click.Context(diming))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_rules_md_is_what_the_catalogue_says() -> None:
    assert text_of("RULES.md") == pages.catalogue_page(catalogue.RULES, profiles.load("national"))


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readmes(readme: str, command: str) -> None:
    told = re.search(rf"`(?:diming )?{command}`", text_of(readme))
    assert told, command


@pytest.mark.parametrize("readme", READMES)
def test_commands_in_the_readmes_exist(readme: str) -> None:
    named = set(re.findall(r"diming ([a-z]+)", text_of(readme)))
    assert named <= {*COMMANDS, "keeps"}


@pytest.mark.parametrize("document", [*READMES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(document: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", text_of(document)):
        assert ((ROOT / document).parent / link).exists(), link


def test_every_document_is_in_both_readmes() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        for readme in READMES:
            assert f"docs/{path.name}" in text_of(readme), path.name


def test_every_setting_of_the_shipped_profiles_is_documented() -> None:
    told = text_of("docs/profiles.md")
    for name in profiles.shipped():
        for setting in profiles.load(name).settings:
            assert setting in told, setting


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_and_every_option_says_what_it_does(command: str) -> None:
    found = diming.get_command(click.Context(diming), command)
    assert found is not None
    assert found.help
    for param in found.params:
        if isinstance(param, click.Option):
            assert param.help, f"{command} {param.opts[0]}"
