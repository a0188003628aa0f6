"""Working out the changes of a reorganisation on a draft of the divisions: six kinds, each a few steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import shapely
from shapely import MultiPolygon

from boundaries import codes, parcelling
from boundaries.creating import create
from boundaries.drafting import Draft, Unit, level_of, parent_of, renamed
from boundaries.reorganisation import Change, Kind, Reorganisation, ReorganisationError, Target
from boundaries.splitting import split
from boundaries.targets import (
    code_of,
    common_level,
    left_over,
    nameless,
    only_target,
    pairs,
    require_members,
    shared_ground,
    united,
)  # fmt: skip


def carry_out(draft: Draft, plan: Reorganisation) -> None:
    """Work out all changes in turn. Raises ReorganisationError that names the change at fault."""
    for number, change in enumerate(plan.changes, start=1):
        try:
            STEPS[change.kind](draft, change)
        except ReorganisationError as fault:
            raise ReorganisationError(
                f"第 {number} 项变更（{change.kind}）：{fault.text.zh}",
                f"Change {number} ({change.kind}): {fault.text.en}",
            ) from fault


def _rename(draft: Draft, change: Change) -> None:
    for source, target in pairs(draft, change):
        if target.code not in (None, source.code):
            raise ReorganisationError(
                f"更名不改代码，to 的代码应是 {source.code}，不是 {target.code}；要改代码请用 recode。",
                f"A rename keeps the code {source.code}, it cannot become {target.code}; use recode for that.",
            )
        if target.name in (None, source.cells.get("name")):
            raise ReorganisationError(
                f"更名要在 to 中给出 {source.label} 的新名称 name。",
                f"A rename needs the new name of {source.label} in to.",
            )
        draft.put(replace(source, cells=renamed(source.cells, target.said())))


def _recode(draft: Draft, change: Change) -> None:
    for source, target in pairs(draft, change):
        draft.recode(source.code, code_of(target, level_of(source.code)), target.said(), target.member_codes)


def _merge(draft: Draft, change: Change) -> None:
    target = only_target(change)
    level = common_level(draft, change)
    code = code_of(target, level)
    survivor = draft.units.get(code)
    sources = [draft.unit(one) for one in dict.fromkeys([*change.sources, *([code] if survivor else [])])]
    if len(sources) < 2:
        raise ReorganisationError(
            "合并至少要有两个区划；只改代码请用 recode。",
            "A merger needs two divisions; use recode for a new code alone.",
        )
    if survivor is None:
        draft.require_free(code)
        draft.require_parent(code)
    said = target.said()
    if survivor is None and "name" not in said:
        raise nameless(code)
    ground = united([one.geometry for one in sources])
    _require_same_ground(draft, target, ground, sources)
    _require_all_members(draft, target, sources)
    children = [child for one in sources for child in draft.children(one.code)]
    for one in sources:
        draft.remove(one.code)
    carried = survivor.cells if survivor else _in_common(sources)
    draft.put(
        Unit(
            code,
            renamed(carried, said),
            ground,
            survivor.record_id if survivor else None,
            frozenset().union(*(one.origin for one in sources)),
        )
    )
    for one in sources:
        draft.shift(one.geometry, one.code, code)
    draft.adopt(children, code, target.member_codes)


def _move(draft: Draft, change: Change) -> None:
    target, sources = change.targets[0] if change.targets else None, [draft.unit(code) for code in change.sources]
    if target is None or not (sources or target.members):
        raise ReorganisationError("move 要有 from 和 to。", "A move needs from and to.")
    here = draft.units.get(target.code or "")
    if target.members:
        require_members(draft, target, change.sources or [parent_of(one) for one in target.members])
        sources = [draft.unit(one) for one in target.members]
    if here is None and not target.members:
        _recode(draft, change)
        return
    if here is None:
        draft.unit(target.code or "")
    assert here is not None
    only_target(change)
    level = codes.LOWER.get(level_of(here.code))
    if level is not None and all(level_of(one.code) == level for one in sources):
        for one in sources:
            new = draft.code_within(one, here.code, target.member_codes)
            if new == one.code:
                raise ReorganisationError(
                    f"{one.label} 本来就属于 {here.label}。", f"{one.label} lies in {here.label} already."
                )
            draft.recode(one.code, new, {}, target.member_codes)
        return
    if target.geometry is None or any(level_of(one.code) != level_of(here.code) for one in sources):
        raise ReorganisationError(
            f"move 到 {here.label}：from 应是它的下一级区划，或 to 给出 members，或给出在同级区划之间划转的 geometry。",
            f"A move to {here.label}: from names divisions one level below, or to has members, or the geometry that is "
            "handed over between divisions of one level.",
        )
    _hand_over(draft, sources, here, target.geometry)


def _hand_over(draft: Draft, sources: Sequence[Unit], taker: Unit, ground: MultiPolygon) -> None:
    """Move ground between divisions of one level that both go on."""
    whole = united([one.geometry for one in sources])
    beyond = parcelling.wide(shapely.difference(ground, whole), draft.tolerance_m)
    if len(beyond):
        raise ReorganisationError(
            f"划给 {taker.label} 的地域有 {shapely.area(beyond).sum():.0f} 平方米不在 from 的区划内；请核对图形和坐标系。",
            f"{shapely.area(beyond).sum():.0f} square metres of the ground for {taker.label} are not in the divisions in "
            "from; check the geometry and its CRS.",
        )
    for one in sources:
        assert one.geometry is not None
        own = united(list(shared_ground(ground, one, parcelling.SLIVER_M)))
        if own is None:
            continue
        straddling = [child.label for child in draft.children(one.code) if _cut(child, ground, draft.tolerance_m)]
        if straddling:
            raise ReorganisationError(
                f"划转的地域含有或切开了下级 {'、'.join(straddling)}；请用 members 移动整个下级，或先拆分它们。",
                f"The ground handed over holds or cuts {', '.join(straddling)}; move whole subdivisions by members, or split "
                "them first.",
            )
        rest = parcelling.less(one.geometry, own)
        if not len(parcelling.wide(rest, draft.tolerance_m)):
            raise ReorganisationError(
                f"{one.label} 的地域会全部划走；请用 merge。", f"{one.label} would have no ground left; use merge."
            )
        draft.reshape(one.code, rest)
        here = draft.units[taker.code].geometry
        draft.reshape(taker.code, own if here is None else parcelling.joined([here, own]), one.origin)
        draft.shift(own, one.code, taker.code)


STEPS: dict[Kind, Callable[[Draft, Change], None]] = {
    Kind.RENAME: _rename,
    Kind.RECODE: _recode,
    Kind.MERGE: _merge,
    Kind.SPLIT: split,
    Kind.CREATE: create,
    Kind.MOVE: _move,
}


def _require_same_ground(draft: Draft, target: Target, ground: MultiPolygon | None, sources: Sequence[Unit]) -> None:
    """The geometry given for a merger must be the ground of its sources."""
    if target.geometry is None or ground is None:
        return
    fault = parcelling.misfit(ground, [target.geometry], draft.tolerance_m)
    if fault:
        raise ReorganisationError(
            f"给出的图形与 {'、'.join(one.label for one in sources)} 合起来的地域不符：少 {fault.uncovered_m2:.0f} 平方米，"
            f"多 {fault.outside_m2:.0f} 平方米；请核对图形和坐标系，或不写 geometry。",
            f"The geometry given is not the ground of {', '.join(one.label for one in sources)}: "
            f"{fault.uncovered_m2:.0f} square metres are missing, {fault.outside_m2:.0f} too many; check the geometry and "
            "its CRS, or leave it out.",
        )


def _require_all_members(draft: Draft, target: Target, sources: Sequence[Unit]) -> None:
    """Members given for a merger must be its sources, or all their subdivisions."""
    if not target.members or set(target.members) == {one.code for one in sources}:
        return
    require_members(draft, target, [one.code for one in sources])
    missing = [child.label for one in sources for child in draft.children(one.code) if child.code not in target.members]
    if missing:
        raise left_over(missing)


def _in_common(units: Sequence[Unit]) -> dict[str, str]:
    """What a division made out of others has in common with all of them."""
    first = units[0].cells
    return {
        name: first[name]
        for name in ("kind", "urban_rural")
        if name in first and all(one.cells.get(name) == first[name] for one in units)
    }


def _cut(child: Unit, ground: MultiPolygon, tolerance_m: float) -> bool:
    return child.geometry is not None and bool(len(shared_ground(ground, child, tolerance_m)))
