"""Rules on place and road names, in the order of their codes."""

from gazetteer.rules import (
    bracket_or_provisional_mark,
    broken_character,
    foreign_letter_or_symbol,
    full_width_letter_or_digit,
    name_missing_or_too_long,
    surplus_space,
)
from rulebook.rules import Rule

RULES: tuple[Rule, ...] = (
    name_missing_or_too_long.RULE,
    surplus_space.RULE,
    full_width_letter_or_digit.RULE,
    broken_character.RULE,
    bracket_or_provisional_mark.RULE,
    foreign_letter_or_symbol.RULE,
)
