"""Which record a returned row speaks of: by code, by the sender's id, by name and division, by position.

Grades: A the code (or the full name within its division) leads to one record and nothing speaks against it; B one
record, but by less or with a difference that is told; C several records; D none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from register import catalogue
from register.cases.returned.intake import plain
from register.cases.returned.wording import Meaning
from rulebook.language import Text
from rulebook.schema import in_force

CODE_COLUMNS = {
    "place_names": ("id", "place_code"),
    "roads": ("id", "place_code"),
    "doorplates": ("id", "plate_code"),
    "addresses": ("id",),
    "divisions": ("code", "nbs_code"),
    "boundary_lines": ("code",),
    "markers": ("id", "number"),
    "areas": ("id",),
    "inspections": ("id",),
}
SENDERS_ID = "upstream_id"  # where a register keeps it, as a column of its own
NAME_COLUMNS = {
    "place_names": ("name", "aliases"),
    "roads": ("name",),
    "addresses": ("text", "standard_text"),
    "divisions": ("name",),
    "boundary_lines": ("name",),
    "markers": ("name", "number"),
    "areas": ("name",),
}
DIVISION_COLUMNS = {"divisions": "code", "boundary_lines": "left_code", "markers": "division_codes"}
PLATE_SUFFIX = "号"
NEAR_M = 50.0
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Match:
    """``marks`` are the candidates as ``layer:id``, one of them for grades A and B; ``why`` says how they were found."""

    grade: str
    marks: tuple[str, ...]
    why: Text
    foreign: bool = False  # the row names a division of another county

    @property
    def mark(self) -> str | None:
        """The record, when it is one."""
        return self.marks[0] if self.grade in ("A", "B") else None


class Matcher:
    """The records of a register, indexed by everything a sender may call them."""

    def __init__(
        self, layers: Mapping[str, pd.DataFrame], crs: CRS, *, today: str, county_code: str, known: pd.DataFrame
    ) -> None:
        self._codes: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        self._division: dict[str, tuple[str, ...]] = {}
        self._ended: set[str] = set()
        self._layers, self._crs, self._county = layers, crs, county_code
        for name, columns in CODE_COLUMNS.items():
            self._index(name, layers[name], columns, today)
        self._index_plates(layers)
        self._division_codes = _codes_by_name(layers["divisions"])
        self._foreign = {
            plain(name)
            for name, code in zip(known["name"], known["code"], strict=True)
            if not county_code.startswith(str(code)[:6].rstrip("0"))
        } - set(self._division_codes)
        self._tree: tuple[shapely.STRtree, list[str]] | None = None

    def match(self, row: Mapping[str, str | None], meaning: Meaning) -> Match:
        """Find the record of one row (columns of ``maps.TAKEN``)."""
        wanted = {row["layer"]} if row["layer"] else _layers_of(meaning)
        division = self._prefixes(row["division_name"])
        named = self._fitting(self._names.get(plain(row["record_name"]), []) if row["record_name"] else [], wanted)
        here = [mark for mark in named if self._lies_in(mark, division)]
        for column in ("record_code", "upstream_id"):
            value = row[column]
            if value and (coded := self._fitting(self._codes.get(plain(value), []), wanted)):
                return self._by_code(row, value, coded, named, here)
        if self._is_foreign(row["division_name"]):
            return Match("D", (), Text("所填政区不属本县", "the division named is not in this county"), foreign=True)
        unknown_code = row["record_code"] or ""
        if len(here) == 1 or (not division and len(named) == 1):
            mark = (here or named)[0]
            sure = bool(division) and not unknown_code
            return Match("A" if sure else "B", (mark,), _by_name(unknown_code, bool(division)))
        if named:
            return self._of_several(row, here or named, bool(here))
        return self._by_position(row, wanted)

    def ended(self, mark: str) -> bool:
        """Whether the record is no longer in force."""
        return mark in self._ended

    def _by_code(
        self, row: Mapping[str, str | None], value: str, coded: list[str], named: list[str], here: list[str]
    ) -> Match:
        both = [mark for mark in coded if mark in named]
        if len(coded) > 1:
            narrowed = both if len(both) == 1 else [mark for mark in coded if mark in here]
            if len(narrowed) == 1:
                return Match("B", (narrowed[0],), Text(
                    f"代码 {value} 有 {len(coded)} 条记录，名称相符的一条", f"{len(coded)} records bear the code {value}, one has the name"))  # fmt: skip
            return Match("C", tuple(coded[:MOST_CANDIDATES]), Text(
                f"代码 {value} 有 {len(coded)} 条记录", f"{len(coded)} records bear the code {value}"))  # fmt: skip
        if not row["record_name"] or both:
            return Match("A", (coded[0],), Text(f"代码 {value} 相符", f"the code {value} fits"))
        if len(here) == 1:
            return Match("C", (coded[0], here[0]), Text(
                f"代码 {value} 与名称“{row['record_name']}”指向不同的记录", f'the code {value} and the name "{row["record_name"]}" lead to different records'))  # fmt: skip
        return Match("B", (coded[0],), Text(
            f"代码 {value} 相符，名称“{row['record_name']}”与在册名称不同", f'the code {value} fits, the name "{row["record_name"]}" is not the registered one'))  # fmt: skip

    def _of_several(self, row: Mapping[str, str | None], marks: list[str], in_division: bool) -> Match:
        """Several records of the name: a position may tell which."""
        point = self._point(row)
        if point is not None:
            near = [mark for mark in marks if shapely.dwithin(self._shape(mark), point, NEAR_M)]
            if len(near) == 1:
                return Match(
                    "B",
                    (near[0],),
                    Text("同名记录中位置相符的一条", "of the records of this name the one at this place"),
                )
        if len(marks) == 1:
            return Match("C", tuple(marks), Text("名称相符，但不在所填政区", "the name fits, the division does not"))
        where = Text("在所填政区内", " in the division named") if in_division else Text("", "")
        return Match("C", tuple(marks[:MOST_CANDIDATES]), Text(
            f"名称{where.zh}有 {len(marks)} 条记录", f"{len(marks)} records bear the name{where.en}"))  # fmt: skip

    def _by_position(self, row: Mapping[str, str | None], wanted: set[str]) -> Match:
        point = self._point(row)
        if point is None:
            return Match("D", (), Text("代码、名称在登记库中都没有", "neither code nor name is in the register"))
        if self._tree is None:
            self._tree = self._build_tree()
        tree, marks = self._tree
        near = [marks[number] for number in tree.query(point, predicate="dwithin", distance=NEAR_M)]
        near = sorted(self._fitting(near, wanted), key=lambda mark: float(shapely.distance(self._shape(mark), point)))
        if not near:
            return Match("D", (), Text(f"{NEAR_M:g} 米内没有记录", f"there is no record within {NEAR_M:g} m"))
        if len(near) == 1 and not row["record_name"]:
            return Match("B", (near[0],), Text(f"{NEAR_M:g} 米内只有一条记录", f"the only record within {NEAR_M:g} m"))
        return Match(
            "C", tuple(near[:MOST_CANDIDATES]), Text(f"按位置找到 {len(near)} 条", f"{len(near)} records are near")
        )

    def _fitting(self, marks: list[str], wanted: set[str]) -> list[str]:
        """Records in the layers that the problem is about, and in force, where these leave any."""
        known = list(dict.fromkeys(marks))
        known = [mark for mark in known if mark.partition(":")[0] in wanted] or known
        return [mark for mark in known if mark not in self._ended] or known

    def _lies_in(self, mark: str, prefixes: tuple[str, ...]) -> bool:
        return any(code.startswith(prefix) for prefix in prefixes for code in self._division.get(mark, ()))

    def _prefixes(self, text: str | None) -> tuple[str, ...]:
        """What the codes of the most exactly named division begin with."""
        told = plain(text)
        if not told:
            return ()
        if re.fullmatch(r"\d{6,12}", told):
            return (_significant(told),)
        found = [name for name in self._division_codes if name and name in told]
        last = max(found, key=lambda name: (told.rindex(name) + len(name), len(name)), default="")
        return tuple(self._division_codes.get(last, ()))

    def _is_foreign(self, text: str | None) -> bool:
        told = plain(text)
        if re.fullmatch(r"\d{6,12}", told):
            return not told.startswith(self._county)
        return bool(told) and not self._prefixes(text) and any(name in told for name in self._foreign)

    def _index(self, name: str, frame: pd.DataFrame, columns: tuple[str, ...], today: str) -> None:
        marks = (name + ":" + frame.index.astype("str")).tolist()
        extra = (SENDERS_ID,) if SENDERS_ID in frame else ()
        for column in (*columns, *extra):
            for mark, value in zip(marks, frame[column], strict=True):
                if isinstance(value, str):
                    self._codes[plain(value)].append(mark)
        for column in NAME_COLUMNS.get(name, ()):
            for mark, value in zip(marks, frame[column], strict=True):
                if isinstance(value, str):
                    for one in value.split(";") if column == "aliases" else (value,):
                        self._names[plain(one)].append(mark)
        column = DIVISION_COLUMNS.get(name, "division_code")
        if column in frame:
            codes = frame[column].astype("object").where(frame[column].notna(), "")
            self._division.update(
                (mark, tuple(text.split(";"))) for mark, text in zip(marks, codes, strict=True) if text
            )
        self._ended |= set(name + ":" + frame.index.difference(in_force(frame, today).index).astype("str"))

    def _index_plates(self, layers: Mapping[str, pd.DataFrame]) -> None:
        """Doorplates by road (or place) and number, as people write them: 官河路128号."""
        plates = layers["doorplates"]
        owner = (
            plates["road_id"].map(layers["roads"]["name"]).fillna(plates["place_id"].map(layers["place_names"]["name"]))
        )
        for record_id, name, number in zip(plates.index, owner, plates["number"], strict=True):
            if isinstance(name, str) and isinstance(number, str):
                self._names[plain(f"{name}{number}{PLATE_SUFFIX}")].append(f"doorplates:{record_id}")

    def _shape(self, mark: str) -> object:
        layer, _, record_id = mark.partition(":")
        frame = self._layers[layer]
        return frame.geometry.loc[record_id] if isinstance(frame, gpd.GeoDataFrame) else None

    def _build_tree(self) -> tuple[shapely.STRtree, list[str]]:
        shapes, marks = [], []
        for name in ("place_names", "roads", "doorplates", "addresses", "markers"):
            frame = self._layers[name]
            shapes += list(frame.geometry)
            marks += (name + ":" + frame.index.astype("str")).tolist()
        return shapely.STRtree(shapes), marks

    def _point(self, row: Mapping[str, str | None]) -> shapely.Point | None:
        """The position of a row (degrees, CGCS2000) in the register's CRS."""
        try:
            lon, lat = float(row["lon"] or ""), float(row["lat"] or "")
        except ValueError:
            return None
        x, y = Transformer.from_crs("EPSG:4490", self._crs, always_xy=True).transform(lon, lat)
        return shapely.Point(x, y) if abs(x) < 1e8 and abs(y) < 1e8 else None


def _layers_of(meaning: Meaning) -> set[str]:
    """Layers that the rules of a problem look at."""
    wanted = set(meaning.rules)
    return {layer for rule in catalogue.RULES if rule.code in wanted for layer in rule.layers}


def _by_name(unknown_code: str, in_division: bool) -> Text:
    if unknown_code:
        return Text(
            f"代码 {unknown_code} 不在册，按名称找到", f"the code {unknown_code} is not in the register; found by name"
        )
    if in_division:
        return Text("名称和政区相符", "name and division fit")
    return Text("名称在登记库中只有一条", "the only record of this name")


def _codes_by_name(divisions: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Folded name of a division, former ones included → what its codes begin with."""
    codes: dict[str, tuple[str, ...]] = {}
    for name, code in zip(divisions["name"], divisions["code"], strict=True):
        if isinstance(name, str):
            codes[plain(name)] = (*codes.get(plain(name), ()), _significant(code))
    return codes


def _significant(code: str) -> str:
    """A division code without the zeros that stand for lower levels."""
    for length in (6, 9):
        if set(code[length:]) <= {"0"}:
            return code[:length]
    return code
