"""The layers of doorplates and addresses."""

from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer

PLATE_STATUSES = ("reserved", "temporary", "in_use", "cancelled")
SEGMENTS = (
    "province", "prefecture", "county", "township", "community", "natural_village", "village_group", "road", "lane",
    "plate_no", "sub_no", "estate", "building", "unit", "floor", "room", "rest",
)  # fmt: skip
SEGMENT_TITLES = (
    "省", "市", "县", "乡镇街道", "村社区", "自然村", "村民小组", "道路", "弄", "门牌", "附号", "小区", "幢", "单元", "层", "室", "其余",
)  # fmt: skip

DOORPLATES = Layer(
    "doorplates",
    Text("门楼牌", "doorplates"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("plate_code", Text("门牌证号", "certificate number")),
        Field("kind", Text("门牌类型", "kind"), mandatory=True, allowed=("road", "village", "estate")),
        Field("road_id", Text("道路标识", "road id")),
        Field("place_id", Text("地名标识", "place id")),
        Field("number", Text("门牌号", "number"), mandatory=True, reported_by="DOR101"),
        Field("building", Text("幢号", "building")),
        Field("unit", Text("单元号", "unit")),
        Field("room", Text("室号", "room")),
        Field("division_code", Text("村社区代码", "division code"), mandatory=True, reported_by="DOR305"),
        Field("status", Text("门牌状态", "status"), mandatory=True, allowed=PLATE_STATUSES),
        Field("size", Text("门牌规格", "size")),
        Field("issued_on", Text("编制日期", "issued on"), FieldType.DATE),
        Field("old_address", Text("原门牌地址", "old address")),
        Field("lineage", Text("沿革", "lineage")),
        Field("standard_address", Text("标准地址", "standard address")),
        Field("owner_name", Text("产权人", "owner"), personal=True),
        Field("owner_id_no", Text("证件号码", "identity number"), personal=True),
        Field("phone", Text("联系电话", "telephone"), personal=True),
    ),
    geometry="Point",
)

ADDRESSES = Layer(
    "addresses",
    Text("地址", "addresses"),
    ("id",),
    (
        Field("id", Text("标识", "id"), mandatory=True),
        Field("text", Text("地址全文", "text as received"), mandatory=True),
        *(Field(name, Text(title, name)) for name, title in zip(SEGMENTS, SEGMENT_TITLES, strict=True)),
        Field("division_code", Text("政区代码", "division code")),
        Field("road_id", Text("道路标识", "road id")),
        Field("place_id", Text("地名标识", "place id")),
        Field("doorplate_id", Text("门牌标识", "doorplate id")),
        Field("grade", Text("匹配等级", "grade"), allowed=("A", "B", "C", "D")),
        Field("standard_text", Text("标准地址", "standard address")),
        Field("status", Text("地址状态", "status"), allowed=("current", "planned", "retired")),
    ),
    geometry="Point",
)

LAYERS = (DOORPLATES, ADDRESSES)
