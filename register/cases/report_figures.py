"""The figures of a year, as the annual summary of a bureau states them: each with how it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from register import profiles
from register.cases import plate_trips
from register.cases.casebook import Case, all_cases
from register.store import Register
from rulebook.language import Text

NAMING, SIGN, CERTIFICATE, PROOF, PLATE_ORDER = "naming", "sign", "plate-certificate", "address-proof", "plate-order"
REFUSED_STATES = ("rejected", "returned")
FIXED_VERDICTS = ("already_fixed",)
REFUSED_VERDICTS = ("not_reproduced", "no_such_record", "not_ours")


@dataclass(frozen=True)
class Figure:
    """One number of a year and of the year before, and how it is counted."""

    key: str
    title: Text
    counted: Text
    value: int
    before: int

    @property
    def change(self) -> int:
        """How much more than the year before."""
        return self.value - self.before


TITLES: dict[str, tuple[Text, Text]] = {
    "names_approved": (
        Text("批准地名（条）", "names approved"),
        Text("当年批准的地名事项，加没有事项而批准日期在当年的道路", "cases approved in the year, and roads approved in it that have no case"),
    ),
    "roads_approved": (
        Text("其中：道路（条）", "roads among them"),
        Text("批准日期在当年的道路，加当年批准而尚未入库的道路事项", "roads with approved_on in the year, and road cases approved in it whose road is not recorded yet"),
    ),
    "names_filed": (Text("备案地名（条）", "names filed"), Text("当年备案的地名事项", "cases filed in the year")),
    "names_announced": (Text("公告地名（条）", "names announced"), Text("当年公告的地名事项", "cases announced in the year")),
    "plates_issued": (
        Text("编制门牌（块）", "doorplates issued"),
        Text("编制日期在当年的门牌，预留的除外", "plates with issued_on in the year, reserved ones left out"),
    ),
    "plates_cancelled": (
        Text("注销门牌（块）", "doorplates cancelled"),
        Text("当年失效的注销门牌", "cancelled plates whose valid_to lies in the year"),
    ),
    "certificates": (Text("核发门牌证（份）", "certificates issued"), Text("当年核发", "issued in the year")),
    "address_proofs": (Text("出具地址证明（份）", "address proofs"), Text("当年出具", "written in the year")),
    "plate_orders": (Text("制作门牌（块）", "plates ordered"), Text("当年制作单所列的门牌", "plates on orders of the year")),
    "site_visits": (
        Text("门牌实地踏勘（次）", "site visits for doorplates"),
        Text("当年有点位到过现场的踏勘", "trips with a point that was reached in the year"),
    ),
    "site_points": (
        Text("实地踏勘门牌（处）", "doorplates visited on site"),
        Text("当年踏勘并有答复的点，未能到达的除外", "points answered in the year, those not reached left out"),
    ),
    "problems_received": (Text("收到反馈问题（条）", "problems received"), Text("收到日期在当年，工单除外", "received in the year, work orders left out")),
    "problems_fixed": (
        Text("其中：已整改（条）", "of these fixed"),
        Text("修改已执行，或查明早已改正", "the repair was applied, or it was right already"),
    ),
    "problems_refused": (
        Text("其中：不予采纳（条）", "of these refused"),
        Text("不属实、查无此记录、不归本单位，或建议被否", "not reproduced, no such record, not ours, or the repair was rejected"),
    ),
    "problems_open": (Text("其中：办理中（条）", "of these open"), Text("其余", "all others")),
    "work_orders": (Text("收到部门工单（件）", "work orders received"), Text("批次名、来源或文件名含工单字样的", "batches whose name, map or file says so")),
    "work_orders_done": (Text("其中：办结（件）", "of these done"), Text("已整改或不予采纳", "fixed or refused")),
    "signs_found": (Text("发现不规范标志（处）", "wrong signs found"), Text("当年立项", "cases opened in the year")),
    "signs_removed": (Text("清理不规范标志（处）", "wrong signs removed"), Text("当年改正", "put right in the year")),
    "markers_inspected": (
        Text("检查界桩（座）", "markers inspected"),
        Text("当年检查过的界桩，一座只计一次", "markers with an inspection in the year, each once"),
    ),
    "marker_inspections": (Text("界桩检查（次）", "inspections of markers"), Text("当年的检查记录", "inspections in the year")),
    "markers_not_intact": (
        Text("其中：不完好（座）", "not intact among them"),
        Text("当年最后一次检查不完好的界桩", "markers whose last inspection of the year was not intact"),
    ),
    "lines_inspected": (Text("涉及界线（条）", "boundary lines inspected"), Text("当年有检查的界线", "lines with an inspection in the year")),
}  # fmt: skip


def figures(register: Register, year: int) -> list[Figure]:
    """All figures of a year beside those of the year before, in the order of ``TITLES``."""
    counts, before = _counts(register, year), _counts(register, year - 1)
    return [Figure(key, *texts, counts[key], before[key]) for key, texts in TITLES.items()]


def paragraph(told: list[Figure], year: int, county: str) -> Text:
    """The figures as the paragraph of an annual summary; what did not happen is not spoken of."""
    value = {one.key: one.value for one in told}
    clauses = [text.format(value) for key, text in _CLAUSES.items() if value[key]]
    place = Text(county or "本县", county or "the county")
    if not clauses:
        return Text("{year}年，{place}没有可统计的事项。", "In {year} nothing was counted in {place}.").format(
            year=year, place=place
        )
    said = Text("；".join(one.zh for one in clauses), "; ".join(one.en for one in clauses))
    return Text("{year}年，{place}{said}。", "In {year}, {place}: {said}.").format(year=year, place=place, said=said)


_CLAUSES: dict[str, Text] = {
    "names_approved": Text(
        "批准地名 {names_approved} 条，其中道路 {roads_approved} 条，备案 {names_filed} 条，公告 {names_announced} 条",
        "{names_approved} names approved, {roads_approved} of them roads, {names_filed} filed, {names_announced} announced",
    ),
    "plates_issued": Text(
        "编制门牌 {plates_issued} 块，核发门牌证 {certificates} 份，出具地址证明 {address_proofs} 份",
        "{plates_issued} doorplates issued, {certificates} certificates, {address_proofs} address proofs",
    ),
    "site_visits": Text(
        "实地踏勘门牌 {site_visits} 次、{site_points} 处",
        "{site_visits} site visits to {site_points} doorplates",
    ),
    "problems_received": Text(
        "收到反馈问题 {problems_received} 条，已整改 {problems_fixed} 条，不予采纳 {problems_refused} 条，办理中 {problems_open} 条",
        "{problems_received} problems received, {problems_fixed} fixed, {problems_refused} refused, {problems_open} open",
    ),
    "work_orders": Text(
        "收到部门工单 {work_orders} 件，办结 {work_orders_done} 件",
        "{work_orders} work orders received, {work_orders_done} done",
    ),
    "signs_removed": Text("清理不规范标志 {signs_removed} 处", "{signs_removed} wrong signs removed"),
    "markers_inspected": Text(
        "检查界桩 {markers_inspected} 座、{marker_inspections} 次，涉及界线 {lines_inspected} 条，不完好 {markers_not_intact} 座",
        "{markers_inspected} markers inspected {marker_inspections} times on {lines_inspected} lines, {markers_not_intact} not intact",
    ),
}


def _counts(register: Register, year: int) -> dict[str, int]:
    counted = dict.fromkeys(TITLES, 0)
    cases = all_cases(register)
    counted |= _names(register, cases, year) | _plates(register, cases, year) | _visits(cases, year)
    return counted | _problems(register, cases, year) | _signs(cases, year) | _markers(register, year)


def _within(dates: pd.Series, year: int) -> pd.Series:
    return dates.str.startswith(f"{year:04d}-", na=False)


def _in_year(date: str | None, year: int) -> bool:
    return bool(date and date.startswith(f"{year:04d}-"))


def _names(register: Register, cases: list[Case], year: int) -> dict[str, int]:
    """A road is taken for the subject of a case that names it by its id or, for want of one, by its name in the title."""
    naming = [case for case in cases if case.kind == NAMING and case.state not in REFUSED_STATES]
    approved = [case for case in naming if _in_year(case.approved_on, year)]
    roads = register.layer("roads")
    roads = roads[_within(roads["approved_on"], year)]
    marks = {mark for case in approved for mark in case.records}
    titles = " ".join(case.title for case in approved)
    has_case = ("roads:" + roads["id"]).isin(marks) | pd.Series(
        [bool(name) and name in titles for name in roads["name"].fillna("")], index=roads.index, dtype="bool"
    )
    counted = set("roads:" + roads["id"])
    unrecorded = [
        case
        for case in approved
        if case.body.get("kind") == "road"
        and not counted & set(case.records)
        and not any(name and name in case.title for name in roads["name"].fillna(""))
    ]
    return {
        "names_approved": len(approved) + int((~has_case).sum()),
        "roads_approved": len(roads) + len(unrecorded),
        "names_filed": sum(_in_year(case.filed_on, year) for case in naming),
        "names_announced": sum(_in_year(case.announced_on, year) for case in naming),
    }


def _plates(register: Register, cases: list[Case], year: int) -> dict[str, int]:
    plates = register.layer("doorplates")
    orders = [case for case in cases if case.kind == PLATE_ORDER and _in_year(case.opened_on, year)]
    return {
        "plates_issued": int((_within(plates["issued_on"], year) & plates["status"].ne("reserved")).sum()),
        "plates_cancelled": int((_within(plates["valid_to"], year) & plates["status"].eq("cancelled")).sum()),
        "certificates": sum(case.kind == CERTIFICATE and _in_year(case.opened_on, year) for case in cases),
        "address_proofs": sum(case.kind == PROOF and _in_year(case.opened_on, year) for case in cases),
        "plate_orders": sum(int(case.body.get("plates", 0)) for case in orders),
    }


def _visits(cases: list[Case], year: int) -> dict[str, int]:
    reached = [
        sum(
            answer["answer"] != "not_reached" and _in_year(answer.get("visited_on") or answer["in_on"], year)
            for answer in case.body.get("answers", {}).values()
        )
        for case in cases
        if case.kind == plate_trips.KIND
    ]
    return {"site_visits": sum(points > 0 for points in reached), "site_points": sum(reached)}


def _problems(register: Register, cases: list[Case], year: int) -> dict[str, int]:
    """Problems by what became of them; the batches whose words say so are work orders of other departments."""
    rows = register.layer("returned_problems")
    batches = {case.title: case for case in cases if case.kind == "returned"}
    received = rows["received_on"].fillna(
        rows["batch"].map({title: case.opened_on for title, case in batches.items()}).astype("str")
    )
    mine = rows[_within(received.fillna(rows["answered_on"]), year)]
    words = profiles.load(register.profile_name).setting("report")["work_order_words"]
    orders = mine["batch"].map({batch: _says(batch, batches.get(batch), words) for batch in mine["batch"].unique()})
    is_order = orders.fillna(False).astype(bool)
    fixed = mine["fix_state"].eq("applied") | mine["verdict"].isin(FIXED_VERDICTS)
    refused = ~fixed & (mine["fix_state"].eq("rejected") | mine["verdict"].isin(REFUSED_VERDICTS))
    return {
        "problems_received": int((~is_order).sum()),
        "problems_fixed": int((fixed & ~is_order).sum()),
        "problems_refused": int((refused & ~is_order).sum()),
        "problems_open": int((~fixed & ~refused & ~is_order).sum()),
        "work_orders": int(is_order.sum()),
        "work_orders_done": int(((fixed | refused) & is_order).sum()),
    }


def _says(batch: str, case: Case | None, words: list[str]) -> bool:
    chosen: dict[str, Any] = dict(case.body) if case else {}
    told = [batch, str(chosen.get("name", "")), str((chosen.get("map") or {}).get("title", ""))]
    return any(word in text for word in words for text in told)


def _signs(cases: list[Case], year: int) -> dict[str, int]:
    signs = [case for case in cases if case.kind == SIGN]
    return {
        "signs_found": sum(_in_year(case.opened_on, year) for case in signs),
        "signs_removed": sum(case.state == "done" and _in_year(case.closed_on, year) for case in signs),
    }


def _markers(register: Register, year: int) -> dict[str, int]:
    """An inspection whose marker was not matched counts as an inspection, not as a marker."""
    seen = register.layer("inspections")
    seen = seen[_within(seen["inspected_on"], year)]
    matched = seen[seen["marker_id"].notna()].sort_values("inspected_on", kind="stable")
    last = matched.drop_duplicates("marker_id", keep="last")
    markers = register.layer("markers")
    lines = seen["line_code"].fillna(
        seen["marker_id"].map(dict(zip(markers["id"], markers["line_codes"], strict=True))).astype("str")
    )
    return {
        "markers_inspected": len(last),
        "marker_inspections": len(seen),
        "markers_not_intact": int(last["condition"].ne("intact").sum()),
        "lines_inspected": lines.dropna().str.split(";").explode().str.strip().nunique(),
    }
