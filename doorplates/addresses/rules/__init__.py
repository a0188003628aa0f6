"""Rules on addresses, in the order of their codes."""

from doorplates.addresses.rules import (
    division_chain_broken,
    former_division_used,
    personal_data,
    point_and_text_disagree,
)
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (
    personal_data.RULE,
    division_chain_broken.RULE,
    former_division_used.RULE,
    point_and_text_disagree.RULE,
)
