"""Rules on addresses, in the order of their codes."""

from doorplates.addresses.rules import (
    division_chain_broken,
    doorplate_missing_or_different,
    former_division_used,
    match_unsure,
    no_standard_place_name,
    part_not_canonical,
    personal_data,
    point_and_text_disagree,
    repeated_part,
    road_not_near,
    same_address_twice,
    standard_text_differs,
)
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (
    repeated_part.RULE,
    part_not_canonical.RULE,
    personal_data.RULE,
    division_chain_broken.RULE,
    former_division_used.RULE,
    standard_text_differs.RULE,
    point_and_text_disagree.RULE,
    no_standard_place_name.RULE,
    match_unsure.RULE,
    same_address_twice.RULE,
    doorplate_missing_or_different.RULE,
    road_not_near.RULE,
)
