"""What an office sets for its site, read from a TOML file. Every key may be absent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from register.people import Role, role_named
from rulebook.errors import FileError
from rulebook.language import LANGUAGES


@dataclass(frozen=True)
class SiteConfig:
    """``base_map`` is a tile address with ``{z}``, ``{x}``, ``{y}`` (XYZ, or WMTS with these in its query); empty: the
    map draws the register alone and asks no other host. ``actor`` is proposed as the name that decisions are logged by,
    ``role`` and ``township`` say what may be done and seen (``register.people``); ``documents`` is a folder with the
    bureau's own templates.
    """

    title: str = ""
    language: str = "zh"
    actor: str = ""
    role: str = Role.ADMINISTRATOR.value
    township: str = ""
    documents: str = ""
    base_map: str = ""
    base_map_attribution: str = ""
    base_map_max_zoom: int = 18

    @property
    def base_map_origin(self) -> str:
        """Scheme and host that pictures of the base map come from, empty without a base map."""
        parts = urlsplit(self.base_map)
        return f"{parts.scheme}://{parts.netloc}" if self.base_map else ""


def read_config(path: Path) -> SiteConfig:
    """The settings of a TOML file; raises FileError with the key, the value and what is allowed."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FileError(
            f"读不了网站配置 {path}：{fault}", f"The site's settings {path} cannot be read: {fault}"
        ) from fault
    return checked(given, str(path))


def checked(given: dict[str, Any], where: str) -> SiteConfig:
    """Settings from a parsed table."""
    types = {field.name: type(field.default) for field in fields(SiteConfig)}
    for key, value in given.items():
        if key not in types:
            raise FileError(
                f"{where}：没有设置“{key}”，可以设置：{'、'.join(types)}。",
                f'{where}: there is no setting "{key}"; there are: {", ".join(types)}.',
            )
        if not isinstance(value, types[key]) or isinstance(value, bool):
            raise FileError(
                f"{where}：{key} = {value!r} 类型不对，应为 {types[key].__name__}。",
                f"{where}: {key} = {value!r} has the wrong type, {types[key].__name__} is expected.",
            )
    config = SiteConfig(**given)
    if config.language not in LANGUAGES:
        raise FileError(
            f"{where}：language 只能是 zh 或 en，不能是“{config.language}”。",
            f'{where}: language is zh or en, not "{config.language}".',
        )
    role_named(config.role)
    if config.base_map and not _is_tile_address(config.base_map):
        raise FileError(
            f"{where}：base_map 应是带 {{z}}、{{x}}、{{y}} 的 http(s) 瓦片地址，主机名中不能有变量：{config.base_map}",
            f"{where}: base_map must be an http(s) tile address with {{z}}, {{x}}, {{y}} and a plain host: {config.base_map}",
        )
    return config


def _is_tile_address(address: str) -> bool:
    parts = urlsplit(address)
    plain_host = parts.netloc and not set(parts.netloc) & set("{};,' \"")
    return (
        parts.scheme in ("http", "https") and bool(plain_host) and all(key in address for key in ("{z}", "{x}", "{y}"))
    )
