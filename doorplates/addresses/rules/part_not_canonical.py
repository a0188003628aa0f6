"""ADR102."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.canonical import CanonicalParts
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

FIELDS = ("text", "standard_text", "building", "floor")


def part_not_canonical(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses that write building, unit, floor or room otherwise than the standard address does.

    ## What it does
    zh: 按配置的对照表找出非标准写法：栋、号楼应为幢，数字后的楼应为层；小区名称后的“12-3-501”应写作 12幢3单元501室。
    en: Finds writings other than the profile's: 栋 and 号楼 for 幢, 楼 after a number for 层, and 12-3-501 after the name
        of an estate, which is 12幢3单元501室.

    ## Why it matters
    zh: 同一处写法不一，查重和匹配都会落空。
    en: One place written in several ways escapes the search for duplicates and matching.

    ## Example
    zh: `剡溪花园3栋2单元501室` 应为“剡溪花园3幢2单元501室”。
    en: `剡溪花园3栋2单元501室` should be 剡溪花园3幢2单元501室.

    ## Fix safety
    zh: 安全：只换部件的用字，号码不变。
    en: Safe: only the word for the part changes, no number does.

    ## Trap
    zh: “128号楼上”“楼村”中的“楼”不是楼层，不报告；“3-501”分不清幢和单元，不猜。
    en: The 楼 in 128号楼上 or 楼村 is no floor and is left alone. Whether 3-501 is a building or a unit cannot be told,
        and nothing is guessed.
    """
    forms = CanonicalParts.from_tables(ctx.table("address_part_forms"), ctx.table("estate_generic_terms"))
    rewritten = {field: forms.rewrite(frame[field]) for field in FIELDS}
    changed = {field: text.notna() & text.ne(frame[field]) for field, text in rewritten.items()}
    wrong = pd.concat(changed, axis=1).any(axis=1)
    written = canonical = pd.Series(index=frame.index, dtype="str")
    for field in FIELDS:
        first = changed[field] & written.isna()
        written = written.mask(first, frame[field])
        canonical = canonical.mask(first, rewritten[field])
    found = flag(frame, wrong, written=written, canonical=canonical)
    for field in FIELDS:
        found = found.propose(field, rewritten[field].where(changed[field]))
    return found


RULE = Rule(
    code="ADR102",
    name="part-not-canonical",
    title=Text("地址部件写法不标准", "part of an address is not written canonically"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="浙江标准地址：数字+幢、数字+单元、数字+层、数字+室",
    message=Text("“{written}”写法不标准，应为“{canonical}”。", '"{written}" should be written "{canonical}".'),
    check=part_not_canonical,
    tables=("address_part_forms", "estate_generic_terms"),
)
