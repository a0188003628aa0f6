"""ADR201."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.divisions import (
    core_names,
    county_names,
    current_divisions,
    former_divisions,
    named_townships,
    township_code,
)
from doorplates.addresses.records import not_retired
from doorplates.addresses.text import looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def division_chain_broken(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses whose village is not in their township, or whose township is not in their county.

    ## What it does
    zh: 用区划图层核对地址的县、乡镇街道、村社区三段和政区代码：村社区应属于所写乡镇街道，乡镇街道应属于所写县，
        政区代码所在的乡镇街道应与所写一致。只有能够断定时才报告：名称不在册的村、同名的乡镇不判断。
    en: Compares the county, township and community of an address and its division code with the divisions: the
        community belongs to the township, the township to the county, and the code lies in the township. Only what is
        certain is reported: a village that is not on record, or a township name borne twice, is not judged.

    ## Why it matters
    zh: 政区层级错了，地址会被派到别的乡镇街道。
    en: An address with a broken chain is sent to another township.

    ## Example
    zh: `甘霖镇` 没有“东浦社区”，该社区属于剡湖街道。
    en: There is no 东浦社区 in `甘霖镇`; it belongs to 剡湖街道.

    ## Fix safety
    zh: 需审核：提出所属唯一的乡镇街道，或与村社区相符的政区代码。
    en: Review: offers the only township the village lies in, or the code that goes with the community.

    ## Trap
    zh: 区划调整后地址未随之更新时，错的可能是村社区，也可能是乡镇街道；已撤销的名称由 ADR202 报告。
    en: After a change of divisions either part may be the wrong one. Former names are reported by ADR202.
    """
    units, suffixes, former = current_divisions(ctx), ctx.table("division_suffixes"), former_divisions(ctx)
    town = named_townships(frame["township"], units, suffixes)
    town_name = units["name"]
    villages = units[units["level"].eq("village") & units["town"].notna()]
    here = villages.assign(place=villages["town"] + villages["name"])
    codes = pd.Series(here.index, index=here["place"]).groupby(level=0).first()

    community = frame["community"]
    in_town = (town + community).isin(here["place"])
    in_town |= (town + core_names(community, suffixes, "village")).isin(villages["town"] + villages["core"])
    homes = villages.groupby("name")["town"].agg(lambda towns: tuple(sorted(set(towns))))
    village_elsewhere = town.notna() & community.isin(villages["name"]) & ~in_town

    coded_town = township_code(frame["division_code"].where(frame["division_code"].isin(units.index)))
    coded_town = coded_town.where(coded_town.isin(units.index))
    code_elsewhere = town.notna() & coded_town.notna() & coded_town.ne(town)

    own_county = looked_up(town.str[:6] + "000000", county_names(ctx))
    county = frame["county"].where(~frame["county"].isin(former["name"]))
    other_county = county.notna() & own_county.notna() & own_county.ne(county)
    other_county &= ~pd.Series(
        [str(own).startswith(str(said)) for own, said in zip(own_county.tolist(), county.tolist(), strict=True)],
        index=frame.index,
    )

    townships = units[units["level"].eq("township")]
    ending = tuple(suffixes.loc[suffixes["level"].eq("township"), "suffix"])
    at_home = county.isna() | county.isin((townships.index.to_series().str[:6] + "000000").map(county_names(ctx)))
    unknown = frame["township"].str.endswith(ending).fillna(False).astype(bool) & town.isna() & at_home
    unknown &= ~frame["township"].isin([*former["name"], *townships["name"]]) & bool(len(townships))

    variant = pd.Series(index=frame.index, dtype="str")
    for name, holds in (
        ("township", unknown),
        ("county", other_county),
        ("code", code_elsewhere),
        ("village", village_elsewhere),
    ):
        variant = variant.mask(holds, name)
    home = community.map(homes)
    single = home.map(lambda towns: towns[0] if len(towns) == 1 else None, na_action="ignore")
    found = flag(
        frame,
        variant.notna() & not_retired(frame),
        variant=variant,
        township=frame["township"],
        community=community,
        county=frame["county"],
        own_county=own_county,
        code=frame["division_code"],
        code_name=looked_up(frame["division_code"], town_name),
        code_township=looked_up(coded_town, town_name),
        homes=home.map(lambda towns: [town_name.get(code, code) for code in towns], na_action="ignore"),
    )
    by_code = variant.eq("code")
    home_name = looked_up(single, town_name).where(variant.eq("village"))
    coded_name = looked_up(coded_town, town_name).where(variant.eq("township") | (by_code & community.isna()))
    return (
        found.propose("township", home_name.fillna(coded_name))
        .propose("division_code", (town + community).map(codes).where(by_code))
        .propose("county", own_county.where(variant.eq("county")))
    )


RULE = Rule(
    code="ADR201",
    name="division-chain-broken",
    title=Text("地址的政区层级不成立", "the divisions of an address do not belong together"),
    layers=("addresses",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 地址模型（行政区划名自上而下）",
    message=Text("地址的政区层级不成立。", "The divisions of the address do not belong together."),
    check=division_chain_broken,
    needs=("divisions",),
    tables=("division_suffixes", "former_divisions", "known_divisions"),
    variants={
        "village": Variant(
            Text(
                "{township}没有“{community}”，该村社区属于{homes}。",
                "There is no {community} in {township}; it belongs to {homes}.",
            )
        ),
        "code": Variant(
            Text(
                "地址写{township}，政区代码 {code}（{code_name}）却属于{code_township}。",
                "The address says {township}, but its division code {code} ({code_name}) lies in {code_township}.",
            )
        ),
        "county": Variant(
            Text("{township}不属于{county}，属于{own_county}。", "{township} is not in {county} but in {own_county}.")
        ),
        "township": Variant(Text("区划中没有“{township}”。", 'There is no township "{township}" among the divisions.')),
    },
)
