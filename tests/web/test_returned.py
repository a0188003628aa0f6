"""Returned lists and packages on the site: taken in, looked at, accepted, taken back, answered, sent, checked."""

import io
import re
import zipfile

import pytest

from register.cases.returned import desk
from register.store import opened
from tests.web import little_county
from tests.web.test_browser import DESK, PHONE, browser, site, until, visit  # noqa: F401 - fixtures
from web import create_app
from web.config import SiteConfig

LIST = """序号,标准名称,所在政区,问题类型,问题描述,整改情况
1,江 东村,东街道,用字,NAM102,
2, 西坞村,西街道,用字,NAM102 多空格,
3,南山\u200b村,西街道,用字,NAM102,
4,北塘村,西街道,用字,NAM102,
5,没有这村,西街道,缺项,电话 13812345678,
6,北塘村,西街道,有名无地,,
"""
BATCH = "/returned/一批"


def token(client):
    return re.search(r'name="csrf-token" content="([^"]+)"', client.get("/rules").text)[1]


def post(client, where, **form):
    return client.post(where, data={"csrf": token(client), **form})


def take(client, text=LIST, name="反馈.csv", batch="一批"):
    return post(client, "/returned", file=(io.BytesIO(text.encode()), name), batch=batch)


def row(client, number):
    page = client.get(BATCH).text
    return re.search(rf'<li class="problem[^>]*data-row="{number}">.*?</li>', page, re.S)[0]


def digest_of(html):
    return re.search(r'name="digest" value="([^"]+)"', html)[1]


def name_of(register_path, record_id):
    with opened(register_path) as register:
        return register.layer("place_names").loc[record_id, "name"]


def test_a_list_is_taken_in_and_every_row_shown(client):
    assert take(client).status_code == 302
    page = client.get(BATCH).text
    assert page.count('class="problem ') == 6
    assert "属实" in row(client, 1) and "江东村" in re.sub(r"<[^>]+>", "", row(client, 1))
    assert "13812345678" not in page
    assert client.get(BATCH + "?lang=en").status_code == 200
    assert "一批" in client.get("/returned").text
    assert client.get("/returned?lang=en").status_code == 200


def test_filters_stand_in_the_address(client):
    take(client)
    assert client.get(BATCH + "?verdict=no_such_record").text.count('class="problem ') == 1
    assert client.get(BATCH + "?text=北塘").text.count('class="problem ') == 2
    assert client.get(BATCH + "?township=东街道").text.count('class="problem ') == 1
    assert client.get(BATCH + "?text=(").text.count('class="problem ') == 0


def test_wrong_files_and_a_missing_batch_are_told_in_a_sentence(client):
    assert post(client, "/returned", batch="x").status_code == 400
    assert take(client, name="x.exe").status_code == 400
    assert take(client, batch="a/b").status_code == 400
    assert take(client, text="").status_code == 400
    take(client)
    again = take(client, text=LIST + "7,x,y,z,,\n")
    assert again.status_code == 400 and "另一份文件" in again.text
    missing = client.get("/returned/无此批")
    assert missing.status_code == 400 and "一批" in missing.text


def test_only_uploads_of_lists_may_be_large(client):
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    text = LIST + "7,村,西街道,有名无地," + " " * 400_000 + "字" * 250_000 + ",\n"
    body = part.format("csrf", "", token(client)) + part.format("file", '; filename="l.csv"', text) + "--b--\r\n"
    sent = client.post("/returned", data=body.encode(), content_type="multipart/form-data; boundary=b")
    assert sent.status_code in (302, 400)
    assert post(client, BATCH + "/reject", number="1", reason="x" * 1_200_000).status_code == 413


def test_looking_writes_nothing(client, register_path):
    take(client)
    with opened(register_path) as register:
        before = register.revision
    for address in ("/returned", BATCH, BATCH + "/preview?rule=NAM102&cause=用字&township=西街道", BATCH + "/plan.csv"):
        assert client.get(address).status_code == 200
    with opened(register_path) as register:
        assert register.revision == before


def test_one_row_is_accepted_and_taken_back(client, register_path):
    take(client)
    given = digest_of(row(client, 1))
    assert post(client, BATCH + "/accept", number="1", digest=given).status_code == 302
    assert name_of(register_path, "P1") == "江东村"
    shown = row(client, 1)
    assert "已执行" in shown and "撤销这一条" in shown
    change = re.search(r'name="change" value="(\d+)"', shown)[1]
    assert post(client, BATCH + "/undo", change=change, record="place_names:P1").status_code == 302
    assert name_of(register_path, "P1") == "江 东村"
    assert 'data-act="a"' in row(client, 1)


def test_all_alike_are_accepted_after_a_preview_and_one_is_taken_back(client, register_path):
    take(client)
    group = {"rule": "NAM102", "cause": "用字", "township": "西街道"}
    page = client.get(BATCH + "/preview", query_string=group).text
    assert "同类 2 处修改" in page
    assert post(client, BATCH + "/accept", digest=digest_of(page), **group).status_code == 302
    assert (name_of(register_path, "P2"), name_of(register_path, "P3")) == ("西坞村", "南山村")
    assert name_of(register_path, "P1") == "江 东村"
    change = re.search(r'name="change" value="(\d+)"', row(client, 3))[1]
    post(client, BATCH + "/undo", change=change, record="place_names:P3")
    assert (name_of(register_path, "P2"), name_of(register_path, "P3")) == ("西坞村", "南山\u200b村")


def test_what_changed_since_it_was_looked_at_is_not_written(client, register_path):
    take(client)
    refused = post(client, BATCH + "/accept", number="1", digest="plan-0")
    assert refused.status_code == 409 and name_of(register_path, "P1") == "江 东村"
    assert post(client, BATCH + "/accept", number="4", digest="").status_code == 400


def test_rejecting_and_exempting_need_a_reason_and_end_the_row(client):
    take(client)
    assert post(client, BATCH + "/reject", number="1", reason=" ").status_code == 400
    assert post(client, BATCH + "/reject", number="1", reason="桥名如此").status_code == 302
    assert "已拒绝" in row(client, 1) and 'data-act="a"' not in row(client, 1)
    assert post(client, BATCH + "/exempt", number="2", reason="").status_code == 400
    assert post(client, BATCH + "/exempt", number="4", reason="没有问题").status_code == 400
    assert post(client, BATCH + "/exempt", number="2", reason="碑文如此").status_code == 302
    assert "已登记豁免：碑文如此" in row(client, 2) and 'data-act="a"' not in row(client, 2)
    post(client, BATCH + "/answer", form="csv")
    assert "已登记豁免：碑文如此" in row(client, 2)
    shown = client.get("/history").text
    change = re.search(r'id="change-(\d+)"(?:(?!</article>).)*豁免 NAM102', shown, re.S)[1]
    post(client, BATCH + "/undo", change=change)
    assert 'data-act="a"' in row(client, 2) and "不采纳" not in row(client, 1)


def test_the_answer_is_the_senders_file(client):
    take(client)
    answer = post(client, BATCH + "/answer", form="csv")
    lines = answer.data.decode().splitlines()
    assert len(lines) == 7 and lines[0].startswith("序号,标准名称,所在政区,问题类型,问题描述,整改情况")
    assert post(client, BATCH + "/answer", form="xlsx").data.startswith(b"PK")
    assert post(client, BATCH + "/answer", form="exe").status_code == 400
    assert "已答复" in client.get("/returned").text


def test_a_plan_goes_out_and_comes_back(client, register_path):
    take(client)
    text = client.get(BATCH + "/plan.csv").data.decode("utf-8-sig")
    decided = re.sub(r"^(plan-\w+,\d+),,(?=place_names,P1)", r"\1,yes,", text, flags=re.M)
    assert decided != text
    sent = post(client, BATCH + "/plan", file=(io.BytesIO(decided.encode()), "计划.csv"))
    assert sent.status_code == 302 and name_of(register_path, "P1") == "江东村"
    assert name_of(register_path, "P2") == " 西坞村"


@pytest.mark.parametrize("role", ["reader", "clerk", "inspector"])
def test_roles_without_the_right_look_and_decide_nothing(client, register_path, role):
    take(client)
    config = SiteConfig(actor="张", role=role)
    other = create_app(register_path, config=config, today=little_county.TODAY).test_client()
    assert 'data-act="a"' not in other.get(BATCH).text
    assert other.get(BATCH + "/plan.csv").status_code == 400
    for where in ("accept", "reject", "exempt", "undo", "answer", "plan"):
        assert post(other, f"{BATCH}/{where}", number="1", reason="x", form="csv").status_code == 400
    assert take(other, batch="二批").status_code == 400
    assert post(other, "/packages", profile="register").status_code == 400


def test_edits_in_conflict_are_left_out_of_a_group():
    import pandas as pd

    plan = pd.DataFrame(
        [("NAM102", "用字", None, None, "1"), ("NAM102", "用字", None, "3", "2"), ("NAM102", "别的", None, None, "3")],
        columns=["rule", "cause", "township", "conflict", "row"],
    )
    seen = desk.Seen(None, pd.DataFrame(), plan)
    assert seen.group("NAM102", "用字", "")["row"].tolist() == ["1"]
    assert seen.groups()[["edits", "conflicts"]].to_numpy().tolist() == [[2, 1], [1, 0]]


def exported(client, **form):
    answer = post(client, "/packages", profile="geojson", **form)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_package_is_written_downloaded_and_verified(client):
    where = exported(client, allow_warnings="1")
    page = client.get(where).text
    assert "未送出的记录" in page
    content = client.get(where + ".zip").data
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert any(name.endswith("/manifest.json") for name in names)
    assert "全部相符" in post(client, "/packages/verify", file=(io.BytesIO(content), "包.zip")).text
    assert "包.zip" in client.get("/packages").text or "export-" in client.get("/packages").text


def test_a_package_that_was_touched_or_is_none_is_told(client):
    content = client.get(exported(client) + ".zip").data
    touched = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(touched, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, data + b" " if member.filename.endswith("withheld.csv") else data)
    assert "被改动过" in post(client, "/packages/verify", file=(io.BytesIO(touched.getvalue()), "b.zip")).text
    assert post(client, "/packages/verify", file=(io.BytesIO(b"nothing"), "c.zip")).status_code == 400
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../x", "x")
    assert post(client, "/packages/verify", file=(io.BytesIO(outside.getvalue()), "d.zip")).status_code == 400
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("x.txt", "x")
    assert "manifest.json" in post(client, "/packages/verify", file=(io.BytesIO(empty.getvalue()), "e.zip")).text


def test_wrong_wishes_for_a_package_are_told(client, register_path):
    assert post(client, "/packages", profile="nothing").status_code == 400
    assert post(client, "/packages", profile="register", since="-1").status_code == 400
    assert post(client, "/packages", profile="register", since="999").status_code == 400
    assert client.get("/packages/none").status_code == 404
    officer = create_app(
        register_path, config=SiteConfig(actor="李", role="officer"), today=little_county.TODAY
    ).test_client()
    assert post(officer, "/packages", profile="register", role="administrator").status_code == 400
    blank = client.get(exported(client, role="reader", allow_warnings="1") + ".zip").data
    with zipfile.ZipFile(io.BytesIO(blank)) as archive:
        assert all(little_county.OWNER.encode() not in archive.read(name) for name in archive.namelist())


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_rows_are_walked_accepted_and_taken_back_by_key_without_a_page_load(visit, client):  # noqa: F811
    take(client)
    one = visit()
    page = one.open(BATCH)
    loads = one.loads
    page.keyboard.press("j")
    assert page.get_attribute(".problem[aria-current]", "data-row") == "1"
    page.keyboard.press("a")
    until(page, "document.querySelector('.problem[data-row=\"1\"] .state')?.textContent === '已执行'")
    page.keyboard.press("j")
    assert page.get_attribute(".problem[aria-current]", "data-row") == "2"
    page.keyboard.press("u")
    until(page, 'document.querySelector(\'.problem[data-row="1"] form[data-act="a"]\') !== null')
    assert one.loads == loads


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_pages_open_without_a_complaint(visit, client, viewport):  # noqa: F811
    take(client)
    where = exported(client)
    one = visit(viewport)
    preview = BATCH + "/preview?rule=NAM102&cause=用字&township=西街道"
    for address in ("/returned", BATCH, preview, "/packages"):
        one.open(address)
        assert not one.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
    assert client.get(where).status_code == 200
