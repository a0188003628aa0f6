"""``diming init``."""

from __future__ import annotations

import click

from register.cli.group import Spoken
from register.cli.options import register_argument
from register.cli.speech import say, t
from rulebook.language import Text


@click.command(
    "init",
    cls=Spoken,
    summary=Text("新建一个空登记库（.gpkg 文件）。", "Make an empty register (a .gpkg file)."),
)
@register_argument()
@click.option(
    "--profile",
    default="zhejiang/shengzhou",
    show_default=True,
    help=t("配置的名称或 .toml 文件", "Profile by name or .toml file"),
)
def init(address: str, profile: str) -> None:
    """Make an empty register by a profile."""
    from pathlib import Path

    from pyproj import CRS

    from register import profiles
    from register.store import create_register

    chosen = profiles.load(profile)
    kept = str(Path(profile).resolve()) if profile.endswith(".toml") else profile
    create_register(address, kept, CRS(chosen.setting("crs"))).close()
    say(Text(f"已新建登记库 {address}，配置 {profile}。", f"Made the register {address} by profile {profile}."))
