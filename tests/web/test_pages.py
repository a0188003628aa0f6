"""Every page answers in both languages, and whatever is wrong is said in a sentence."""

import json
import re

import pytest

from register.catalogue import RULES
from tests.web import little_county
from web.evidence import EVIDENCE
from web.words import FIELD_TITLES

PAGES = (
    "/", "/?view=list", "/?rule=NAM102", "/?township=330683001&level=warning", "/?text=江", "/?offset=100&view=list",
    "/findings/list", "/rules", "/rules/NAM102", "/history", "/history?change=1", "/history?before=2",
    "/records/roads/R2", "/records/doorplates/D1", "/records/divisions/330683000000",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages(client, address):
    chinese, english = (client.get(address, query_string=None) for _ in range(2))
    assert chinese.status_code == 200
    assert chinese.headers["Content-Language"] == "zh"
    english = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert english.status_code == 200
    assert english.headers["Content-Language"] == "en"
    assert english.text != chinese.text


def test_the_language_is_kept(client):
    client.get("/?lang=en")
    assert "Findings" in client.get("/").text
    assert "HttpOnly" in client.get("/?lang=zh").headers["Set-Cookie"]
    assert "问题" in client.get("/").text


def test_an_unknown_language_changes_nothing(client):
    assert client.get("/?lang=fr").headers["Content-Language"] == "zh"


def test_the_first_page_counts_by_level_rule_and_township(client, app):
    page = client.get("/").text
    counts = app.extensions["review"].summary()
    for level, count in counts["by_level"].items():
        assert re.search(rf'class="tile {level}".*?<b>{count}</b>', page, flags=re.DOTALL)
    assert "名称中有多余空格或不可见字符" in page
    assert "东街道" in page
    assert "西街道" in page


def test_filters_narrow_the_list_and_the_counts_follow(client):
    page = client.get("/?rule=NAM102&township=330683002").text
    assert sorted(re.findall(r"地名 (P\d)", page)) == ["P2", "P3"]
    assert client.get("/?rule=NAM102&text=P1").text.count('class="item"') == 1


def test_a_box_filters_by_place(client, app):
    west, south, east, north = app.extensions["review"].findings(rule="NAM102", text="P1")[0][0]["bbox"]
    inside = client.get(f"/?rule=NAM102&box={west - 0.001},{south - 0.001},{east + 0.001},{north + 0.001}").text
    assert re.findall(r"地名 (P\d)", inside) == ["P1"]


def test_a_finding_says_what_why_and_how(client, fingerprint):
    page = client.get(f"/findings/{fingerprint['P1']}").text
    assert "江<del>␣</del>东村" in page
    assert "江东村" in page
    for heading in ("依据的事实", "为什么要紧", "容易弄错之处", "稳妥的修改，可直接接受"):
        assert heading in page
    assert "⟨200B⟩" in client.get(f"/findings/{fingerprint['P3']}").text


def test_neighbours_follow_the_filtered_list(client, fingerprint):
    part = client.get(f"/findings/{fingerprint['P2']}/part?rule=NAM102").text
    assert f"/findings/{fingerprint['P1']}?rule=NAM102" in part
    assert f"/findings/{fingerprint['P3']}?rule=NAM102" in part


def test_values_of_closed_lists_are_shown_by_their_words(client):
    assert "主干路" in client.get("/records/roads/R1").text
    assert "arterial" in client.get("/records/roads/R1?lang=en").text


def test_a_record_shows_fields_findings_and_history(client, fingerprint):
    page = client.get("/records/place_names/P1").text
    assert "330683001000" in page
    assert f"/findings/{fingerprint['P1']}" in page
    assert "导入 place_names" in page


def test_names_cannot_inject_markup(client, app):
    addresses = ["/", "/?view=list&layer=roads", "/records/roads/R2", "/history", f"/?text={little_county.HOSTILE}"]
    for one in app.extensions["review"].findings(layer="roads")[0]:
        addresses += [f"/findings/{one['fingerprint']}", f"/findings/{one['fingerprint']}/part"]
    for address in addresses:
        page = client.get(address).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_personal_values_never_leave_the_server(client, app):
    addresses = ["/history?change=4", "/records/doorplates/D1", "/api/layers/doorplates?zoom=18", "/api/findings"]
    for one in app.extensions["review"].findings(layer="doorplates")[0]:
        addresses += [f"/findings/{one['fingerprint']}", f"/api/findings/{one['fingerprint']}"]
    for address in addresses:
        text = client.get(address).get_data(as_text=True)
        for secret in (little_county.OWNER, little_county.OWNER_ID, little_county.PHONE):
            assert secret not in text
            assert json.dumps(secret).strip('"') not in text


@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/findings/0000", 404, "这条问题已不在"),
        ("/findings/0000/part", 404, "这条问题已不在"),
        ("/api/findings/0000", 404, "这条问题已不在"),
        ("/rules/NAM999", 404, "没有规则“NAM999”"),
        ("/records/roads/R999", 404, "没有记录“R999”"),
        ("/records/nothing/R1", 404, "没有图层“nothing”"),
        ("/history?change=999", 404, "没有修改 999"),
        ("/?box=1,2,3", 400, "范围应写成"),
        ("/?box=10,10,5,5", 400, "范围应写成"),
        ("/?box=nan,0,1,1", 400, "范围应写成"),
        ("/api/layers/nothing", 400, "没有图层|不能上图"),
        ("/api/layers/cases", 400, "不能上图"),
        ("/api/layers/roads?bbox=x", 400, "范围应写成"),
        ("/findings/0000/accept", 405, "不能这样访问"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(client, address, code, sentence):
    for accept in ("text/html", "application/json"):
        answer = client.get(address, headers={"Accept": accept})
        assert answer.status_code == code
        told = answer.json["error"] if accept == "application/json" else answer.text
        assert re.search(sentence, told)
        assert "Traceback" not in told
    client.set_cookie("lang", "en")
    assert re.search("[a-z]{3} ", client.get(address, headers={"Accept": "application/json"}).json["error"])


def test_a_crash_of_the_program_is_said_in_a_sentence(app, client, monkeypatch, caplog):
    monkeypatch.setattr(app.extensions["review"], "summary", lambda: 1 / 0)
    answer = client.get("/rules")
    assert answer.status_code == 500
    assert "程序自身出错" in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_every_fact_that_a_message_names_has_words():
    unnamed = {
        f"{rule.code}: {name}"
        for rule in RULES
        for name in rule.placeholders()
        if name not in EVIDENCE and name not in FIELD_TITLES
    }
    assert not unnamed, "add these to web/evidence.py"


def test_a_record_is_shown_as_its_finding_redacts_it(app, client, monkeypatch):
    review = app.extensions["review"]
    whole = review.record("roads", "R1")
    finding = {**review.findings(rule="NAM102")[0][0], "evidence": {"field": "name", "redacted": "滨江路***"}}
    monkeypatch.setattr(review, "record", lambda layer, record_id: {**whole, "findings": [finding]})
    page = client.get("/records/roads/R1").text
    assert "<h1>滨江路***</h1>" in page
    assert "<td>滨江路</td>" not in page
