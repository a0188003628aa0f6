"""Accepting and undoing: written by name, refused without a token, logged, taken back."""

import pytest


def test_accepting_repairs_the_record_and_the_finding_goes(client, send, fingerprint):
    answer = send(f"/findings/{fingerprint['P1']}/accept")
    assert answer.status_code == 200
    assert fingerprint["P1"] in answer.json["gone"]
    assert "已接受" in answer.json["sentence"]
    assert client.get(f"/findings/{fingerprint['P1']}").status_code == 404
    assert "江东村" in client.get("/records/place_names/P1").text
    log = client.get("/history").text
    assert "李敏" in log
    assert "江<del>␣</del>东村" in log


def test_undoing_brings_record_and_finding_back(client, send, fingerprint):
    change = send(f"/findings/{fingerprint['P1']}/accept").json["change_id"]
    answer = send(f"/changes/{change}/undo")
    assert fingerprint["P1"] in answer.json["new"]
    assert client.get(f"/findings/{fingerprint['P1']}").status_code == 200
    assert f"撤销修改 {change}" in client.get("/history").text


def test_undoing_twice_is_refused_with_the_reason(send, fingerprint):
    change = send(f"/findings/{fingerprint['P1']}/accept").json["change_id"]
    send(f"/changes/{change}/undo")
    answer = send(f"/changes/{change}/undo")
    assert answer.status_code == 409
    assert answer.json["error"]


def test_one_record_of_a_change_can_be_undone(client, send):
    answer = send("/changes/3/undo", record="place_names:P4")
    assert answer.status_code == 200
    assert client.get("/records/place_names/P4").status_code == 404
    assert client.get("/records/place_names/P1").status_code == 200


def test_the_reason_given_is_kept(client, send, fingerprint):
    send(f"/findings/{fingerprint['P2']}/accept", reason="现场核对过")
    assert "现场核对过" in client.get("/history").text


def test_a_plain_form_leads_to_the_change(client, fingerprint):
    token = client.get("/").text.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post(f"/findings/{fingerprint['P1']}/accept", data={"csrf": token})
    assert answer.status_code == 302
    assert "江<del>␣</del>东村" in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("token", [None, "", "wrong", "错"])
def test_without_the_token_nothing_is_written(client, fingerprint, token):
    client.get("/")
    for address in (f"/findings/{fingerprint['P1']}/accept", "/changes/1/undo", "/actor"):
        form = {} if token is None else {"csrf": token}
        answer = client.post(address, data=form, headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert "没有写入" in answer.json["error"]
    assert client.get(f"/findings/{fingerprint['P1']}").status_code == 200


def test_without_a_session_nothing_is_written(app, fingerprint):
    answer = app.test_client().post(f"/findings/{fingerprint['P1']}/accept", data={"csrf": "-"})
    assert answer.status_code == 400


def test_nobody_changes_anything_without_a_name(app, client, send, fingerprint):
    app.config["SITE"] = type(app.config["SITE"])()
    answer = send(f"/findings/{fingerprint['P1']}/accept")
    assert answer.status_code == 400
    assert "经办人" in answer.json["error"]
    assert send("/actor", actor="王芳").json == {"actor": "王芳"}
    assert send(f"/findings/{fingerprint['P1']}/accept").status_code == 200
    assert "王芳" in client.get("/history").text


def test_a_finding_without_a_repair_cannot_be_accepted(app, client, send):
    findings, _ = app.extensions["review"].findings()
    bare = next(one for one in findings if not one["fix"] and not one["alternatives"])
    answer = send(f"/findings/{bare['fingerprint']}/accept")
    assert answer.status_code == 400
    assert "没有可以直接执行的修改" in answer.json["error"]
    assert "要由人判断" in client.get(f"/findings/{bare['fingerprint']}").text


def test_every_answer_has_the_protecting_headers(client):
    for address in ("/", "/map.js", "/api/findings", "/static/css/tokens.css", "/nowhere"):
        headers = client.get(address, buffered=True).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = next(
        value for name, value in client.get("/").headers if name == "Set-Cookie" and value.startswith("session=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_pages_have_no_inline_script_or_style(client, fingerprint):
    for address in ("/", f"/findings/{fingerprint['P1']}", "/rules", "/history", "/records/roads/R1"):
        page = client.get(address).text
        assert "<script>" not in page
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
