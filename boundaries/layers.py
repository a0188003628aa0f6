"""The layers of divisions, lines, markers and their inspections."""

from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer

LEVELS = ("province", "prefecture", "county", "township", "village")
LINE_LEVELS = LEVELS[:4]
MARKER_STATES = (
    "intact", "text_faded", "damaged", "lost", "moved", "endangered", "reference_missing", "rebuilt", "scrapped",
)  # fmt: skip
MARKER_TYPES = ("Q", "A", "B", "C", "D", "E", "S")

DIVISIONS = Layer(
    "divisions",
    Text("行政区划", "divisions"),
    ("code",),
    (
        Field("code", Text("区划代码", "division code"), mandatory=True),
        Field("name", Text("区划名称", "name"), mandatory=True),
        Field("pinyin", Text("罗马字母拼写", "romanisation")),
        Field("level", Text("区划级别", "level"), mandatory=True, allowed=LEVELS, reported_by="DIV103"),
        Field("kind", Text("区划类型", "kind")),
        Field("parent_code", Text("上级区划代码", "parent code")),
        Field("nbs_code", Text("统计用区划代码", "statistics-series code")),
        Field("urban_rural", Text("城乡分类代码", "urban-rural class")),
    ),
    geometry="MultiPolygon",
)

AREAS = Layer(
    "areas",
    Text("区域", "areas"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("kind", Text("区域类型", "kind"), mandatory=True),
        Field("name", Text("名称", "name"), mandatory=True),
        Field("division_code", Text("所在政区代码", "division code")),
    ),
    geometry="MultiPolygon",
)

BOUNDARY_LINES = Layer(
    "boundary_lines",
    Text("界线", "boundary lines"),
    ("code",),
    (
        Field("code", Text("界线代码", "line code"), mandatory=True),
        Field("name", Text("界线名称", "name"), mandatory=True),
        Field("level", Text("界线等级", "level"), mandatory=True, allowed=LINE_LEVELS),
        Field("left_code", Text("左侧政区代码", "division on the left"), mandatory=True, reported_by="BND306"),
        Field("right_code", Text("右侧政区代码", "division on the right"), mandatory=True, reported_by="BND306"),
        Field("accuracy_m", Text("界线精度（米）", "accuracy in metres"), FieldType.NUMBER),
        Field("length_km", Text("界线长度（公里）", "length in kilometres"), FieldType.NUMBER),
        Field("marker_count", Text("界桩颗数", "markers"), FieldType.INTEGER),
        Field("single_count", Text("单立界桩颗数", "single markers"), FieldType.INTEGER),
        Field("double_count", Text("双立界桩颗数", "double markers"), FieldType.INTEGER),
        Field("triple_count", Text("三立界桩颗数", "triple markers"), FieldType.INTEGER),
        Field("agreed_on", Text("协议日期", "agreed on"), FieldType.DATE),
        Field("last_inspected_on", Text("最近联检日期", "last joint inspection"), FieldType.DATE),
        Field("disputed", Text("是否争议", "disputed")),
    ),
    geometry="MultiLineString",
)

MARKERS = Layer(
    "markers",
    Text("界桩", "markers"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("number", Text("界桩编号", "number on the stone"), mandatory=True, reported_by="MRK101"),
        Field("name", Text("界桩名称", "name")),
        Field("line_codes", Text("所属界线代码", "line codes"), mandatory=True, reported_by="MRK201"),
        Field("serial", Text("序号", "serial"), FieldType.INTEGER),
        Field("type_code", Text("类型码", "type"), allowed=MARKER_TYPES),
        Field("level", Text("界桩等级", "level"), allowed=LEVELS),
        Field("material", Text("材质", "material")),
        Field("faces", Text("面数", "faces"), FieldType.INTEGER),
        Field("accuracy_m", Text("测量精度（米）", "survey accuracy in metres"), FieldType.NUMBER),
        Field("easting", Text("横坐标", "easting"), FieldType.NUMBER),
        Field("northing", Text("纵坐标", "northing"), FieldType.NUMBER),
        Field("lon", Text("经度", "longitude"), FieldType.NUMBER),
        Field("lat", Text("纬度", "latitude"), FieldType.NUMBER),
        Field("height_m", Text("高程（米）", "height in metres"), FieldType.NUMBER),
        Field("recorded_crs", Text("坐标系", "recorded CRS")),
        Field("division_codes", Text("相邻政区代码", "sides"), mandatory=True, reported_by="MRK201"),
        Field("location", Text("所在地", "location")),
        Field("description", Text("位置描述", "description")),
        Field("caring_code", Text("管护方代码", "caring side")),
        Field("set_on", Text("埋设日期", "set on"), FieldType.DATE),
        Field("status", Text("状态", "status"), mandatory=True, allowed=MARKER_STATES),
    ),
    geometry="Point",
)

MARKER_WITNESSES = Layer(
    "marker_witnesses",
    Text("方位物", "marker witnesses"),
    ("marker_id", "seq"),
    (
        Field("marker_id", Text("界桩标识", "marker id"), mandatory=True),
        Field("seq", Text("方位物序号", "sequence number"), mandatory=True),
        Field("name", Text("方位物名称", "name"), mandatory=True, reported_by="MRK102"),
        Field("azimuth_deg", Text("方位角（度）", "azimuth"), FieldType.NUMBER, mandatory=True, reported_by="MRK102"),
        Field("distance_m", Text("距离（米）", "distance"), FieldType.NUMBER, mandatory=True, reported_by="MRK102"),
    ),
)

INSPECTIONS = Layer(
    "inspections",
    Text("踏勘联检", "inspections"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("marker_id", Text("界桩标识", "marker id")),
        Field("line_code", Text("界线代码", "line code")),
        Field("inspected_on", Text("检查日期", "inspected on"), FieldType.DATE, mandatory=True),
        Field("round", Text("联检轮次", "round")),
        Field("fix_type", Text("定位方式", "position fix"), allowed=("rtk", "dgnss", "single", "none")),
        Field("accuracy_m", Text("定位精度（米）", "accuracy in metres"), FieldType.NUMBER),
        Field("condition", Text("现状", "condition"), mandatory=True, allowed=(*MARKER_STATES, "not_found")),
        Field("witness_ok", Text("方位物完好", "witnesses found")),
        Field("photos", Text("照片", "photos")),
        Field("photo_facts", Text("照片信息", "facts of the photos")),
        Field("parties", Text("到场各方代码", "sides present")),
        Field("inspector", Text("检查人", "inspector")),
        Field("action", Text("处理", "action")),
        Field("signed_on", Text("签字日期", "signed on"), FieldType.DATE),
    ),
    geometry="Point",
)

LAYERS = (DIVISIONS, AREAS, BOUNDARY_LINES, MARKERS, MARKER_WITNESSES, INSPECTIONS)
