"""NAM208."""

from __future__ import annotations

import pandas as pd

from gazetteer.layers import PLACE_NAMES, ROADS
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

FIELDS = {
    layer.name: tuple(field.name for field in layer.own_fields if field.reported_by == "NAM208")
    for layer in (PLACE_NAMES, ROADS)
}


def mandatory_field_missing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Records with an empty mandatory field.

    ## What it does
    zh: 找出地名类型、所在政区、使用状态等必填栏为空的记录；配置可以增列必填栏。
    en: Finds records whose kind, division, status or another mandatory field is empty; the profile may add fields.

    ## Why it matters
    zh: 缺了必填项，查重的范围、归属和是否在用都无从判断，上报也会被退回。
    en: Without them one cannot tell the scope of a duplicate, where the place belongs or whether it is in use, and
        the record comes back from the higher authority.

    ## Example
    zh: `剡溪` 的所在政区代码为空。
    en: The division code of `剡溪` is empty.

    ## Fix safety
    zh: 不提供修复：要查登记资料。
    en: None: the registration must be consulted.

    ## Trap
    zh: 名称为空归 NAM101，拼写为空归 NAM201。
    en: An empty name is the business of NAM101, an empty romanisation that of NAM201.
    """
    wanted = [*FIELDS[ctx.layer], *(name for name in ctx.param("more_fields") if name in frame)]
    empty = frame[wanted].isna()
    named = pd.Series(empty.to_numpy() @ pd.array([f"{name} " for name in wanted], dtype="object"), index=frame.index)
    return flag(frame, empty.any(axis=1), name=frame["name"], fields=named.str.split())


RULE = Rule(
    code="NAM208",
    name="mandatory-field-missing",
    title=Text("必填栏为空", "mandatory field missing"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名普查登记表（必填项）",
    params=(Param("more_fields", list, Text("增列的必填栏", "further mandatory fields")),),
    message=Text("“{name}”的必填栏为空：{fields}。", 'Mandatory fields of "{name}" are empty: {fields}.'),
    check=mandatory_field_missing,
)
