"""Rules of this package, in the order of their codes."""

from rulebook.rules import Rule

RULES: tuple[Rule, ...] = ()
