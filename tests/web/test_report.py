"""The report on the site: read, printed, saved, kept."""

import re


def post(client, where, **form):
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/rules").text)[1]
    return client.post(where, data={"csrf": token, **form})


def test_the_report_is_read_in_both_languages_and_saved_in_four_forms(client):
    chinese, english = client.get("/report?year=2026"), client.get("/report?year=2026&lang=en")
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert "doorplates issued" in english.text
    client.get("/?lang=zh")
    assert "编制门牌" in client.get("/report/year.html?year=2026").text
    assert "sandbox" in client.get("/report/year.html").headers["Content-Security-Policy"]
    assert client.get("/report/year.docx").data.startswith(b"PK")
    assert client.get("/report/year.json").json["year"] == 2026
    assert client.get("/report/year.md").text.startswith("# ")
    assert client.get("/report/chart.svg").mimetype == "image/svg+xml"
    assert client.get("/report?year=3000").status_code == 400


def test_a_card_is_kept_for_the_next_to_be_compared_with(client):
    assert "暂无可比" in client.get("/report").text
    assert post(client, "/report/keep", year="2026").status_code == 302
    assert "2026-06-01" in client.get("/report").text
    assert "暂无可比" not in client.get("/report").text
