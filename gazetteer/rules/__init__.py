"""Rules on place and road names, in the order of their codes."""

from gazetteer.rules import surplus_space
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (surplus_space.RULE,)
