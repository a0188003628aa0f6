"""The numbers of an address text: 3组, 261弄, 128号, 3幢, 2单元, 5层, 501室, and chains such as 12-3-501.

Texts are taken apart into numbers and what stands between them. What a bare number means depends on what came before
it; that is decided in one place, :func:`meaning`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doorplates.grammar import STEMS
from doorplates.numerals import RUN, to_arabic

_N = "[0-9]{1,5}"
_UNITS = "村民小组|小组|组|号|幢|栋|单元|层|楼|室|房"
_NOT_A_FLOOR = "(?![上下梯道顶前后里内外家村路街巷弄])"
_NAME_AHEAD = r"(?![国省县乡]道|[^0-9\s]{1,3}(?:路|街|大道)|米|公里|千米|元|平方)"
TOKEN = re.compile(
    rf"""第?(?P<village_group>{_N})(?:村民小组|小组|组)
    | (?P<lane>{_N}(?:支?弄|巷)(?:{_N}支弄)?)
    | (?P<building>(?:{_N}(?:-{_N})?|[A-Za-z][0-9]?))(?:(?:号楼|\#楼){_NOT_A_FLOOR}|幢|栋)
    | (?P<tower>[A-Za-z0-9]{{1,3}}座)
    | (?P<unit>{_N}|[A-Za-z]|(?<=[幢栋楼座园苑村])[东南西北中])(?:单元|(?<=[0-9])门(?=[0-9]))
    | (?P<below>地下室?|负|-|B(?=[0-9]层))?(?P<floor>{_N})(?:层|楼{_NOT_A_FLOOR}|F(?![0-9A-Za-z]))
    | (?P<room>(?:[A-Za-z]-?)?{_N}[A-Za-z]?)(?:号?室|房(?!\w))
    | (?P<house>{_N}-(?:{_N}-{_N}|[0-9]{{3,5}}))(?P<house_room>室)?(?![0-9号\#-]){_NAME_AHEAD}
    | (?P<chain>{_N}-[0-9]{{1,2}})(?P<chain_room>室)?(?![0-9号\#-]){_NAME_AHEAD}
    | 附(?P<sub_no>{_N})号?
    | (?P<plate_no>(?:临|[{STEMS}])?{_N}(?:[.、]{_N})*(?:号?(?:[-~之]|附){_N}|号?[{STEMS}](?=号|$))?)(?P<closed>[号\#])(?![-之附][0-9]+(?:[号\s]|$)|[{STEMS}](?:\s|$))
    | (?P<bare>(?:临|[{STEMS}])?{_N}(?:(?:[-~之]|附|号之|号附|号-){_N}|号[{STEMS}](?=\s|$))?){_NAME_AHEAD}(?![0-9])""",
    re.VERBOSE,
)
_SPOKEN = re.compile(rf"{RUN.pattern}(?=(?:{_UNITS}))|(?<=[路街巷道]){RUN.pattern}(?=弄)|(?<=之){RUN.pattern}")


def kind(token: re.Match[str]) -> str:
    """The name of the first group that matched: what sort of number it is."""
    return next(name for name, value in token.groupdict().items() if value is not None)


def arabic(text: str) -> str:
    """``text`` with the Chinese numerals before a unit (十二号, 三幢) in Arabic digits; those in names (五一路, 柳塘一弄)
    stay.
    """
    return _SPOKEN.sub(lambda run: to_arabic(run[0]), text)


def meaning(token: re.Match[str], known: Mapping[str, str], *, after_number: bool = False) -> dict[str, str]:
    """What a number stands for, by part; ``known`` are the parts found before it, ``after_number`` says that nothing
    stands between it and the number before. Empty when it fits nowhere.
    """
    said = {name: value for name, value in token.groupdict().items() if value is not None}
    for part in ("lane", "village_group"):
        if part in said:
            return {part: said[part].lstrip("0") + ("" if part == "lane" else "组")}
    if "tower" in said:
        return {"building": said["tower"]}
    if "floor" in said:
        return {"floor": ("-" if "below" in said else "") + said["floor"]}
    for part in ("building", "unit", "room"):
        if part in said:
            return {part: said[part]}
    for form in ("house", "chain"):
        if form in said:
            return _chain(said[form].split("-"), known, ends_in_room=f"{form}_room" in said)
    if "sub_no" in said:
        return {"sub_no": said["sub_no"]}
    if "plate_no" in said:
        return _closed(said["plate_no"], known, after_number=after_number)
    return _bare(said["bare"], known)


def _closed(number: str, known: Mapping[str, str], *, after_number: bool) -> dict[str, str]:
    """A number with 号: after the number of a building or floor it is a room, after that of a plate a building."""
    if known.get("plate_no") == number:
        return {"plate_no": number}
    if after_number and {"building", "unit", "floor"} & known.keys():
        return {"room": number}
    return {"plate_no": number} if "plate_no" not in known else {"building": number}


def _bare(number: str, known: Mapping[str, str]) -> dict[str, str]:
    if {"building", "unit", "floor"} & known.keys():
        return {"room": number}
    if "plate_no" in known:
        return {"room": number} if len(number) >= 3 else {}
    if "estate" in known and "road" not in known:
        return {"building": number}
    return {"plate_no": number}


def _chain(numbers: list[str], known: Mapping[str, str], *, ends_in_room: bool) -> dict[str, str]:
    """12-3-501 in an estate or house is building, unit, room; 3-501 building and room, in a building unit and room."""
    inside = {"estate", "plate_no", "building"} & known.keys()
    if len(numbers) == 3 and (inside or ends_in_room):
        return dict(zip(("building", "unit", "room"), numbers, strict=True))
    if len(numbers) == 2 and "building" in known:
        return dict(zip(("unit", "room"), numbers, strict=True))
    if len(numbers) == 2 and (ends_in_room or (inside and len(numbers[1]) >= 3)):
        return dict(zip(("building", "room"), numbers, strict=True))
    return {"plate_no": "-".join(numbers)}
