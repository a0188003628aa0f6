"""ADR103."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.personal import PersonalData
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

FIELDS = ("text", "standard_text", "rest")


def personal_data(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Telephones, identity numbers and names of persons in the texts of an address.

    ## What it does
    zh: 在地址全文、标准地址和其余部分中查找电话号码、居民身份证号码（18 位，出生日期段合理；写有“身份证”字样的 15 位号码），
        以及“联系人”“收件人”“先生”“女士”等字样前后的姓名。
    en: Looks into the text as received, the standard text and the remainder for telephone numbers, identity numbers
        (18 digits with a possible date of birth; 15 digits when they are called so) and names of persons beside words
        such as 联系人, 收件人, 先生, 女士.

    ## Why it matters
    zh: 地址库会对外共享，个人信息不得随地址一同公开。
    en: Addresses are shared with others; personal data must not travel with them.

    ## Example
    zh: `嵊州市剡溪路1号 联系人：张三 13800000000` 应为“嵊州市剡溪路1号”。
    en: `嵊州市剡溪路1号 联系人：张三 13800000000` should be 嵊州市剡溪路1号.

    ## Fix safety
    zh: 安全：只删去匹配到的号码、姓名及其标签和由此空出的括号、标点；姓名止于何处分不清时不提出修改。
    en: Safe: only the matched number or name goes, with its label and the brackets and marks left empty by it. Where
        the end of a name cannot be told, no repair is proposed.

    ## Trap
    zh: 校验码不对的身份证号码多半是抄错的，仍是个人信息；没有任何标记的姓名本规则认不出来。
    en: An identity number with a wrong check digit is mostly a slip of copying and personal data still. A bare name
        without any mark is not recognised.
    """
    data = PersonalData.from_tables(ctx.table("person_marks"), ctx.table("surnames"))
    parts = []
    for field in FIELDS:
        found = data.search(frame[field])
        wrong = pd.Series(frame.index.isin(found.index), index=frame.index)
        parts.append(flag(frame, wrong, key=field, field=field, redacted=found["redacted"]))
        parts[-1] = parts[-1].propose(field, found["cleaned"])
    return merge(parts)


RULE = Rule(
    code="ADR103",
    name="personal-data-in-address",
    title=Text("地址中有个人信息", "personal data in an address"),
    layers=("addresses",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="个人信息保护法 第六条；GB 11643-1999（号码结构）",
    message=Text(
        "地址“{redacted}”中标 *** 处是个人信息（电话、证件号码或姓名），应删去。",
        'In the address "{redacted}" what is starred is personal data (telephone, identity number or name); it has to go.',
    ),
    check=personal_data,
    tables=("person_marks", "surnames"),
)
