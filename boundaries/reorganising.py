"""Working out the changes of a reorganisation on a draft of the divisions: six kinds, each a few steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import MultiPolygon

from boundaries import codes, parcelling
from boundaries.drafting import Draft, Unit, level_of, parent_of, renamed
from boundaries.reorganisation import Change, Kind, Reorganisation, ReorganisationError, Target

MOSTLY = 0.95  # a subdivision lies in the part that has this share of its ground


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
    for source, target in _pairs(draft, change):
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
    for source, target in _pairs(draft, change):
        draft.recode(source.code, _code(target, level_of(source.code)), target.said(), target.member_codes)


def _merge(draft: Draft, change: Change) -> None:
    target = _only_target(change)
    level = _common_level(draft, change)
    code = _code(target, level)
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
        raise _nameless(code)
    ground = _united([one.geometry for one in sources])
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


def _split(draft: Draft, change: Change) -> None:
    if len(change.sources) != 1 or len(change.targets) < 2:
        raise ReorganisationError(
            "拆分的 from 是一个区划，to 是两个以上。", "A split has one division in from and two or more in to."
        )
    source = draft.unit(change.sources[0])
    level = level_of(source.code)
    new = [_code(target, level) for target in change.targets]
    _require_distinct(new)
    for code, target in zip(new, change.targets, strict=True):
        if code != source.code:
            draft.require_free(code)
            draft.require_parent(code)
            if not target.name:
                raise _nameless(code)
    children = draft.children(source.code)
    members = _members_of_parts(draft, source, change.targets, children)
    grounds = _grounds_of_parts(draft, source, change.targets, members)
    draft.remove(source.code)
    for code, target, ground in zip(new, change.targets, grounds, strict=True):
        kept = source.cells if code == source.code else _of_a_part(source)
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


def _create(draft: Draft, change: Change) -> None:
    if not change.targets:
        raise ReorganisationError("create 的 to 不能为空。", "A creation needs the new division in to.")
    sources = [draft.unit(code) for code in change.sources]
    for target in change.targets:
        code = _code(target, level_of(sources[0].code) if sources else None)
        draft.require_free(code)
        draft.require_parent(code)
        if not target.name:
            raise _nameless(code)
        if target.members:
            _create_of_members(draft, change, target, code)
        elif target.geometry is not None:
            _create_on_ground(draft, change, target, code)
        else:
            raise ReorganisationError(
                f"新设的 {target.name}（{code}）要给出 geometry、geometry_file 或 members。",
                f"The new {target.name} ({code}) needs geometry, geometry_file or members.",
            )
    for one in dict.fromkeys(change.sources):
        ground = draft.units[one].geometry
        if ground is not None and ground.is_empty:
            _dissolve(draft, one)


def _create_of_members(draft: Draft, change: Change, target: Target, code: str) -> None:
    members = [draft.unit(one) for one in target.members]
    homes = list(dict.fromkeys(parent_of(one.code) for one in members))
    for one in members:
        if codes.UPPER.get(level_of(one.code)) != level_of(code) or (
            change.sources and parent_of(one.code) not in change.sources
        ):
            raise _not_a_child(one, change.sources or (code,))
    ground = _united([one.geometry for one in members])
    origin = frozenset().union(*(draft.units[home].origin for home in homes if home in draft.units))
    draft.put(Unit(code, target.said(), ground, None, origin))
    for home in homes:
        own = _united([one.geometry for one in members if parent_of(one.code) == home])
        if home in draft.units and own is not None and draft.units[home].geometry is not None:
            draft.reshape(home, parcelling.less(draft.units[home].geometry, own))
        draft.shift(own, home, code)
    draft.adopt(members, code, target.member_codes)


def _create_on_ground(draft: Draft, change: Change, target: Target, code: str) -> None:
    ground = target.geometry
    assert ground is not None
    level, tolerance = level_of(code), draft.tolerance_m
    peers = [one for one in draft.units.values() if level_of(one.code) == level and one.geometry is not None]
    touched = _overlapping(ground, peers)
    strangers = [one for one in touched if one.code not in change.sources and len(_shared(ground, one, tolerance))]
    if strangers:
        raise ReorganisationError(
            f"新设的 {target.name} 与 {'、'.join(one.label for one in strangers)} 重叠；从它们划出的，请写进 from。",
            f"The ground of the new {target.name} overlaps {', '.join(one.label for one in strangers)}; "
            "name them in from where they give ground.",
        )
    above = draft.units.get(parent_of(code))
    givers = [one for one in touched if one.code in change.sources]
    if above is not None and above.geometry is not None:
        inside = _united([above.geometry, *(one.geometry for one in givers)])
        beyond = parcelling.wide(shapely.difference(ground, inside), tolerance)
        if len(beyond):
            raise ReorganisationError(
                f"新设的 {target.name} 有 {shapely.area(beyond).sum():.0f} 平方米在 {above.label} 之外；请核对图形和坐标系。",
                f"{shapely.area(beyond).sum():.0f} square metres of the new {target.name} lie outside {above.label}; "
                "check the geometry and its CRS.",
            )
    if change.sources and not givers:
        raise ReorganisationError(
            f"新设的 {target.name} 没有用到 from 中任何区划的地域。",
            f"The new {target.name} takes no ground from the divisions in from.",
        )
    origin = frozenset().union(*(one.origin for one in givers))
    kept = _of_a_part(givers[0]) if givers else {}
    draft.put(Unit(code, renamed(kept, target.said()), ground, None, origin))
    for one in givers:
        assert one.geometry is not None
        own = _united(list(_shared(ground, one, parcelling.SLIVER_M)))
        rest = parcelling.less(one.geometry, ground)
        rest = rest if len(parcelling.wide(rest, tolerance)) else MultiPolygon()
        draft.reshape(one.code, rest)
        draft.shift(own, one.code, code)


def _dissolve(draft: Draft, code: str) -> None:
    """End a division that has given all its ground away; its subdivisions must have left it."""
    left = draft.children(code)
    if left:
        raise ReorganisationError(
            f"{draft.units[code].label} 的地域已全部划出，但还有下级 {left[0].label} 等。",
            f"{draft.units[code].label} has no ground left, but still has {left[0].label}.",
        )
    draft.remove(code)


def _move(draft: Draft, change: Change) -> None:
    target, sources = change.targets[0] if change.targets else None, [draft.unit(code) for code in change.sources]
    if target is None or not sources:
        raise ReorganisationError("move 要有 from 和 to。", "A move needs from and to.")
    here = draft.units.get(target.code or "")
    if target.members:
        _require_members(draft, target, change.sources)
        sources = [draft.unit(one) for one in target.members]
    if here is None and not target.members:
        _recode(draft, change)
        return
    if here is None:
        draft.unit(target.code or "")
    assert here is not None
    _only_target(change)
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
    whole = _united([one.geometry for one in sources])
    beyond = parcelling.wide(shapely.difference(ground, whole), draft.tolerance_m)
    if len(beyond):
        raise ReorganisationError(
            f"划给 {taker.label} 的地域有 {shapely.area(beyond).sum():.0f} 平方米不在 from 的区划内；请核对图形和坐标系。",
            f"{shapely.area(beyond).sum():.0f} square metres of the ground for {taker.label} are not in the divisions in "
            "from; check the geometry and its CRS.",
        )
    for one in sources:
        assert one.geometry is not None
        own = _united(list(_shared(ground, one, parcelling.SLIVER_M)))
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
    Kind.SPLIT: _split,
    Kind.CREATE: _create,
    Kind.MOVE: _move,
}


def _pairs(draft: Draft, change: Change) -> list[tuple[Unit, Target]]:
    if len(change.sources) != len(change.targets) or not change.sources:
        raise ReorganisationError(
            f"{change.kind} 的 from 与 to 要一一对应：from 有 {len(change.sources)} 个，to 有 {len(change.targets)} 个。",
            f"from and to of a {change.kind} go in pairs: from has {len(change.sources)}, to has {len(change.targets)}.",
        )
    return [(draft.unit(code), target) for code, target in zip(change.sources, change.targets, strict=True)]


def _only_target(change: Change) -> Target:
    if len(change.targets) != 1:
        raise ReorganisationError(
            f"{change.kind} 的 to 只能有一个区划，现有 {len(change.targets)} 个。",
            f"A {change.kind} has one division in to, not {len(change.targets)}.",
        )
    return change.targets[0]


def _common_level(draft: Draft, change: Change) -> str:
    levels = {level_of(draft.unit(code).code) for code in change.sources}
    if len(levels) != 1:
        raise ReorganisationError(
            f"from 的区划应是同一级，现有 {'、'.join(sorted(levels)) or '0 个'}。",
            f"The divisions in from must be of one level, not {', '.join(sorted(levels)) or 'none'}.",
        )
    return levels.pop()


def _code(target: Target, level: str | None) -> str:
    """The code of a target, which has to be of the level of its sources."""
    if target.code is None:
        raise ReorganisationError(
            f"to 中的“{target.name or ''}”没有代码 code。", f'"{target.name or ""}" in to has no code.'
        )
    if level is not None and level_of(target.code) != level:
        raise ReorganisationError(
            f"代码 {target.code} 是 {level_of(target.code)} 级，而 from 是 {level} 级。",
            f"The code {target.code} is one of a {level_of(target.code)}, but from is of the level {level}.",
        )
    return target.code


def _nameless(code: str) -> ReorganisationError:
    return ReorganisationError(f"新区划 {code} 没有名称 name。", f"The new division {code} has no name.")


def _require_distinct(given: Sequence[str]) -> None:
    twice = sorted({code for code in given if list(given).count(code) > 1})
    if twice:
        raise ReorganisationError(
            f"代码 {'、'.join(twice)} 在 to 中出现两次。", f"The code {', '.join(twice)} occurs twice in to."
        )


def _united(shapes: Sequence[MultiPolygon | None]) -> MultiPolygon | None:
    there = [shape for shape in shapes if shape is not None and not shape.is_empty]
    return parcelling.joined(there) if there else None


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


def _require_members(draft: Draft, target: Target, sources: Sequence[str]) -> None:
    for member in target.members:
        unit = draft.unit(member)
        if parent_of(member) not in sources:
            raise _not_a_child(unit, sources)


def _not_a_child(unit: Unit, parents: Sequence[str]) -> ReorganisationError:
    return ReorganisationError(
        f"members 中的 {unit.label} 不是 {'、'.join(parents)} 的下级。",
        f"{unit.label} in members is no subdivision of {', '.join(parents)}.",
    )


def _require_all_members(draft: Draft, target: Target, sources: Sequence[Unit]) -> None:
    """Members given for a merger must be all subdivisions of its sources."""
    if not target.members:
        return
    _require_members(draft, target, [one.code for one in sources])
    missing = [child.label for one in sources for child in draft.children(one.code) if child.code not in target.members]
    if missing:
        raise _left_over(missing)


def _left_over(labels: Sequence[str]) -> ReorganisationError:
    more = f" +{len(labels) - 5}" if len(labels) > 5 else ""
    return ReorganisationError(
        f"下级 {'、'.join(labels[:5])}{more} 没有写进任何 members，会没有归属。",
        f"{', '.join(labels[:5])}{more} are in no members and would belong nowhere.",
    )


def _members_of_parts(
    draft: Draft, source: Unit, targets: Sequence[Target], children: Sequence[Unit]
) -> list[list[Unit]]:
    """The subdivisions of each part as the change file says; empty when it names none."""
    if not any(target.members for target in targets):
        return []
    named: list[str] = []
    for target in targets:
        _require_members(draft, target, [source.code])
        named += target.members
    _require_distinct(named)
    left = [child for child in children if child.code not in named]
    open_parts = [number for number, target in enumerate(targets) if not target.members]
    if left and len(open_parts) != 1:
        raise _left_over([one.label for one in left])
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
        else _united([one.geometry for one in members[number]])
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


def _in_common(units: Sequence[Unit]) -> dict[str, str]:
    """What a division made out of others has in common with all of them."""
    first = units[0].cells
    return {
        name: first[name]
        for name in ("kind", "urban_rural")
        if name in first and all(one.cells.get(name) == first[name] for one in units)
    }


def _of_a_part(unit: Unit) -> dict[str, str]:
    """What a division made out of part of another has in common with it."""
    return {name: unit.cells[name] for name in ("kind", "urban_rural") if name in unit.cells}


def _overlapping(ground: MultiPolygon, units: Sequence[Unit]) -> list[Unit]:
    shapes = np.array([one.geometry for one in units], dtype=object)
    return [units[number] for number in sorted(shapely.STRtree(shapes).query(ground, predicate="intersects"))]


def _shared(ground: MultiPolygon, unit: Unit, tolerance_m: float) -> np.ndarray:
    return np.asarray(parcelling.wide(shapely.intersection(ground, unit.geometry), tolerance_m))


def _cut(child: Unit, ground: MultiPolygon, tolerance_m: float) -> bool:
    return child.geometry is not None and bool(len(_shared(ground, child, tolerance_m)))
