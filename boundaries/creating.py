"""Creating a division out of subdivisions of others, or on ground that others give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon

from boundaries import codes, parcelling
from boundaries.drafting import Draft, Unit, level_of, parent_of, renamed
from boundaries.reorganisation import Change, ReorganisationError, Target
from boundaries.targets import code_of, nameless, not_a_child, of_a_part, shared_ground, united


def create(draft: Draft, change: Change) -> None:
    """Make new divisions; those in ``from`` give the ground, and one that has none left ends."""
    if not change.targets:
        raise ReorganisationError("create 的 to 不能为空。", "A creation needs the new division in to.")
    sources = [draft.unit(code) for code in change.sources]
    for target in change.targets:
        code = code_of(target, level_of(sources[0].code) if sources else None)
        draft.require_free(code)
        draft.require_parent(code)
        if not target.name:
            raise nameless(code)
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
            raise not_a_child(one, change.sources or (code,))
    ground = united([one.geometry for one in members])
    origin = frozenset().union(*(draft.units[home].origin for home in homes if home in draft.units))
    draft.put(Unit(code, target.said(), ground, None, origin))
    for home in homes:
        own = united([one.geometry for one in members if parent_of(one.code) == home])
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
    strangers = [
        one for one in touched if one.code not in change.sources and len(shared_ground(ground, one, tolerance))
    ]
    if strangers:
        raise ReorganisationError(
            f"新设的 {target.name} 与 {'、'.join(one.label for one in strangers)} 重叠；从它们划出的，请写进 from。",
            f"The ground of the new {target.name} overlaps {', '.join(one.label for one in strangers)}; "
            "name them in from where they give ground.",
        )
    above = draft.units.get(parent_of(code))
    givers = [one for one in touched if one.code in change.sources]
    if above is not None and above.geometry is not None:
        inside = united([above.geometry, *(one.geometry for one in givers)])
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
    kept = of_a_part(givers[0]) if givers else {}
    draft.put(Unit(code, renamed(kept, target.said()), ground, None, origin))
    for one in givers:
        assert one.geometry is not None
        own = united(list(shared_ground(ground, one, parcelling.SLIVER_M)))
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


def _overlapping(ground: MultiPolygon, units: Sequence[Unit]) -> list[Unit]:
    shapes = np.array([one.geometry for one in units], dtype=object)
    return [units[number] for number in sorted(shapely.STRtree(shapes).query(ground, predicate="intersects"))]
