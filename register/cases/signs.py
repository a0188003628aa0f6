"""Signs that do not show the standard name (网红牌 and the like): seen, ordered to be put right, done, or dismissed.

A case keeps what the sign says, where it stands, its photographs, what was found, whom the order went to. The law:
standard names are used on signs (地名管理条例 2022, article 18); who does not correct within the time is fined (37).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from gazetteer.procedure_terms import CALENDAR, later
from gazetteer.scope import LIVE
from gazetteer.text import plain
from register.cases import casebook
from register.cases.applications_approval import office_names
from register.cases.applications_due import visible
from register.cases.applications_facts import calendar, divisions_of, iso_date, profile_of
from register.cases.applications_guards import own_township
from register.cases.casebook import Case
from register.cases.checking import today_text
from register.cases.former_names import NAME_LAYERS
from register.documents import sketch
from register.documents.paper import Paper
from register.documents.templates import fill
from register.people import Person, Right
from register.store import Register
from rulebook.errors import CallError, FileError
from rulebook.language import Text
from rulebook.values import GEOMETRY, from_text, to_text

KIND = "sign"
FOUND, ORDERED, DONE, DISMISSED = "found", "ordered", "done", "dismissed"
STATES: dict[str, Text] = {
    FOUND: Text("已发现", "found"),
    ORDERED: Text("已责令改正", "correction ordered"),
    DONE: Text("已改正", "done"),
    DISMISSED: Text("不予处理", "dismissed"),
}
FACTS: dict[str, Text] = {
    "location": Text("位置", "where it stands"),
    "finding": Text("问题", "what is wrong"),
    "standard_name": Text("应当使用的标准地名", "standard name to be used"),
    "owner": Text("设置单位", "who put it up"),
    "contact": Text("联系人", "contact"),
    "phone": Text("联系电话", "telephone"),
    "order_no": Text("责令改正文号", "number of the order"),
    "result": Text("改正情况", "how it was put right"),
}
PERSONAL_FACTS = ("contact", "phone")
PHOTO_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
NEAR_M = 500.0  # names this near may be the one that the sign should show
NEAREST = 5


@dataclass(frozen=True)
class Photo:
    """A photograph as it was handed in."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """By the file's ending, held against its first bytes; raises FileError for anything but JPEG and PNG."""
        kind = PHOTO_TYPES.get(Path(self.name).suffix.lower(), "")
        if not kind or not self.content.startswith(SIGNATURES[kind]):
            raise FileError(
                f"照片应是 JPEG 或 PNG 文件，{self.name} 不是。",
                f"Photographs are JPEG or PNG files; {self.name} is not.",
            )
        return kind


@dataclass(frozen=True)
class Sighting:
    """A sign that somebody saw: what it says, where (register's CRS), with photographs and facts (``FACTS``)."""

    text: str
    place: shapely.Point
    photos: tuple[Photo, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def open_sign(register: Register, seen: Sighting, person: Person, *, today: str = "") -> Case:
    """Open a case about a sign; the register is asked for what the sign says and for the names around it."""
    if not person.may(Right.INSPECT):
        person.require(Right.FILE)
    today, text = today or today_text(), seen.text.strip()
    if not text:
        raise CallError("要写明标志上的文字。", "Say what the sign says.")
    facts = _checked(seen.facts)
    code = divisions_of(register, seen.place).split(";")[0] or person.township or None
    own_township(person, code)
    kept = _kept(register, seen.photos)
    body = {
        "text": text,
        GEOMETRY: to_text(seen.place),
        "photos": kept,
        "names_around": names_around(register, seen.place),
        "is_standard": _is_standard(register, text, seen.place),
        "trail": [_entry(FOUND, today, person, "")],
    }
    return casebook.open_case(
        register,
        KIND,
        f"不规范标志：{text}",
        state=FOUND,
        actor=person.name,
        today=today,
        body=_merged(body, facts),
        division_code=code,
    )


def order(
    register: Register,
    case_id: str,
    person: Person,
    *,
    facts: Mapping[str, Any] | None = None,
    due_on: str = "",
    today: str = "",
) -> Case:
    """Order the sign to be put right until a date (default: the days of the profile)."""
    person.require(Right.DECIDE)
    case, today = sign_case(register, case_id), today or today_text()
    _in_state(case, FOUND)
    body = _merged(case.body, _checked(facts or {}))
    gaps = [name for name in ("finding", "owner") if not body["facts"].get(name)]
    if gaps:
        raise CallError(
            f"责令改正还缺：{'、'.join(FACTS[name].zh for name in gaps)}。",
            f"The order lacks: {', '.join(FACTS[name].en for name in gaps)}.",
        )
    profile = profile_of(register)
    term = profile.setting("naming")["terms"]["correct-sign"]
    count = later if term["unit"] == CALENDAR else calendar(profile).after
    until = iso_date(due_on, "改正期限", "the date") if due_on else count(today, term["days"])
    if until < today:
        raise CallError(f"改正期限 {until} 早于今天。", f"The date {until} is before today.")
    return _moved(register, case, ORDERED, body=body, person=person, today=today, reason="责令改正", due_on=until)


def done(
    register: Register,
    case_id: str,
    person: Person,
    *,
    result: str,
    photos: Sequence[Photo] = (),
    today: str = "",
) -> Case:
    """Note that the sign was put right, with photographs of it as it is now."""
    if not person.may(Right.INSPECT):
        person.require(Right.DECIDE)
    case, today = sign_case(register, case_id), today or today_text()
    _in_state(case, ORDERED, FOUND)
    if not result.strip():
        raise CallError("要写明改正情况。", "Say how the sign was put right.")
    body = _merged(case.body, {"result": result.strip()})
    body["photos_after"] = _kept(register, photos)
    return _moved(register, case, DONE, body=body, person=person, today=today, reason=result.strip(), closed_on=today)


def dismiss(register: Register, case_id: str, person: Person, *, reason: str, today: str = "") -> Case:
    """Close a case that asks for nothing, with the reason."""
    person.require(Right.DECIDE)
    case, today = sign_case(register, case_id), today or today_text()
    _in_state(case, FOUND, ORDERED)
    if not reason.strip():
        raise CallError("不予处理要写明理由。", "A case is dismissed with a reason.")
    return _moved(
        register,
        case,
        DISMISSED,
        body=dict(case.body),
        person=person,
        today=today,
        reason=reason.strip(),
        closed_on=today,
    )


def sign_case(register: Register, case_id: str) -> Case:
    """The case of that number; raises CallError when it is none about a sign."""
    case = casebook.case_numbered(register, case_id)
    if case.kind != KIND:
        raise CallError(f"事项 {case_id} 不是标志事项。", f"Case {case_id} is not about a sign.")
    return case


def sign_cases(register: Register, person: Person, *, state: str = "") -> list[Case]:
    """Cases of the person's townships, newest first, as the person may see them."""
    found = reversed(casebook.all_cases(register, KIND, state))
    return [visible(case, person) for case in found if person.cares_for(case.division_code)]


def names_around(register: Register, place: shapely.Point) -> list[dict[str, Any]]:
    """Names in use near a place, nearest first: ``layer``, ``record_id``, ``name``, ``distance_m``."""
    found = []
    for layer in NAME_LAYERS:
        frame = _in_use(register, layer)
        shapes = frame[GEOMETRY].to_numpy()
        hits = shapely.STRtree(shapes).query(place, predicate="dwithin", distance=NEAR_M) if len(shapes) else []
        found += [
            {
                "layer": layer,
                "record_id": str(frame.index[hit]),
                "name": to_text(frame["name"].iloc[hit]) or "",
                "distance_m": round(float(shapely.distance(shapes[hit], place)), 1),
            }
            for hit in hits
        ]
    return sorted(found, key=lambda one: (one["distance_m"], one["record_id"]))[:NEAREST]


def correction_order(register: Register, case: Case, *, today: str, own: str | Path | None = None) -> Paper:
    """The order as a paper, with the first photograph and a sketch of the place."""
    if case.state not in (ORDERED, DONE):
        raise CallError(f"事项 {case.id} 还没有责令改正。", f"No correction has been ordered in case {case.id}.")
    place = from_text(case.body[GEOMETRY], None)
    frame = register.layer("roads")
    roads = frame[frame["valid_to"].isna()][GEOMETRY].to_numpy()
    near = shapely.STRtree(roads).query(place, predicate="dwithin", distance=NEAR_M) if len(roads) else []
    marks = [sketch.Mark(roads[one], sketch.GREY, 3) for one in near]
    marks.append(sketch.Mark(place, "#b3342c", 6, "1"))
    told = {
        **{name: case.body["facts"].get(name) or case.body.get("personal", {}).get(name) or "" for name in FACTS},
        "id": case.id,
        "text": case.body["text"],
        "opened_on": case.opened_on,
        "due_on": case.due_on,
        "ordered_on": next(one["on"] for one in case.body["trail"] if one["step"] == ORDERED),
        "photo": _picture(register, case.body["photos"]),
    }
    png = sketch.sketch(marks, width=1000, height=440, focus=shapely.buffer(place, NEAR_M / 2))
    facts = {"case": told, "office": office_names(profile_of(register)), "today": today, "sketch": sketch.data_url(png)}
    return fill("sign-correction", facts, own=own)


def _picture(register: Register, photos: Sequence[Mapping[str, str]]) -> str:
    """The first photograph as an address in the page; empty where there is none."""
    kept = register.attachment(photos[0]["sha256"]) if photos else None
    if kept is None:
        return ""
    return f"data:{kept.media_type};base64,{base64.b64encode(kept.content).decode('ascii')}"


def _in_use(register: Register, layer: str) -> pd.DataFrame:
    frame = register.layer(layer)
    return frame[frame["status"].isin(LIVE) & frame["valid_to"].isna() & frame[GEOMETRY].notna()]


def _is_standard(register: Register, text: str, place: shapely.Point) -> bool:
    """Whether a name in use near the place reads exactly as the sign."""
    around = pd.Series([one["name"] for one in names_around(register, place)], dtype="str")
    return bool((plain(around) == plain(pd.Series([text], dtype="str")).iloc[0]).any())


def _kept(register: Register, photos: Sequence[Photo]) -> list[dict[str, str]]:
    """Photographs put into the register; all are looked at before the first is kept."""
    types = [photo.media_type for photo in photos]
    return [
        {"sha256": register.attach(photo.name, kind, photo.content), "name": photo.name}
        for photo, kind in zip(photos, types, strict=True)
    ]


def _checked(given: Mapping[str, Any]) -> dict[str, str | None]:
    for name in given:
        if name not in FACTS:
            raise CallError(
                f"没有内容“{name}”，可以是：{'、'.join(FACTS)}。",
                f'There is no fact "{name}"; there are: {", ".join(FACTS)}.',
            )
    return {name: str(value).strip() or None for name, value in given.items() if value is not None}


def _merged(body: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    plain_facts = {name: value for name, value in facts.items() if name not in PERSONAL_FACTS}
    personal = {name: value for name, value in facts.items() if name in PERSONAL_FACTS}
    kept = {**body.get("facts", {}), **plain_facts}
    return {
        **body,
        "facts": {name: value for name, value in kept.items() if value},
        "personal": {name: value for name, value in {**body.get("personal", {}), **personal}.items() if value},
    }


def _entry(step: str, on: str, person: Person, reason: str) -> dict[str, str]:
    return {"step": step, "on": on, "actor": person.name, "role": person.role.value, "reason": reason}


def _in_state(case: Case, *allowed: str) -> None:
    if case.state not in allowed:
        state = STATES[case.state]
        raise CallError(
            f"事项 {case.id} 的状态是“{state.zh}”，不能这样办。",
            f'Case {case.id} is "{state.en}": that cannot be done.',
        )


def _moved(
    register: Register,
    case: Case,
    state: str,
    *,
    body: dict[str, Any],
    person: Person,
    today: str,
    reason: str,
    due_on: str | None = None,
    closed_on: str | None = None,
) -> Case:
    own_township(person, case.division_code)
    if today < case.body["trail"][-1]["on"]:
        raise CallError(f"日期 {today} 早于上一步。", f"The date {today} is before the step before.")
    body["trail"] = [*case.body["trail"], _entry(state, today, person, reason)]
    after = replace(case, state=state, body=body, due_on=due_on, closed_on=closed_on)
    casebook.step(register, case, after, actor=person.name, reason=reason)
    return after
