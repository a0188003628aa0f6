"""Rules on doorplates and, after them, on addresses, in the order of their codes."""

from doorplates.addresses.rules import RULES as ADDRESS_RULES
from doorplates.rules import (
    far_from_its_road,
    number_jump,
    number_not_canonical,
    number_not_in_grammar,
    numbers_missing,
    out_of_order,
    outside_its_division,
    outside_the_county,
    plate_code,
    range_or_sub_number,
    retired_or_reserved_number,
    road_or_place_missing,
    same_number_twice,
    stacked_points,
    status_pair_impossible,
    wrong_side,
)
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (
    number_not_in_grammar.RULE,
    number_not_canonical.RULE,
    range_or_sub_number.RULE,
    road_or_place_missing.RULE,
    plate_code.RULE,
    wrong_side.RULE,
    out_of_order.RULE,
    number_jump.RULE,
    far_from_its_road.RULE,
    outside_its_division.RULE,
    stacked_points.RULE,
    outside_the_county.RULE,
    same_number_twice.RULE,
    numbers_missing.RULE,
    retired_or_reserved_number.RULE,
    status_pair_impossible.RULE,
    *ADDRESS_RULES,
)
