"""Papers of naming cases: ready when the case is, with what the law asks for, in both forms, in a bureau's own words."""

import io

import pytest
from docx import Document

from gazetteer.procedure import SIX_FIELDS
from register.cases.applications import Application, naming_case, open_application
from register.cases.applications_due import visible
from register.cases.applications_papers import PAPERS, paper, ready_papers
from rulebook.errors import CallError, DimingError
from tests.register.test_applications import (  # noqa: F401 - fixtures
    CLERK,
    FACTS,
    PHONE,
    built,
    naming,
    quick,
    register,
    walked,
)


@pytest.fixture
def announced(register, quick):  # noqa: F811
    return walked(register, naming(register, "锦绣路", "文昌路"), "sign_ordered")


def docx_text(made):
    document = Document(io.BytesIO(made.docx()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("name", PAPERS)
def test_page_and_docx_say_the_same(register, announced, name):  # noqa: F811
    made = paper(register, [announced], name, today="2026-03-20")
    page, document = made.html(), docx_text(made)
    for word in ("锦绣路", "Míngchēng Lù") if name != "opinion" else ("锦绣路", "可以采用"):
        assert word in page
        assert word in document
    assert "None" not in page
    assert "{{" not in page


def test_an_announcement_has_its_six_fields_under_their_names(register, announced):  # noqa: F811
    document = Document(io.BytesIO(paper(register, [announced], "announcement", today="2026-03-20").docx()))
    heads, values = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert heads[1:] == ["标准名称", "罗马字母拼写", "所属政区", "位置描述", "批准机关", "批准时间"]
    assert values[1:4] == ["锦绣路", "Míngchēng Lù", "东街道"]
    assert values[4].startswith("东街道，滨江路以北")
    assert values[5:] == ["嵊州市人民政府", "2026年3月15日"]


@pytest.mark.parametrize("field", SIX_FIELDS)
def test_an_announcement_without_one_of_them_is_refused(register, announced, field):  # noqa: F811
    from dataclasses import replace

    facts = {name: value for name, value in announced.body["facts"].items() if name != field}
    lacking = replace(announced, approved_on=None) if field == "approved_on" else announced
    body = {**announced.body, "facts": facts, "pretest": {}}
    with pytest.raises(CallError, match="lacks"):
        paper(register, [replace(lacking, body=body)], "announcement", today="2026-03-20")


def test_papers_wait_for_their_step(register, quick):  # noqa: F811
    case = naming(register)
    assert ready_papers(case) == ["application"]
    with pytest.raises(CallError, match="not far enough"):
        paper(register, [case], "announcement", today="2026-03-02")
    assert ready_papers(walked(register, case, "consulted")) == ["application", "opinion", "approval", "notice"]
    with pytest.raises(DimingError, match="novel"):
        paper(register, [case], "novel", today="2026-03-02")


def test_a_list_of_cases_is_announced_together(register, announced):  # noqa: F811
    other = walked(register, naming(register, "文昌路"), "approved")
    page = paper(register, [announced, other], "announcement", today="2026-03-20").html()
    assert "锦绣路" in page
    assert "文昌路" in page
    with pytest.raises(CallError, match="one case"):
        paper(register, [announced, other], "filing", today="2026-03-20")


def test_who_may_not_see_a_telephone_prints_none(register, quick):  # noqa: F811
    case = naming_case(register, naming(register).id)
    assert PHONE in paper(register, [case], "application", today="2026-03-02").html()
    assert PHONE not in paper(register, [visible(case, CLERK)], "application", today="2026-03-02").html()


def test_a_bureau_fills_its_own_template(register, quick, tmp_path):  # noqa: F811
    (tmp_path / "application.html").write_text("<h1>本局申请表</h1><p>{{ case.name }}</p>", encoding="utf-8")
    made = paper(register, [naming(register)], "application", today="2026-03-02", own=tmp_path)
    assert docx_text(made) == "本局申请表\n锦绣路"


def test_renaming_and_abolition_speak_of_the_old_name(register, quick):  # noqa: F811
    facts = {**FACTS, "ground": "construction"}
    renaming = Application("renaming", "road", ("听涛路",), record="roads:R1", facts=facts)
    case = walked(register, open_application(register, renaming, CLERK, today="2026-03-02"), "approved")
    assert "听涛路（原滨江路）" in paper(register, [case], "announcement", today="2026-03-20").html()
    abolition = Application("abolition", "road", record="roads:R1", facts=facts)
    case = walked(register, open_application(register, abolition, CLERK, today="2026-03-02"), "approved")
    made = {name: paper(register, [case], name, today="2026-03-20").html() for name in PAPERS}
    assert "听涛路（销名）" in made["announcement"]
    assert "地名标志拆除通知" in made["sign-order"]
    assert "3 块门牌用这个名称" in made["opinion"]
