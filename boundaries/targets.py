"""What the kinds of changes ask of their sources and targets, and sentences that several of them say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon

from boundaries import parcelling
from boundaries.drafting import Draft, Unit, level_of, parent_of
from boundaries.reorganisation import Change, ReorganisationError, Target


def pairs(draft: Draft, change: Change) -> list[tuple[Unit, Target]]:
    """Sources and targets that go in pairs. Raises ReorganisationError when there are not as many of both."""
    if len(change.sources) != len(change.targets) or not change.sources:
        raise ReorganisationError(
            f"{change.kind} 的 from 与 to 要一一对应：from 有 {len(change.sources)} 个，to 有 {len(change.targets)} 个。",
            f"from and to of a {change.kind} go in pairs: from has {len(change.sources)}, to has {len(change.targets)}.",
        )
    return [(draft.unit(code), target) for code, target in zip(change.sources, change.targets, strict=True)]


def only_target(change: Change) -> Target:
    """The target of a change that has one. Raises ReorganisationError when there are more."""
    if len(change.targets) != 1:
        raise ReorganisationError(
            f"{change.kind} 的 to 只能有一个区划，现有 {len(change.targets)} 个。",
            f"A {change.kind} has one division in to, not {len(change.targets)}.",
        )
    return change.targets[0]


def common_level(draft: Draft, change: Change) -> str:
    """The level that all sources have. Raises ReorganisationError when there are several."""
    levels = {level_of(draft.unit(code).code) for code in change.sources}
    if len(levels) != 1:
        raise ReorganisationError(
            f"from 的区划应是同一级，现有 {'、'.join(sorted(levels)) or '0 个'}。",
            f"The divisions in from must be of one level, not {', '.join(sorted(levels)) or 'none'}.",
        )
    return levels.pop()


def code_of(target: Target, level: str | None) -> str:
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


def nameless(code: str) -> ReorganisationError:
    """The error for a new division without a name."""
    return ReorganisationError(f"新区划 {code} 没有名称 name。", f"The new division {code} has no name.")


def require_distinct(given: Sequence[str]) -> None:
    """Raise ReorganisationError when a code is given twice."""
    twice = sorted({code for code in given if list(given).count(code) > 1})
    if twice:
        raise ReorganisationError(
            f"代码 {'、'.join(twice)} 在 to 中出现两次。", f"The code {', '.join(twice)} occurs twice in to."
        )


def require_members(draft: Draft, target: Target, sources: Sequence[str]) -> None:
    """Raise ReorganisationError when a member is no subdivision of ``sources``."""
    for member in target.members:
        unit = draft.unit(member)
        if parent_of(member) not in sources:
            raise not_a_child(unit, sources)


def not_a_child(unit: Unit, parents: Sequence[str]) -> ReorganisationError:
    """The error for a member that lies elsewhere."""
    return ReorganisationError(
        f"members 中的 {unit.label} 不是 {'、'.join(parents)} 的下级。",
        f"{unit.label} in members is no subdivision of {', '.join(parents)}.",
    )


def left_over(labels: Sequence[str]) -> ReorganisationError:
    """The error for subdivisions that would belong nowhere."""
    more = f" +{len(labels) - 5}" if len(labels) > 5 else ""
    return ReorganisationError(
        f"下级 {'、'.join(labels[:5])}{more} 没有写进任何 members，会没有归属。",
        f"{', '.join(labels[:5])}{more} are in no members and would belong nowhere.",
    )


def united(shapes: Sequence[MultiPolygon | None]) -> MultiPolygon | None:
    """Union of the grounds that there are, None where there is none."""
    there = [shape for shape in shapes if shape is not None and not shape.is_empty]
    return parcelling.joined(there) if there else None


def of_a_part(unit: Unit) -> dict[str, str]:
    """What a division made out of part of another has in common with it."""
    return {name: unit.cells[name] for name in ("kind", "urban_rural") if name in unit.cells}


def shared_ground(ground: MultiPolygon, unit: Unit, tolerance_m: float) -> np.ndarray:
    """Polygons that a ground shares with a unit, wider than a tolerance."""
    return np.asarray(parcelling.wide(shapely.intersection(ground, unit.geometry), tolerance_m))
