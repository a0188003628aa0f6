"""Rules of this package, in the order of their codes."""

from boundaries.rules import (
    broken_hierarchy,
    differing_edge,
    gap,
    invalid_ring,
    line_off_polygons,
    malformed_code,
    malformed_number,
    marker_count,
    missing_twin,
    overlap,
    repeated_code,
    sides_disagree,
    unexpected_part,
    untiled_parent,
    witnesses,
    wrong_line,
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
    malformed_number.RULE,
    witnesses.RULE,
    wrong_line.RULE,
    missing_twin.RULE,
)
