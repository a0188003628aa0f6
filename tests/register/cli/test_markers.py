"""``diming markers``: what inspectors bring back comes in once, whole, and with its doubts."""

import csv
import json
import zipfile

import openpyxl
import pytest

from register.store import opened
from tests.register import field_county
from tests.register.field_county import lon_lat, picture

HEADINGS = (
    "id",
    "marker_id",
    "inspected_on",
    "round",
    "fix_type",
    "condition",
    "photos",
    "parties",
    "inspector",
    "lon",
    "lat",
)
BOTH = "330681000000;330683000000"


@pytest.fixture
def reg(tmp_path):
    return field_county.build(tmp_path / "county.gpkg")


@pytest.fixture
def take(cli, reg):
    def run(path, *words):
        told = cli("markers", "inspect", reg, path, "--actor", "检查员", "--today", field_county.TODAY, *words)
        assert told.code in (0, 1), told.err
        return told.json

    return run


def visit(marker="m1", day="2026-05-01", condition="intact", at=None, **more):
    lon, lat = lon_lat(at or marker) if (at or marker) in field_county.PLACES else ("", "")
    row = {"marker_id": marker, "inspected_on": day, "round": "第五轮", "fix_type": "rtk", "condition": condition,
           "parties": BOTH, "inspector": "张三", "lon": lon, "lat": lat}  # fmt: skip
    return {**row, **more}


def as_csv(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_xlsx(path, rows):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append([row.get(name) for name in HEADINGS])
    book.save(path)
    return path


def as_geojson(path, rows):
    features = [
        {"type": "Feature", "properties": {k: v for k, v in row.items() if k not in ("lon", "lat")},
         "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]}}
        for row in rows
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return path


def as_package(path, rows, pictures=()):
    inner = as_geojson(path.with_name("inspections.geojson"), rows)
    with zipfile.ZipFile(path, "w") as package:
        package.write(inner, "inspections.geojson")
        for name, content in dict(pictures).items():
            package.writestr(f"photos/{name}", content)
    return path


def as_gpx(path, waypoints):
    points = "".join(
        f'<wpt lat="{lat}" lon="{lon}"><time>{time}</time><name>{name}</name><desc>{desc}</desc></wpt>'
        for name, (lon, lat), time, desc in waypoints
    )
    path.write_text(
        f'<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">{points}</gpx>',
        "utf-8",
    )
    return path


def kept(reg):
    with opened(reg) as register:
        return register.layer("inspections"), register.revision


@pytest.mark.parametrize(
    ("write", "suffix"), [(as_csv, "csv"), (as_xlsx, "xlsx"), (as_geojson, "geojson"), (as_package, "zip")]
)
def test_every_format_comes_in_once(take, reg, tmp_path, write, suffix):
    path = write(tmp_path / f"field.{suffix}", [visit("m1"), visit("m2", condition="text_faded"), visit("t1")])
    first = take(path)
    assert (first["read"], first["in"], first["already_in"], first["refused"]) == (3, 3, 0, [])
    frame, revision = kept(reg)
    assert sorted(frame["marker_id"]) == ["m1", "m2", "t1"]
    assert frame["line_code"].tolist() == ["L1"] * 3
    again = take(path)
    assert (again["in"], again["already_in"], again["refused"], again["change_id"]) == (0, 3, [], None)
    assert kept(reg)[1] == revision


def test_waypoints_are_visits_by_name_and_by_place(take, reg, tmp_path):
    path = as_gpx(
        tmp_path / "track.gpx",
        [
            ("诸嵊线1号", lon_lat("m1"), "2026-04-30T23:30:00Z", "完好"),
            ("WPT007", lon_lat("m2", 5), "2026-05-01T02:00:00Z", "界桩损坏，桩身断裂"),
            ("06810683003Q", lon_lat("m3"), "2026-05-01T03:00:00Z", ""),
            ("午饭", lon_lat("m3", 400), "2026-05-01T04:00:00Z", ""),
        ],
    )
    told = take(path)
    assert told["in"] == 3
    assert [one["row"] for one in told["refused"]] == [4]
    assert "午饭" in told["refused"][0]["reason"]
    frame = kept(reg)[0].set_index("marker_id")
    assert frame.loc["m1", "inspected_on"] == "2026-05-01"  # half past seven in Beijing
    assert frame["condition"].to_dict() == {"m1": "intact", "m2": "damaged", "m3": "intact"}
    assert "未写现状" in frame.loc["m3", "note"]
    assert take(path)["already_in"] == 3


def test_wrong_rows_are_refused_alone_and_say_why(take, reg, tmp_path):
    rows = [
        visit("m1"),
        visit("m9", at="none"),
        visit("m2", day="2026-13-40"),
        visit("m3", condition="好像没事"),
        visit("m4", day=""),
        visit("m2", id="v1"), visit("m3", id="v1"),
    ]  # fmt: skip
    told = take(as_csv(tmp_path / "field.csv", rows))
    assert told["in"] == 2
    reasons = {one["row"]: one["reason"] for one in told["refused"]}
    assert sorted(reasons) == [3, 4, 5, 6, 8]
    assert "m9" in reasons[3]
    assert "2026-13-40" in reasons[4]
    assert "好像没事" in reasons[5]
    assert "v1" in reasons[8]


def test_a_visit_that_names_no_marker_waits_for_its_match(take, reg, tmp_path):
    near, far = (
        visit("", lon=lon_lat("m4", 3)[0], lat=lon_lat("m4", 3)[1]),
        visit("", lon=lon_lat("m4", 450)[0], lat=lon_lat("m4", 450)[1]),
    )
    told = take(as_csv(tmp_path / "field.csv", [near, far]))
    assert told["in"] == 2
    assert [one["marker_id"] for one in told["records"]] == ["m4", None]
    assert all(one["doubts"] for one in told["records"])


def test_photographs_are_kept_by_their_hash_and_judged(take, reg, tmp_path):
    beside, other = picture(place=lon_lat("m1", 4)), picture(place=lon_lat("m1"), colour="blue")
    rows = [
        visit("m1", photos="a.jpg"), visit("m2", photos="a2.jpg"), visit("m3", photos="far.jpg;none.jpg;gone.jpg"),
        visit("m4", photos="old.jpg"),
    ]  # fmt: skip
    pictures = {
        "a.jpg": beside, "a2.jpg": beside, "far.jpg": other, "none.jpg": picture(taken=None, colour="green"),
        "old.jpg": picture(taken="2026:04:01 08:00:00", colour="black"), "stray.jpg": picture(colour="white"), "gone.jpg": b"no picture",
    }  # fmt: skip
    told = take(as_package(tmp_path / "field.zip", rows, pictures))
    doubts = {one["marker_id"]: " ".join(one["doubts"]) for one in told["records"]}
    assert sorted("中已经用过" in doubts[one] for one in ("m1", "m2")) == [False, True]
    assert (
        "far.jpg 的拍摄地点" in doubts["m3"]
        and "none.jpg 里没有拍摄时间" in doubts["m3"]
        and "gone.jpg" in doubts["m3"]
    )
    assert "不是检查那天" in doubts["m4"]
    photos = {one["name"]: one for one in told["photos"]}
    assert photos["stray.jpg"]["outcome"] == photos["gone.jpg"]["outcome"] == "refused"
    assert photos["a.jpg"]["taken_at"] == "2026-05-01T09:30:00"
    with opened(reg) as register:
        assert register.attachment(photos["a.jpg"]["sha256"]).content == beside
        assert register.attachment(photos["stray.jpg"]["sha256"] or "0") is None


def test_a_visit_is_completed_but_never_contradicted(take, reg, tmp_path):
    take(as_csv(tmp_path / "field.csv", [visit("m1", id="v1")]))
    told = take(as_package(tmp_path / "field.zip", [visit("m1", id="v1", photos="a.jpg")], {"a.jpg": picture()}))
    assert (told["in"], told["completed"], told["already_in"]) == (1, 1, 0)
    assert kept(reg)[0].loc["v1", "photos"] == "a.jpg"
    told = take(as_csv(tmp_path / "field.csv", [visit("m1", id="v1", condition="lost")]))
    assert told["in"] == 0
    assert "现状" in told["refused"][0]["reason"]
    assert kept(reg)[0].loc["v1", "condition"] == "intact"


def test_states_need_proof_and_not_found_is_not_lost(take, cli, reg, tmp_path):
    rows = [visit("m1", condition="lost"), visit("m2", condition="not_found"), visit("m3", condition="damaged", photos="a.jpg"),
            visit("m4", condition="text_faded"), visit("t1")]  # fmt: skip
    plan = tmp_path / "plan.csv"
    told = take(as_package(tmp_path / "field.zip", rows, {"a.jpg": picture()}), "--plan", plan)
    doubts = {one["marker_id"]: " ".join(one["doubts"]) for one in told["records"]}
    assert "没有照片也没有说明" in doubts["m1"]
    assert "不等于丢失" in doubts["m2"]
    with plan.open(encoding="utf-8-sig") as file:
        wanted = {row["record_id"]: (row["field"], row["before"], row["after"]) for row in csv.DictReader(file)}
    assert wanted == {
        "m3": ("status", "intact", "damaged"),
        "m4": ("status", "intact", "text_faded"),
        "L1": ("last_inspected_on", "2020-06-30", "2026-05-01"),
    }


def test_a_visit_elsewhere_by_one_side_tomorrow_is_doubted_at_once(take, tmp_path):
    lon, lat = lon_lat("m1", 20)
    row = visit("m1", day="2026-06-02", lon=lon, lat=lat, parties="330683000000")
    (told,) = take(as_csv(tmp_path / "field.csv", [row]))["records"]
    assert any("离登记位置 20." in doubt for doubt in told["doubts"])
    assert any("缺少" in doubt for doubt in told["doubts"])
    assert any("还没有到" in doubt for doubt in told["doubts"])


def test_a_file_of_wrong_rows_alone_is_reported_not_thrown_out(take, reg, tmp_path):
    told = take(as_csv(tmp_path / "field.csv", [visit("m1", condition="?")]))
    assert (told["read"], told["in"], len(told["refused"])) == (1, 0, 1)


def test_of_a_workbook_the_sheet_of_visits_counts(take, tmp_path):
    path = as_xlsx(tmp_path / "field.xlsx", [visit("m1")])
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明", 0).append(["填表说明", "日期写成 2026-05-01"])
    book.save(path)
    assert take(path)["in"] == 1


def test_chinese_headings_and_names_are_understood(take, reg, tmp_path):
    path = tmp_path / "巡查.csv"
    path.write_text(
        "界桩编号,检查日期,现状,检查人,到场各方代码,经度,纬度\n诸嵊线2号界桩,2026年5月1日,字迹模糊,王五,330683,,\n",
        "utf-8",
    )
    assert take(path)["in"] == 1
    (row,) = kept(reg)[0].to_dict("records")
    assert (row["marker_id"], row["condition"], row["inspected_on"]) == ("m2", "text_faded", "2026-05-01")


def test_dangerous_packages_are_not_opened(cli, reg, tmp_path):
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as package:
        package.writestr("../inspections.csv", "id\n1\n")
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("inspections.csv", b"0" * (40 << 20))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(outside.read_bytes()[:30])
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("photos/a.jpg", picture())
    for path in (outside, bomb, broken, empty, tmp_path / "none.csv"):
        told = cli("markers", "inspect", reg, path)
        assert told.code == 2, path
        assert told.err.strip() and "Traceback" not in told.err
    assert kept(reg)[1] == 3
    assert not (tmp_path.parent / "inspections.csv").exists()


def test_due_list_counts_from_the_last_joint_inspection(cli, reg, take, tmp_path):
    take(as_csv(tmp_path / "field.csv", [visit("m1"), visit("m2", condition="not_found")]))
    (line,) = cli("markers", "due", reg, "--format", "json", "--today", "2025-07-10").json
    assert (line["code"], line["last"], line["due"], line["days"], line["state"]) == (
        "L1",
        "2020-06-30",
        "2025-06-30",
        -10,
        "overdue",
    )
    (line,) = cli("markers", "due", reg, "--format", "json", "--today", "2026-06-01").json
    assert (line["markers"], line["visited"], line["not_found"], line["round"]) == (5, 1, 1, "第五轮")
    assert "逾期" in cli("markers", "due", reg, "--today", "2026-06-01").out
    (line,) = cli("markers", "due", reg, "--format", "json", "--today", "2025-06-30").json
    assert line["state"] == "soon"
    assert cli("markers", "due", reg, "--line", "L9").code == 2


def test_the_register_itself_and_a_wrong_day_are_refused(cli, reg, tmp_path):
    assert "登记库本身" in cli("markers", "inspect", reg, reg).err
    told = cli("markers", "trip", reg, "--line", "L1", "--on", "5月1日", "--out", tmp_path / "t.zip")
    assert (told.code, (tmp_path / "t.zip").exists()) == (2, False)
    assert "YYYY-MM-DD" in told.err


def test_a_reader_may_not_hand_in(cli, reg, tmp_path):
    path = as_csv(tmp_path / "field.csv", [visit("m1")])
    assert cli("markers", "inspect", reg, path, "--role", "reader").code == 2
    assert kept(reg)[0].empty
