"""Rules on addresses, in the order of their codes."""

from doorplates.addresses.rules import personal_data
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (personal_data.RULE,)
