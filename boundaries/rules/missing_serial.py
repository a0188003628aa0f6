"""MRK402."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from boundaries import codes, markers
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def missing_serial(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Serials of a line that are skipped or used twice.

    ## What it does
    zh: 逐条界线检查序号：同一序号被几颗不是同号双立、三立的界桩使用，或者首末之间缺号。
    en: Checks the serials of each line: one serial on several markers that are no twins, or a serial missing between the
        first and the last.

    ## Why it matters
    zh: 重号说明登记有误，缺号说明漏登或界桩已失。
    en: A repeated serial is an error of entry, a missing one is a marker not entered or lost.

    ## Example
    zh: 序号1、2之后是 `4`，缺3。
    en: After 1 and 2 comes `4`; 3 is missing.

    ## Fix safety
    zh: 不提供自动修改：要对照登记表。
    en: None: compare with the registration forms.

    ## Trap
    zh: 已报废或已注销的界桩占用原序号，不算缺号；重号或乱序造成的缺号不重复报告。
    en: Scrapped and ended markers keep their serial; a gap that a repeated or misplaced serial explains is not told
        again.
    """
    again = markers.repeated(ctx)
    wrong = markers.misplaced(ctx)
    rows = [*_repeated(again, set(wrong["marker"])), *_missing(ctx, again, wrong)]
    if not rows:
        return flag(frame.iloc[:0])
    faults = pd.DataFrame(rows, columns=["record_id", "key", "variant", "others", "line", "serials"])
    faults["number"] = frame["number"].reindex(faults["record_id"]).to_numpy()
    faults["geometry"] = frame["geometry"].reindex(faults["record_id"]).to_numpy()
    faults["related"] = [tuple(f"markers:{one}" for one in others) for others in faults.pop("others")]
    return flag_faults(faults, frame)


def _repeated(again: pd.DataFrame, misplaced: set[str]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for line, serial, ids in zip(again["line"], again["serial"], again["markers"], strict=True):
        first = next((one for one in ids if one in misplaced), ids[0])
        others = [one for one in ids if one != first]
        rows.append((first, f"{line} {serial}", "", others, line, [serial]))
    return rows


def _missing(ctx: Context, again: pd.DataFrame, wrong: pd.DataFrame) -> list[tuple[object, ...]]:
    """One row per run of missing serials, on the two markers around it."""
    table = markers.by_line(ctx).dropna(subset="serial")
    taken = _taken(ctx)
    doubled = set(zip(again["line"], again["serial"], strict=True))
    rows: list[tuple[object, ...]] = []
    for line, group in table.groupby("line", sort=True):
        stray = wrong[wrong["line"].eq(line)]
        proper = group[~group["marker"].isin(stray["marker"])].sort_values(["serial", "marker"])
        first = dict(zip(proper["serial"].iloc[::-1].astype(int), proper["marker"].iloc[::-1], strict=True))
        used = set(group["serial"].astype(int)) | taken.get(str(line), set())
        explained = [sorted(pair) for pair in zip(stray["before"], stray["after"], strict=True) if None not in pair]
        for low, high in pairwise(sorted(first)):
            gone = [one for one in range(low + 1, high) if one not in used]
            beside = any((line, one) in doubled for one in (low, high))
            between = any(low <= pair[0] and pair[1] <= high for pair in explained)
            if gone and not (between or (beside and len(gone) == 1)):
                around = sorted((first[low], first[high]))
                rows.append((around[0], f"{line} {gone[0]}", "missing", around[1:], line, gone))
    return rows


def _taken(ctx: Context) -> dict[str, set[int]]:
    """Serials of ended, future and scrapped markers by line."""
    every = ctx.history("markers").dropna(subset="serial")
    named = codes.split_list(every["line_codes"])
    serials = every["serial"].reindex(named.index).astype(int)
    found: dict[str, set[int]] = serials.groupby(named.to_numpy()).agg(set).to_dict()
    return found


RULE = Rule(
    code="MRK402",
    name="serial-missing-or-repeated",
    title=Text("界桩序号缺号或重号", "marker serial missing or repeated"),
    layers=("markers",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 17796（界桩逐线连续编号，同号双立、三立）",
    message=Text(
        "界线 {line} 上有几颗界桩都用序号 {serials}，又不是同号双立、三立（{number} 等）。",
        "Several markers of line {line} have the serial {serials} without being twins ({number} and others).",
    ),
    check=missing_serial,
    uses=("boundary_lines",),
    variants={
        "missing": Variant(
            Text(
                "界线 {line} 的界桩缺序号 {serials}（{number} 前后）。",
                "On line {line} the serials {serials} next to {number} are missing.",
            )
        )
    },
)
