"""The pages of lines and markers in a real browser, on a desk and on a phone: no complaint, no other host, keys alone."""

import pytest

from tests.register import field_county
from tests.web import test_browser as browsers
from tests.web import test_markers as pages
from web import create_app
from web.config import SiteConfig

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
browser, site, visit, reg = browsers.browser, browsers.site, browsers.visit, pages.reg


@pytest.fixture
def app(reg):
    return create_app(reg, config=SiteConfig(actor="李敏"), today=field_county.TODAY)


@pytest.mark.parametrize("viewport", [browsers.DESK, browsers.PHONE], ids=["desk", "phone"])
def test_the_pages_open_without_a_complaint_and_fit(visit, viewport):
    one = visit(viewport)
    for address in ("/lines", "/lines/L1", "/markers/m1", "/markers/m3?lang=en"):
        page = one.open(address)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
    page = one.open("/markers/m1?lang=zh")
    assert page.evaluate("document.querySelector('.pictures img').naturalWidth") > 0
    assert page.evaluate(
        "[...document.querySelectorAll('.stone-glyph')].every(one => one.getBoundingClientRect().width > 10)"
    )


def test_a_file_is_handed_in_by_the_keyboard_alone(visit, tmp_path):
    package = pages.as_package(tmp_path / "more.zip", [pages.visit("m4")])
    page = visit().open("/lines")
    page.set_input_files('[name="file"]', str(package))
    page.focus('[name="file"]')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".outcome.in")
    assert "收入 1" in page.inner_text(".lead")
    page.keyboard.press("Tab")


def test_the_package_of_a_trip_is_downloaded(visit):
    page = visit().open("/lines/L1")
    page.fill('[name="round"]', "第六轮")
    with page.expect_download() as package:
        page.click(".trip-form button")
    assert package.value.suggested_filename == "inspection-2026-0001.zip"
