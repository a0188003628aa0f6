"""The pages of applications, the plan and signs: a name from the form to the sign, roles, papers, photographs."""

import io
import re

import pytest
from PIL import Image

from register.cases import applications
from register.people import Person, Role
from register.store import opened
from tests.register.test_applications import quick  # noqa: F401 - a fixture
from tests.web import little_county
from web import create_app
from web.config import SiteConfig

PHONE = "13800000000"
FORM = {
    "action": "naming", "kind": "road", "names": "锦绣路 大世界路", "points": "120.8201,29.6201\n120.8301,29.6221",
    "reason": "新建道路", "meaning": "寓意前程似锦", "location": "东街道，滨江路以北", "width_m": "24",
    "applicant": "东街道办事处", "contact": "赵六", "phone": PHONE, "division_code": "330683001000",
}  # fmt: skip
CASE = "naming-2026-0001"


def client_of(register_path, role, township=""):
    config = SiteConfig(actor="李敏", role=role, township=township)
    return create_app(register_path, config=config, today=little_county.TODAY).test_client()


def send(client, address, **form):
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/rules").text)[1]
    return client.post(address, data={**form, "csrf": token})


def jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def started(client, quick):  # noqa: F811
    assert send(client, "/applications", **FORM).status_code == 302
    return client


def test_every_page_answers_in_both_languages(started):
    for address in ("/applications", "/applications/new", f"/applications/{CASE}", "/plan", "/signs"):
        chinese, english = started.get(address + "?lang=zh"), started.get(address + "?lang=en")
        assert (chinese.status_code, english.status_code) == (200, 200), address
        assert chinese.text != english.text
        assert "None" not in re.sub(r"None(?: yet)?\.", "", english.text), address


def test_a_case_is_filled_in_stepped_and_named(started, register_path):
    assert send(started, f"/applications/{CASE}/steps/pretest").status_code == 302
    page = started.get(f"/applications/{CASE}").text
    assert "可以采用" in page
    assert "不宜采用" in page
    assert PHONE in page
    for step, facts in (
        ("submit", {}), ("accept", {}), ("consult", {"consultation": "无异议"}),
        ("notice", {"notice_from": "2026-06-01", "notice_days": "3"}),
    ):  # fmt: skip
        assert send(started, f"/applications/{CASE}/steps/{step}", **facts).status_code == 302, step
    answer = send(started, f"/applications/{CASE}/steps/approve", approval_no="嵊政函〔2026〕1号")
    assert answer.status_code == 400
    assert "公示到 2026-06-03 才期满" in answer.text
    assert 'value="嵊政函〔2026〕1号"' in answer.text
    with opened(register_path) as register:
        facts = {"approval_no": "嵊政函〔2026〕1号", "notice_result": "无异议"}
        head = Person("王主任", Role.HEAD)
        applications.take_step(register, CASE, "approve", head, facts=facts, today="2026-06-04")
    page = started.get("/applications").text
    assert "地名管理条例（2022）第十三条" in page
    assert "2026-06-19" in page
    assert "锦绣路" in started.get("/records/roads/33068300123500000001").text


def test_a_form_with_a_fault_comes_back_as_it_was(client):
    answer = send(client, "/applications", **FORM | {"width_m": "宽"})
    assert answer.status_code == 400
    assert "大于零的数" in answer.text
    assert "寓意前程似锦" in answer.text
    assert "锦绣路 大世界路" in answer.text


def test_facts_are_corrected(started):
    form = {"names": "文昌路", "meaning": "崇文", "points": ""}
    assert send(started, f"/applications/{CASE}/facts", **form).status_code == 302
    page = started.get(f"/applications/{CASE}").text
    assert "命名：文昌路" in page
    assert "崇文" in page


def test_an_application_starts_from_a_pretest_sheet(client, quick):  # noqa: F811
    sheet = {
        "names": "锦绣路\n文昌路",
        "kind": "road",
        "points": "120.82,29.62\n120.83,29.62",
        "width_m": "18",
        "keep": "1",
    }
    number = send(client, "/names/test", **sheet).headers["Location"].rpartition("/")[2]
    assert f"sheet={number}" in client.get(f"/names/sheets/{number}").text
    assert "锦绣路 文昌路" in client.get(f"/applications/new?sheet={number}").text
    form = {"action": "naming", "kind": "road", "names": "锦绣路 文昌路", "sheet": number}
    assert send(client, "/applications", **form).status_code == 302
    page = client.get(f"/applications/{CASE}").text
    assert number in page
    assert 'class="place"' in page
    assert "<td>18</td>" in page


def test_a_shape_is_uploaded(client, quick):  # noqa: F811
    shape = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[120.82,29.62],[120.83,29.62]]}}]}'
    form = {**FORM, "points": "", "file": (io.BytesIO(shape), "line.geojson")}
    assert send(client, "/applications", **form).status_code == 302
    assert 'class="place"' in client.get(f"/applications/{CASE}").text


@pytest.mark.parametrize("name", ["application", "opinion"])
def test_papers_are_shown_and_kept(started, name):
    send(started, f"/applications/{CASE}/steps/pretest")
    page = started.get(f"/applications/{CASE}/papers/{name}.html")
    assert "锦绣路" in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    word = started.get(f"/applications/{CASE}/papers/{name}.docx")
    assert word.data.startswith(b"PK")
    assert "attachment" in word.headers["Content-Disposition"]


def test_papers_that_cannot_be_are_told(started):
    assert started.get(f"/applications/{CASE}/papers/announcement.html").status_code == 400
    assert started.get(f"/applications/{CASE}/papers/novel.html").status_code == 404
    assert started.get(f"/applications/{CASE}/papers/opinion.pdf").status_code == 404
    assert started.get("/applications/papers?paper=notice&form=html").status_code == 400
    assert started.get("/applications/naming-2026-0099").status_code == 404


def test_a_clerk_sees_no_telephone_and_takes_no_decision(started, register_path):
    clerk = client_of(register_path, "clerk", "330683001")
    page = clerk.get(f"/applications/{CASE}").text
    assert PHONE not in page
    assert PHONE not in clerk.get(f"/applications/{CASE}/papers/application.html").text
    assert PHONE not in clerk.get(f"/records/cases/{CASE}").text
    assert PHONE not in clerk.get("/history").text
    for step in ("pretest", "submit"):
        assert send(clerk, f"/applications/{CASE}/steps/{step}").status_code == 302
    answer = send(clerk, f"/applications/{CASE}/steps/accept")
    assert answer.status_code == 400
    assert "无权" in answer.text
    other = client_of(register_path, "clerk", "330683002")
    assert other.get(f"/applications/{CASE}").status_code == 400
    assert "锦绣路" not in other.get("/applications").text


def test_correcting_does_not_wipe_what_was_masked(started, register_path):
    clerk = client_of(register_path, "clerk", "330683001")
    form = {"names": "锦绣路 大世界路", "contact": "", "phone": "", "origin": "旧有锦绣坊"}
    assert send(clerk, f"/applications/{CASE}/facts", **form).status_code == 302
    page = started.get(f"/applications/{CASE}").text
    assert PHONE in page
    assert "旧有锦绣坊" in page


def test_a_reader_only_reads(started, register_path):
    reader = client_of(register_path, "reader")
    assert 'class="primary"' not in reader.get(f"/applications/{CASE}").text
    assert send(reader, "/applications", **FORM).status_code == 400
    assert send(reader, "/signs", text="x", at="120.8,29.6").status_code == 400
    assert send(reader, "/plan", name="x路", at="120.8,29.6").status_code == 400


def test_names_are_reserved_and_released(client, quick):  # noqa: F811
    form = {"name": "文昌桥", "kind": "facility", "at": "120.8201,29.6201"}
    assert send(client, "/plan", **form).status_code == 302
    page = client.get("/plan").text
    assert "文昌桥" in page
    number = re.search(r"reservation-2026-\d{4}", page)[0]
    assert send(client, f"/plan/{number}/release", reason="").status_code == 400
    assert send(client, f"/plan/{number}/release", reason="规划调整").status_code == 302
    assert "已释放" in client.get("/plan").text
    assert "锦绣路" in send(client, "/plan/themes", words="锦绣 滨江", generic="路").text


def test_a_sign_with_photographs_is_ordered_and_done(client):
    form = {
        "text": "网红大道", "at": "120.8201,29.6201", "finding": "未用标准地名", "owner": "某公司", "phone": PHONE,
        "photos": (io.BytesIO(jpeg()), "a.jpg"),
    }  # fmt: skip
    answer = send(client, "/signs", **form)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    page = client.get(address).text
    picture = client.get(re.search(r'src="(/signs/[^"]+/photos/[0-9a-f]+)"', page)[1])
    assert (picture.data, picture.mimetype) == (jpeg(), "image/jpeg")
    assert client.get(f"{address}/photos/{'0' * 64}").status_code == 404
    assert send(client, f"{address}/order").status_code == 302
    assert "责令改正通知书" in client.get(f"{address}/order.html").text
    assert client.get(f"{address}/order.docx").data.startswith(b"PK")
    assert send(client, f"{address}/done", result="已更换", photos=(io.BytesIO(jpeg()), "b.jpg")).status_code == 302
    assert "已改正" in client.get(address).text
    assert send(client, "/signs", **form | {"photos": (io.BytesIO(b"<html>"), "a.jpg")}).status_code == 400


def test_what_people_write_does_not_run(client, quick):  # noqa: F811
    hostile = little_county.HOSTILE
    send(client, "/applications", **FORM | {"names": hostile.replace(" ", "_"), "location": hostile})
    page = client.get(f"/applications/{CASE}").text
    assert "<script>alert" not in page
    assert "<script>alert" not in client.get(f"/applications/{CASE}/papers/application.html").text
