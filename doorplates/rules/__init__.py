"""Rules of this package, in the order of their codes; those on addresses follow."""

from doorplates.addresses.rules import RULES as ADDRESS_RULES
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (*ADDRESS_RULES,)
