"""Reads a change file for divisions: TOML with ``effective_on``, ``basis`` and a list of ``[[change]]``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from boundaries import codes, coverage
from boundaries.reorganisation import Change, Kind, Reorganisation, ReorganisationError, Target
from register.exchange import reading
from register.exchange.positions import label, named_crs, project
from rulebook.errors import CrsError, FileError

DEFAULT_CRS = "EPSG:4549"
FILE_KEYS = ("effective_on", "basis", "crs", "change")
CHANGE_KEYS = ("kind", "from", "to", "crs", "note")
TARGET_KEYS = (
    "code", "name", "kind", "pinyin", "nbs_code", "urban_rural", "geometry", "geometry_file", "members", "member_codes", "crs",
)  # fmt: skip
FileFinder = Callable[[str], Path]


@dataclass(frozen=True)
class _Place:
    """Where in the file something stands, the CRS named there, the register's CRS, and how to find other files."""

    zh: str
    en: str
    crs_name: str
    crs: CRS
    find: FileFinder

    def within(self, zh: str, en: str, table: Mapping[str, Any]) -> _Place:
        """A place inside this one, which may name a CRS of its own."""
        crs_name = str(table.get("crs", self.crs_name))
        return replace(self, zh=f"{self.zh}{zh}", en=f"{self.en}, {en}", crs_name=crs_name)


def read_changes(path: Path | str, crs: CRS) -> Reorganisation:
    """The changes of a file, geometries in ``crs``; files that it names are looked for beside it.

    Raises FileError for a file that is none, ReorganisationError or CrsError with the place of what is wrong.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise FileError(
            f"变更文件 {path} 无法打开：{fault.strerror}。",
            f"The change file {path} cannot be opened: {fault.strerror}.",
        ) from fault
    except UnicodeDecodeError as fault:
        raise FileError(
            f"变更文件 {path} 不是 UTF-8 文字；变更文件是 TOML，请存为 UTF-8。",
            f"The change file {path} is no UTF-8 text; a change file is TOML, save it as UTF-8.",
        ) from fault
    return parse_changes(text, crs, str(path), lambda name: path.parent / name)


def parse_changes(text: str, crs: CRS, where: str, find: FileFinder) -> Reorganisation:
    """The changes of a file's text. ``find`` gives the path of a file that it names."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise FileError(
            f"变更文件 {where} 不是正确的 TOML：{fault}。", f"The change file {where} is not valid TOML: {fault}."
        ) from fault
    _known(table, FILE_KEYS, where)
    changes = table.get("change")
    if not isinstance(changes, list) or not changes or not all(isinstance(one, Mapping) for one in changes):
        raise ReorganisationError(
            f"{where} 没有 [[change]]：至少写一项变更。", f"{where} has no [[change]]; write one change at least."
        )
    top = _Place(where, where, str(table.get("crs", DEFAULT_CRS)), crs, find)
    parsed = tuple(
        _change(one, top.within(f" 第 {number} 项变更", f"change {number}", one))
        for number, one in enumerate(changes, start=1)
    )
    return Reorganisation(_effective_on(table, where), _basis(table, where), parsed)


def _effective_on(table: Mapping[str, Any], where: str) -> str:
    given = table.get("effective_on")
    if isinstance(given, date):
        return given.isoformat()[:10]
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError as fault:
        said = f"写的是“{given}”" if given is not None else "没有写"
        raise ReorganisationError(
            f"{where} 的生效日期 effective_on 应为 YYYY-MM-DD，{said}。",
            f"{where}: effective_on has to be a date YYYY-MM-DD, "
            + (f'not "{given}".' if given is not None else "it is missing."),
        ) from fault


def _basis(table: Mapping[str, Any], where: str) -> str:
    basis = table.get("basis")
    if not isinstance(basis, str) or not basis.strip():
        raise ReorganisationError(
            f"{where} 没有依据 basis（批准文件的名称和文号）。",
            f"{where} has no basis (name and number of the decision).",
        )
    return basis.strip()


def _change(table: Mapping[str, Any], at: _Place) -> Change:
    _known(table, CHANGE_KEYS, at.zh)
    word = table.get("kind")
    if word not in list(Kind):
        near = difflib.get_close_matches(str(word), list(Kind), n=1, cutoff=0.0)
        raise ReorganisationError(
            f"{at.zh}：kind 是“{word}”，可以是 {'、'.join(Kind)}，最接近的是 {near[0]}。",
            f'{at.en}: kind is "{word}"; it is one of {", ".join(Kind)}, the nearest is {near[0]}.',
        )
    targets = table.get("to", [])
    targets = [targets] if isinstance(targets, Mapping) else targets
    if not isinstance(targets, list) or not targets or not all(isinstance(one, Mapping) for one in targets):
        raise ReorganisationError(
            f'{at.zh}：to 应是区划的列表，例如 to = [{{ code = "…", name = "…" }}]。',
            f'{at.en}: to is a list of divisions, like to = [{{ code = "…", name = "…" }}].',
        )
    sources = _codes(table.get("from", []), f"{at.zh} 的 from", f"{at.en}, from")
    members_say_it = word == Kind.MOVE and all("members" in one for one in targets)
    if not sources and word != Kind.CREATE and not members_say_it:
        raise ReorganisationError(f"{at.zh}：from 没有区划代码。", f"{at.en}: from names no division.")
    _once(sources, at.zh, at.en)
    return Change(Kind(word), sources, tuple(_target(one, at) for one in targets))


def _target(table: Mapping[str, Any], change: _Place) -> Target:
    _known(table, TARGET_KEYS, f"{change.zh} 的 to")
    who = str(table.get("name") or table.get("code") or "to")
    at = change.within(f" 的 {who}", who, table)
    zh, en = at.zh, at.en
    code = _codes([table["code"]], zh, en)[0] if "code" in table else None
    texts = {name: _text(table, name, zh, en) for name in ("name", "kind", "pinyin", "urban_rural")}
    nbs_code = _codes([table["nbs_code"]], zh, en)[0] if "nbs_code" in table else None
    members = _codes(table.get("members", []), f"{zh} 的 members", f"{en}, members")
    _once(members, zh, en)
    pairs = table.get("member_codes", {})
    if not isinstance(pairs, Mapping):
        raise ReorganisationError(
            f"{zh}：member_codes 应写成 {{ 旧代码 = 新代码 }}。", f"{en}: member_codes is written {{ old = new }}."
        )
    member_codes = dict(zip(_codes(list(pairs), zh, en), _codes(list(pairs.values()), zh, en), strict=True))
    shape = _shape(table, at)
    return Target(code, nbs_code=nbs_code, geometry=shape, members=members, member_codes=member_codes, **texts)


def _text(table: Mapping[str, Any], name: str, zh: str, en: str) -> str | None:
    value = table.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ReorganisationError(f"{zh}：{name} 应是文字。", f"{en}: {name} has to be text.")
    return value.strip() or None


def _codes(given: Any, zh: str, en: str) -> tuple[str, ...]:
    """Normal codes of a list (or of one code). Raises ReorganisationError for what is no division code."""
    listed = given if isinstance(given, list) else [given]
    texts = pd.Series([str(one) for one in listed], dtype="str")
    normal = codes.normal(texts)
    wrong = texts[~codes.well_formed(normal)].tolist()
    if wrong:
        raise ReorganisationError(
            f"{zh}：“{'、'.join(wrong)}”不是区划代码（6、9 或 12 位数字）。",
            f'{en}: "{", ".join(wrong)}" is no division code (6, 9 or 12 digits).',
        )
    return tuple(normal.tolist())


def _once(given: Iterable[str], zh: str, en: str) -> None:
    listed = list(given)
    twice = sorted({code for code in listed if listed.count(code) > 1})
    if twice:
        raise ReorganisationError(
            f"{zh}：代码 {'、'.join(twice)} 写了两次。", f"{en}: the code {', '.join(twice)} is written twice."
        )


def _shape(table: Mapping[str, Any], at: _Place) -> Any:
    """The ground that a target names, as a MultiPolygon in the register's CRS; None when it names none."""
    zh, en = at.zh, at.en
    if "geometry" in table and "geometry_file" in table:
        raise ReorganisationError(
            f"{zh}：geometry 和 geometry_file 只能写一个。", f"{en}: give either geometry or geometry_file."
        )
    if "geometry_file" in table:
        shapes, source = _of_file(table, at)
    elif "geometry" in table:
        try:
            shapes, source = [shapely.from_wkt(str(table["geometry"]))], named_crs(at.crs_name)
        except shapely.errors.ShapelyError as fault:
            raise ReorganisationError(
                f"{zh}：geometry 不是正确的 WKT：{fault}。", f"{en}: geometry is not valid WKT: {fault}."
            ) from fault
    else:
        return None
    wrong = [one.geom_type for one in shapes if one is not None and one.geom_type not in ("Polygon", "MultiPolygon")]
    there = [one for one in shapes if one is not None and not one.is_empty]
    if wrong or not there:
        raise ReorganisationError(
            f"{zh}：图形应是 Polygon 或 MultiPolygon，现在是 {'、'.join(wrong) or '空的'}。",
            f"{en}: the geometry has to be a Polygon or MultiPolygon, not {', '.join(wrong) or 'empty'}.",
        )
    broken = next((shapely.is_valid_reason(one) for one in there if not one.is_valid), None)
    if broken:
        raise ReorganisationError(
            f"{zh}：图形无效（{broken}）；请先修正图形。", f"{en}: the geometry is invalid ({broken}); mend it first."
        )
    _require_fit(np.array(there, dtype=object), source, zh, en)
    moved = project(np.array(there, dtype=object), source, at.crs)
    return coverage.areal(shapely.union_all(shapely.force_2d(moved)))


def _of_file(table: Mapping[str, Any], at: _Place) -> tuple[list[Any], CRS]:
    """Shapes and CRS of a geometry file: the rows with the target's code where it has a column ``code``, else all."""
    zh, en, name = at.zh, at.en, str(table["geometry_file"])
    sources = [one for one in reading.read(at.find(name)) if one.geometry is not None and len(one.geometry)]
    if not sources:
        raise ReorganisationError(f"{zh}：{name} 中没有图形。", f"{en}: {name} holds no geometry.")
    source = sources[0]
    shapes = source.geometry if source.geometry is not None else np.array([])
    if "code" in source.table and "code" in table:
        wanted = codes.normal(source.table["code"].astype("str")).eq(_codes([table["code"]], zh, en)[0]).to_numpy()
        if not wanted.any():
            raise ReorganisationError(
                f"{zh}：{name} 中没有代码为 {table['code']} 的图形。",
                f"{en}: {name} has no shape with the code {table['code']}.",
            )
        shapes = shapes[wanted]
    crs = source.crs or (named_crs(at.crs_name) if "crs" in table else source.format_crs)
    if crs is None:
        raise CrsError(
            f"{zh}：{name} 没有坐标系，请在 to 中写 crs。", f"{en}: {name} has no CRS; name it by crs in to."
        )
    return list(shapes), crs


def _require_fit(shapes: np.ndarray, crs: CRS, zh: str, en: str) -> None:
    """Raise CrsError when coordinates are plainly not of the CRS: degrees where metres are due, or the other way round."""
    xy = np.abs(shapely.get_coordinates(shapes))
    degrees = bool((xy[:, 0] <= 180).all() and (xy[:, 1] <= 180).all())
    if degrees == bool(crs.is_geographic):
        return
    raise CrsError(
        f'{zh}：坐标看来是{"经纬度" if degrees else "米"}，与坐标系 {label(crs)} 不符；请用 crs 写明，例如 crs = "EPSG:4490"。',
        f"{en}: the coordinates look like {'degrees' if degrees else 'metres'}, which is not {label(crs)}; name it by crs, "
        'like crs = "EPSG:4490".',
    )


def _known(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.0)[0]
            raise ReorganisationError(
                f"{where}：没有“{key}”这一项，最接近的是“{near}”。",
                f'{where}: there is no key "{key}"; the nearest is "{near}".',
            )
