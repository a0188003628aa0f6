"""Plate papers on the site: choose, order, draw, certify, prove, send to the field and take the answers in."""

import io
import re

import pytest

from tests.web import little_county
from web import create_app
from web.config import SiteConfig

PAGES = (
    "/plate-papers",
    "/plate-papers?q=滨江&road=R1&uncertified=1",
    "/plate-papers/plate?id=D1",
    "/plate-papers/trips",
)


def token(client):
    return re.search(r'name="csrf-token" content="([^"]+)"', client.get("/rules").text)[1]


def post(client, where, **form):
    return client.post(where, data={"csrf": token(client), **form})


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages_and_shows_nothing_hostile(client, address):
    chinese = client.get(address)
    english = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert chinese.text != english.text
    assert little_county.HOSTILE not in chinese.text


def test_an_order_is_a_spreadsheet_and_a_case(client):
    answer = post(client, "/plate-papers/selection", do="order", plate=["D1", "D3"])
    assert answer.data.startswith(b"PK")
    assert "plate-order-2026-0001.xlsx" in answer.headers["Content-Disposition"]
    assert "plate-order-2026-0001" in client.get("/plate-papers").text


def test_drawings_open_as_a_page_that_runs_nothing(client):
    answer = post(client, "/plate-papers/selection", do="sheet", plate=["D1"])
    assert answer.text.count("<svg") == 1
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get("/plate-papers/plate.svg?id=D1").mimetype == "image/svg+xml"
    assert "script-src" not in client.get("/plate-papers").headers["Content-Security-Policy"]
    assert client.get("/plate-papers").headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_nothing_ticked_and_nothing_filtered_is_refused(client):
    answer = post(client, "/plate-papers/selection", do="certificates")
    assert answer.status_code == 400
    assert "勾选" in answer.text


def test_certificate_and_proof_of_a_plate(client):
    assert post(client, "/plate-papers/certificate", id="D1").status_code == 302
    shown = client.get("/plate-papers/certificate.html?id=D1").text
    assert little_county.OWNER in shown and "830012026200001" in shown
    assert client.get("/plate-papers/certificate.docx?id=D1").data.startswith(b"PK")
    post(client, "/plate-papers/certificate", id="D1", reason="遗失")
    post(client, "/plate-papers/proof", id="D1", paper=["不动产证", "户籍"], address=["老街<1>号", ""], purpose="过户")
    page = client.get("/plate-papers/plate?id=D1").text
    assert "遗失" in page and "〔2026〕1号" in page
    proof = client.get("/plate-papers/proof.html?case=address-proof-2026-0001").text
    assert "老街&lt;1&gt;号" in proof and "户籍" not in proof


@pytest.mark.parametrize("role", ["reader", "clerk", "inspector"])
def test_roles_without_the_right_see_no_owner_and_may_not_issue(register_path, client, role):
    post(client, "/plate-papers/certificate", id="D1")
    other = create_app(
        register_path, config=SiteConfig(actor="读者", role=role), today=little_county.TODAY
    ).test_client()
    for address in ("/plate-papers/plate?id=D1", "/plate-papers/certificate.html?id=D1"):
        assert little_county.OWNER not in other.get(address).text
    assert post(other, "/plate-papers/certificate", id="D3").status_code == 400


def test_a_trip_goes_out_and_comes_back(client):
    made = post(client, "/plate-papers/selection", do="trip", plate=["D1", "D3", "D5"])
    address = made.headers["Location"]
    assert address.endswith("plate-trip-2026-0001")
    assert client.get(address).status_code == 200
    assert client.get(address + "/sketch.png").data.startswith(b"\x89PNG")
    for suffix in ("xlsx", "geojson", "gpx", "html", "docx"):
        assert client.get(f"{address}/form.{suffix}").status_code == 200
    csv = "plate,answer,number_found\nD1,与登记一致,\nD3,号码更正,9\nD5,不知道,\n"

    def send():
        return post(client, address + "/answers", file=(io.BytesIO(csv.encode()), "结果.csv"))

    page = send().text
    assert "不知道" in page and "收入 <b>2</b>" in page
    assert "已有 <b>2</b>" in send().text
    assert ",number,3,9," in client.get(address + "/plan.csv").text
    assert post(client, address + "/answers", file=(io.BytesIO(b"x"), "x.exe")).status_code == 400


def test_the_record_of_a_plate_leads_to_its_papers(client):
    assert "/plate-papers/plate?id=D1" in client.get("/records/doorplates/D1").text
    assert client.get("/plate-papers/plate?id=nobody").status_code == 400


def test_an_inspector_may_make_a_trip_and_a_reader_may_not(register_path):
    for role, code in (("inspector", 302), ("reader", 400)):
        config = SiteConfig(actor="张", role=role)
        other = create_app(register_path, config=config, today=little_county.TODAY).test_client()
        assert post(other, "/plate-papers/selection", do="trip", plate=["D1"]).status_code == code
        assert post(other, "/plate-papers/selection", do="order", plate=["D3"]).status_code == 400
