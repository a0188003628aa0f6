"""NAM401."""

from __future__ import annotations

import pandas as pd

from gazetteer.division_names import divisions_called
from gazetteer.nationwide import NATION, NATIONAL, names_elsewhere
from gazetteer.records import among, one_per_group
from gazetteer.sameplace import apart, continued, linked, pairs_within, register_of
from gazetteer.scope import LIVE, scopes_of
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

GROUP = ["scope_kind", "scope", "kind", "planned", "register", "name"]


def same_name_in_scope(frame: pd.DataFrame, ctx: Context) -> Findings:
    """The same name twice where the law allows it once.

    ## What it does
    zh: 在法定范围内找出同类重名：乡镇街道在全省，村居驻地在全县，自然村在乡镇，街路巷和楼宇小区在同一建成区。
    en: Finds equal names of one kind inside the legal scope: townships in the province, village seats in the county,
        natural villages in the township, roads, estates and buildings in one built-up area.

    ## Why it matters
    zh: 重名使信件、急救和办证找错地方，法规规定范围内不应重名。
    en: Equal names send letters, ambulances and certificates to the wrong place; the law forbids them in the scope.

    ## Example
    zh: 同一建成区内有两条 `剡溪路`。
    en: Two roads `剡溪路` in one built-up area.

    ## Fix safety
    zh: 不提供修复：更名要按程序办理。
    en: None: renaming takes its procedure.

    ## Trap
    zh: 首尾相接的同名路段是一条路；挨在一起的同名同类地名是重复登记（NAM410）；21610 与 27610 是同一个村的两种登记。
        全国县级以上行政区划名称另有表，本县及其所在省市不算别处。没有建成区图层时以各街道合为一区、每镇为一区，范围是近似的。
    en: Names of counties and higher divisions of the nation are a table; the county itself and what it lies in are not
        elsewhere. Sections that join end to end are one road; equal names of one category side by side are one place recorded
        twice (NAM410); 21610 and 27610 are two registrations of one village. Without a layer of built-up areas the
        street offices together and each town are taken for one: the scope is approximate.
    """
    rows = scopes_of(ctx)
    rows = rows[rows["status"].isna() | rows["status"].isin([*LIVE, "planned"])]
    rows = rows.assign(planned=rows["status"] == "planned", register=register_of(rows["category"]))
    several = rows[rows.duplicated(GROUP, keep=False)]
    pairs = pairs_within(several, GROUP)
    roots = linked(several["record_id"].drop_duplicates(), pairs[_one_and_the_same(pairs, frame, ctx)])
    several = several[among(several["record_id"], roots)]
    faults = one_per_group(several.assign(layer=ctx.layer), GROUP)
    faults = faults[~faults[["record_id", "related"]].duplicated()]
    found = flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "key": faults["scope_kind"] + ":" + faults["scope"],
                "variant": faults["scope_kind"],
                "related": faults["related"],
                "name": faults["name"],
                "scope": faults["scope"],
                "elsewhere": None,
                "scope_approximated": faults["scope_kind"] == "approximate",
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )
    return merge([found, _elsewhere(rows, frame, ctx), _called_like_a_division(rows, frame, ctx)])


def _elsewhere(rows: pd.DataFrame, frame: pd.DataFrame, ctx: Context) -> Findings:
    """Counties and higher divisions that are called like one elsewhere in the country."""
    if ctx.layer == "roads":
        rows = rows.iloc[:0]
    faults = names_elsewhere(rows, frame["code" if ctx.layer == "divisions" else "division_code"], ctx)
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "key": "elsewhere:" + faults["elsewhere"],
                "variant": "elsewhere",
                "name": faults["name"],
                "scope": NATION,
                "elsewhere": faults["elsewhere"],
                "scope_approximated": False,
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )


def _called_like_a_division(rows: pd.DataFrame, frame: pd.DataFrame, ctx: Context) -> Findings:
    """Planned names of divisions and village seats that a division of the scope has already."""
    if ctx.layer != "place_names":
        return flag_faults(pd.DataFrame(columns=["record_id"]), frame)
    faults = divisions_called(rows, frame["division_code"], ctx)
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "key": "division:" + faults["division"],
                "variant": faults["scope_kind"],
                "related": pd.Series([(f"divisions:{code}",) for code in faults["division"]], dtype="object"),
                "name": faults["name"],
                "scope": faults["scope"],
                "elsewhere": None,
                "scope_approximated": False,
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )


def _one_and_the_same(pairs: pd.DataFrame, frame: pd.DataFrame, ctx: Context) -> pd.Series:
    """Pairs that are sections of one road, or one place recorded twice (NAM410)."""
    if ctx.layer == "roads":
        return continued(pairs, frame.geometry, ctx.param("joint_m"))
    if ctx.layer == "place_names":
        first, second = (frame["category"].reindex(pairs[side]).fillna("").to_numpy() for side in ("first", "second"))
        return (apart(pairs, frame.geometry) <= ctx.param("same_place_m")) & (first == second)
    return pd.Series(False, index=pairs.index)


def _message(zh: str, en: str) -> Variant:
    return Variant(Text(f"“{{name}}”在{zh}重名。", f'The name "{{name}}" occurs more than once {en}.'))


RULE = Rule(
    code="NAM401",
    name="same-name-in-scope",
    title=Text("法定范围内重名", "same name inside its legal scope"),
    layers=("place_names", "roads", "divisions"),
    uses=("areas",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（七）（八）项；浙江省地名管理办法（2025）",
    params=(
        Param("joint_m", float, Text("首尾相接的容差（米）", "metres between ends that join")),
        Param("same_place_m", float, Text("视为同一地点的距离（米）", "metres within which a place is the same")),
    ),
    tables=(NATIONAL,),
    spatial=True,
    message=Text("“{name}”在法定范围内重名。", 'The name "{name}" occurs more than once inside its legal scope.'),
    variants={
        "elsewhere": Variant(
            Text(
                "“{name}”与全国已有的县级以上行政区划（代码 {elsewhere}）重名。",
                'The name "{name}" is that of a county or higher division elsewhere in the country (code {elsewhere}).',
            )
        ),
        "nation": _message("县级以上行政区划（全国范围）中", "among counties and higher divisions of the nation"),
        "province": _message("本省乡镇街道中", "among the townships of the province"),
        "county": _message("本县（市、区）的村、社区中", "among the villages and communities of the county"),
        "township": _message("本乡镇街道的自然村中", "among the natural villages of the township"),
        "built_up": _message("同一建成区内", "in one built-up area"),
        "approximate": _message(
            "同一街道片区或同一镇内（没有建成区图层，范围是近似的）",
            "in one group of streets or one town (no layer of built-up areas: the scope is approximate)",
        ),
    },
    check=same_name_in_scope,
)
