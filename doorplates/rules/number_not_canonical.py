"""DOR102."""

from __future__ import annotations

import pandas as pd

from doorplates.along import plate_numbers
from doorplates.grammar import plain_parts
from doorplates.identity import SIGNS
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def number_not_canonical(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plate, building, unit and room numbers that are understood but not in the register's one form.

    ## What it does
    zh: 找出前导零、全角字符、“#”、多写的“号”、汉字数字、以“栋”代“幢”、以“之”“附”或长划代短横的附号，以及带“幢、单元、室”字样的幢号、单元号、室号。
    en: Finds leading zeros, full-width characters, #, a kept 号, Chinese numerals, 栋 for 幢, sub-numbers joined by 之,
        附 or a long dash, and building, unit and room numbers that carry their sign.

    ## Why it matters
    zh: 同一个号码写成两样，查重、排序和地址匹配就会把它当成两个号码。
    en: One number written in two ways counts as two in duplicate checks, order and address matching.

    ## Example
    zh: `0128号` 应为 `128`。
    en: `0128号` should be `128`.

    ## Fix safety
    zh: 安全：改写前后读出的号码完全相同；短横会引起歧义的附号写作“附”。
    en: Safe: both forms read the same; a sub-number that a dash would make ambiguous is written with 附.

    ## Trap
    zh: 室号的前导零保留（0302 可能是三层二室）。
    en: Leading zeros of rooms stay (0302 may be floor 3, room 02).
    """
    forms = {"number": plate_numbers(ctx)["canonical"]}
    forms |= {name: plain_parts(frame[name], sign) for name, sign in SIGNS.items()}
    parts = []
    for field, canonical in forms.items():
        differs = frame[field].notna() & canonical.notna() & frame[field].ne(canonical)
        variant = "" if field == "number" else field
        found = flag(frame, differs, key=field, variant=variant, written=frame[field], canonical=canonical)
        parts.append(found.propose(field, canonical))
    return merge(parts)


RULE = Rule(
    code="DOR102",
    name="number-not-canonical",
    title=Text("门牌号写法不规范", "plate number not in canonical form"),
    layers=("doorplates",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="浙江省标准地址写法（幢、单元、室）；GB/T 35639-2017 附录B",
    message=Text("门牌号“{written}”应写作“{canonical}”。", 'The number "{written}" should be written "{canonical}".'),
    variants={
        name: Variant(
            Text(
                f"{zh}“{{written}}”应写作“{{canonical}}”。",
                f'The {name} "{{written}}" should be written "{{canonical}}".',
            )
        )
        for name, zh in (("building", "幢号"), ("unit", "单元号"), ("room", "室号"))
    },
    check=number_not_canonical,
)
