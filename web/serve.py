"""``diming serve``: the review site over a register, until it is stopped."""

from __future__ import annotations

import getpass
import ipaddress
import logging
import signal
import socket
from dataclasses import replace
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import register_argument, today_option
from register.cli.speech import say, t
from rulebook.errors import CallError
from rulebook.language import Text
from web.config import SiteConfig, read_config

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_PORT = 8000
THREADS = 8


@click.command(
    "serve",
    cls=Spoken,
    summary=Text(
        "打开登记库的审核网站，直到按 Ctrl-C。只在本机可见；要让别的电脑访问，须用 --host 明说。",
        "Open the review site on a register until Ctrl-C. Only this computer can see it unless --host says otherwise.",
    ),
)
@register_argument()
@click.option("--host", default=LOOPBACK, show_default=True, help=t("监听的地址", "Address to listen on"))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help=t("端口，0 为任一空闲端口", "Port, 0 for any free one"),
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help=t("网站配置 TOML：标题、语言、底图、经办人", "Settings of the site, TOML: title, language, base map, actor"),
)
@today_option()
def serve(address: str, host: str, port: int, config: Path | None, today: str) -> int:
    """Serve a register."""
    settings = read_config(config) if config else SiteConfig()
    return run(address, settings, host=host, port=port, today=today)


def run(
    address: str | Path, settings: SiteConfig, *, host: str = LOOPBACK, port: int = DEFAULT_PORT, today: str = ""
) -> int:
    """Check what has to be checked, print the address of the site on stdout and serve until stopped; 0."""
    import waitress

    from web import create_app

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a map asks for several layers at once: no news
    app = create_app(address, config=replace(settings, actor=settings.actor or _login()), today=today)
    if _is_loopback(host):
        app.config["HOSTS"] = LOOPBACK_NAMES
    else:
        say(
            Text(
                f"注意：{host} 不只本机可见，网站没有登录，同一网络中的人都能修改登记库。",
                f"Note: {host} can be reached from other computers; the site has no log-in, so whoever reaches it can change the register.",
            )
        )
    with _listen(host, port) as listening:
        say(Text("正在检查登记库……", "Checking the register …"))
        app.extensions["review"].refresh()
        server = waitress.create_server(app, sockets=[listening], threads=THREADS, ident="")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        click.echo(f"http://{_in_address(host)}:{listening.getsockname()[1]}/")
        say(Text("按 Ctrl-C 停止。", "Stop with Ctrl-C."))
        server.run()
        server.close()
    say(Text("网站已停止。", "The site has stopped."))
    return 0


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as fault:
        raise CallError(
            f"不能在 {host}:{port} 打开网站：{fault}。换一个端口，或用 --port 0 取任一空闲端口。",
            f"The site cannot listen on {host}:{port}: {fault}. Name another port, or take any free one by --port 0.",
        ) from fault


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _login() -> str:
    """The name this computer knows the visitor by, proposed as the one who decides."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
