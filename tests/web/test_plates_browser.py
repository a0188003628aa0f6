"""The numbering page in a real browser: strip and map in step, a number by a click, reserved and taken back in place."""

import pytest

from tests.web.test_browser import PHONE, browser, site, until, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ROAD = "/plates?road=R1"


def marks(page):
    return page.eval_on_selector_all(".strip .plate", "found => found.map(one => one.dataset.plate)")


@pytest.mark.parametrize("phone", [False, True])
def test_pages_open_without_a_complaint(visit, phone):  # noqa: F811
    one = visit(PHONE) if phone else visit()
    for address in ("/plates", ROAD, "/plates?road=R2"):
        one.open(address)
        assert not one.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_a_number_by_a_click_is_reserved_and_taken_back_without_a_page_load(visit):  # noqa: F811
    one = visit()
    page = one.open(ROAD)
    until(page, "document.querySelectorAll('.leaflet-bones-pane canvas').length > 0")
    box = page.query_selector("#map_register").bounding_box()
    loads = one.loads
    foot = page.evaluate("fetch('/api/plates?road=R1').then(got => got.json()).then(all => all.plates.at(-1).point)")
    spot = page.evaluate(
        f"(() => {{ const p = map_register.latLngToContainerPoint([{foot[1]}, {foot[0]}]); return [p.x, p.y]; }})()"
    )
    page.mouse.click(box["x"] + spot[0] + 12, box["y"] + spot[1] - 1)
    page.wait_for_selector(".proposal .choice.best")
    assert page.eval_on_selector_all(".proposal .choice", "all => all.length") == 3
    before = marks(page)
    page.click(".proposal .primary")
    until(page, f"document.querySelectorAll('.strip .plate').length === {len(before) + 1}")
    page.keyboard.press("u")
    until(page, f"document.querySelectorAll('.strip .plate').length === {len(before)}")
    assert marks(page) == before
    assert one.loads == loads


def test_every_step_can_be_done_by_keyboard(visit):  # noqa: F811
    page = visit().open(ROAD)
    page.focus("#at")
    point = page.evaluate("fetch('/api/plates?road=R1').then(got => got.json()).then(all => all.plates.at(-1).point)")
    page.keyboard.type(f"{point[0] + 0.0002},{point[1] + 0.00002}")
    page.keyboard.press("Enter")
    page.wait_for_selector(".proposal .choice.best")
    page.focus(".proposal input[name=number]:checked")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('.proposal .choice:nth-of-type(2) input').checked")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert len(marks(page)) >= 3
