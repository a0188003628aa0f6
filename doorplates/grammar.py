"""What is written on doorplates, read by one grammar.

Forms: GB/T 35639-2017 Annex B (numbers in sequence, one building one number) and the writings met in practice:
sub-numbers 12-1, 12之1, 12号附3, temporary 临12, stems 甲12 and 12甲, ranges, lanes 261弄14, village groups 3组12,
buildings 3幢2单元501室, Chinese numerals, full width, leading zeros. The joint in 27-29 may stand for a range or for a
sub-number: where the second number is larger and of the same parity, only a person can tell, and the parse says so.

The canonical form is the shortest writing that reads back to the same parse.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import pandas as pd

from doorplates.numerals import RUN, to_arabic
from rulebook.language import Text

STEMS = "甲乙丙丁戊己庚辛壬癸"
KINDS = ("plain", "sub", "temporary", "stem", "range", "range_or_sub", "list", "chain", "lane", "group", "building")
QUESTIONS = {
    "range_or_sub": Text(
        "“{number}”可能是一块牌管几个号（区段），也可能是附号，请确认。",
        '"{number}" can be a range of numbers on one plate or a sub-number: please say which.',
    ),
    "list": Text(
        "“{number}”把几个号写在一块牌上，请确认是否应分开编号。",
        '"{number}" puts several numbers on one plate: please say whether each should have its own.',
    ),
    "chain": Text(
        "“{number}”可能是幢、单元、室，也可能是附号，请确认。",
        '"{number}" can be building, unit and room, or sub-numbers: please say which.',
    ),
}

_NUMBER = r"0*[1-9][0-9]{0,4}(?![0-9])"
_BLANKS = r"(?<![0-9])\s+|\s+(?![0-9])"
_REWRITES = (
    (r"[‐‑‒–—―−ー]|-{2,}", "-"),
    (r"--+", "-"),
    (r"至|到|[∼〜]", "~"),
    (r"(?<=[0-9])[.,、·](?=[0-9])", "、"),
    (r"(?<=[0-9A-Za-z])#", "号"),
    (r"栋|号楼", "幢"),
    (r"临时", "临"),
    (r"\(逢?([单双])号?\)$", r"逢\1"),
)
_PATTERN = rf"""^[\#第]?
    (?:(?P<group>{_NUMBER})组)?
    (?:
        (?P<lane>{_NUMBER})弄(?:(?P<in_lane>{_NUMBER})(?:号?[-附之](?P<in_lane_sub>{_NUMBER}))?)?
      | (?P<list>{_NUMBER}(?:、{_NUMBER})+)
      | (?P<chain>{_NUMBER}(?:-{_NUMBER}){{2,}})
      | 附(?P<alone>{_NUMBER})
      | (?P<prefix>[临{STEMS}])?(?P<main>{_NUMBER})(?:号?-?(?P<stem>[{STEMS}]))?
        (?:(?P<whole>号)?(?P<joint>[-附之~])(?P<second>{_NUMBER}))?
    )?
    (?P<closed>号)?(?P<parity>逢[单双])?
    (?:(?P<building>[0-9]{{1,4}}|[A-Z])幢)?
    (?:(?P<unit>[0-9]{{1,3}}|[A-Z])单元)?
    (?:(?P<room>[0-9]{{1,5}}[A-Z]?)(?P<said>室)?)?$"""
_TEXT_COLUMNS = (
    "kind", "group", "prefix", "stem", "in_lane_sub", "series", "building", "unit", "room", "canonical", "question",
)  # fmt: skip
COLUMNS = ("legal", "main", "sub", "range_to", *_TEXT_COLUMNS)


def parse_numbers(texts: pd.Series) -> pd.DataFrame:
    """Parse a column of plate texts; the result has its index. Each distinct text is read once.

    Columns: ``legal`` (True, False, None = a person must tell), ``kind`` (one of ``KINDS``), ``main`` (the number
    along the road; of a lane that of the lane), ``sub``, ``range_to`` (Int64; where ``kind`` is range_or_sub both hold
    the second number), and texts: ``group``, ``prefix``, ``stem``, ``in_lane_sub``, ``series`` (the members of a list
    or chain), ``building``, ``unit``, ``room``, ``canonical``, ``question`` (key of ``QUESTIONS``).
    A missing text is not legal; of what is not legal nothing else is told.
    """
    distinct = pd.Index(texts.dropna().unique(), dtype="str")
    parsed = _parse_distinct(pd.Series([*distinct, ""], dtype="str"))
    return parsed.take(distinct.get_indexer(texts)).set_axis(texts.index)


def parse(text: str) -> dict[Hashable, Any]:
    """Parse one plate text: the same columns as a dict of plain values, None where there is nothing."""
    row = parse_numbers(pd.Series([text], dtype="str")).astype("object")
    return dict(row.where(row.notna(), None).iloc[0].to_dict())


def clean(texts: pd.Series) -> pd.Series:
    """Texts in half width and Arabic digits, with one sign for each joint, blanks removed except between digits."""
    cleaned = texts.str.normalize("NFKC").str.replace(_BLANKS, "", regex=True)
    for pattern, replacement in _REWRITES:
        cleaned = cleaned.str.replace(pattern, replacement, regex=True)
    chinese = cleaned.str.contains(RUN, na=False)
    return cleaned.where(~chinese, cleaned[chinese].map(to_arabic))


def _parse_distinct(texts: pd.Series) -> pd.DataFrame:
    found = clean(texts).str.extract(_PATTERN, flags=re.VERBOSE)
    parsed = _numbers_of(found)
    for name in ("group", "in_lane_sub", "building", "unit"):
        parsed[name] = found[name].str.lstrip("0")
    for name in ("prefix", "stem", "room"):
        parsed[name] = found[name]
    parsed["series"] = found["list"].fillna(found["chain"]).str.replace(r"(?<![0-9])0+", "", regex=True)
    parsed["kind"] = _kind_of(found, parsed)
    parsed["question"] = parsed["kind"].where(parsed["kind"].isin(list(QUESTIONS)))
    legal = _is_legal(found, parsed)
    parsed["canonical"] = format_numbers(parsed)
    parsed = parsed.where(legal, None)
    parsed["legal"] = legal.astype("object").where(~legal | parsed["question"].isna(), None)
    return parsed[list(COLUMNS)]


def _numbers_of(found: pd.DataFrame) -> pd.DataFrame:
    """``main``, ``sub``, ``range_to`` of matches. A joint ``-`` joins a range for certain only between two numbers
    that each carry 号 or before （逢双号）; it asks for a person where the second is larger and of the same parity.
    """
    first_of_series = found["list"].fillna(found["chain"]).str.extract(r"^([0-9]+)", expand=False)
    last_of_list = found["list"].str.extract(r"([0-9]+)$", expand=False)
    main = _whole(found["main"].fillna(found["lane"]).fillna(first_of_series))
    second = _whole(found["second"])
    larger = (second > main).fillna(False).astype(bool)
    dash = found["joint"].eq("-")
    both_whole = found["whole"].notna() & found["closed"].notna()
    ranged = found["joint"].eq("~") | (dash & larger & (both_whole | found["parity"].notna()))
    asked = dash & ~ranged & larger & ((second - main) % 2 == 0).fillna(False).astype(bool)
    return pd.DataFrame(
        {
            "main": main,
            "sub": second.where(~ranged).fillna(_whole(found["alone"])).fillna(_whole(found["in_lane"])),
            "range_to": second.where(ranged | asked).fillna(_whole(last_of_list)),
        }
    )


def _kind_of(found: pd.DataFrame, parsed: pd.DataFrame) -> pd.Series:
    """The kind of each match: the last of the conditions that holds."""
    kind = pd.Series("building", index=found.index, dtype="str")
    for name, holds in (
        ("plain", found["main"].notna()),
        ("sub", parsed["sub"].notna()),
        ("range", parsed["range_to"].notna() & parsed["sub"].isna()),
        ("stem", found["stem"].notna() | found["prefix"].isin(list(STEMS))),
        ("temporary", found["prefix"].eq("临")),
        ("group", found["group"].notna()),
        ("lane", found["lane"].notna()),
        ("range_or_sub", parsed["range_to"].notna() & parsed["sub"].notna()),
        ("list", found["list"].notna()),
        ("chain", found["chain"].notna()),
    ):
        kind = kind.mask(holds, name)
    return kind


def _is_legal(found: pd.DataFrame, parsed: pd.DataFrame) -> pd.Series:
    """Whether a match makes sense: something is numbered, a range goes up, （逢双号） fits, 室 has what it is in."""
    numbered = found[["main", "lane", "list", "chain", "alone"]].notna().any(axis=1)
    building, room = found[["building", "unit"]].notna().any(axis=1), found["room"].notna()
    span = parsed["range_to"] - parsed["main"]
    falling = (found["joint"].eq("~") & (span <= 0).fillna(False)).astype(bool)
    odd_span = (found["parity"].notna() & (span % 2 != 0).fillna(True)).astype(bool)
    nothing = (parsed[["building", "unit"]] == "").any(axis=1)
    return (
        (numbered | ((building | room) & found["group"].isna() & found["closed"].isna()))
        & (building | ~room | found["said"].notna())
        & ~(found["prefix"].notna() & found["stem"].notna())
        & ~(falling | odd_span | nothing)
    )


def format_numbers(parsed: pd.DataFrame) -> pd.Series:
    """The canonical writing of parsed numbers (columns of :func:`parse_numbers`; ``canonical`` and ``legal`` are not
    read). A sub-number that a dash would turn into a question is written with 附. Read again it is the same parse.
    """
    text = {name: parsed[name].astype("str").fillna("") for name in ("main", "sub", "range_to", *_TEXT_COLUMNS[1:9])}
    kind, sub = parsed["kind"], parsed["sub"]
    larger = (sub > parsed["main"]) & ((sub - parsed["main"]) % 2 == 0)
    joint = pd.Series("-", index=parsed.index, dtype="str")
    joint = joint.mask((larger.fillna(False).astype(bool) & kind.ne("range_or_sub")) | parsed["main"].isna(), "附")
    joint = joint.mask(kind.eq("lane"), "弄").where(sub.notna() | kind.eq("lane"), "")
    number = text["prefix"] + text["main"] + text["stem"] + joint + text["sub"]
    number += _joined("-", text["in_lane_sub"]) + _joined("~", text["range_to"].where(sub.isna(), ""))
    number = _joined("", text["group"], "组") + number.where(text["series"].eq(""), text["series"])
    dwelling = _joined("", text["building"], "幢") + _joined("", text["unit"], "单元") + _joined("", text["room"], "室")
    return number + pd.Series("号", index=parsed.index).where(number.ne("") & dwelling.ne(""), "") + dwelling


def _joined(before: str, part: pd.Series, after: str = "") -> pd.Series:
    """``part`` between two signs, nothing where it is empty."""
    return (before + part + after).where(part.ne(""), "")


def _whole(digits: pd.Series) -> pd.Series:
    return digits.astype("Int64")


def plain_parts(parts: pd.Series, sign: str) -> pd.Series:
    """Building, unit or room numbers as plain numbers or letters, without their sign (幢, 单元, 室) and, but for
    rooms, leading zeros (a room 0302 is on floor 3). What is neither stays as it is.
    """
    distinct = pd.Index(parts.dropna().unique(), dtype="str")
    zeros = "" if sign == "室" else "0*"
    plain = clean(distinct.to_series()).str.extract(rf"^{zeros}([0-9]+[A-Z]?|[A-Z])(?:{sign}|号)?$", expand=False)
    return parts.map(plain.fillna(distinct.to_series())).astype("str")
