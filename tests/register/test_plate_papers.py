"""Papers and metal of doorplates: numbers never twice, words right, nothing personal to roles that may not see it."""

import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import python_calamine
import segno
from docx import Document
from pyproj import CRS

from register import profiles
from register.cases import plate_drawings, plate_metal, plate_orders, plate_papers
from register.cases.casebook import all_cases
from register.cases.plate_facts import Choice
from register.people import Person, Role
from register.store import create_register, open_register
from rulebook.errors import CallError, ProfileError
from tests.case_files import layers_of

TODAY = "2026-03-02"
OFFICER, CLERK = Person("李敏", Role.OFFICER), Person("乡镇", Role.CLERK)
OWNER, OWNER_ID = "无名氏甲", "330683000000000000"
DIVISIONS = [
    {"code": "330683000000", "name": "嵊州市", "level": "county"},
    {"code": "330683001000", "name": "剡湖街道", "level": "township", "parent_code": "330683000000"},
    {"code": "330683001001", "name": "城隍社区", "level": "village", "parent_code": "330683001000"},
]
PLATE = {"kind": "road", "road_id": "r", "division_code": "330683001001", "status": "in_use"}
PLATES = [
    {"id": "a", "number": "10", "owner_name": OWNER, "owner_id_no": OWNER_ID, "old_address": "老街3号", **PLATE},
    {"id": "b", "number": "2", **PLATE},
    {"id": "c", "number": "4", "plate_code": "830012026200007", "size": "60*40", **PLATE},
    {"id": "d", "number": "27-29", **PLATE},
    {"id": "e", "number": "8", **PLATE, "status": "cancelled", "plate_code": "830012026200009"},
    {"id": "f", "number": "6", "size": "99*98", **PLATE},
    {"id": "v", "number": "3", **PLATE, "kind": "village", "road_id": None, "place_id": "p"},
]
LAYERS = {
    "divisions": [{**one, "geometry": "MULTIPOLYGON (((580000 3270000, 581000 3270000, 581000 3271000, 580000 3270000)))"} for one in DIVISIONS],
    "roads": [{"id": "r", "name": "官河路", "pinyin": "Guānhé Lù", "road_class": "arterial", "status": "in_use", "division_code": "330683001001",
               "geometry": "LINESTRING (580000 3270000, 580500 3270000)"}],
    "place_names": [{"id": "p", "name": "上<坞>", "kind": "natural_village", "status": "in_use", "division_code": "330683001001", "geometry": "POINT (580100 3270100)"}],
    "doorplates": [{**one, "geometry": f"POINT ({580010 + 20 * place} 3270010)"} for place, one in enumerate(PLATES)],
}  # fmt: skip


@pytest.fixture
def register(tmp_path):
    made = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", CRS(4549))
    for name, frame in layers_of(LAYERS).items():
        made.put(name, frame, actor="导入", reason="导入")
    return made


def prepared(register, *ids):
    return plate_orders.prepared(register, Choice(ids=ids) if ids else Choice(road="r"), today=TODAY)


def test_plates_come_in_the_order_of_their_numbers_with_words_and_size(register):
    plates, _ = prepared(register)
    assert list(plates.index) == ["b", "c", "f", "a", "d"]
    assert set(plates["sign_name"]) == {"官河路"}
    assert plates.loc["a", ["width_mm", "height_mm", "layout"]].tolist() == [600, 400, "large"]
    assert plates.loc["a", "address"] == "嵊州市剡湖街道官河路10号"


def test_what_cannot_be_made_stays_in_the_list_and_says_why(register):
    plates, _ = prepared(register, "a", "d", "e", "f")
    assert plates["ready"].to_dict() == {"a": True, "d": False, "e": False, "f": True}
    assert plate_metal.NOT_STANDING in plates.at["e", "remarks"]
    assert plate_metal.UNCLEAR in plates.at["d", "remarks"]
    assert "99*98" in plates.at["f", "remarks"][0].zh
    rows = plate_orders.order_rows(plates, "zh")
    assert rows.set_index("id")["quantity"].to_dict() == {"a": 1, "d": 0, "e": 0, "f": 1}
    assert plate_orders.summary(rows)["quantity"].tolist() == [2]


@pytest.mark.parametrize(
    ("text", "size"),
    [("60*40", (600, 400)), ("600×400", (600, 400)), ("30x20cm", (300, 200)), ("15*10", (150, 100)), ("120*80", (120, 80)), ("大", None), ("30*20mm", None)],
)  # fmt: skip
def test_sizes_are_read_in_centimetres_and_millimetres(text, size):
    listed = profiles.load("national").table("plate_sizes").astype({"width_mm": "int64", "height_mm": "int64"})
    known = listed.drop_duplicates(["width_mm", "height_mm"]).set_index(["width_mm", "height_mm"]).index
    assert plate_metal._listed_size(text, known) == size


def test_the_order_is_a_spreadsheet_that_runs_nothing(register, tmp_path):
    plates, _ = prepared(register, "a", "b")
    rows = plate_orders.order_rows(plates.assign(sign_name="=1+1"), "zh")
    plate_orders.write_order(tmp_path / "o.xlsx", rows, "zh", "清单")
    with python_calamine.CalamineWorkbook.from_path(tmp_path / "o.xlsx") as book:
        lines = book.get_sheet_by_name("制作清单").to_python()
    assert lines[1][:3] == ["序号", "门牌标识", "牌种"]
    assert [line[1] for line in lines[2:]] == ["b", "a"]
    assert lines[2][5] == "'=1+1"


def test_an_order_is_a_case(register):
    plates, _ = prepared(register)
    case = plate_orders.place_order(register, plates, OFFICER, today=TODAY)
    assert case.id == "plate-order-2026-0001"
    assert case.records == ("doorplates:b", "doorplates:c", "doorplates:f", "doorplates:a")
    assert case.body["plates"] == 4
    with pytest.raises(CallError):
        plate_orders.place_order(register, plates, CLERK, today=TODAY)


def test_a_drawing_has_its_size_words_and_qr_code(register):
    plates, profile = prepared(register, "c", "v")
    svg = ET.fromstring(plate_orders.drawings(plates, profile)["c"])
    assert (svg.get("width"), svg.get("height"), svg.get("viewBox")) == ("600mm", "400mm", "0 0 600 400")
    texts = ["".join(one.itertext()) for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["官河路", "Guānhé Lù", "4号", "830012026200007"]
    assert modules_of(svg) == [bytes(row) for row in segno.make("830012026200007", error="m", micro=False).matrix]
    small = plate_orders.drawings(plates, profile)["v"]
    assert "上&lt;坞&gt;" in small and 'width="150mm"' in small


def modules_of(svg):
    """The dark modules of the path, read back as rows."""
    path = next(one for one in svg.iter("{http://www.w3.org/2000/svg}path"))
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.get("d"))]
    size = max(line for _, line, _ in runs) + 1
    rows = [bytearray(size) for _ in range(size)]
    for column, line, length in runs:
        rows[line][column : column + length] = b"\x01" * length
    return [bytes(row) for row in rows]


def test_long_words_stay_inside_the_plate():
    box = plate_drawings.Box(10, 10, 100, 40)
    size = float(re.search(r'font-size="([\d.]+)"', plate_drawings.words("一个非常长的道路名称大道", box))[1])
    assert size * 12 <= 100


def test_the_sheet_has_a_page_of_each_size(register):
    plates, profile = prepared(register, "c", "v")
    page = plate_drawings.sheet(plates, profile, "图样")
    assert "@page p600x400 { size: 600mm 400mm" in page and "@page p150x100 { size: 150mm 100mm" in page
    assert page.count("<svg") == 2


def test_qr_codes_never_hold_personal_data(register):
    plates, _ = prepared(register, "a")
    assert plates.at["a", "qr"] == "a"  # no certificate number yet: the record's id
    for wrong in ("{owner_name}", "{nothing}", "{geometry}"):
        bad = profiles.load("zhejiang/shengzhou")
        settings = {**bad.settings, "plate_papers": {**bad.settings["plate_papers"], "qr": [wrong]}}
        object.__setattr__(bad, "settings", settings)
        with pytest.raises(ProfileError):
            plate_metal.qr_content(plates, bad)


def test_certificates_are_numbered_after_the_highest_ever_used(register):
    issued = plate_papers.issue(register, ["a", "v"], OFFICER, today=TODAY)
    assert [(one.plate, one.number, one.fresh) for one in issued] == [
        ("a", "830012026200010", True),  # 009 stands on a cancelled plate
        ("v", "830012026300001", True),
    ]
    plates = register.layer("doorplates")
    assert plates.at["a", "plate_code"] == "830012026200010"
    assert plates.at["a", "issued_on"] == TODAY
    again = plate_papers.issue(register, ["a"], OFFICER, today=TODAY)
    assert (again[0].number, again[0].fresh) == ("830012026200010", False)


def test_a_number_that_was_taken_back_is_not_given_again(register):
    first = plate_papers.issue(register, ["a"], OFFICER, today=TODAY)[0]
    register.undo(first.change_id, actor="李敏", reason="发错")
    assert register.layer("doorplates")["plate_code"].isna()["a"]
    assert plate_papers.issue(register, ["b"], OFFICER, today=TODAY)[0].number == "830012026200011"


def test_officers_who_issue_at_once_get_numbers_of_their_own(register, tmp_path):
    def issue(plate):
        own = open_register(tmp_path / "county.gpkg")
        try:
            return plate_papers.issue(own, [plate], OFFICER, today=TODAY)[0].number
        finally:
            own.close()

    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(issue, ["a", "b", "d", "f"]))
    assert sorted(numbers) == [f"8300120262000{serial}" for serial in (10, 11, 12, 13)]
    assert len(all_cases(register, kind="plate-certificate")) == 4


@pytest.mark.parametrize("plate", ["e"])
def test_no_papers_for_what_is_cancelled_and_nothing_is_written(register, plate):
    before = register.revision
    with pytest.raises(CallError, match="cancelled"):
        plate_papers.issue(register, ["a", plate], OFFICER, today=TODAY)
    assert register.revision == before


def test_a_number_of_another_plate_is_refused(register):
    plate_papers.issue(register, ["c"], OFFICER, today=TODAY)
    register.put("doorplates", layers_of({"doorplates": [{**PLATES[1], "plate_code": "830012026200007", "geometry": "POINT (580030 3270010)"}]})["doorplates"], actor="x", reason="y")  # fmt: skip
    with pytest.raises(CallError, match="was issued to c"):
        plate_papers.issue(register, ["b"], OFFICER, today=TODAY)


def words_of(paper):
    document = Document(BytesIO(paper.docx()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_certificate_shows_the_owner_to_those_who_may_see_it(register):
    plate_papers.issue(register, ["a"], OFFICER, today=TODAY)
    shown = words_of(plate_papers.certificate(register, "a", OFFICER, today=TODAY))
    for word in (
        OWNER,
        "830012026200010",
        "剡湖街道",
        "官河路",
        "10号",
        "老街3号",
        "2026年3月2日",
        "嵊州市剡湖街道官河路10号",
    ):
        assert word in shown
    masked = words_of(plate_papers.certificate(register, "a", CLERK, today=TODAY))
    assert OWNER not in masked and "个人信息已隐去" in masked
    with pytest.raises(CallError):
        plate_papers.certificate(register, "b", OFFICER, today=TODAY)


def test_a_certificate_printed_again_keeps_its_number_and_says_so(register):
    plate_papers.issue(register, ["a"], OFFICER, today=TODAY)
    plate_papers.reissue(register, "830012026200010", OFFICER, "遗失", today="2026-04-01")
    assert "2026年4月1日（遗失）" in plate_papers.certificate(register, "a", OFFICER, today=TODAY).html()
    with pytest.raises(CallError):
        plate_papers.reissue(register, "830012026200010", OFFICER, " ")


def test_an_address_proof_sets_addresses_side_by_side_and_keeps_nothing_personal(register):
    asked = plate_papers.Proof("a", {"不动产证": "嵊州市老街3号 张三13900000000"}, "过户")
    case, paper = plate_papers.prove(register, asked, OFFICER, today=TODAY)
    assert case.id == "address-proof-2026-0001"
    shown = words_of(paper)
    for word in (
        "〔2026〕1号",
        "嵊州市剡湖街道官河路10号",
        "老街3号",
        "13900000000",
        OWNER,
        OWNER_ID,
        "过户",
        "地名管理",
    ):
        assert word in shown
    assert "13900000000" not in register.layer("cases").at[case.id, "body"]
    masked = words_of(plate_papers.proof_paper(register, case, CLERK))
    assert OWNER not in masked and OWNER_ID not in masked
    assert [one.id for one in plate_papers.papers_of(register, "a")] == [case.id]
