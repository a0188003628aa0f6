"""How values are put before people: masked, measured, marked, by their words."""

import pytest

from doorplates.addresses.personal import REDACTED
from web import words


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context("/"):
        yield


def edit(layer, field, before, after):
    return {"layer": layer, "record_id": "1", "field": field, "before": before, "after": after}


def test_personal_values_of_an_edit_are_masked():
    told = words.shown_edit(edit("doorplates", "phone", "13800000000", None))
    assert (told["before"], told["after"]) == (REDACTED, None)


def test_what_a_finding_redacts_is_not_shown_by_its_edit():
    evidence = {"field": "text", "redacted": "官驿路3号 ***"}
    told = words.shown_edit(edit("addresses", "text", "官驿路3号 13800000000", "官驿路3号"), evidence)
    assert (told["before"], told["after"]) == ("官驿路3号 ***", "官驿路3号")
    assert words.shown_edit(edit("addresses", "road", "a", "b"), evidence)["before"] == "a"


@pytest.mark.parametrize(
    ("wkt", "told"),
    [
        ("POINT (580147.3900487721 3274622.9305248656)", "580147.39, 3274622.93"),
        ("MULTILINESTRING ((0 0, 3 4))", "长 5.0 米，2 个折点"),
        ("MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)))", "面积 10,000.0 平方米，5 个折点"),
        ("POLYGON EMPTY", "长 0.0 米，0 个折点"),
    ],
)
def test_geometries_are_measured(wkt, told):
    assert words.shown_edit(edit("roads", "geometry", wkt, None))["before"] == told


def test_values_of_closed_lists_have_their_words():
    assert words.shown_edit(edit("roads", "status", "in_use", "planned"))["after"] == "规划"
    assert words.value_word("doorplates", "numbering", "odd_left") == "左单右双"
    assert words.value_word("roads", "name", "in_use") == "in_use"


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("江 东村", "江东村", ("江<del>␣</del>东村", "江东村")),
        ("江东村", "江南村", ("江<del>东</del>村", "江<ins>南</ins>村")),
        (None, "<b>", ("—", "<ins>&lt;b&gt;</ins>")),
        ("a&b", "a&b", ("a&amp;b", "a&amp;b")),
        ("村\u200b", "村", ("村<del>⟨200B⟩</del>", "村")),
    ],
)
def test_differences_are_marked_and_markup_is_escaped(before, after, marked):
    assert words.marked(before, after) == marked


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "—"), ("", "—"), ([], "—"), (["a", None], "a、—"), (True, "是"), (0, "0"), ("x" * 999, "x" * 160 + "…")],
)
def test_values_are_shown(value, told):
    assert words.shown(value) == told


def test_literals_of_a_page_are_set_off_and_escaped():
    assert words.coded("`<i>` 应为 `b`") == "<code>&lt;i&gt;</code> 应为 <code>b</code>"
