"""Faults in place names and roads."""

from __future__ import annotations

from shapely import LineString, MultiLineString, Point

from tools.sample_county import ground, places, streets
from tools.sample_county.faults.planter import Planter


def plant(planter: Planter) -> None:
    """All of them."""
    for sow in (
        written_wrongly,
        built_wrongly,
        not_standard,
        filled_in_wrongly,
        placed_wrongly,
        alike,
        sounding_alike,
        side_by_side,
        overdue,
    ):
        sow(planter)


def written_wrongly(planter: Planter) -> None:
    """Signs that do not belong in a name."""
    for rule, name, wrong, zh, en in (
        ("NAM102", "独秀峰", "独秀 峰", "名称中间多了一个空格", "a blank inside the name"),
        ("NAM103", "晋溪水闸", "晋溪２号水闸", "名称里有全角数字", "a full-width digit in the name"),
        ("NAM104", "石印峰", "石?峰", "名称中的一个字变成了问号", "a question mark where a character was lost"),
        ("NAM105", "屏风山", "屏風山", "名称用了繁体字", "a traditional character in the name"),
        (
            "NAM107",
            "香炉峰",
            "香炉峰（暂名）",
            "名称带有“暂名”字样和括号",
            "brackets and a provisional mark in the name",
        ),
        ("NAM108", "柳湖片区", "柳湖A片区", "名称里有拉丁字母", "a Latin letter in the name"),
    ):
        record = planter.place(name)
        planter.change("place_names", record, name=wrong, specific=None, generic=None)
        planter.expect(rule, "place_names", record, zh, en)
    planter.change("place_names", planter.place("晋溪２号水闸"), pinyin="Jìnxī 2 Hào Shuǐzhá")
    nameless = planter.place("牛角尖")
    planter.change("place_names", nameless, name=None, specific=None, generic=None)
    planter.expect("NAM101", "place_names", nameless, "没有名称", "no name")
    rare = planter.place("瞻山岭")
    planter.change("place_names", rare, name="嶀山", specific="嶀", generic="山", pinyin="Tū Shān")
    planter.expect(
        "NAM106", "place_names", rare, "用字不在《通用规范汉字表》", "a character outside the standard table"
    )


def built_wrongly(planter: Planter) -> None:
    """Names whose parts are not a specific and a generic part."""
    split = planter.place("湖头泵站")
    planter.change("place_names", split, specific="湖")
    planter.expect(
        "NAM204", "place_names", split, "专名与通名拼不成名称", "specific and generic part do not make the name"
    )
    bare = planter.place("嵊浦电灌站")
    planter.change("place_names", bare, name="嵊浦电灌", specific=None, generic=None, pinyin="Shèngpǔ Diànguàn")
    planter.expect("NAM109", "place_names", bare, "名称没有通名", "the name has no generic part")
    stacked = spare_lane(planter, (0, 0), "翠竹", "路路", "Cuìzhú Lùlù")
    planter.expect("NAM110", "roads", stacked, "通名叠用“路路”", "the generic part is doubled")


def not_standard(planter: Planter) -> None:
    """Words that the regulation or the list of non-standard names does not want."""
    for rule, block, specific, generic, pinyin, zh, en in (
        ("NAM121", (2, 1), "世界", "路", "Shìjiè Lù", "名称夸大", "an exaggerated word"),
        ("NAM122", (2, 2), "威尼斯", "路", "Wēinísī Lù", "用了外国地名", "a foreign place name"),
        ("NAM123", (2, 3), "帝豪", "路", "Dìháo Lù", "带封建色彩的怪名", "an odd word of feudal colour"),
        ("NAM124", (3, 0), "周恩来", "路", "Zhōu'ēnlái Lù", "用了国家领导人的名字", "the name of a state leader"),
        ("NAM125", (3, 1), "鲁迅", "路", "Lǔxùn Lù", "用了名人的名字，需要核实", "the name of a person: to be asked"),
        ("NAM126", (3, 2), "万达", "路", "Wàndá Lù", "与企业同名，需要核实", "the name of an enterprise: to be asked"),
        ("NAM303", (4, 1), "星光", "大道", "Xīngguāng Dàdào", "宽五米的路称大道", "an avenue of five metres"),
    ):
        record = spare_lane(planter, block, specific, generic, pinyin)
        planter.expect(rule, "roads", record, zh, en)


def filled_in_wrongly(planter: Planter) -> None:
    """Fields of the registration form."""
    short = planter.place("鹿胎山")
    planter.change("place_names", short, place_code=str(planter.get("place_names", short, "place_code"))[:-1])
    planter.expect("NAM206", "place_names", short, "地名代码只有 19 位", "a place code of 19 digits")
    unspelt = planter.place("西白山")
    planter.change("place_names", unspelt, pinyin=None)
    planter.expect("NAM201", "place_names", unspelt, "没有罗马字母拼写", "no romanisation")
    misspelt = planter.place("天鹅岭")
    planter.change("place_names", misspelt, pinyin="Tiāné Lǐng")
    planter.expect("NAM202", "place_names", misspelt, "拼写缺隔音符号", "the apostrophe is missing")
    unsure = spare_lane(planter, (0, 2), "重山", "路", "Chóngshān Lù")
    planter.expect("NAM203", "roads", unsure, "“重”字的读音不定", "the reading of one character is not settled")
    first, second = sorted((planter.place("流云亭"), planter.place("望江亭")))
    planter.change("place_names", first, place_code=planter.get("place_names", second, "place_code"))
    planter.expect("NAM207", "place_names", first, "两座亭子用了同一个地名代码", "two pavilions have one place code")
    hill = planter.place("丰潭水库")
    code = str(planter.get("place_names", hill, "place_code"))
    planter.change("place_names", hill, category="13200", place_code=f"{code[:9]}13200000901")
    planter.expect("NAM205", "place_names", hill, "水库填了山地的类别", "a reservoir in the category of hills")
    thin = planter.place("前岩水库")
    planter.change("place_names", thin, meaning="山")
    planter.expect("NAM504", "place_names", thin, "地名含义只写了一个字", "a meaning of one character")
    empty = planter.place("棋盘山")
    planter.change("place_names", empty, division_code=None)
    planter.expect("NAM208", "place_names", empty, "没有填写所在政区", "the division is not filled in")
    over = planter.place("南山水库")
    planter.change("place_names", over, abolished_on="2015-05-01")
    planter.expect("NAM501", "place_names", over, "在用的地名却有废止日期", "in use, yet with a date of abolition")


def placed_wrongly(planter: Planter) -> None:
    """Names and places that do not fit each other."""
    outside = planter.place("文峰塔")
    site = planter.get("divisions", planter.find("divisions", name="水帘村"), "geometry")
    planter.change("place_names", outside, geometry=Point(streets.seat_of(site.geoms[0])[0]))
    planter.expect("NAM301", "place_names", outside, "点在另一个村", "the point lies in another village")
    elsewhere = spare_place(
        planter, "艇溪客运站", village="前良村", name="甘霖镇客运站", specific="甘霖镇", pinyin="Gānlínzhèn Kèyùnzhàn"
    )
    planter.expect(
        "NAM302", "place_names", elsewhere, "名称含甘霖镇，却不在该镇", "named after a town it does not lie in"
    )
    swapped = planter.place("双溪水电站")
    lon, lat = ground.degrees(*planter.point("place_names", swapped).coords[0])
    planter.change("place_names", swapped, geometry=Point(lat, lon))
    planter.expect("EXC201", "place_names", swapped, "经度和纬度填反", "longitude and latitude are exchanged")
    statistics = planter.place("大湾湿地公园")
    village = str(planter.get("place_names", statistics, "division_code"))[9:]
    planter.change("place_names", statistics, division_code=f"330683005{village}")
    planter.expect("DIV104", "place_names", statistics, "填了统计用区划代码", "a code of the statistics series")
    former = planter.road("洗砚弄")
    planter.change("roads", former, division_code="330683109000")
    planter.expect("DIV501", "roads", former, "还用着已撤销的北漳镇的代码", "still on the code of an abolished town")
    river = planter.place("剡溪")
    codes = str(planter.get("place_names", river, "division_code")).split(";")
    planter.change("place_names", river, division_code=";".join(codes[1:]))
    planter.expect(
        "NAM304", "place_names", river, "流经的一个街道没有列出", "one of the divisions crossed is not listed"
    )


def alike(planter: Planter) -> None:
    """Names that are taken for one another."""
    twin = spare_place(planter, "桥亭", village="董郎村")
    planter.expect(
        "NAM401", "place_names", min(twin, planter.other("place_names", "桥亭", twin)), "同镇有两个同名的自然村",
        "two natural villages of one town have one name",
    )  # fmt: skip
    first = planter.place("石桥隧道")
    near = planter.point("place_names", first)
    twice = spare_place(planter, "石桥隧道", village="石桥村", at=Point(near.x + 60, near.y + 40))
    planter.expect("NAM410", "place_names", min(first, twice), "同一座隧道登记了两次", "one tunnel is recorded twice")
    street = planter.get("roads", planter.road("月桂路"), "geometry").geoms[0]
    end = list(street.coords)[-14:-2]
    second = spare_lane(planter, (0, 1), "古渡", "路", "Gǔdù Lù", geometry=MultiLineString([end]))
    codes = streets.through(LineString(end), planter.townships())
    planter.change("roads", second, division_code=";".join(codes))
    planter.expect("NAM407", "roads", min(second, planter.road("月桂路")), "一条路有两个名称", "one road has two names")
    torn = spare_lane(planter, (1, 0), "断桥", "路", "Duànqiáo Lù")
    line = planter.get("roads", torn, "geometry").geoms[0]
    away = LineString([(x + 40, y + 580) for x, y in line.coords])
    codes = streets.through(MultiLineString([line, away]), planter.townships())
    planter.change("roads", torn, geometry=MultiLineString([line, away]), division_code=";".join(codes))
    planter.expect("NAM408", "roads", torn, "同一条路的两段相距很远", "two parts of one road lie far apart")


def sounding_alike(planter: Planter) -> None:
    """Roads of one built-up area that are mistaken for each other when spoken or read."""
    spare_lane(planter, (1, 3), "石板桥", "路", "Shíbǎnqiáo Lù")
    for rule, block, specific, pinyin, other, zh, en in (
        ("NAM402", (0, 3), "岳贵", "Yuèguì Lù", "月桂路", "与月桂路同音同调", "sounds like 月桂路 in every tone"),
        ("NAM403", (1, 1), "怡浦", "Yípǔ Lù", "艺圃路", "与艺圃路同音不同调", "sounds like 艺圃路 but for a tone"),
        (
            "NAM404",
            (1, 2),
            "景秀",
            "Jǐngxiù Lù",
            "锦绣路",
            "与锦绣路在方言里同音",
            "sounds like 锦绣路 in the local accent",
        ),
        (
            "NAM405",
            (2, 0),
            "石拱桥",
            "Shígǒngqiáo Lù",
            "石板桥路",
            "与石板桥路只差一个字",
            "one character from 石板桥路",
        ),
    ):
        record = spare_lane(planter, block, specific, "路", pinyin)
        planter.expect(rule, "roads", min(record, planter.road(other)), zh, en)


def side_by_side(planter: Planter) -> None:
    """Series, plans and neighbours in which one name is used in two ways."""
    odd = spare_lane(planter, (4, 0), "柳塘3", "弄", "Liǔtáng 3 Lòng")
    planter.expect("NAM111", "roads", odd, "与一弄、二弄数字写法不同", "another form of number than its series")
    near = spare_lane(planter, (1, -5), "木莲", "巷", "Mùlián Xiàng")
    planter.expect(
        "NAM406",
        "roads",
        min(near, planter.other("roads", "木莲巷", near)),
        "城外不远有同名的巷",
        "a lane of one name not far outside",
    )
    used = spare_lane(planter, (4, 2), "云锦", "路", "Yúnjǐn Lù")
    spare_lane(planter, (-1, 0), "云锦", "路", "Yúnjǐn Lù", status="planned")
    planter.expect(
        "NAM409", "roads", used, "用了规划预留给另一处的名称", "a name that the plan keeps for another place"
    )


def overdue(planter: Planter) -> None:
    """Cases that were not filed or announced in time."""
    unfiled = planter.find("cases", title="关于命名春晖路的批复")
    planter.change("cases", unfiled, filed_on=None)
    planter.expect("NAM502", "cases", unfiled, "批准后没有备案", "approved and never filed")
    unannounced = planter.find("cases", title="关于命名学士路的批复")
    planter.change("cases", unannounced, announced_on=None, closed_on=None, state="filed")
    planter.expect("NAM503", "cases", unannounced, "备案后没有公告", "filed and never announced")


def spare_lane(
    planter: Planter, block: tuple[int, int], specific: str, generic: str, pinyin: str, **cells: object
) -> str:
    """A lane without plates on the free ground of a city block (column, row from the south-west)."""
    number = 901 + int(planter.layers["roads"]["id"].ge("R900").sum())
    centre, angle = next(
        (centre, angle) for town, centre, angle in streets.towns(planter.layers["divisions"]) if town == streets.CITY
    )
    x, y = (block[0] - 2) * streets.BLOCK_M, (block[1] - 1.5) * streets.BLOCK_M + 110.0
    line = LineString([streets.turned((x + step, y), centre, angle) for step in (110.0, 150.0, 190.0, 230.0)])
    codes = streets.through(line, planter.townships())
    record = planter.add(
        "roads", planter.road("书院巷"), id=f"R{number}", name=specific + generic, specific=specific, generic=generic,
        pinyin=pinyin, place_code=f"{codes[0][:9]}{streets.ROAD_CATEGORY}{number:06d}", numbering=None, spacing_m=None,
        division_code=";".join(codes), geometry=MultiLineString([line]), approval_no=f"嵊政示〔2020〕{number}号",
    )  # fmt: skip
    planter.change("roads", record, **cells)
    return record


def spare_place(planter: Planter, like: str, *, village: str, at: Point | None = None, **cells: object) -> str:
    """Another place name like one of the county, in a village, with a code and texts of its own."""
    model = planter.place(like)
    number = 901 + int(planter.layers["place_names"]["id"].ge("P0900").sum())
    code = planter.find("divisions", name=village)
    shape = planter.get("divisions", code, "geometry")
    category = planter.get("place_names", model, "category")
    name = cells.get("name", like)
    record = planter.add(
        "place_names", model, id=f"P0{number}", division_code=code, place_code=f"{code[:9]}{category}{number:06d}",
        geometry=at or Point(streets.seat_of(shape.geoms[0])[0]),
        **places.texts({"sense": f"第{number}号示例", "name": name}, number),
    )  # fmt: skip
    planter.change("place_names", record, **cells)
    return record
