"""Who works with a register, in which role, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rulebook.errors import CallError
from rulebook.language import Text


class Right(StrEnum):
    """What a role may do beyond reading."""

    FILE = "file"  # draft and file a case of the own township
    DECIDE = "decide"  # accept, return or reject a case; accept repairs; write the register
    APPROVE = "approve"  # put the bureau's name to a decision
    INSPECT = "inspect"  # hand in what was seen in the field
    ADMINISTER = "administer"  # people, settings, restore
    SEE_PERSONAL = "see_personal"  # owners, identity numbers, telephones
    SEE_EXACT_MARKERS = "see_exact_markers"  # markers' coordinates to the centimetre


class Role(StrEnum):
    """The roles of an office; what each may do is in ``RIGHTS``."""

    CLERK = "clerk"
    OFFICER = "officer"
    INSPECTOR = "inspector"
    HEAD = "head"
    ADMINISTRATOR = "administrator"
    READER = "reader"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.FILE}),
    Role.OFFICER: frozenset({Right.FILE, Right.DECIDE, Right.INSPECT, Right.SEE_PERSONAL, Right.SEE_EXACT_MARKERS}),
    Role.INSPECTOR: frozenset({Right.INSPECT, Right.SEE_EXACT_MARKERS}),
    Role.HEAD: frozenset({Right.FILE, Right.DECIDE, Right.APPROVE, Right.SEE_PERSONAL, Right.SEE_EXACT_MARKERS}),
    Role.ADMINISTRATOR: frozenset(Right),
    Role.READER: frozenset(),
}

ROLE_NAMES: dict[Role, Text] = {
    Role.CLERK: Text("乡镇经办", "township clerk"),
    Role.OFFICER: Text("地名管理员", "place-name officer"),
    Role.INSPECTOR: Text("外业人员", "field inspector"),
    Role.HEAD: Text("负责人", "head of section"),
    Role.ADMINISTRATOR: Text("系统管理员", "administrator"),
    Role.READER: Text("只读", "reader"),
}

RIGHT_NAMES: dict[Right, Text] = {
    Right.FILE: Text("报送事项", "file a case"),
    Right.DECIDE: Text("办理事项、修改登记库", "decide cases and change the register"),
    Right.APPROVE: Text("批准", "approve"),
    Right.INSPECT: Text("提交踏勘成果", "hand in what was inspected"),
    Right.ADMINISTER: Text("系统管理", "administer"),
    Right.SEE_PERSONAL: Text("查看个人信息", "see personal data"),
    Right.SEE_EXACT_MARKERS: Text("查看界桩精确坐标", "see exact coordinates of markers"),
}


@dataclass(frozen=True)
class Person:
    """Somebody at work. ``township`` (nine digits) limits a clerk to the own township; empty: the whole county."""

    name: str
    role: Role = Role.ADMINISTRATOR
    township: str = ""

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        """Raise CallError when the role lacks a right."""
        if not self.may(right):
            raise CallError(
                f"{ROLE_NAMES[self.role].zh}无权{RIGHT_NAMES[right].zh}。",
                f"A {ROLE_NAMES[self.role].en} may not {RIGHT_NAMES[right].en}.",
            )

    def cares_for(self, division_code: str | None) -> bool:
        """Whether a division lies where this person works."""
        return not self.township or bool(division_code and division_code.startswith(self.township))


def role_named(name: str) -> Role:
    """The role of that name; raises CallError with the names there are."""
    try:
        return Role(name)
    except ValueError as fault:
        raise CallError(
            f"没有角色“{name}”，可以是：{'、'.join(f'{role}（{title.zh}）' for role, title in ROLE_NAMES.items())}。",
            f'There is no role "{name}"; there are: {", ".join(Role)}.',
        ) from fault
