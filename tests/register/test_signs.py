"""Signs without the standard name: noted with photographs, ordered, put right; who may do what."""

import io

import pytest
import shapely
from docx import Document
from PIL import Image

from register.cases.applications_due import visible
from register.cases.privacy import masked_log
from register.cases.signs import Photo, Sighting, correction_order, dismiss, done, open_sign, order, sign_cases
from register.people import Person, Role
from register.store import open_register
from rulebook.errors import CallError, FileError
from tests.web import little_county
from tests.web.little_county import SOUTH, WEST

OFFICER, CLERK, READER = (
    Person("李敏", Role.OFFICER),
    Person("张三", Role.CLERK, "330683001"),
    Person("客", Role.READER),
)
INSPECTOR = Person("外业", Role.INSPECTOR)
PLACE = shapely.Point(WEST + 6000, SOUTH + 1120)
FACTS = {"location": "滨江路口", "finding": "未使用标准地名", "owner": "某商业公司", "phone": "13800000000"}


def picture(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")
    return Photo(f"{colour}.jpg", buffer.getvalue())


@pytest.fixture
def register(tmp_path):
    found = open_register(little_county.build(tmp_path / "county.gpkg"))
    yield found
    found.close()


def seen(register, person=OFFICER, text="网红大道", **more):
    return open_sign(register, Sighting(text, PLACE, (picture("red"),), FACTS | more), person, today="2026-03-02")


def test_a_sign_is_noted_ordered_and_put_right(register):
    case = seen(register)
    assert (case.id, case.state, case.division_code) == ("sign-2026-0001", "found", "330683001000")
    assert case.body["names_around"][0]["name"] == "滨江路"
    assert case.body["is_standard"] is False
    assert register.attachment(case.body["photos"][0]["sha256"]).content == picture("red").content
    case = order(register, case.id, OFFICER, facts={"standard_name": "滨江路"}, today="2026-03-03")
    assert (case.state, case.due_on) == ("ordered", "2026-03-18")
    case = done(register, case.id, INSPECTOR, result="已更换", photos=[picture("green")], today="2026-03-10")
    assert (case.state, case.closed_on, case.due_on) == ("done", "2026-03-10", None)
    assert [one["step"] for one in case.body["trail"]] == ["found", "ordered", "done"]
    with pytest.raises(CallError, match='"done"'):
        order(register, case.id, OFFICER, today="2026-03-11")


def test_a_sign_that_shows_the_standard_name_is_told(register):
    assert seen(register, text="滨 江路").body["is_standard"] is True


def test_the_order_is_a_paper_with_the_photograph(register):
    case = seen(register)
    with pytest.raises(CallError, match="No correction"):
        correction_order(register, case, today="2026-03-03")
    case = order(register, case.id, OFFICER, facts={"standard_name": "滨江路"}, due_on="2026-03-20", today="2026-03-03")
    made = correction_order(register, case, today="2026-03-03")
    document = Document(io.BytesIO(made.docx()))
    text = "\n".join(one.text for one in document.paragraphs)
    for word in ("某商业公司", "网红大道", "滨江路", "2026年3月20日", "第三十七条"):
        assert word in text
        assert word in made.html()
    assert len(document.inline_shapes) == 2


def test_what_an_order_needs_is_told(register):
    case = seen(register, owner="", finding="")
    with pytest.raises(CallError, match="what is wrong, who put it up"):
        order(register, case.id, OFFICER, today="2026-03-03")
    with pytest.raises(CallError, match="before today"):
        order(register, case.id, OFFICER, facts=FACTS, due_on="2026-03-01", today="2026-03-03")
    with pytest.raises(CallError, match="reason"):
        dismiss(register, case.id, OFFICER, reason=" ", today="2026-03-03")
    assert dismiss(register, case.id, OFFICER, reason="历史标志", today="2026-03-03").state == "dismissed"


def test_roles_and_townships_are_kept_apart(register):
    with pytest.raises(CallError, match="may not"):
        seen(register, READER)
    case = seen(register, CLERK)
    with pytest.raises(CallError, match="may not"):
        order(register, case.id, CLERK, today="2026-03-03")
    assert sign_cases(register, Person("钱", Role.CLERK, "330683002")) == []
    assert visible(case, CLERK).body["personal"] == {"phone": "***"}
    assert "13800000000" not in "".join(masked_log(register.history())["after"].dropna())


def test_only_pictures_are_taken(register):
    for photo in (Photo("a.exe", b"x"), Photo("a.jpg", b"<html>"), Photo("a.png", picture("red").content)):
        with pytest.raises(FileError, match="JPEG or PNG"):
            open_sign(register, Sighting("x路", PLACE, (photo,)), OFFICER)
    with pytest.raises(CallError, match="colour"):
        open_sign(register, Sighting("x路", PLACE, (), {"colour": "red"}), OFFICER)
    assert sign_cases(register, OFFICER) == []
