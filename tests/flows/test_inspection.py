"""A trip from the due list to the papers: plan, field package, the phone without network, taking in, report."""

import json
import os
import shutil
import zipfile
from io import BytesIO

import geopandas as gpd
import pyogrio
import pytest
import shapely
from docx import Document

from register.store import opened
from tests.register import field_county
from tests.register.cli.conftest import cli as run_cli
from tests.register.field_county import lon_lat, picture
from tests.web.test_browser import FLAGS, NAMES, PHONE

cli = run_cli
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def reg(tmp_path):
    return field_county.build(tmp_path / "county.gpkg")


@pytest.fixture
def package(reg, cli, tmp_path):
    out = tmp_path / "trip.zip"
    words = ("--round", "第六轮", "--on", "2026-05-01", "--actor", "张三", "--today", "2026-04-20")
    told = cli("markers", "trip", reg, "--line", "L1", "--out", out, *words)
    assert told.code == 0, told.err
    assert told.json["case"] == "inspection-2026-0001"
    return out


@pytest.fixture
def phone(tmp_path):
    where = next((found for name in NAMES if (found := shutil.which(name))), None)
    if where is None:
        if os.environ.get("DIMING_REQUIRE_BROWSER") == "1":
            pytest.fail("no browser was found")
        pytest.skip("no browser was found")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "phone"),
            executable_path=where,
            args=FLAGS,
            viewport=PHONE,
            offline=True,
            accept_downloads=True,
        )
        yield context
        context.close()


def test_the_package_holds_what_an_inspector_needs(package):
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        assert {"form.html", "plan.html", "plan.docx", "record.html", "targets.gpx", "field.gpkg"} == names
        assert archive.read("targets.gpx").decode().count("<wpt ") == 5
        plan = archive.read("plan.html").decode()
        form = archive.read("form.html").decode()
    assert all(name in plan for name in field_county.NAMES.values())
    assert "石桥" in plan
    assert "src=" not in form.replace('src="data:', "") and "http" not in form.replace("http-equiv", "")


def test_an_untouched_package_holds_no_visit(package, reg, cli):
    told = cli("markers", "inspect", reg, package)
    assert told.code == 2
    assert "没有检查记录" in told.err


def test_what_field_software_wrote_into_the_package_comes_back(package, reg, cli, tmp_path):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "taken")
    x, y = field_county.PLACES["m2"]
    visit = {
        "id": ["q1"],
        "marker_id": ["m2"],
        "inspected_on": ["2026-05-01"],
        "condition": ["damaged"],
        "photos": ["DCIM/q1.jpg"],
    }
    frame = gpd.GeoDataFrame(visit, geometry=[shapely.Point(x, y)], crs=4549)
    pyogrio.write_dataframe(frame, tmp_path / "taken" / "field.gpkg", layer="inspections", append=True)
    back = tmp_path / "back.zip"
    with zipfile.ZipFile(back, "w") as archive:
        for path in (tmp_path / "taken").iterdir():
            archive.write(path, path.name)
        archive.writestr("DCIM/q1.jpg", picture(place=lon_lat("m2")))
    told = cli("markers", "inspect", reg, back, "--today", field_county.TODAY).json
    assert (told["in"], told["refused"], [one["outcome"] for one in told["photos"]]) == (1, [], ["in"])
    assert cli("markers", "inspect", reg, back, "--today", field_county.TODAY).json["already_in"] == 1
    with opened(reg) as register:
        assert register.layer("inspections").loc["q1", "geometry"].equals(shapely.Point(x, y))


def test_from_the_phone_without_network_to_the_report(package, reg, cli, tmp_path, phone):
    with zipfile.ZipFile(package) as archive:
        archive.extract("form.html", tmp_path)
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(picture(place=lon_lat("m2", 6)))
    asked, complaints = [], []
    page = phone.pages[0]
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto((tmp_path / "form.html").as_uri())
    page.wait_for_selector("body.ready")
    assert page.inner_text("#progress") == "已填 0 / 5 颗"
    page.fill('[name="inspected_on"]', "2026-05-01")
    page.fill('[name="inspector"]', "张三")
    for box in page.query_selector_all('[name="party"]'):
        box.check()
    for marker, condition in (("m1", "intact"), ("m2", "damaged"), ("m3", "not_found")):
        box = page.locator(f'details[data-marker="{marker}"]')
        box.locator("summary").click()
        box.locator('[name="condition"]').select_option(condition)
        if marker != "m3":
            lon, lat = lon_lat(marker)
            box.locator('[name="lon"]').fill(str(lon))
            box.locator('[name="lat"]').fill(str(lat))
    damaged = page.locator('details[data-marker="m2"]')
    assert "须有照片或说明" in damaged.locator(".warn").inner_text()
    damaged.locator('[name="camera"]').set_input_files(str(photo))
    damaged.locator(".photos img").wait_for()
    assert damaged.locator(".warn").inner_text() == ""
    page.wait_for_timeout(300)

    page.reload()  # the phone was switched off in between
    page.wait_for_selector("body.ready")
    assert page.inner_text("#progress") == "已填 3 / 5 颗"
    assert page.locator('details[data-marker="m2"] .photos img').count() == 1
    assert page.input_value('[name="inspector"]') == "张三"
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    with page.expect_download() as handed:
        page.click("#save")
    answers = tmp_path / handed.value.suggested_filename
    handed.value.save_as(answers)
    assert complaints == []
    assert all(url.startswith(("file:", "blob:")) for url in asked)

    told = cli("markers", "inspect", reg, answers, "--actor", "张三", "--today", field_county.TODAY)
    assert told.code == 0, told.err + told.out
    report = told.json
    assert (report["in"], report["trips"]) == (3, ["inspection-2026-0001"])
    assert {one["marker_id"]: one["doubts"] for one in report["records"]}["m2"] == []
    with opened(reg) as register:
        visits = register.layer("inspections").set_index("marker_id")
        case = register.layer("cases").iloc[0]
        assert register.attachment(report["photos"][0]["sha256"]).content == photo.read_bytes()
    assert visits["condition"].to_dict() == {"m1": "intact", "m2": "damaged", "m3": "not_found"}
    assert visits.loc["m1", "parties"] == "330681000000;330683000000"
    assert visits.loc["m1", "round"] == "第六轮"
    assert visits.loc["m3", "geometry"] is None
    assert case["state"] == "handed_in"
    assert cli("markers", "inspect", reg, answers).json["already_in"] == 3

    figures = cli("markers", "report", reg, "--line", "L1", "--today", field_county.TODAY).json
    assert (figures["round"], figures["visited"], figures["not_found"], figures["not_seen"]) == (
        "第六轮",
        2,
        ["m3"],
        ["t1", "m4"],
    )
    assert figures["to_do"] == ["m2", "m3"]
    paper = tmp_path / "record.docx"
    assert cli("markers", "record", reg, "--line", "L1", "--out", paper).code == 0
    rows = [[cell.text for cell in row.cells] for row in Document(BytesIO(paper.read_bytes())).tables[1].rows]
    assert [row[3] for row in rows[1:]] == ["", "完好", "损坏", "未找到", ""]
    form = tmp_path / "form.html"
    assert cli("markers", "form", reg, "m2", "--out", form).code == 0
    assert form.read_text("utf-8").count("data:image/") == 2


def test_papers_for_a_reader_tell_no_exact_place(reg, cli, tmp_path):
    for words in (("form", reg, "m1"), ("record", reg, "--line", "L1"), ("report", reg, "--line", "L1")):
        exact, rounded = tmp_path / "exact.html", tmp_path / "rounded.html"
        assert cli("markers", *words, "--out", exact).code == 0
        assert cli("markers", *words, "--out", rounded, "--role", "clerk").code == 0
        assert "581412.21" not in rounded.read_text("utf-8")
        if words[0] == "form":
            assert "581412.21" in exact.read_text("utf-8")
            assert "概略值" in rounded.read_text("utf-8")
    steps = json.loads(cli("markers", "report", reg, "--line", "L1", "--role", "reader").out)["stones"]
    assert {one["along_m"] % 500 for one in steps} == {0.0}
    assert cli("markers", "trip", reg, "--line", "L1", "--out", tmp_path / "t.zip", "--role", "reader").code == 2
    assert not (tmp_path / "t.zip").exists()


def test_a_round_that_never_was_is_told(reg, cli):
    told = cli("markers", "report", reg, "--line", "L1", "--round", "第九轮")
    assert told.code == 2
    assert "第九轮" in told.err
