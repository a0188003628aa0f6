"""Number series of papers by profile: certificate numbers that are never given twice, and numbers of other papers."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from typing import Any

from register.cases import plate_metal
from register.store import Register
from rulebook.errors import CallError, ProfileError
from rulebook.profile import Profile

CASE_PREFIX = "plate-certificate-"
CERTIFICATE_FIELDS = ("county", "township", "year", "kind", "serial")
PAPER_FIELDS = ("year", "serial")
CLEAR_RUN = 50


class CertificateSeries:
    """The next free certificate numbers of a register, as ``plate_papers.certificate_number`` of its profile says.

    A number counts as used when a plate (also an ended or cancelled one) or a certificate has it, or when a
    certificate of that number was ever in the log: a number on a paper that was taken back is not given again.
    """

    def __init__(self, register: Register, profile: Profile, today: str) -> None:
        self._register, self._profile, self._year = register, profile, today[:4]
        held = register.layer("doorplates")["plate_code"].dropna()
        cases = register.layer("cases").index
        given = cases[cases.str.startswith(CASE_PREFIX)].str.removeprefix(CASE_PREFIX)
        self._used = {*held, *given}
        self._last: dict[str, int] = {}
        self._clear: dict[str, int] = {}  # numbers in a row, to the end of a series, that the log has never seen

    def next_for(self, plate: Mapping[str, Any]) -> str:
        """A number of its own for a plate (``kind``, ``division_code``)."""
        write, mark = self._writer(plate)
        if mark not in self._last:
            self._last[mark] = self._highest(write)
        while True:
            self._last[mark] += 1
            number = write(self._last[mark])
            if number not in self._used and self._never_given(number, mark):
                self._used.add(number)
                return number

    def _highest(self, write: Callable[[int], str]) -> int:
        """The highest serial in use of this series."""
        head, tail = _around(write)
        middles = [code[len(head) : len(code) - len(tail)] for code in self._used if code.startswith(head)]
        serials = [int(middle) for middle in middles if middle.isdecimal()]
        return max((serial for serial in serials if write(serial) in self._used), default=0)

    def _never_given(self, number: str, mark: str) -> bool:
        """Whether the log has never seen a certificate of that number; after ``CLEAR_RUN`` such numbers in a row the
        rest of the series is taken for new, because numbers are given one after the other.
        """
        if self._clear.get(mark, 0) >= CLEAR_RUN:
            return True
        never = bool(self._register.history(record=("cases", CASE_PREFIX + number), limit=1).empty)
        self._clear[mark] = self._clear.get(mark, 0) + 1 if never else 0
        return never

    def _writer(self, plate: Mapping[str, Any]) -> tuple[Callable[[int], str], str]:
        look = plate_metal.settings(self._profile)
        division = str(plate["division_code"] or "")
        if len(division) < 9:
            raise CallError(
                f"门牌 {plate['id']} 缺村社区代码，不能编证号。",
                f"Doorplate {plate['id']} has no division code and can get no certificate number.",
            )
        kind = look["certificate_kinds"].get(plate["kind"], "")
        facts = {"county": division[4:6], "township": division[6:9], "year": self._year, "kind": kind}

        def write(serial: int) -> str:
            return written(self._profile, "certificate_number", CERTIFICATE_FIELDS, {**facts, "serial": serial})

        return write, write(0)


def paper_number(profile: Profile, key: str, case_id: str) -> str:
    """The number that a paper shows for its case ``<kind>-2026-0007``, in the profile's form ``key``."""
    _, year, serial = case_id.rsplit("-", 2)
    return written(profile, key, PAPER_FIELDS, {"year": year, "serial": int(serial)})


def written(profile: Profile, key: str, fields: tuple[str, ...], facts: Mapping[str, Any]) -> str:
    """A number in the form of the profile; raises ProfileError when the form lacks its serial or is not one."""
    form = plate_metal.settings(profile)[key]
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}
        if "serial" not in names or not names <= set(fields):
            raise KeyError(", ".join(sorted(names)))
        return str(form.format(**facts))
    except (KeyError, ValueError, IndexError) as fault:
        raise ProfileError(
            f"配置 {profile.name} 的 {key} = {form!r} 不对；要有 {{serial}}，可用：{'、'.join(fields)}。",
            f"Profile {profile.name}: {key} = {form!r} is wrong; it needs {{serial}} and may use {', '.join(fields)}.",
        ) from fault


def _around(write: Callable[[int], str]) -> tuple[str, str]:
    """What stands before and after the serial, found by writing two serials that differ in every figure."""
    one, other = write(11111111), write(22222222)
    head = next((place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(one))
    tail = next((place for place, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=True)) if a != b), 0)
    return one[:head], one[len(one) - tail :] if tail else ""
