"""The way of a name from the draft to the sign: states, steps, who may take them, and what each needs first.

The order follows the 地名管理条例 (2022, articles 10 to 14) and the practice of counties: application, consultation,
public notice, approval, filing with the next authority, announcement, sign. A case is a mapping of facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rulebook.language import Text

Facts = Mapping[str, Any]


class Action(StrEnum):
    """What is applied for."""

    NAMING = "naming"
    RENAMING = "renaming"
    ABOLITION = "abolition"


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    PRETESTED = "pretested"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CONSULTED = "consulted"
    NOTICED = "noticed"
    APPROVED = "approved"
    FILED = "filed"
    ANNOUNCED = "announced"
    SIGN_ORDERED = "sign_ordered"
    RETURNED = "returned"
    REJECTED = "rejected"


ACTION_NAMES = {
    Action.NAMING: Text("命名", "naming"),
    Action.RENAMING: Text("更名", "renaming"),
    Action.ABOLITION: Text("销名", "abolition"),
}
STATE_NAMES = {
    State.DRAFT: Text("草稿", "draft"),
    State.PRETESTED: Text("已预审", "pre-tested"),
    State.SUBMITTED: Text("乡镇已报送", "filed by the township"),
    State.ACCEPTED: Text("已受理", "accepted"),
    State.CONSULTED: Text("已征求意见", "consulted"),
    State.NOTICED: Text("公示中", "under public notice"),
    State.APPROVED: Text("已批准", "approved"),
    State.FILED: Text("已备案", "filed with the next authority"),
    State.ANNOUNCED: Text("已公告", "announced"),
    State.SIGN_ORDERED: Text("已下达设标", "sign ordered"),
    State.RETURNED: Text("已退回", "returned"),
    State.REJECTED: Text("不予批准", "rejected"),
}
MAIN_ROAD = tuple(State)[:10]  # the states that a case passes when nothing goes wrong
CLOSED = frozenset({State.SIGN_ORDERED, State.REJECTED})
GROUNDS = {
    "division_change": Text("行政区划变更", "change of divisions"),
    "construction": Text("城乡建设", "construction"),
    "natural_change": Text("自然变化", "natural change"),
}  # 地名管理条例（2022）, article 10


@dataclass(frozen=True)
class Step:
    """A step: from which states, to which one, with which right (a value of ``register.people.Right``)."""

    name: str
    title: Text
    before: tuple[State, ...]
    after: State
    right: str
    needs_reason: bool = False


_OPEN = (State.SUBMITTED, State.ACCEPTED, State.CONSULTED, State.NOTICED)
STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("pretest", Text("预审", "pre-test"), (State.DRAFT, State.PRETESTED, State.RETURNED), State.PRETESTED, "file"),
        Step("submit", Text("报送", "file by the township"), (State.PRETESTED,), State.SUBMITTED, "file"),
        Step("accept", Text("受理", "accept"), (State.SUBMITTED,), State.ACCEPTED, "decide"),
        Step("consult", Text("征求意见", "consult"), (State.ACCEPTED,), State.CONSULTED, "decide"),
        Step("notice", Text("公示", "public notice"), (State.CONSULTED,), State.NOTICED, "decide"),
        Step("approve", Text("批准", "approve"), (State.NOTICED,), State.APPROVED, "approve"),
        Step("file", Text("备案", "file with the next authority"), (State.APPROVED,), State.FILED, "decide"),
        Step("announce", Text("公告", "announce"), (State.FILED,), State.ANNOUNCED, "decide"),
        Step("order-sign", Text("下达设标", "order the sign"), (State.ANNOUNCED,), State.SIGN_ORDERED, "decide"),
        Step("return", Text("退回", "return"), _OPEN, State.RETURNED, "decide", needs_reason=True),
        Step("reject", Text("不予批准", "reject"), _OPEN, State.REJECTED, "decide", needs_reason=True),
    )
}  # fmt: skip
PROCESS = tuple(STEPS)[:9]  # the steps of a case that goes well, in order


@dataclass(frozen=True)
class Missing:
    """Something that a step needs first; ``fact`` is what to fill in, empty where that would not help."""

    fact: str
    what: Text
    basis: Text


FILE_BASIS = Text("地名管理条例（2022）第十一条", "Regulation on place names (2022), article 11")
CHANGE_BASIS = Text("地名管理条例（2022）第十条", "Regulation on place names (2022), article 10")
NAME_BASIS = Text("地名管理条例（2022）第九条", "Regulation on place names (2022), article 9")
APPROVAL_BASIS = Text("地名管理条例（2022）第十二条", "Regulation on place names (2022), article 12")
FILING_BASIS = Text("地名管理条例（2022）第十三条", "Regulation on place names (2022), article 13")
ANNOUNCEMENT_BASIS = Text(
    "地名备案公告管理办法（试行）（2023）：公告内容", "Measures on filing and announcing names (2023): contents"
)
OPINION_BASIS = Text("地名管理条例实施办法（2024）第五条", "Implementing measures (2024), article 5")
PRACTICE = Text("工作惯例", "practice")
STABLE_BASIS = Text(
    "销名的地名一般不再用作同类新地名（上海市地名管理条例第二十一条，参照）",
    "an abolished name is generally not given again (Shanghai, article 21, by analogy)",
)

FACTS: dict[str, Text] = {
    "name": Text("拟用名称", "proposed name"),
    "pinyin": Text("罗马字母拼写", "romanisation"),
    "reason": Text("申请理由", "reasons"),
    "ground": Text("更名、销名事由", "ground of renaming or abolition"),
    "meaning": Text("地名含义", "meaning"),
    "origin": Text("地名来历", "origin"),
    "location": Text("位置描述", "description of the place"),
    "start": Text("起点", "start"),
    "end": Text("止点", "end"),
    "direction": Text("走向", "direction"),
    "length_m": Text("长度（米）", "length in metres"),
    "width_m": Text("宽度（米）", "width in metres"),
    "surface": Text("路面性质", "surface"),
    "road_class": Text("道路等级", "road class"),
    "built_on": Text("建成年月", "built in"),
    "division_code": Text("所在（跨）政区代码", "codes of the divisions"),
    "applicant": Text("申报单位", "applicant"),
    "contact": Text("申办人", "contact"),
    "phone": Text("联系电话", "telephone"),
    "id_no": Text("证件号码", "identity number"),
    "contact_address": Text("联系地址", "contact's address"),
    "despite": Text("预审不通过仍采用的理由", "why it is used although the pre-test fails"),
    "reuse_reason": Text("复用历史地名的理由", "why a historic name is used again"),
    "protection": Text("更名前的保护措施", "protection of the old name"),
    "consultation": Text("征求意见情况", "consultation"),
    "expert_opinion": Text("专家论证意见", "opinion of experts"),
    "notice_from": Text("公示起始日期", "public notice from"),
    "notice_days": Text("公示天数", "days of public notice"),
    "notice_until": Text("公示截止日期", "public notice until"),
    "notice_channel": Text("公示渠道", "channel of the public notice"),
    "notice_result": Text("公示结果", "outcome of the public notice"),
    "request_no": Text("请示文号", "number of the request"),
    "approval_no": Text("批准文号", "approval number"),
    "authority": Text("批准机关", "approving authority"),
    "approved_on": Text("批准日期", "approved on"),
    "category": Text("类别代码", "category code"),
    "place_code": Text("地名代码", "place code"),
    "filing_to": Text("备案机关", "filed with"),
    "filing_no": Text("备案编号", "filing number"),
    "announcement_no": Text("公告编号", "announcement number"),
    "channel": Text("公告渠道", "channels of the announcement"),
    "sign_places": Text("标志设置位置", "places of the signs"),
    "sign_count": Text("标志数量", "number of signs"),
    "sign_maker": Text("设标单位", "maker of the signs"),
    "note": Text("备注", "note"),
}
PERSONAL_FACTS = ("contact", "phone", "id_no", "contact_address")
NUMBER_FACTS = ("length_m", "width_m", "notice_days", "sign_count")
DATE_FACTS = ("notice_from", "notice_until", "approved_on")
DERIVED_FACTS = ("approved_on", "notice_until")  # reckoned by the steps, never filled in by hand
SIX_FIELDS = ("name", "pinyin", "division_code", "location", "authority", "approved_on")  # of an announcement

_NEEDED: dict[str, tuple[tuple[str, Text], ...]] = {
    "submit": (
        ("reason", FILE_BASIS),
        ("location", FILE_BASIS),
        ("division_code", FILE_BASIS),
        ("applicant", FILE_BASIS),
        ("contact", PRACTICE),
        ("phone", PRACTICE),
    ),
    "consult": (("consultation", OPINION_BASIS),),
    "approve": (("notice_result", PRACTICE), ("approval_no", APPROVAL_BASIS), ("authority", APPROVAL_BASIS)),
    "file": (("filing_to", FILING_BASIS),),
    "announce": (*((name, ANNOUNCEMENT_BASIS) for name in SIX_FIELDS), ("channel", ANNOUNCEMENT_BASIS)),
    "order-sign": (("sign_places", PRACTICE),),
}


def fits(step: Step, facts: Facts) -> bool:
    """Whether a case in its present state may take the step at all."""
    return facts.get("state") in step.before


def steps_from(state: str) -> list[Step]:
    """The steps that a state allows, the way forward first."""
    return [step for step in STEPS.values() if state in step.before]


def next_step(state: str) -> Step | None:
    """The step that brings a case in this state forward; None when it is closed."""
    forward = [STEPS[name] for name in PROCESS if state in STEPS[name].before and STEPS[name].after != state]
    return forward[0] if forward else None


def missing(step: Step, facts: Facts, on: str) -> list[Missing]:
    """What a case lacks for a step that is taken ``on`` an ISO date, in the order of the form.

    ``facts`` are the facts of ``FACTS`` that are known, further ``action``, ``kind``, ``geometry`` (whether there is
    one), ``record`` (the record to rename or abolish), ``verdict`` of the last pre-test and ``former`` (whether it met
    a name that was in use before).
    """
    action, road = facts["action"], facts["kind"] == "road"
    named = action != Action.ABOLITION
    needed = list(_NEEDED.get(step.name, ()))
    if step.name in ("pretest", "submit") and named:
        needed.insert(0, ("name", NAME_BASIS))
    if step.name == "submit" and named:
        needed.append(("meaning", FILE_BASIS))
        if road:
            needed.append(("width_m", FILE_BASIS))
    if step.name == "submit" and action != Action.NAMING:
        needed.append(("ground", CHANGE_BASIS))
    if step.name == "approve":
        needed += [(name, ANNOUNCEMENT_BASIS) for name in ("pinyin", "place_code")] if named else []
    gaps = [
        Missing(name, Text(f"没有填{FACTS[name].zh}", f"the {FACTS[name].en} is not given"), basis)
        for name, basis in needed
        if facts.get(name) in (None, "")
    ]
    return gaps + _further(step, facts, on, named)


def _further(step: Step, facts: Facts, on: str, named: bool) -> list[Missing]:
    """What is more than an empty field."""
    gaps = []
    if facts["action"] != Action.NAMING and not facts.get("record"):
        gaps.append(Missing("", Text("没有指明原有地名的记录", "the record of the name is not given"), CHANGE_BASIS))
    if step.name == "submit" and named and not facts.get("geometry"):
        gaps.append(Missing("", Text("没有位置图形", "there is no geometry"), FILE_BASIS))
    if step.name in ("submit", "approve") and facts.get("verdict") == "fail" and not facts.get("despite"):
        text = Text(
            "预审不通过：另拟名称，或写明仍采用的理由",
            "the pre-test fails: propose another name, or say why this one is used all the same",
        )
        gaps.append(Missing("despite", text, NAME_BASIS))
    if step.name in ("submit", "approve") and facts.get("former") and not facts.get("reuse_reason"):
        text = Text(
            "这是用过的历史地名，要写明复用的理由", "it was the name of a place before: say why it is used again"
        )
        gaps.append(Missing("reuse_reason", text, STABLE_BASIS))
    until = facts.get("notice_until")
    if step.name == "approve" and until and on <= until:
        text = Text(f"公示到 {until} 才期满", f"the public notice runs until {until}")
        gaps.append(Missing("", text, Text("公示期（配置）", "days of public notice (profile)")))
    return gaps
