"""NAM111."""

from __future__ import annotations

import pandas as pd

from gazetteer.codes import COUNTY_DIGITS, TOWNSHIP_DIGITS, listed
from gazetteer.renaming import rename
from gazetteer.spelling import DIGITS, value_of
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.territory import TOWNSHIP_ZEROS
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

GONE = ("historic", "abolished")
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
NUMERAL = (
    r"(?P<before>.*?)(?P<number>[0-9]{1,2}|(?<![零一二三四五六七八九十百])(?:[一二三四五六七八九]?十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])(?![零一二三四五六七八九十百])|[壹贰叁肆伍陆柒捌玖拾]{1,3})(?P<after>号?[^0-9一二三四五六七八九十]{1,2})$"
)
FORMS = {"arabic": r"[0-9]", "formal": r"[壹贰叁肆伍陆柒捌玖拾]"}


def numeral_form_differs(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Road names of one series that write their numerals in different ways.

    ## What it does
    zh: 在同一乡镇街道内，同一系列的路名（只有序数不同）有的用阿拉伯数字，有的用汉字或大写数字的，报告写法较少的一方。
    en: In one township, road names of one series (that differ in the ordinal only) written partly with Arabic and
        partly with Chinese or formal numerals; the rarer form is reported.

    ## Why it matters
    zh: 1路、一路、壹路并存，门牌和地址就写成几样。
    en: 1路, 一路 and 壹路 side by side lead to doorplates and addresses in several forms.

    ## Example
    zh: `经3路` 与 `经一路`、`经二路` 并存。
    en: `经3路` beside 经一路 and 经二路.

    ## Fix safety
    zh: 需复核：改成同一系列中较多的写法；更名要按程序办理。
    en: Review: the form of the majority is proposed; renaming takes its procedure.

    ## Trap
    zh: 八一路、三八路不是序数，不算。
    en: 八一路 and 三八路 are no ordinals.
    """
    name = plain(frame["name"]).where(~frame["status"].isin(GONE))
    rows = name.str.extract(f"^{NUMERAL}").assign(name=name)
    rows = rows[rows["number"].notna()]
    town = listed(frame["division_code"]).rename("town").str[:TOWNSHIP_DIGITS]
    rows = (
        rows.join(town[town.str[COUNTY_DIGITS:] != TOWNSHIP_ZEROS], how="inner").rename_axis("record_id").reset_index()
    )
    rows["form"] = "chinese"
    for form, digits in FORMS.items():
        rows["form"] = rows["form"].mask(rows["number"].str.contains(digits, regex=True), form)
    series = ["town", "before", "after"]
    rows = rows.drop_duplicates(["record_id", *series])
    rows = rows[rows.groupby(series)["form"].transform("nunique") > 1]
    rows["size"] = rows.groupby([*series, "form"])["record_id"].transform("size")
    inorder = rows.sort_values(["size", "form", "record_id"], ascending=[True, True, True])
    faults = inorder.drop_duplicates(series)
    usual = inorder.drop_duplicates(series, keep="last").set_index(series)["form"].rename("usual")
    faults = faults.join(usual, on=series)
    members = rows.groupby(series)["record_id"].agg(lambda ids: sorted(set(ids)))
    faults = faults.join(members.rename("members"), on=series)
    related = [
        tuple(f"{ctx.layer}:{one}" for one in members if one != own)
        for members, own in zip(faults["members"], faults["record_id"], strict=True)
    ]
    after = [
        before + _written(number, usual) + tail
        for before, number, usual, tail in zip(
            faults["before"], faults["number"], faults["usual"], faults["after"], strict=True
        )
    ]
    findings = flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "key": faults["town"],
                "related": pd.Series(related, index=faults.index, dtype="object"),
                "name": faults["name"],
                "series": faults["before"] + "N" + faults["after"],
                "town": faults["town"],
                "right": after,
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy(),
            }
        ),
        frame,
    )
    return rename(findings, ctx, pd.Series(after, index=findings.rows.index, dtype="str").rename_axis("finding"))


def _written(number: str, form: str) -> str:
    """A numeral below a hundred in another form."""
    value = value_of(number.translate(FORMAL))
    if form == "arabic":
        return str(value)
    characters = {known: char for char, known in DIGITS.items()}
    tens, ones = divmod(value, 10)
    chinese = ("" if tens < 2 else characters[tens]) + ("十" if tens else "") + (characters[ones] if ones else "")
    return chinese if form == "chinese" else chinese.translate({new: old for old, new in FORMAL.items()})


RULE = Rule(
    code="NAM111",
    name="numeral-form-differs",
    title=Text("同一系列路名的数字写法不一", "numerals of one series of road names written in several ways"),
    layers=("roads",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条第（三）项；用字规范：一名一写",
    tables=NEEDED_TABLES,
    message=Text(
        "“{name}”的数字写法与同一系列（{series}）的其他路名不一，应为“{right}”。",
        'The numeral of "{name}" is written unlike the others of its series ({series}); it should be "{right}".',
    ),
    check=numeral_form_differs,
)
