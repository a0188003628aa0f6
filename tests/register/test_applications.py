"""Naming cases: roles, order, what is missing, what an approval writes, who sees what."""

import json

import pytest
import shapely

from gazetteer.procedure import next_step
from register.cases import casebook
from register.cases.applications import Application, amend, lacking, naming_case, open_application, take_step
from register.cases.applications_due import due_list, naming_cases, visible
from register.cases.applications_records import proposed_code
from register.cases.former_names import former_names
from register.cases.privacy import masked_log
from register.people import Person, Role
from register.store import open_register
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import CallError, DimingError, StaleEditError
from tests.web import little_county
from tests.web.little_county import SOUTH, WEST

CLERK = Person("张三", Role.CLERK, "330683001")
OFFICER = Person("李敏", Role.OFFICER)
HEAD = Person("王主任", Role.HEAD)
READER = Person("访客", Role.READER)
LINE = shapely.LineString([(WEST + 5000, SOUTH + 2500), (WEST + 6500, SOUTH + 2600)])
PHONE = "13800000000"
FACTS = {
    "reason": "道路新建成", "meaning": "寓意前程似锦", "location": "东街道，滨江路以北", "applicant": "东街道办事处",
    "contact": "赵六", "phone": PHONE, "width_m": "24",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return little_county.build(tmp_path_factory.mktemp("county") / "county.gpkg")


@pytest.fixture
def register(built, tmp_path):
    path = tmp_path / "county.gpkg"
    path.write_bytes(built.read_bytes())
    found = open_register(path)
    yield found
    found.close()


@pytest.fixture
def quick(monkeypatch):
    """The rules on names are tried elsewhere: here every name passes, but those that begin with 大."""

    def judged(register, proposal, without, former, today):
        verdict = "fail" if proposal.name.startswith("大") else "warn" if former else "pass"
        return {
            "name": proposal.name, "verdict": verdict, "specific": proposal.name[:-1], "generic": proposal.name[-1:],
            "pinyin": "Míngchēng Lù", "findings": [], "not_run": [], "former": former,
        }  # fmt: skip

    monkeypatch.setattr("register.cases.applications_pretest._judged", judged)


def naming(register, *names, person=CLERK, **more):
    wanted = Application("naming", "road", names or ("锦绣路",), geometry=LINE, facts=FACTS, **more)
    return open_application(register, wanted, person, today="2026-03-02")


def walked(register, case, until, day="2026-03-{:02d}"):
    """The case brought forward step by step until a state, as its people do it."""
    for number, (name, person, facts) in enumerate(
        (
            ("pretest", CLERK, {}),
            ("submit", CLERK, {}),
            ("accept", OFFICER, {}),
            ("consult", OFFICER, {"consultation": "征求了住建、公安部门意见，均无异议"}),
            ("notice", OFFICER, {"notice_channel": "市政府网站"}),
            ("approve", HEAD, {"approval_no": "嵊政函〔2026〕12号", "notice_result": "无异议"}),
            ("file", OFFICER, {"filing_no": "备2026-7"}),
            ("announce", OFFICER, {"channel": "市政府网站、国家地名信息库"}),
            ("order-sign", OFFICER, {"sign_places": "两端路口", "sign_count": "2"}),
        )
    ):
        if case.state == until:
            return case
        if next_step(case.state).name != name:
            continue
        on = day.format(2 + number if number < 5 else 10 + number)
        case = take_step(register, case.id, name, person, facts=facts, today=on)
    return case


def road(register, record_id):
    return register.layer("roads").loc[record_id]


def test_a_name_goes_from_the_draft_to_the_sign(register, quick):
    case = walked(register, naming(register), "sign_ordered")
    assert (case.state, case.approved_on, case.filed_on, case.announced_on) == (
        "sign_ordered", "2026-03-15", "2026-03-16", "2026-03-17",
    )  # fmt: skip
    assert (case.closed_on, case.due_on) == ("2026-03-18", None)
    assert case == naming_case(register, case.id)
    made = road(register, case.records[0].partition(":")[2])
    assert (made["name"], made["status"], made["approval_no"]) == ("锦绣路", "approved", "嵊政函〔2026〕12号")
    assert (made["place_code"], made["pinyin"], made["width_m"]) == ("33068300123500000001", "Míngchēng Lù", 24)
    assert made["division_code"] == "330683001000"
    assert made.geometry.equals(shapely.MultiLineString([LINE]))
    assert made["approved_on"] == "2026-03-15"


def test_an_approval_is_taken_back_whole(register, quick):
    case = walked(register, naming(register), "noticed")
    approved = walked(register, case, "approved")
    register.undo(register.revision, actor="王主任", reason="批文有误")
    assert naming_case(register, case.id) != approved
    assert set(register.layer("roads").index) == {"R1", "R2"}


@pytest.mark.parametrize(
    ("person", "step"),
    [(READER, "pretest"), (CLERK, "accept"), (OFFICER, "approve"), (CLERK, "return"), (CLERK, "file")],
)
def test_a_role_takes_only_its_own_steps(register, quick, person, step):
    case = naming(register)
    with pytest.raises(CallError, match="may not"):
        take_step(register, case.id, step, person, today="2026-03-02")


def test_a_clerk_stays_in_the_own_township(register, quick):
    elsewhere = Person("钱七", Role.CLERK, "330683002")
    with pytest.raises(CallError, match="330683002"):
        naming(register, person=elsewhere)
    case = naming(register)
    with pytest.raises(CallError, match="330683002"):
        take_step(register, case.id, "pretest", elsewhere, today="2026-03-02")
    assert naming_cases(register, elsewhere) == []
    assert len(naming_cases(register, CLERK)) == 1


def test_steps_are_taken_in_order(register, quick):
    case = naming(register)
    with pytest.raises(CallError, match='"draft"'):
        take_step(register, case.id, "accept", OFFICER, today="2026-03-02")
    take_step(register, case.id, "pretest", CLERK, today="2026-03-05")
    with pytest.raises(CallError, match="before the step of 2026-03-05"):
        take_step(register, case.id, "submit", CLERK, on="2026-03-04", today="2026-03-06")
    with pytest.raises(CallError, match="after today"):
        take_step(register, case.id, "submit", CLERK, on="2026-03-07", today="2026-03-06")


def test_all_that_is_missing_is_named_at_once_and_nothing_is_written(register, quick):
    wanted = Application("naming", "road", ("锦绣路",))
    case = open_application(register, wanted, OFFICER, today="2026-03-02")
    take_step(register, case.id, "pretest", OFFICER, today="2026-03-02")
    revision = register.revision
    with pytest.raises(CallError) as told:
        take_step(register, case.id, "submit", OFFICER, today="2026-03-02")
    for word in (
        "申请理由",
        "位置描述",
        "所在（跨）政区",
        "申报单位",
        "联系电话",
        "地名含义",
        "宽度",
        "位置图形",
        "第十一条",
    ):
        assert word in told.value.text.zh
    assert register.revision == revision


def test_a_name_is_not_approved_before_the_notice_has_run_out(register, quick):
    case = walked(register, naming(register), "noticed")
    assert case.body["facts"]["notice_until"] == "2026-03-12"
    facts = {"approval_no": "嵊政函〔2026〕12号", "notice_result": "无异议"}
    with pytest.raises(CallError, match="runs until 2026-03-12"):
        take_step(register, case.id, "approve", HEAD, facts=facts, today="2026-03-12")
    assert take_step(register, case.id, "approve", HEAD, facts=facts, today="2026-03-13").state == "approved"


def test_a_name_that_fails_needs_a_reason_to_go_on(register, quick):
    case = naming(register, "大世界路")
    case = take_step(register, case.id, "pretest", CLERK, today="2026-03-02")
    assert case.body["pretest"]["verdict"] == "fail"
    with pytest.raises(CallError, match="pre-test fails"):
        take_step(register, case.id, "submit", CLERK, today="2026-03-02")
    assert (
        take_step(register, case.id, "submit", CLERK, facts={"despite": "省厅同意"}, today="2026-03-02").state
        == "submitted"
    )


def test_a_returned_case_comes_back_with_another_name(register, quick):
    case = walked(register, naming(register), "accepted")
    with pytest.raises(CallError, match="needs a reason"):
        take_step(register, case.id, "return", OFFICER, today="2026-03-05")
    case = take_step(register, case.id, "return", OFFICER, reason="与规划路名不协调", today="2026-03-05")
    assert (case.state, case.due_on) == ("returned", None)
    case = amend(register, case.id, {}, CLERK, names=("文昌路",))
    case = take_step(register, case.id, "pretest", CLERK, today="2026-03-06")
    assert (case.title, case.body["names"]) == ("命名：文昌路", ["文昌路"])
    case = take_step(register, case.id, "submit", CLERK, today="2026-03-09")
    assert case.due_on == "2026-03-16"


def test_a_rejected_case_is_closed_with_its_reason(register, quick):
    case = walked(register, naming(register), "consulted")
    case = take_step(register, case.id, "reject", OFFICER, reason="道路未建成", today="2026-03-09")
    assert (case.state, case.closed_on) == ("rejected", "2026-03-09")
    assert case.body["trail"][-1]["reason"] == "道路未建成"
    with pytest.raises(CallError, match="closed"):
        amend(register, case.id, {"note": "x"}, OFFICER)


def test_after_filing_the_name_stays_as_it_was_judged(register, quick):
    case = walked(register, naming(register), "submitted")
    with pytest.raises(CallError, match="return it first"):
        amend(register, case.id, {"name": "别的路"}, OFFICER)
    approved = walked(register, case, "approved")
    with pytest.raises(CallError, match="approval number"):
        amend(register, approved.id, {"approval_no": "嵊政函〔2026〕99号"}, OFFICER)


def test_a_changed_name_is_a_draft_again(register, quick):
    case = take_step(register, naming(register).id, "pretest", CLERK, today="2026-03-02")
    assert amend(register, case.id, {"origin": "旧有锦绣坊"}, CLERK).state == "pretested"
    assert amend(register, case.id, {"name": "春晖路"}, CLERK).state == "draft"


@pytest.mark.parametrize(
    "facts",
    [{"colour": "red"}, {"width_m": "宽"}, {"width_m": "-3"}, {"notice_from": "3月"}, {"approved_on": "2026-01-01"}],
)
def test_a_fact_that_is_none_is_refused(register, facts):
    with pytest.raises(DimingError):
        open_application(register, Application("naming", "road", ("锦绣路",), facts=facts), OFFICER, today="2026-03-02")


def test_what_is_due_has_its_date_basis_and_what_is_missing(register, quick):
    case = walked(register, naming(register), "approved")
    rows = due_list(register, OFFICER, today="2026-04-02")
    assert [(row["step"], row["due_on"], row["days_left"], row["binding"]) for row in rows] == [
        ("file", "2026-03-30", -3, True), ("announce", "2026-03-30", -3, True), ("order-sign", "2026-05-14", 42, False),
    ]  # fmt: skip
    assert "第十三条" in rows[0]["basis"].zh
    assert [gap.fact for gap in rows[1]["missing"]] == ["channel"]
    assert case.due_on == "2026-03-30"
    assert lacking(register, case, "2026-04-02")["file"] == []


def test_a_renamed_road_keeps_its_record_and_its_old_name(register, quick):
    wanted = Application("renaming", "road", ("听涛路",), record="roads:R1", facts={**FACTS, "ground": "construction"})
    case = walked(register, open_application(register, wanted, CLERK, today="2026-03-02"), "approved")
    assert case.body["pretest"]["notes"][0]["zh"] == "3 块门牌用这个名称"
    assert case.records == ("roads:R1", "roads:R1-former-1")
    new, old = road(register, "R1"), road(register, "R1-former-1")
    assert (new["name"], new["status"], old["name"], old["status"], old["valid_to"]) == (
        "听涛路", "approved", "滨江路", "historic", "2026-03-15",
    )  # fmt: skip
    assert set(register.layer("doorplates")["road_id"]) == {"R1"}
    assert "听涛路" in old["note"]


def test_an_abolished_name_is_historic_and_told_to_who_wants_it_again(register, quick):
    wanted = Application("abolition", "road", record="roads:R1", facts={**FACTS, "ground": "natural_change"})
    case = open_application(register, wanted, CLERK, today="2026-03-02")
    with pytest.raises(CallError, match="name of an abolition"):
        amend(register, case.id, {"name": "别的路"}, CLERK)
    case = walked(register, case, "sign_ordered")
    assert (road(register, "R1")["status"], road(register, "R1")["valid_to"]) == ("historic", "2026-03-15")
    assert (case.title, case.state) == ("销名：滨江路", "sign_ordered")
    again = open_application(
        register, Application("naming", "road", ("滨江路",), geometry=LINE, facts=FACTS), CLERK, today="2026-04-01"
    )
    again = take_step(register, again.id, "pretest", CLERK, today="2026-04-01")
    told = again.body["pretest"]["names"][0]
    assert (told["verdict"], [one["record_id"] for one in told["former"]]) == ("warn", ["R1"])
    with pytest.raises(CallError, match="used again"):
        take_step(register, again.id, "submit", CLERK, today="2026-04-01")
    take_step(register, again.id, "submit", CLERK, facts={"reuse_reason": "原址恢复"}, today="2026-04-01")


def test_a_place_name_is_renamed_with_its_old_name_as_alias(register, quick):
    facts = {**FACTS, "ground": "construction", "place_code": "33068300222200000007"}
    wanted = Application("renaming", "natural_village", ("南塘村",), record="place_names:P4", facts=facts)
    walked(register, open_application(register, wanted, OFFICER, today="2026-03-02"), "draft")
    officer_steps = ("pretest", "submit", "accept", "consult", "notice")
    case_id = naming_cases(register, OFFICER)[0].id
    for number, name in enumerate(officer_steps):
        take_step(register, case_id, name, OFFICER, facts={"consultation": "x"}, today=f"2026-03-{3 + number:02d}")
    last = {"approval_no": "嵊政函〔2026〕3号", "notice_result": "无异议"}
    take_step(register, case_id, "approve", HEAD, facts=last, today="2026-03-20")
    places = register.layer("place_names")
    assert (places.at["P4", "name"], places.at["P4", "aliases"]) == ("南塘村", "北塘村")
    assert (places.at["P4-former-1", "name"], places.at["P4-former-1", "abolished_on"]) == ("北塘村", "2026-03-20")
    assert former_names(register, "北塘村", "2026-03-21")[0]["record_id"] == "P4-former-1"


def test_place_codes_are_the_next_free_ones_and_never_given_again(register, quick):
    walked(register, naming(register), "approved")
    assert proposed_code(register, "330683001000", "23500") == "33068300123500000002"
    assert proposed_code(register, "330683001000;330683002000", "23500") == "33068300023500000001"
    assert proposed_code(register, "", "23500") == proposed_code(register, "330683001000", "") == ""
    other = walked(register, naming(register, "文昌路"), "noticed")
    facts = {"approval_no": "x", "notice_result": "无", "place_code": "33068300123500000001"}
    with pytest.raises(CallError, match="33068300123500000001"):
        take_step(register, other.id, "approve", HEAD, facts=facts, today="2026-03-20")
    for code, word in (("330683001", "20 digits"), ("33068300122200000007", "category")):
        with pytest.raises(CallError, match=word):
            take_step(register, other.id, "approve", HEAD, facts=facts | {"place_code": code}, today="2026-03-20")


def test_personal_data_are_masked_for_who_may_not_see_them_and_in_the_log(register, quick):
    case = walked(register, naming(register), "submitted")
    assert visible(case, CLERK).body["personal"] == {"contact": "***", "phone": "***"}
    assert visible(case, OFFICER).body["personal"]["phone"] == PHONE
    assert naming_cases(register, CLERK)[0].body["personal"]["phone"] == "***"
    log = masked_log(register.history(record=("cases", case.id)))
    assert PHONE in "".join(register.history(record=("cases", case.id))["after"].dropna())
    assert PHONE not in "".join([*log["after"].dropna(), *log["before"].dropna()])
    assert json.loads(log.loc[log["field"] == "body", "after"].iloc[0])["facts"]["name"] == "锦绣路"


def test_two_people_do_not_take_the_same_step(register, quick):
    case = naming(register)
    moved = take_step(register, case.id, "pretest", CLERK, today="2026-03-02")
    with pytest.raises(StaleEditError):
        casebook.step(register, case, moved, actor="b", reason="b")


def test_wrong_calls_are_told(register, quick):
    for wanted, word in (
        (Application("lending", "road", ("锦绣路",)), "lending"),
        (Application("naming", "river", ("锦绣路",)), "river"),
        (Application("renaming", "road", ("锦绣路",)), "record of the name"),
        (Application("renaming", "road", ("锦绣路",), record="roads:R9"), "R9"),
        (Application("abolition", "facility", record="roads:R1"), "kind facility"),
        (Application("naming", "road", ("锦绣路",), record="roads:R1"), "in_use"),
        (Application("naming", "road", ("锦绣路",), geometry=shapely.Point(WEST, SOUTH)), "line"),
    ):
        with pytest.raises(DimingError, match=word):
            open_application(register, wanted, OFFICER, today="2026-03-02")
    with pytest.raises(DimingError, match="dance"):
        take_step(register, naming(register).id, "dance", OFFICER)
    with pytest.raises(DimingError, match="naming-2026-0077"):
        naming_case(register, "naming-2026-0077")


def test_the_pretest_itself_tells_a_former_name(register):
    from register.cases.pretest import Proposal, pretest

    before = pretest(
        Proposal("北塘村", "natural_village", shapely.Point(WEST + 6000, SOUTH + 3000)), register, lang="zh"
    )
    edits = [
        ("place_names", "P4", "status", "in_use", "historic"),
        ("place_names", "P4", "abolished_on", None, "2026-03-20"),
    ]
    register.apply(ChangeSet(edits_frame(edits), "a", "b"))
    after = pretest(
        Proposal("北 塘村", "natural_village", shapely.Point(WEST + 6000, SOUTH + 3000)),
        register,
        lang="zh",
        today="2026-04-01",
    )
    assert before.former == []
    assert after.verdict == "warn"
    assert after.former == [{"layer": "place_names", "record_id": "P4", "name": "北塘村", "until": "2026-03-20"}]
