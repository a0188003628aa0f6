"""DOR201."""

from __future__ import annotations

import pandas as pd

from doorplates.identity import as_related, groups_of
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def plate_code(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Certificate numbers that two plates share or that are not formed like the others.

    ## What it does
    zh: 检查门牌证号是否重复、格式是否正确。格式由配置给出；配置为空时，以库中绝大多数证号的样式（位数、数字与字母的排列）为准，证号太少或样式不一则不判断。未填不算错，已注销的门牌不查重。
    en: Checks that certificate numbers are unique and well formed. The form is the profile's; where the profile has
        none, it is the shape (length, digits and letters) of nearly all numbers in the register; with few numbers or no
        common shape nothing is said. An empty number is no fault; cancelled plates are not compared.

    ## Why it matters
    zh: 门牌证号是办证、查证和地名证明的依据。
    en: The certificate number is what certificates and address proofs are looked up by.

    ## Example
    zh: `8310020261000O1` 把数字 0 写成了字母 O。
    en: `8310020261000O1` has the letter O for a zero.

    ## Fix safety
    zh: 不提出修改：须查发证档案。
    en: None: the certificate file must be looked up.

    ## Trap
    zh: 两套编码并存时，请在配置中写明格式。
    en: Where two series are in use, give the form in the profile.
    """
    codes = frame["plate_code"]
    held = frame[codes.notna() & frame["status"].ne("cancelled")]
    groups = groups_of(held, ["plate_code"])
    repeated = groups.assign(
        related=as_related(groups["others"], "doorplates"),
        key="repeated",
        variant="repeated",
        plates=groups["ids"].map(len),
        geometry=frame["geometry"].reindex(groups["record_id"]).to_numpy(),
    )[["record_id", "key", "variant", "related", "plate_code", "plates", "geometry"]]
    malformed = codes.notna() & ~_well_formed(codes, ctx)
    return merge([flag(frame, malformed, plate_code=codes), flag_faults(repeated, frame)])


def _well_formed(codes: pd.Series, ctx: Context) -> pd.Series:
    if ctx.param("pattern"):
        return codes.str.fullmatch(ctx.param("pattern")).fillna(True).astype(bool)
    shapes = codes.str.replace(r"[0-9]", "9", regex=True).str.replace(r"[A-Za-z]", "A", regex=True)
    shares = shapes.value_counts(normalize=True)
    clear = shapes.count() >= ctx.param("min_codes") and shares.iloc[0] >= ctx.param("min_share")
    usual = shapes.eq(shares.index[0]) if clear else pd.Series(True, index=codes.index)
    return usual & codes.str.fullmatch(r"[0-9A-Za-z-]+").fillna(True).astype(bool)


RULE = Rule(
    code="DOR201",
    name="plate-code-repeated-or-malformed",
    title=Text("门牌证号重复或格式不对", "certificate number repeated or malformed"),
    layers=("doorplates",),
    params=(
        Param(
            "pattern",
            str,
            Text("门牌证号格式（正则表达式，空为按库中样式）", "form (regular expression; empty: as seen)"),
        ),
        Param("min_codes", int, Text("推断样式所需的最少证号数", "fewest numbers to infer the shape from")),
        Param("min_share", float, Text("推断样式所需的最低占比", "lowest share to infer the shape from")),
    ),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="门牌登记：一牌一证",
    message=Text("门牌证号“{plate_code}”的格式不对。", 'The certificate number "{plate_code}" is malformed.'),
    variants={
        "repeated": Variant(
            Text(
                "门牌证号“{plate_code}”由 {plates} 块门牌共用。",
                '{plates} plates share the certificate number "{plate_code}".',
            )
        )
    },
    check=plate_code,
)
