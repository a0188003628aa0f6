"""Sentences in two languages."""

from __future__ import annotations

from rulebook.language import Text, placeholders


def test_format_fills_both_languages_each_in_its_own() -> None:
    text = Text("{what}在{where}", "{what} at {where}").format(what=Text("桩", "stone"), where=12.345)
    assert text == Text("桩在12.345", "stone at 12.345")


def test_missing_and_listed_evidence_is_readable() -> None:
    text = Text("{a:.1f} {b} {c:.2f}", "{a:.1f} {b} {c:.2f}").format(a=None, b=["x", "y"], c=float("nan"))
    assert text.zh == "— x、y —"


def test_placeholders_are_the_names_of_a_template() -> None:
    assert placeholders("{a} {b:.1f} {{c}}") == {"a", "b"}
