"""Sealed packages: written and downloaded as a zip, what was held back and why, and whether a package is still whole."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register.cases.casebook import all_cases
from register.cases.exporting import package, profiles
from register.cases.exporting.verifying import verify as faults_of
from register.exchange.archives import unpack
from register.exchange.source import Limits
from register.people import RIGHTS, ROLE_NAMES, Person, Right, Role, role_named
from register.store import opened
from rulebook.errors import CallError
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.language import lang, t
from web.papers import download

pages = Blueprint("packages", __name__, url_prefix="/packages")
VERIFY = "packages.verify"
LARGEST_UPLOAD = 256 << 20
LIMITS = Limits(unpacked_bytes=2 << 30)
KEPT = 3  # packages that can still be downloaded
MOST_WITHHELD = 200
PAST = 20


@dataclass(frozen=True)
class Ready:
    """A package that was written: its manifest, rows held back, the zip."""

    name: str
    manifest: dict[str, Any]
    withheld: list[dict[str, str]]
    content: bytes


class Shelf:
    """The last packages, by seal, until they are downloaded or newer ones come."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Ready] = OrderedDict()
        self._lock = Lock()

    def put(self, one: Ready) -> str:
        """Keep a package and return its seal."""
        seal = str(one.manifest["seal"])
        with self._lock:
            self._kept[seal] = one
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return seal

    def get(self, seal: str) -> Ready:
        """A package by its seal; raises NotFoundError when it is no longer kept."""
        with self._lock:
            found = self._kept.get(seal)
        if found is None:
            raise NotFoundError(
                "这个导出包已不在网站内存中，请重新导出。",
                "This package is no longer kept by the site; export it again.",
            )
        return found


@pages.record_once
def _make_shelf(state: Any) -> None:
    state.app.extensions["packages"] = Shelf()


@pages.app_url_value_preprocessor
def _room_for_packages(endpoint: str | None, values: object) -> None:
    """A package is larger than any other form."""
    if endpoint == VERIFY:
        request.max_content_length = LARGEST_UPLOAD


@pages.get("")
def index() -> str:
    """What can be written, what was written, and checking a package."""
    return _page()


@pages.post("")
def export() -> BaseResponse:
    """Write a package by the form."""
    who = person()
    who.require(Right.DECIDE)
    role = role_named(request.form.get("role", who.role.value))
    if role not in _roles(who):
        raise CallError("不能以权限更大的角色导出。", "A role with more rights than your own cannot be exported as.")
    profile = profiles.load(_known(request.form.get("profile", "")))
    since = request.form.get("since", "").strip()
    if since and not since.isdecimal():
        raise CallError(f"版本应是整数，不是“{since}”。", f'A revision is a whole number, not "{since}".')
    with tempfile.TemporaryDirectory(prefix="diming-") as folder, opened(review().address) as register:
        written = package.export(
            register,
            profile,
            Path(folder) / "package",
            today=review().today,
            person=Person(actor_required(), role, who.township),
            since=int(since) if since else None,
            allow_warnings=bool(request.form.get("allow_warnings")),
            lang=lang(),
        )
        name = f"{profile.name}-{written.manifest['revision']}"
        ready = Ready(name, dict(written.manifest), _withheld(written.folder), _zipped(written.folder, name))
    return redirect(url_for(".result", seal=_shelf().put(ready)))


@pages.get("/<seal>")
def result(seal: str) -> str:
    """What a package holds and what was held back."""
    person().require(Right.DECIDE)
    ready = _shelf().get(seal)
    return render_template("packages/result.html", one=ready, most=MOST_WITHHELD)


@pages.get("/<seal>.zip")
def archive(seal: str) -> Response:
    """The package as a zip."""
    person().require(Right.DECIDE)
    ready = _shelf().get(seal)
    return download(ready.content, f"{ready.name}.zip", "application/zip")


@pages.post("/verify")
def verify() -> str:
    """Say whether an uploaded package is still what was sealed."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise CallError("请选择导出包的 zip 文件。", "Choose the zip of a package.")
    name = Path(given.filename.replace("\\", "/")).name
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / "package.zip"
        given.save(path)
        given.close()
        inside = Path(folder) / "inside"
        unpack(path, inside, LIMITS)
        faults = faults_of(_root(inside, name))
    return _page(checked=name, faults=[t(fault) for fault in faults])


def _page(**checked: Any) -> str:
    who = person()
    with opened(review().address) as register:
        past = all_cases(register, package.KIND)[::-1][:PAST]
        revision = register.revision
    return render_template(
        "packages/index.html",
        profiles=[(name, profiles.load(name).title) for name in profiles.names()],
        roles=[(role.value, ROLE_NAMES[role]) for role in _roles(who)],
        own_role=who.role.value,
        past=past,
        revision=revision,
        may_decide=who.may(Right.DECIDE),
        given=request.args,
        **checked,
    )


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["packages"]
    return shelf


def _roles(who: Person) -> list[Role]:
    """Roles that see no more than the own one."""
    return [role for role in Role if RIGHTS[role] <= RIGHTS[who.role]]


def _known(name: str) -> str:
    if name not in profiles.names():
        raise CallError(f"没有导出方案“{name}”。", f'There is no export profile "{name}".')
    return name


def _withheld(folder: Path) -> list[dict[str, str]]:
    with (folder / package.WITHHELD).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _zipped(folder: Path, name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    return buffer.getvalue()


def _root(folder: Path, name: str) -> Path:
    """The folder of the package inside an archive: its top, or the one folder that is there."""
    parts = list(folder.iterdir()) if folder.is_dir() else []
    root = parts[0] if len(parts) == 1 and parts[0].is_dir() else folder
    if not (root / package.MANIFEST).is_file():
        raise CallError(
            f"{name} 不是导出包：里面没有 {package.MANIFEST}。",
            f"{name} is no package: there is no {package.MANIFEST} in it.",
        )
    return root
