"""Rules on place and road names, in the order of their codes."""

from gazetteer.rules import (
    bracket_or_provisional_mark,
    broken_character,
    crosses_divisions_unlisted,
    foreign_letter_or_symbol,
    full_width_letter_or_digit,
    generic_term_missing,
    generic_term_stacked,
    mandatory_field_missing,
    name_missing_or_too_long,
    outside_its_division,
    place_code_malformed,
    place_code_repeated,
    same_name_in_scope,
    split_differs,
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
    generic_term_missing.RULE,
    generic_term_stacked.RULE,
    split_differs.RULE,
    place_code_malformed.RULE,
    place_code_repeated.RULE,
    mandatory_field_missing.RULE,
    outside_its_division.RULE,
    crosses_divisions_unlisted.RULE,
    same_name_in_scope.RULE,
)
