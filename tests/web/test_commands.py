"""``diming serve`` and ``diming demo``: the address on stdout, a clean end, wrong calls in a sentence."""

import os
import signal
import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from register.cli import diming
from tests.web import little_county
from web import cli  # noqa: F401 - adds the commands
from web.serve import LOOPBACK_NAMES

# A shell starts its background jobs deaf to Ctrl-C, and they would hand that down.
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@pytest.fixture
def served(register_path):
    process = subprocess.Popen(
        [sys.executable, "-c", f"{HEARING}; from web.cli import main; main()",
         "serve", str(register_path), "--port", "0", "--today", little_county.TODAY],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_address_and_ends_cleanly(served, ending):
    address = served.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    with urlopen(address + "rules") as answer:
        assert "规则目录" in answer.read().decode()
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(address, headers={"Host": "evil.example"}))
    with refused.value as answer:
        assert answer.code == 400
    served.send_signal(ending)
    output, talk = served.communicate(timeout=60)
    assert served.returncode == 0
    assert output == ""
    assert "网站已停止" in talk
    assert "Traceback" not in talk


def test_importing_the_commands_loads_no_web_framework():
    code = "import sys, web, web.cli; print([name for name in ('flask', 'folium', 'pandas', 'waitress') if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_missing_register_is_said(tmp_path, capsys):
    assert diming.run(["serve", str(tmp_path / "none.gpkg")]) == 2
    assert "没有登记库" in capsys.readouterr().err


def test_a_taken_port_is_said(register_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert diming.run(["serve", str(register_path), "--port", str(port)]) == 2
    assert "--port 0" in capsys.readouterr().err


def test_wrong_settings_are_said(register_path, tmp_path, capsys):
    settings = tmp_path / "site.toml"
    settings.write_text("titel = 'x'", encoding="utf-8")
    assert diming.run(["serve", str(register_path), "--config", str(settings)]) == 2
    assert "titel" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help(command, lang, capsys):
    assert diming.run([command, "--help", "--lang", lang]) == 0
    assert "--port" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["127.0.0.1", "127.0.0.1:8123", "localhost", "LOCALHOST:1", "[::1]", "[::1]:80"])
def test_the_names_of_this_computer_are_answered(app, name):
    app.config["HOSTS"] = LOOPBACK_NAMES
    assert app.test_client().get("/rules", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]"])
def test_other_names_are_not(app, name):
    app.config["HOSTS"] = LOOPBACK_NAMES
    assert app.test_client().get("/rules", headers={"Host": name}).status_code == 400
