"""The layers of names: place names and roads."""

from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer

KINDS = (
    "natural", "division", "village_seat", "natural_village", "park_reserve",
    "road", "estate_building", "facility", "other",
)  # fmt: skip
STATUSES = ("planned", "approved", "in_use", "historic", "abolished")
STATUSES_IN_FORCE = ("approved", "in_use")

PLACE_NAMES = Layer(
    "place_names",
    Text("地名", "place names"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("place_code", Text("地名代码", "place code")),
        Field("name", Text("标准名称", "standard name"), mandatory=True, reported_by="NAM101"),
        Field("specific", Text("专名", "specific part")),
        Field("generic", Text("通名", "generic part")),
        Field("pinyin", Text("罗马字母拼写", "romanisation")),
        Field("kind", Text("地名类型", "kind"), mandatory=True, allowed=KINDS, reported_by="NAM208"),
        Field("category", Text("类别代码", "category code")),
        Field("division_code", Text("所在政区代码", "division code"), mandatory=True, reported_by="NAM208"),
        Field("aliases", Text("别名", "aliases")),
        Field("status", Text("使用状态", "status"), mandatory=True, allowed=STATUSES, reported_by="NAM208"),
        Field("established_on", Text("设立日期", "established on"), FieldType.DATE),
        Field("abolished_on", Text("废止日期", "abolished on"), FieldType.DATE),
        Field("origin", Text("地名来历", "origin")),
        Field("meaning", Text("地名含义", "meaning")),
        Field("history", Text("历史沿革", "history")),
        Field("description", Text("地理实体描述", "description")),
    ),
    geometry="Geometry",
)

ROADS = Layer(
    "roads",
    Text("街路巷", "roads"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("place_code", Text("地名代码", "place code")),
        Field("name", Text("标准名称", "standard name"), mandatory=True, reported_by="NAM101"),
        Field("specific", Text("专名", "specific part")),
        Field("generic", Text("通名", "generic part")),
        Field("pinyin", Text("罗马字母拼写", "romanisation")),
        Field(
            "road_class", Text("道路等级", "road class"), allowed=("arterial", "secondary", "branch", "lane", "village")
        ),
        Field("width_m", Text("宽度（米）", "width in metres"), FieldType.NUMBER),
        Field("width_basis", Text("宽度依据", "what the width measures"), allowed=("red_line", "kerb")),
        Field("start_desc", Text("起点", "start")),
        Field("end_desc", Text("止点", "end")),
        Field(
            "numbering",
            Text("编号规则", "numbering convention"),
            allowed=("odd_left", "odd_right", "consecutive"),
        ),
        Field("spacing_m", Text("编号间距（米）", "metres per number"), FieldType.NUMBER),
        Field("division_code", Text("所在政区代码", "division code")),
        Field("status", Text("使用状态", "status"), mandatory=True, allowed=STATUSES, reported_by="NAM208"),
        Field("approved_on", Text("批准日期", "approved on"), FieldType.DATE),
        Field("approval_no", Text("批准文号", "approval number")),
    ),
    geometry="MultiLineString",
)

LAYERS = (PLACE_NAMES, ROADS)
