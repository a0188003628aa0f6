"""MRK201."""

from __future__ import annotations

import pandas as pd

from boundaries import codes, markers
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def wrong_line(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Markers on an unknown line, with sides that are not their line's, or with as many faces as no sides.

    ## What it does
    zh: 检查界桩的界线代码是否在册，相邻政区是否就是界线两侧的政区（三交点为各界线两侧的并集），面数是否等于相邻政区数。
    en: Checks that the line is in the register, that the sides are those of the line (of all its lines for a tri-point) and
        that there is one face for each side.

    ## Why it matters
    zh: 界桩挂错线或写错相邻政区，管护责任就落到别人头上。
    en: A marker on the wrong line or with the wrong sides lays its care on somebody else.

    ## Example
    zh: 诸嵊线上的界桩，相邻政区写成 `330683000000;330624000000`。
    en: A marker of the line to 330681 names the sides `330683000000;330624000000`.

    ## Fix safety
    zh: 需审核：建议改成界线两侧的政区、与政区数一致的面数；也可能是界线代码写错。
    en: Review: proposes the sides of the line and as many faces; the line code may be the wrong one instead.

    ## Trap
    zh: 三交点的第三条线常在两个邻县之间，不在本册，只要其余两条在册就不算未知。
    en: A tri-point's third line often runs between two neighbour counties and is not in the register; two known lines
        are enough.
    """
    known = ctx.frame("boundary_lines")
    stones = markers.stones(ctx).reindex(frame.index)
    named = codes.split_list(frame["line_codes"])
    found = named.isin(known.index)
    strangers = named[~found].groupby(level=0).agg(list).reindex(frame.index)
    total, familiar = (one.groupby(level=0).sum().reindex(frame.index, fill_value=0) for one in (named.notna(), found))
    live = stones["lines"].notna()
    lacking = live & (total.eq(0) | frame["division_codes"].isna())
    unknown = live & ~lacking & familiar.lt(total) & ~(total.ge(3) & familiar.ge(2))
    due, stored = _sides_of(known, named[found], frame.index)
    own = codes.normal(codes.split_list(frame["division_codes"])).groupby(level=0).agg(frozenset).reindex(frame.index)
    complete = due.notna() & own.notna() & live & ~lacking & ~unknown
    misfit = pd.Series(
        [
            fits and not (sides == wanted or (few and wanted <= sides))
            for fits, sides, wanted, few in zip(complete, own, due, familiar.lt(total), strict=True)
        ],
        index=frame.index,
        dtype=bool,
    )
    sides = due.where(due.notna(), own).map(len, na_action="ignore")
    sides = sides.where(~(familiar.lt(total)), own.map(len, na_action="ignore"))
    faces = frame["faces"].astype("float64")
    faceless = live & ~lacking & ~unknown & faces.notna() & sides.notna() & faces.ne(sides.astype("float64"))
    facts = {
        "number": frame["number"],
        "line_codes": frame["line_codes"],
        "strangers": strangers,
        "sides": frame["division_codes"],
        "sides_due": stored,
        "faces": faces,
        "faces_due": sides,
    }
    return merge(
        [
            flag(frame, lacking, key="missing", variant="missing", **facts),
            flag(frame, unknown, key="unknown", variant="unknown", **facts),
            flag(frame, misfit, **facts).propose("division_codes", stored),
            flag(frame, faceless & ~misfit, key="faces", variant="faces", **facts).propose("faces", sides),
        ]
    )


def _sides_of(known: pd.DataFrame, named: pd.Series, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Sides of all lines of each marker: as a set of normal codes, and as the register writes a list of them."""
    both = pd.concat([known["left_code"], known["right_code"]]).dropna()
    table = (
        named.rename("line")
        .rename_axis("marker")
        .reset_index()
        .merge(both.rename("side").rename_axis("line").reset_index())
    )
    table = table.assign(code=codes.normal(table["side"])).drop_duplicates(["marker", "code"])
    whole = known["left_code"].notna() & known["right_code"].notna()
    judged = named.isin(known.index[whole]).groupby(level=0).all().reindex(index, fill_value=False)
    grouped = table.groupby("marker")
    due = grouped["code"].agg(frozenset).reindex(index).where(judged)
    stored = grouped["side"].agg(";".join).reindex(index).where(judged)
    return due, stored


RULE = Rule(
    code="MRK201",
    name="line-or-sides-disagree",
    title=Text("界桩的界线、相邻政区或面数不符", "line, sides or faces of a marker disagree"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="界桩登记表；界桩形制（三面型立于界线交汇处，其余为双面型）",
    message=Text(
        "界桩 {number} 的相邻政区是 {sides}，而界线 {line_codes} 两侧是 {sides_due}。",
        "Marker {number} names the sides {sides}, but those of line {line_codes} are {sides_due}.",
    ),
    check=wrong_line,
    needs=("boundary_lines",),
    variants={
        "missing": Variant(
            Text("界桩 {number} 没有填写界线代码或相邻政区。", "Marker {number} has no line code or no sides.")
        ),
        "unknown": Variant(
            Text(
                "界桩 {number} 的界线 {strangers} 不在册。",
                "The line {strangers} of marker {number} is not in the register.",
            )
        ),
        "faces": Variant(
            Text(
                "界桩 {number} 登记为 {faces:.0f} 面，相邻政区有 {faces_due:.0f} 个。",
                "Marker {number} is recorded with {faces:.0f} faces, it has {faces_due:.0f} sides.",
            )
        ),
    },
)
