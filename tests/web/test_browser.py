"""The pages in a real browser: list and map in step, accept and undo without a page load, nothing asked elsewhere."""

import os
import re
import shutil
import threading
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from web import maps

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser():
    where = next((found for name in NAMES if (found := shutil.which(name))), None)
    if where is None:
        reason = f"no browser was found ({', '.join(NAMES)})"
        if os.environ.get("DIMING_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=where, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def site(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def until(page, condition):
    """Wait until a condition holds in the page; polled from here, since the policy lets no page evaluate text."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it never became true: {condition}")


class Visit:
    """A page with what it complained about and whom it asked."""

    def __init__(self, browser, site, viewport):
        self.site, self.complaints, self.hosts, self.loads = site, [], set(), 0
        self.context = browser.new_context(viewport=viewport, has_touch=viewport is PHONE)
        self.page = self.context.new_page()
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).netloc))
        self.page.on("response", lambda got: got.status >= 400 and self.complaints.append(f"{got.status} {got.url}"))
        self.page.on("load", lambda: setattr(self, "loads", self.loads + 1))

    def open(self, address):
        self.page.goto(self.site + address)
        until(self.page, "document.body.classList.contains('scripted') || !document.querySelector('.bench')")
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def visit(browser, site):
    visits = []

    def start(viewport=DESK):
        visits.append(Visit(browser, site, viewport))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()
        assert one.complaints == []
        assert one.hosts <= {urlsplit(site).netloc}


def listed(page):
    return page.eval_on_selector_all(".item", "items => items.map(one => one.dataset.fingerprint)")


def shown(page):
    return page.eval_on_selector_all(".finding-pane .finding", "found => found.map(one => one.dataset.fingerprint)")


def wait_for_finding(page, fingerprint):
    page.wait_for_selector(f'.finding-pane:not([hidden]) .finding[data-fingerprint="{fingerprint}"]')


def test_every_page_opens_without_a_complaint(visit, fingerprint):
    one = visit()
    for address in (
        "/",
        "/?view=list",
        f"/findings/{fingerprint['P1']}",
        "/rules",
        "/rules/NAM102",
        "/history",
        "/records/roads/R2",
        "/applications",
        "/applications/new",
        "/plan",
        "/signs",
    ):
        one.open(address)
        assert not one.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_the_map_draws_the_county(visit):
    page = visit().open("/")
    assert page.evaluate("map_register.getZoom()") > maps.WIDEST_ZOOM
    drawn = """[...document.querySelectorAll('.leaflet-land-pane canvas')].some(canvas =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value))"""
    until(page, drawn)


def test_choosing_in_the_list_shows_the_finding_and_moves_the_map(visit, fingerprint):
    page = visit().open("/?rule=NAM102")
    before = page.evaluate("map_register.getZoom()")
    page.click(f'.item[data-fingerprint="{fingerprint["P1"]}"]')
    wait_for_finding(page, fingerprint["P1"])
    until(page, f"map_register.getZoom() > {before}")
    assert page.get_attribute(f'.item[data-fingerprint="{fingerprint["P1"]}"]', "aria-current") == "true"
    assert page.url.endswith(f"/findings/{fingerprint['P1']}?rule=NAM102")


def test_choosing_on_the_map_shows_the_finding_in_the_list(visit, fingerprint):
    one = visit()
    page = one.open("/?rule=NAM102")
    spot = f"""fetch('/api/findings?rule=NAM102').then(got => got.json()).then(all => {{
        const [lng, lat] = all.features.find(found => found.id === '{fingerprint["P1"]}').geometry.coordinates;
        const {{ x, y }} = map_register.latLngToContainerPoint([lat, lng]);
        const box = map_register.getContainer().getBoundingClientRect();
        return {{ x: box.x + x, y: box.y + y }};
    }})"""
    place = page.evaluate(spot)
    page.mouse.move(place["x"], place["y"])
    page.wait_for_selector(f'.item.pointed[data-fingerprint="{fingerprint["P1"]}"]')
    page.mouse.click(place["x"], place["y"])
    wait_for_finding(page, fingerprint["P1"])
    assert page.get_attribute(f'.item[data-fingerprint="{fingerprint["P1"]}"]', "aria-current") == "true"


def test_accepting_shrinks_the_list_is_logged_and_undone_without_a_page_load(visit, fingerprint):
    one = visit()
    page = one.open("/?rule=NAM102")
    first, second, third = listed(page)
    page.keyboard.press("j")
    wait_for_finding(page, first)
    page.keyboard.press("a")
    wait_for_finding(page, second)
    assert listed(page) == [second, third]
    assert "已接受" in page.inner_text(".toast")
    assert page.inner_text(".total b") == "2"
    page.click(".toast button")
    wait_for_finding(page, first)
    assert listed(page) == [first, second, third]
    assert one.loads == 1
    page.goto(one.site + "/history")
    assert re.findall(r"修改 (\d+)", page.inner_text("main"))[:2] == ["6", "5"]


def test_keys_walk_accept_and_undo(visit):
    page = visit().open("/?rule=NAM102")
    first, second, third = listed(page)
    for key, expected in (("j", first), ("j", second), ("j", third), ("k", second)):
        page.keyboard.press(key)
        wait_for_finding(page, expected)
    page.keyboard.press("a")
    wait_for_finding(page, third)
    page.keyboard.press("u")
    wait_for_finding(page, second)
    page.keyboard.press("?")
    assert page.is_visible("dialog.keys")
    assert set("jkau?") <= set(page.inner_text("dialog.keys dl"))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector(".finding-pane", state="hidden")


def test_keys_are_letters_while_typing(visit):
    page = visit().open("/?rule=NAM102")
    page.keyboard.press("/")
    page.keyboard.type("jak")
    assert page.input_value('.filters [name="text"]') == "jak"
    assert shown(page) == []


def test_filters_stand_in_the_address_bar_and_the_back_button_undoes_them(visit):
    page = visit().open("/")
    page.select_option('select[name="rule"]', "NAM102")
    until(page, "document.querySelectorAll('.item').length === 3")
    assert "rule=NAM102" in page.url
    page.select_option('select[name="township"]', "330683001")
    until(page, "document.querySelectorAll('.item').length === 1")
    page.go_back()
    until(page, "document.querySelectorAll('.item').length === 3")


def test_searching_narrows_while_typing(visit):
    page = visit().open("/?rule=NAM102")
    page.fill('.filters [name="text"]', "P2")
    until(page, "document.querySelectorAll('.item').length === 1")
    assert page.evaluate("document.activeElement.name") == "text"


def test_the_map_filters_the_list(visit, fingerprint):
    page = visit().open("/?rule=NAM102")
    page.check("#with-map")
    until(page, "document.querySelectorAll('.item').length === 3")
    page.evaluate("map_register.setView([map_register.getBounds().getNorth() + 1, 120.8], 15, { animate: false })")
    page.wait_for_selector(".list-pane .nothing")
    page.uncheck("#with-map")
    until(page, "document.querySelectorAll('.item').length === 3")


def test_the_language_switches_and_stays(visit):
    page = visit().open("/?rule=NAM102")
    page.click(".language")
    assert page.inner_text(".tabs a[aria-current]") == "Findings"
    assert "rule=NAM102" in page.url
    page.click(".tabs a[href$='/rules']")
    assert page.inner_text("h1") == "Catalogue of rules"


def test_the_name_of_the_officer_is_kept(visit, fingerprint):
    one = visit()
    page = one.open("/?rule=NAM102")
    page.fill("#actor", "王芳")
    with page.expect_response("**/actor"):
        page.press("#actor", "Enter")
    page.click(f'.item[data-fingerprint="{fingerprint["P1"]}"]')
    wait_for_finding(page, fingerprint["P1"])
    page.click("button.primary")
    page.wait_for_selector(".toast")
    one.open("/history")
    assert "王芳" in page.inner_text(".change")


def test_undoing_from_the_history(visit, fingerprint):
    one = visit()
    page = one.open("/history")
    page.click('[data-undo="1"] button')
    page.wait_for_selector(".toast")
    assert "1" in page.inner_text(".toast")


def test_a_phone_shows_one_pane_at_a_time(visit, fingerprint):
    one = visit(PHONE)
    page = one.open("/?rule=NAM102")
    assert page.is_visible(".findings")
    page.tap('.switch [data-show="map"]')
    assert not page.is_visible(".findings")
    assert page.is_visible("#map_register")
    page.tap('.switch [data-show="list"]')
    page.tap(f'.item[data-fingerprint="{fingerprint["P1"]}"]')
    wait_for_finding(page, fingerprint["P1"])
    assert page.is_visible("button.primary")
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_without_scripts_the_work_can_be_done_all_the_same(browser, site, fingerprint):
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/?rule=NAM102")
    page.click(f'.item[data-fingerprint="{fingerprint["P1"]}"]')
    page.click("button.primary")
    assert "李敏" in page.inner_text(".change")
    page.click(".change form button")
    assert "撤销修改" in page.inner_text(".change")
    context.close()
