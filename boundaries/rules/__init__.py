"""Rules of this package, in the order of their codes."""

from boundaries.rules import (
    broken_hierarchy,
    differing_edge,
    gap,
    invalid_ring,
    line_off_polygons,
    malformed_code,
    marker_count,
    overlap,
    repeated_code,
    sides_disagree,
    unexpected_part,
    untiled_parent,
)
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (
    malformed_code.RULE,
    repeated_code.RULE,
    broken_hierarchy.RULE,
    invalid_ring.RULE,
    unexpected_part.RULE,
    gap.RULE,
    overlap.RULE,
    untiled_parent.RULE,
    differing_edge.RULE,
    line_off_polygons.RULE,
    sides_disagree.RULE,
    marker_count.RULE,
)
