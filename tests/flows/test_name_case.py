"""A road is named, renamed and abolished by the command line, with the real rules; a check then sees the dates."""

from __future__ import annotations

import json

import pytest
import shapely

from register.cases.checking import check
from register.catalogue import BY_CODE
from register.cli import diming
from register.store import opened
from tests.web import little_county
from tests.web.little_county import SOUTH, WEST

CLERK = ("--actor", "张三", "--role", "clerk", "--township", "330683001")
OFFICER = ("--actor", "李敏", "--role", "officer")
HEAD = ("--actor", "王主任", "--role", "head")
FACTS = (
    "申请理由=新建道路", "meaning=寓意前程似锦", "location=东街道滨江路以北", "width_m=24", "applicant=东街道办事处",
    "contact=赵六", "phone=13800000000",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return str(little_county.build(tmp_path_factory.mktemp("county") / "county.gpkg"))


@pytest.fixture
def call(capsys):
    def run(*words, code=0):
        got = diming.run(list(words))
        out, err = capsys.readouterr()
        assert got == code, err
        return out if code == 0 else err

    return run


def test_a_name_from_the_draft_to_the_sign(address, call, tmp_path):
    shape = tmp_path / "line.geojson"
    line = shapely.LineString([(WEST + 5000, SOUTH + 2500), (WEST + 6500, SOUTH + 2600)])
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(line))}
    shape.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    made = call(
        "case", "open", address, "--kind", "road", "--name", "锦绣路", "--name", "威尼斯路", "--geometry", str(shape),
        *FACTS, *CLERK, "--format", "json", "--today", "2026-03-02",
    )  # fmt: skip
    case = json.loads(made)
    assert (case["id"], case["state"], case["facts"]["length_m"]) == ("naming-2026-0001", "draft", 1503.3)
    assert case["facts"]["phone"] == "***"

    def step(name, person, *words, on):
        done = call("case", "step", address, case["id"], name, *words, *person, "--format", "json", "--today", on)
        return json.loads(done)

    tested = step("pretest", CLERK, on="2026-03-02")["pretest"]
    verdicts = {one["name"]: one["verdict"] for one in tested["names"]}
    assert (tested["verdict"], verdicts["锦绣路"]) == ("pass", "pass")
    assert verdicts["威尼斯路"] != "pass"
    step("submit", CLERK, on="2026-03-03")
    told = call("case", "step", address, case["id"], "accept", *CLERK, code=2)
    assert "无权" in told
    step("accept", OFFICER, on="2026-03-04")
    step("consult", OFFICER, "consultation=各部门无异议", on="2026-03-05")
    step("notice", OFFICER, on="2026-03-06")
    told = call("case", "step", address, case["id"], "approve", *HEAD, "--today", "2026-03-10", code=2)
    assert "批准文号" in told and "公示结果" in told and "2026-03-12" in told
    step("approve", HEAD, "approval_no=嵊政函〔2026〕12号", "notice_result=无异议", on="2026-03-13")

    with opened(address) as register:
        rules = [BY_CODE[code] for code in ("NAM502", "NAM503")]
        late = {one.rule.code for one in check(register, rules=rules, today="2026-03-29")}
        in_time = list(check(register, rules=rules, today="2026-03-28"))
    assert late == {"NAM502", "NAM503"}
    assert in_time == []
    due = json.loads(call("case", "due", address, "--format", "json", "--today", "2026-03-20"))
    assert [(one["step"], one["due_on"]) for one in due][:2] == [("file", "2026-03-28"), ("announce", "2026-03-28")]
    assert "第十三条" in due[0]["basis"]

    step("file", OFFICER, on="2026-03-16")
    out = tmp_path / "公告.docx"
    call("case", "document", address, "announcement", case["id"], "--out", str(out), "--today", "2026-03-17")
    assert out.read_bytes().startswith(b"PK")
    step("announce", OFFICER, "channel=市政府网站", on="2026-03-17")
    assert step("order-sign", OFFICER, "sign_places=两端", on="2026-03-20")["state"] == "sign_ordered"

    with opened(address) as register:
        names = [rule for code, rule in BY_CODE.items() if code.startswith("NAM") and "roads" in rule.layers]
        found = [one for one in check(register, rules=names, today="2026-06-01") if one.record_id.startswith("330683")]
    assert [one.message.en for one in found if one.level in ("error", "warning")] == []
    listed = json.loads(call("case", "list", address, "--format", "json"))
    assert [one["state"] for one in listed] == ["sign_ordered"]
    assert "13800000000" not in call("log", address, "--format", "json")
    assert "锦绣路" in call("case", "show", address, case["id"])


def test_the_plan_and_the_signs_by_the_command_line(address, call, tmp_path):
    themes = tmp_path / "themes.csv"
    themes.write_text("specific,meaning\n滨江,沿江\n文昌,崇文\n", encoding="utf-8")
    at = "120.80,29.59"
    free = json.loads(call("plan", "themes", address, str(themes), "--generic", "路", "--format", "json"))
    assert [one["name"] for one in free] == ["文昌路"]
    number = call("plan", "reserve", "--kind", "facility", address, "文昌桥", "--at", at, *OFFICER).strip()
    assert number.startswith("reservation-")
    assert json.loads(call("plan", "list", address, "--format", "json"))[0]["state"] == "reserved"
    call("plan", "release", address, number, "--reason", "规划调整", *OFFICER)
    assert json.loads(call("plan", "coverage", address, "--format", "json"))["planned"] == 0
    sign = call(
        "sign",
        "open",
        address,
        "网红大道",
        "--at",
        at,
        "finding=未用标准地名",
        "owner=某公司",
        *OFFICER,
        "--format",
        "json",
    )
    sign = json.loads(sign)
    call("sign", "order", address, sign["id"], *OFFICER)
    call("sign", "document", address, sign["id"], "--out", str(tmp_path / "责令.html"))
    assert "网红大道" in (tmp_path / "责令.html").read_text(encoding="utf-8")
    done = call("sign", "done", address, sign["id"], "--result", "已更换", *OFFICER, "--format", "json")
    assert json.loads(done)["state"] == "done"
    assert "网红大道" in call("sign", "list", address)
    assert "网红大道" in call("sign", "show", address, sign["id"])


def test_wrong_calls_are_sentences(address, call, tmp_path):
    assert "KEY=VALUE" in call("case", "open", address, "--kind", "road", "oops", *OFFICER, code=2)
    assert "没有角色" in call("case", "list", address, "--role", "king", code=2)
    assert "9 位" in call("case", "list", address, "--township", "33", code=2)
    assert "没有编号" in call("case", "show", address, "naming-2026-0099", code=2)
    assert ".docx" in call("case", "document", address, "notice", "naming-2026-0001", "--out", "x.pdf", code=2)
    assert "不能是" in call("case", "list", address, "--state", "lost", code=2)
    assert "读不了照片" in call(
        "sign", "open", address, "x", "--at", "120.8,29.6", "--photo", str(tmp_path / "no.jpg"), *OFFICER, code=2
    )
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "specific" in call("plan", "themes", address, str(tmp_path / "bad.csv"), code=2)
