"""All layers of the register in one table: the data dictionary as code."""

from __future__ import annotations

import boundaries.layers
import doorplates.layers
import gazetteer.layers
from rulebook.language import Text
from rulebook.schema import Field, FieldType, Layer

VERDICTS = (
    "confirmed", "not_reproduced", "already_fixed", "no_such_record", "several_records", "needs_field_visit", "not_ours",
)  # fmt: skip
FIX_STATES = ("open", "proposed", "accepted", "applied", "rejected")

RETURNED_PROBLEMS = Layer(
    "returned_problems",
    Text("反馈问题", "returned problems"),
    ("batch", "row_no"),
    (
        Field("batch", Text("批次", "batch"), mandatory=True),
        Field("row_no", Text("行号", "row number"), mandatory=True),
        Field("upstream_id", Text("上级标识", "sender's id")),
        Field("record_code", Text("记录代码", "record code")),
        Field("record_name", Text("记录名称", "record name")),
        Field("division_name", Text("政区名称", "division name")),
        Field("problem_type", Text("问题类型", "problem type")),
        Field("problem_text", Text("问题描述", "problem text")),
        Field("received_on", Text("收到日期", "received on"), FieldType.DATE),
        Field("due_on", Text("办理期限", "due on"), FieldType.DATE),
        Field("layer", Text("图层", "layer")),
        Field("record_id", Text("记录标识", "record id")),
        Field("match_grade", Text("匹配等级", "match grade")),
        Field("rule", Text("规则", "rule")),
        Field("verdict", Text("结论", "verdict"), allowed=VERDICTS),
        Field("fix_state", Text("处理状态", "state"), allowed=FIX_STATES),
        Field("answer", Text("答复", "answer")),
        Field("answered_on", Text("答复日期", "answered on"), FieldType.DATE),
        Field("photo_before", Text("整改前照片", "photograph before")),
        Field("photo_after", Text("整改后照片", "photograph after")),
    ),
)

EXEMPTIONS = Layer(
    "exemptions",
    Text("豁免", "exemptions"),
    ("rule", "record_id"),
    (
        Field("rule", Text("规则", "rule"), mandatory=True),
        Field("record_id", Text("记录标识", "record id"), mandatory=True),
        Field("fact_hash", Text("事实摘要", "digest of the facts"), mandatory=True),
        Field("reason", Text("理由", "reason"), mandatory=True),
        Field("actor", Text("经办人", "actor"), mandatory=True),
        Field("at", Text("时间", "time")),
    ),
)

CASES = Layer(
    "cases",
    Text("事项", "cases"),
    ("id",),
    (
        Field("id", Text("编号", "number"), mandatory=True),
        Field("kind", Text("事项类型", "kind"), mandatory=True),
        Field("title", Text("标题", "title")),
        Field("state", Text("状态", "state"), mandatory=True),
        Field("division_code", Text("报送政区", "filed by division")),
        Field("actor", Text("经办人", "actor")),
        Field("opened_on", Text("立项日期", "opened on"), FieldType.DATE),
        Field("due_on", Text("办理期限", "due on"), FieldType.DATE),
        Field("approved_on", Text("批准日期", "approved on"), FieldType.DATE),
        Field("filed_on", Text("备案日期", "filed on"), FieldType.DATE),
        Field("announced_on", Text("公告日期", "announced on"), FieldType.DATE),
        Field("closed_on", Text("办结日期", "closed on"), FieldType.DATE),
        Field("records", Text("涉及记录", "records concerned")),
        Field("body", Text("内容", "content")),
    ),
)

_ALL = (
    *boundaries.layers.LAYERS,
    *gazetteer.layers.LAYERS,
    *doorplates.layers.LAYERS,
    RETURNED_PROBLEMS,
    EXEMPTIONS,
    CASES,
)
DICTIONARY: dict[str, Layer] = {layer.name: layer for layer in _ALL}
