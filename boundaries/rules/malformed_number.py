"""MRK101."""

from __future__ import annotations

import pandas as pd

from boundaries.codes import split_list
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

FULL_CODE = r"[0-9]{7}[QA-ES]"
TYPE_LETTER = r"[0-9]\s*([A-Za-z])$"
UNCLEAN = r"^\s|\s$|[\s\u3000]{2,}|[\u200b\ufeff]|[\uff01-\uff5e]"
NAMED_TRI_POINT = r"三交点|三界|S"
LONGEST_SERIAL = 999


def malformed_number(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Marker numbers and serials that are missing, unreadable or at odds with each other.

    ## What it does
    zh: 检查界桩编号是否缺少、含全角或多余空格、类型字母是否为 Q、A–E、S；序号是否为1–999（三交点可为0）；编号里的序号和类型
        字母是否与序号、类型两栏一致；省级界桩编号应为8位（界线代码4位、序号3位、类型码1位）。
    en: Checks for a missing number, full-width characters or stray blanks, a type letter other than Q, A-E, S, a serial
        outside 1-999 (0 for tri-points), and a serial or letter in the number that differs from the columns; a
        province marker has eight characters (line 4, serial 3, type 1).

    ## Why it matters
    zh: 编号是界桩在协议书、登记表和实地三处的唯一联系。
    en: The number is all that ties the stone to the agreement and to the registration form.

    ## Example
    zh: 编号 `诸嵊线3号`，序号栏却是5。
    en: The number `诸嵊线3号` with 5 in the serial column.

    ## Fix safety
    zh: 不提供自动修改：以实地界桩上的字为准。
    en: None: what is cut into the stone decides.

    ## Trap
    zh: 县级以下界桩的编号格式由各省自定，这里不要求固定格式。
    en: Below provinces the format is each province's own; no fixed form is asked for.
    """
    number, serial = frame["number"], frame["serial"].astype("float64")
    tri = frame["type_code"].eq("S") | _lines(frame).ge(3) | _matches(number, NAMED_TRI_POINT)
    letter = number.str.extract(TYPE_LETTER)[0]
    inside = _serial_inside(number)
    province = frame["level"].eq("province") & ~tri
    variant = pd.Series("", index=frame.index, dtype="str")
    for name, wrong in (
        ("letter", letter.notna() & frame["type_code"].notna() & letter.ne(frame["type_code"])),
        ("differs", inside.notna() & serial.notna() & ~tri & _differs(inside, serial)),
        ("serial", serial.notna() & ~serial.between(1, LONGEST_SERIAL) & ~(tri & serial.eq(0))),
        (
            "number",
            number.notna()
            & (
                _matches(number, UNCLEAN)
                | (~_matches(number, r"[0-9]") & ~tri)
                | (letter.notna() & ~letter.isin(list("QABCDES")))
                | (province & ~number.str.fullmatch(FULL_CODE).fillna(False).astype(bool))
            ),
        ),
        ("missing", number.isna()),
    ):
        variant = variant.mask(wrong, name)
    return flag(
        frame,
        variant.ne(""),
        variant=variant,
        marker=frame["name"].fillna(frame.index.to_series()),
        number=number,
        serial=serial,
        type_code=frame["type_code"],
    )


def _matches(text: pd.Series, pattern: str) -> pd.Series:
    return text.str.contains(pattern, regex=True).fillna(False).astype(bool)


def _lines(frame: pd.DataFrame) -> pd.Series:
    return split_list(frame["line_codes"]).groupby(level=0).size().reindex(frame.index, fill_value=0)


def _serial_inside(number: pd.Series) -> pd.Series:
    """The digits of the number that give the serial: the last group of digits."""
    return number.str.extract(r"([0-9]+)[^0-9]*$")[0]


def _differs(digits: pd.Series, serial: pd.Series) -> pd.Series:
    """Whether digits cannot end in the serial: a group of up to three is the serial, a longer one ends with it."""
    whole = pd.to_numeric(digits.str[-3:], errors="coerce")
    two = pd.to_numeric(digits.str[-2:], errors="coerce")
    long = digits.str.len() > 3
    return whole.ne(serial) & ~(long & two.eq(serial))


RULE = Rule(
    code="MRK101",
    name="number-or-serial-malformed",
    title=Text("界桩编号或序号不规范", "malformed marker number or serial"),
    layers=("markers",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 17796（界桩编号：界线代码、序号、类型码）",
    message=Text("界桩 {marker} 的编号“{number}”不规范。", 'The number "{number}" of marker {marker} is malformed.'),
    check=malformed_number,
    variants={
        "missing": Variant(Text("界桩 {marker} 没有编号。", "Marker {marker} has no number.")),
        "number": Variant(
            Text("界桩 {marker} 的编号“{number}”不规范。", 'The number "{number}" of marker {marker} is malformed.')
        ),
        "serial": Variant(
            Text(
                "界桩 {marker} 的序号 {serial} 不在1–999之间。",
                "The serial {serial} of marker {marker} is outside 1-999.",
            )
        ),
        "differs": Variant(
            Text(
                "界桩 {marker} 的编号“{number}”与序号 {serial:.0f} 不一致。",
                'The number "{number}" of marker {marker} does not agree with its serial {serial:.0f}.',
            )
        ),
        "letter": Variant(
            Text(
                "界桩 {marker} 的编号“{number}”与类型码 {type_code} 不一致。",
                'The number "{number}" of marker {marker} does not agree with its type {type_code}.',
            )
        ),
    },
)
