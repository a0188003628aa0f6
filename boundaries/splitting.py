"""Splitting a division: every part has a code, ground and the subdivisions that lie in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon

from boundaries import parcelling
from boundaries.drafting import Draft, Unit, level_of, renamed
from boundaries.reorganisation import Change, ReorganisationError, Target
from boundaries.targets import code_of, left_over, nameless, of_a_part, require_distinct, require_members, united

MOSTLY = 0.95  # a subdivision lies in the part that has this share of its ground


def split(draft: Draft, change: Change) -> None:
    """Make two divisions or more out of one; one of them may keep the code."""
    if len(change.sources) != 1 or len(change.targets) < 2:
        raise ReorganisationError(
            "拆分的 from 是一个区划，to 是两个以上。", "A split has one division in from and two or more in to."
        )
    source = draft.unit(change.sources[0])
    level = level_of(source.code)
    new = [code_of(target, level) for target in change.targets]
    require_distinct(new)
    for code, target in zip(new, change.targets, strict=True):
        if code != source.code:
            draft.require_free(code)
            draft.require_parent(code)
            if not target.name:
                raise nameless(code)
    children = draft.children(source.code)
    members = _members_of_parts(draft, source, change.targets, children)
    grounds = _grounds_of_parts(draft, source, change.targets, members)
    draft.remove(source.code)
    for code, target, ground in zip(new, change.targets, grounds, strict=True):
        kept = source.cells if code == source.code else of_a_part(source)
        draft.put(
            Unit(
                code,
                renamed(kept, target.said()),
                ground,
                source.record_id if code == source.code else None,
                source.origin,
            )
        )
        if code != source.code:
            draft.shift(ground, source.code, code)
    if not members:
        members = _by_ground(children, grounds)
    for code, target, own in zip(new, change.targets, members, strict=True):
        draft.adopt(own, code, target.member_codes)


def _members_of_parts(
    draft: Draft, source: Unit, targets: Sequence[Target], children: Sequence[Unit]
) -> list[list[Unit]]:
    """The subdivisions of each part as the change file says; empty when it names none."""
    if not any(target.members for target in targets):
        return []
    named: list[str] = []
    for target in targets:
        require_members(draft, target, [source.code])
        named += target.members
    require_distinct(named)
    left = [child for child in children if child.code not in named]
    open_parts = [number for number, target in enumerate(targets) if not target.members]
    if left and len(open_parts) != 1:
        raise left_over([one.label for one in left])
    return [[draft.unit(one) for one in target.members] if target.members else left for target in targets]


def _grounds_of_parts(
    draft: Draft, source: Unit, targets: Sequence[Target], members: Sequence[Sequence[Unit]]
) -> list[MultiPolygon | None]:
    """The ground of each part: given, that of its members, or (for one part) the rest. They tile the source exactly.

    Raises ReorganisationError when they do not within the tolerance.
    """
    grounds = [
        target.geometry
        if target.geometry is not None
        else united([one.geometry for one in members[number]])
        if members
        else None
        for number, target in enumerate(targets)
    ]
    whole = source.geometry
    if whole is None:
        return grounds
    bare = [number for number, ground in enumerate(grounds) if ground is None]
    if len(bare) > 1:
        raise ReorganisationError(
            f"拆分 {source.label}：to 中有 {len(bare)} 个没有 geometry 或 members；只能有一个不写（取余下的地域）。",
            f"Splitting {source.label}: {len(bare)} parts have neither geometry nor members; only one may be without and "
            "gets the rest.",
        )
    if bare:
        rest = parcelling.less(whole, shapely.union_all([ground for ground in grounds if ground is not None]))
        if not len(parcelling.wide(rest, draft.tolerance_m)):
            raise ReorganisationError(
                f"拆分 {source.label}：没有余下的地域留给 {targets[bare[0]].name or targets[bare[0]].code}。",
                f"Splitting {source.label}: no ground is left for {targets[bare[0]].name or targets[bare[0]].code}.",
            )
        grounds[bare[0]] = rest
    parts = [ground for ground in grounds if ground is not None]
    fault = parcelling.misfit(whole, parts, draft.tolerance_m)
    if fault:
        raise ReorganisationError(
            f"拆分 {source.label}：各部分没有恰好铺满原地域：{fault.uncovered_m2:.0f} 平方米无归属，"
            f"{fault.outside_m2:.0f} 平方米在原界线外，{fault.shared_m2:.0f} 平方米重叠；请核对图形和坐标系。",
            f"Splitting {source.label}: the parts do not tile the old ground: {fault.uncovered_m2:.0f} square metres "
            f"belong to none, {fault.outside_m2:.0f} are outside the old border, {fault.shared_m2:.0f} overlap; check the "
            "geometry and its CRS.",
        )
    return list(parcelling.fitted(whole, parts))


def _by_ground(children: Sequence[Unit], grounds: Sequence[MultiPolygon | None]) -> list[list[Unit]]:
    """Subdivisions of a split division by the part that has nearly all of their ground."""
    owned: list[list[Unit]] = [[] for _ in grounds]
    for child in children:
        shares = [
            0.0
            if ground is None or child.geometry is None
            else shapely.area(shapely.intersection(ground, child.geometry)) / child.geometry.area
            for ground in grounds
        ]
        best = int(np.argmax(shares))
        if shares[best] < MOSTLY:
            raise ReorganisationError(
                f"下级 {child.label} 不完全在哪一部分内；请用 members 写明归属，或先拆分它。",
                f"{child.label} lies in no part as a whole; say in members where it goes, or split it first.",
            )
        owned[best].append(child)
    return owned
