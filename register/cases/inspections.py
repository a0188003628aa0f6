"""Takes in what inspectors bring back, so that nothing is lost and nothing counts twice.

A visit is matched to its marker by id, number, name or place, written once together with the facts of its photographs, and
what makes it doubtful is told at once. A visit that is in the register already stays as it is: cells that were empty are
filled, a cell that differs is a reason to refuse the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from boundaries import codes, datums, photos
from boundaries import inspections as visits_of
from boundaries.layers import INSPECTIONS
from register import catalogue, profiles
from register.cases.casebook import EditRow, all_cases, case_numbered, new_record, step
from register.cases.checking import check, today_text
from register.cases.importing import refuse_own_file
from register.cases.inspection_files import HandedIn, handed_in
from register.cases.inspection_photos import Picture, picture_of
from register.cases.inspection_report import ALREADY_IN, COMPLETED, IN, REFUSED, InspectionReport, VisitRow
from register.exchange.cells import cells
from register.exchange.columns import EASTING_NORTHING, LON_LAT, SHAPE, Columns
from register.exchange.door import admit
from register.exchange.positions import label, named_crs
from register.exchange.source import Limits, Source
from register.store import Register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.language import Text
from rulebook.profile import Profile
from rulebook.schema import in_force
from rulebook.values import column_text, from_text

LAYER = INSPECTIONS.name
TRIP = "inspection"  # kind of a case
SAME_PLACE_M = 0.001
DOUBTS = ("MRK303", "MRK502", "MRK503", "MRK504")  # rules that judge a visit


def take_in(
    register: Register,
    path: Path | str,
    *,
    actor: str,
    today: str = "",
    condition: str = "",
    day: str = "",
    crs: str | None = None,
) -> InspectionReport:
    """Take a field file over. ``condition`` and ``day`` stand where a row says none, ``crs`` where a table names none.

    Raises FileError, SchemaError or CrsError for a file that cannot be understood as a whole; then nothing is written.
    """
    path = Path(path)
    refuse_own_file(register, path)
    profile = profiles.load(register.profile_name)
    with handed_in(path, profile, condition) as given:
        desk = _Desk(register, profile, today or today_text(), given)
        for source in given.sources:
            desk.judge(_completed(source, condition, day), named_crs(crs) if crs else None)
        return desk.write(actor, path.name)


def _completed(source: Source, condition: str, day: str) -> Source:
    """A table with the caller's word where a row is silent."""
    table = source.table
    for name, value in (("condition", condition), ("inspected_on", day)):
        if value:
            said = cells(table[name]).text if name in table else pd.Series(None, index=table.index, dtype="str")
            table = table.assign(**{name: said.mask(said.isna() | said.eq(""), value)})
    return replace(source, table=table)


class _Desk:
    """Judges tables one after the other, remembers what is to be written, and writes it as one change."""

    def __init__(self, register: Register, profile: Profile, today: str, given: HandedIn) -> None:
        self.register, self.profile, self.today = register, profile, today
        self.settings = profile.setting("inspections")
        self.known = register.layer(LAYER)
        self.markers = in_force(register.layer("markers"), today)
        self.report = InspectionReport([], [], [])
        self.edits: list[EditRow] = []
        self.contents: dict[str, tuple[Picture, Path]] = {}
        self._told_photos: set[str] = set()
        self._pictures, self._named, self._packed = given.pictures, set[str](), given.packed
        self._fresh: list[pd.DataFrame] = []
        self._taken: set[str] = set()

    def judge(self, source: Source, given: CRS | None) -> None:
        """Judge the rows of one table and note what has to be written of them."""
        columns = _columns(source)
        crs, note = self._crs(source, columns, given)
        admitted = admit(
            source,
            INSPECTIONS,
            columns,
            given_crs=crs,
            register_crs=self.register.crs,
            known_ids=lambda: self.known.index,
            limits=Limits(int(self.profile.setting("max_cell_chars"))),
            datum_shifts=datums.shifts_of(self.profile.settings),
            some_must_do=False,
        )
        self.report.notes += [*note, *source.notes, *admitted.notes]
        for row, reason in admitted.refused:
            self.report.rows.append(VisitRow(source.name, row, REFUSED, reason=reason))
        rows = {one: int(row) for row, one in source.table["id"].items()}
        frame = INSPECTIONS.conform(admitted.frame)
        if "geometry" not in frame:
            frame = gpd.GeoDataFrame(
                frame, geometry=gpd.GeoSeries([None] * len(frame), index=frame.index), crs=self.register.crs
            )
        frame, told = self._matched(frame, source.name, rows)
        frame = self._with_photos(frame)
        texts = pd.DataFrame({name: column_text(frame[name]) for name in frame.columns}, index=frame.index)
        both = self.known.loc[self.known.index.intersection(frame.index)]
        there = pd.DataFrame({name: column_text(both[name]) for name in both.columns}, index=both.index)
        before, given = there.to_dict("index"), texts.to_dict("index")
        written = [one for one in frame.index if self._write_row(str(one), given[one], before.get(one), told[one])]
        self._taken |= set(written)
        self._fresh.append(frame.loc[written])
        self.report.rows += [told[one] for one in frame.index]

    def _crs(self, source: Source, columns: Columns, given: CRS | None) -> tuple[CRS | None, list[Text]]:
        """The CRS of a table. One that names none is in degrees, or else in the plane system of the register."""
        if (
            given is not None
            or source.geometry is not None
            or SHAPE in columns.known
            or "recorded_crs" in columns.known
        ):
            return given, []
        if all(name in columns.known for name in LON_LAT):
            crs = CRS("EPSG:4490")
        elif all(name in columns.known for name in EASTING_NORTHING):
            crs = self.register.crs
        else:
            return None, []
        said = Text(
            f"{source.name} 未注明坐标系，坐标按 {label(crs)} 读取；不是时请用 --crs 指明。",
            f"{source.name} names no CRS; its coordinates were read as {label(crs)}. If they are of another, name it by --crs.",
        )
        return crs, [said]

    def _matched(
        self, frame: pd.DataFrame, file: str, rows: Mapping[str, int]
    ) -> tuple[pd.DataFrame, dict[str, VisitRow]]:
        """Rows with the id of their marker: as named, else the one marker near enough. A row that names a marker which
        is not there, with none near, is refused.
        """
        within = float(self.settings["match_m"])
        named = visits_of.named_marker(frame["marker_id"], self.markers)
        near = visits_of.nearest_marker(frame["geometry"], self.markers, within_m=within)
        said = frame["marker_id"].notna()
        marker = named.where(named.notna(), near["marker"])
        lost = said & marker.isna()
        told = {}
        for one in frame.index:
            told[one] = VisitRow(file, rows[one], IN, str(one), None if pd.isna(marker[one]) else str(marker[one]))
            if lost[one]:
                name = frame.at[one, "marker_id"]
                reason = Text(
                    f"登记库中没有界桩“{name}”，{within:g} 米内也没有唯一的界桩",
                    f'the register has no marker "{name}", and there is no single one within {within:g} m',
                )
                self.report.rows.append(VisitRow(file, rows[one], REFUSED, reason=reason))
            elif pd.isna(named[one]) and pd.notna(marker[one]):
                told[one].doubts.append(
                    Text(
                        f"按位置认作界桩 {marker[one]}（相距 {near.at[one, 'distance_m']:.1f} 米）",
                        f"taken for marker {marker[one]} by its place ({near.at[one, 'distance_m']:.1f} m away)",
                    )
                )
            elif pd.isna(marker[one]):
                told[one].doubts.append(
                    Text("未能认出是哪颗界桩，留待匹配", "no marker was recognised; to be matched later")
                )
        kept = frame[~lost]
        chosen = marker[~lost].astype("str")
        lines = codes.looked_up(chosen, self.markers["line_codes"])
        line = kept["line_code"].where(kept["line_code"].notna(), lines.mask(lines.str.contains(";").eq(True)))
        return kept.assign(marker_id=chosen, line_code=line.astype("str")), told

    def _with_photos(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows with plain file names and the facts of the photographs that were handed in."""
        names = frame["photos"].map(_photo_names, na_action="ignore")
        facts: dict[str, str | None] = {}
        for visit, listed in names.dropna().items():
            found = [picture for name in listed if (picture := self._picture(name)) is not None]
            facts[str(visit)] = photos.facts_text(one.facts() for one in found) or frame.at[visit, "photo_facts"]
        return frame.assign(
            photos=names.map(";".join, na_action="ignore").replace("", None).astype("str"),
            photo_facts=pd.Series(facts, index=frame.index, dtype="str") if facts else frame["photo_facts"],
        )

    def _picture(self, name: str) -> Picture | None:
        """The facts of a photograph by its name, None where it was not handed in or is no picture."""
        place = self._pictures.get(name.casefold())
        if place is None:
            return None
        self._named.add(name.casefold())
        picture = picture_of(name, place.read_bytes())
        if picture is None:
            why = Text("不是可读的图片，未收下", "no readable picture; it was not taken")
            self._tell_photo(name, None, REFUSED, why)
            return None
        there = picture.sha256 in self.contents or self.register.attachment(picture.sha256) is not None
        self.contents.setdefault(picture.sha256, (picture, place))
        self._tell_photo(name, picture, ALREADY_IN if there else IN)
        return picture

    def _tell_photo(self, name: str, picture: Picture | None, outcome: str, reason: Text | None = None) -> None:
        if name not in self._told_photos:
            self._told_photos.add(name)
            digest, taken = (picture.sha256, picture.taken_at) if picture else (None, None)
            self.report.photos.append(
                {"name": name, "sha256": digest, "outcome": outcome, "reason": reason, "taken_at": taken}
            )

    def _write_row(
        self, visit: str, texts: Mapping[str, str | None], old: Mapping[str, str | None] | None, told: VisitRow
    ) -> bool:
        """Note the edits of one row against what the register has of it; whether there are any."""
        given = {name: text for name, text in texts.items() if text is not None}
        if visit in self._taken:
            told.outcome = ALREADY_IN
            return False
        if old is None:
            self.edits.append(new_record(LAYER, visit, given))
            return True
        changed = {name: text for name, text in given.items() if not _same(name, old.get(name), text)}
        merged = {name: _joined(name, old.get(name), text) for name, text in changed.items()}
        against = [name for name in changed if old.get(name) is not None and merged[name] is None]
        if against:
            titles = [known.title if (known := INSPECTIONS.field_named(name)) else Text(name, name) for name in against]
            told.outcome = REFUSED
            told.reason = Text(
                f"检查记录 {visit} 已在库中，而 {'、'.join(one.zh for one in titles)} 不同；要改已有记录请用 diming import 或网站",
                f"visit {visit} is in the register already with another {', '.join(one.en for one in titles)}; to correct it use diming import or the site",
            )
            return False
        fresh = {name: text for name, text in merged.items() if text != old.get(name)}
        self.edits += [(LAYER, visit, name, old.get(name), text) for name, text in fresh.items()]
        told.outcome = COMPLETED if fresh else ALREADY_IN
        return bool(fresh)

    def write(self, actor: str, file: str) -> InspectionReport:
        """Write everything as one change (as a step of the trip where the rows name one) and tell what is doubtful."""
        report = self.report
        report.rows.sort(key=lambda one: (one.file, one.row))
        for name in sorted(set(self._pictures) - self._named):
            if self._packed:
                why = Text("没有检查记录提到这张照片，未收下", "no visit names this picture; it was not taken")
                report.photos.append({"name": self._pictures[name].name, "sha256": None, "outcome": REFUSED, "reason": why, "taken_at": None})  # fmt: skip
        if self.edits:
            for picture, place in self.contents.values():
                self.register.attach(picture.name, picture.media_type, place.read_bytes())
            report.change_id = self._apply(actor, file)
            self._tell_doubts()
        return report

    def _apply(self, actor: str, file: str) -> int:
        reason = f"踏勘成果 {file}"
        fresh = pd.concat(self._fresh) if self._fresh else INSPECTIONS.empty(self.register.crs)
        trips = {one.id for one in all_cases(self.register, TRIP)} & set(fresh["source"].dropna())
        for trip in sorted(trips):
            before = case_numbered(self.register, trip)
            marks = [f"{LAYER}:{visit}" for visit in fresh.index[fresh["source"] == trip]]
            after = replace(
                before,
                state="handed_in",
                records=tuple(dict.fromkeys((*before.records, *marks))),
                body={
                    **before.body,
                    "handed_in": [*before.body.get("handed_in", []), {"file": file, "on": self.today}],
                },
            )
            self.report.trips.append(trip)
            mine = set(fresh.index[fresh["source"] == trip])
            own = [edit for edit in self.edits if edit[1] in mine]
            self.edits = [edit for edit in self.edits if edit[1] not in mine]
            change = step(self.register, before, after, actor=actor, reason=reason, edits=own)
        return self.register.apply(ChangeSet(edits_frame(self.edits), actor, reason)) if self.edits else change

    def _tell_doubts(self) -> None:
        """What is doubtful about the rows that were written, in the words of the rules."""
        told = {one.id: one.doubts for one in self.report.rows if one.outcome in (IN, COMPLETED)}
        rules = [catalogue.rule(code) for code in DOUBTS]
        for finding in check(self.register, rules=rules, today=self.today):
            marks = (f"{finding.layer}:{finding.record_id}", *finding.related)
            own = [mark.partition(":")[2] for mark in marks if mark.startswith(f"{LAYER}:")]
            if own and own[0] in told:
                told[own[0]].append(finding.message)
        fresh = pd.concat(self._fresh)
        handed_in = {one["name"] for text in fresh["photo_facts"].dropna() for one in photos.facts_of(text)}
        for visit, condition, day, names in zip(
            fresh.index, fresh["condition"], fresh["inspected_on"], fresh["photos"], strict=True
        ):
            doubts = told[visit]
            if condition == "not_found":
                doubts.append(Text("未找到不等于丢失，界桩状态不变", "not found is not lost: the marker's state stays"))
            if day > self.today:
                doubts.append(Text(f"检查日期 {day} 还没有到", f"the day of the visit, {day}, is yet to come"))
            for name in _photo_names(names) if isinstance(names, str) else ():
                if name not in handed_in:
                    doubts.append(Text(f"照片 {name} 没有一并交来", f"the picture {name} was not handed in"))


def _columns(source: Source) -> Columns:
    """Columns of a table whose headings are the dictionary's own already."""
    names = [str(name) for name in source.table.columns]
    positions = () if source.geometry is not None else (*LON_LAT, *EASTING_NORTHING, SHAPE)
    known = {name: name for name in names if name in (*INSPECTIONS.columns, *positions)}
    return Columns(known, tuple(name for name in names if name not in known), ())


def _photo_names(text: Any) -> list[str]:
    """Plain file names of a list: what stands before the last slash is the phone's own business."""
    parts = str(text).replace("；", ";").split(";")
    return list(dict.fromkeys(name for part in parts if (name := part.strip().replace("\\", "/").rpartition("/")[2])))


def _same(name: str, old: str | None, new: str) -> bool:
    if name != "geometry" or old is None:
        return old == new
    return bool(shapely.distance(from_text(old, None), from_text(new, None)) <= SAME_PLACE_M)


def _joined(name: str, old: str | None, new: str) -> str | None:
    """The value that holds both; None where two values contradict each other."""
    if old is None:
        return new
    if name == "photos":
        return ";".join(dict.fromkeys((*_photo_names(old), *_photo_names(new))))
    if name == "photo_facts":
        both = {one["name"]: one for one in (*photos.facts_of(old), *photos.facts_of(new))}
        same = all(both[one["name"]].get("sha256") in (one.get("sha256"), None) for one in photos.facts_of(old))
        return photos.facts_text(both.values()) if same else None
    return None
