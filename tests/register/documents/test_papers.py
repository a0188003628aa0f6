"""One template, two forms: what the page says, the DOCX says."""

from io import BytesIO

import pytest
import shapely
from docx import Document

from register.documents import templates
from register.documents.paper import Paper
from register.documents.sketch import Mark, data_url, sketch
from rulebook.errors import FileError

FORM = """<h1>登记表</h1><p class="indent">关于<b>官河路</b>的登记</p>
<table><tr><th width="20%">名称</th><td colspan="2">{name}</td></tr>
<tr><th rowspan="2">位置</th><td>甲</td><td>乙</td></tr><tr><td colspan="2"><img src="{picture}" width="50%"></td></tr></table>"""


def picture():
    return data_url(sketch([Mark(shapely.LineString([(0, 0), (300, 400)]), "#b00020", 6, "1")]))


def test_both_forms_hold_the_same_words_and_picture():
    paper = Paper(FORM.format(name="官河路 &lt;A&amp;B&gt;", picture=picture()))
    word = Document(BytesIO(paper.docx()))
    cells = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert [paragraph.text for paragraph in word.paragraphs] == ["登记表", "关于官河路的登记"]
    assert cells[0] == ["名称", "官河路 <A&B>", "官河路 <A&B>"]
    assert cells[1] == ["位置", "甲", "乙"]
    assert cells[2][0] == "位置"
    assert len(word.inline_shapes) == 1
    assert "官河路 &lt;A&amp;B&gt;" in paper.html()
    assert "<title>登记表</title>" in paper.html()


def test_a_page_asks_no_other_place():
    html = Paper(FORM.format(name="x", picture=picture())).html()
    assert "http" not in html.replace("http-equiv", "")


@pytest.mark.parametrize(
    "source", ["<p><script>1</script></p>", "<h1>x</h1><form></form>", '<p><img src="http://x/a.png"></p>']
)
def test_what_word_cannot_show_is_refused(source):
    with pytest.raises(FileError):
        Paper(source).docx()


def test_the_bureau_s_own_template_comes_first(tmp_path):
    (tmp_path / "notice.html").write_text("<h1>{{ name }}</h1>", encoding="utf-8")
    assert templates.fill("notice", {"name": "<剡溪>"}, own=tmp_path).title == "<剡溪>"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>{{ missing }}</p>", "missing"),
        ("<p>\n{% if %}</p>", "notice.html:2"),
        ("{{ ''.__class__.mro() }}", "__class__"),
    ],
)
def test_a_wrong_template_is_told(tmp_path, source, said):
    (tmp_path / "notice.html").write_text(source, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        templates.fill("notice", {}, own=tmp_path)


def test_a_sketch_shows_what_lies_in_it():
    plain, marked = sketch([]), sketch([Mark(shapely.Point(5, 5), label="A")])
    assert plain.startswith(b"\x89PNG") and plain != marked
