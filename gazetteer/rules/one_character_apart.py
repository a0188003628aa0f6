"""NAM405."""

from __future__ import annotations

import pandas as pd

from gazetteer.homophones import SCOPE, sounds_of
from gazetteer.sound import NUMERALS
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.split import UNDIVIDED, parts_of
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def one_character_apart(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names of one scope that differ in a single character.

    ## What it does
    zh: 在法定范围内找出字数相同、只差一个字的同类名称；只差序数或方位字的不算，专名太短的不算。
    en: Finds names of one kind and length in one legal scope that differ in one character, ordinals, directions and
        short specific parts aside.

    ## Why it matters
    zh: 形近的名称容易看错、抄错，有时就是同一个名称写错了一个字。
    en: Names that look alike are mistaken for each other; sometimes one is a misspelling of the other.

    ## Example
    zh: `香樟园路` 与 `香樟苑路`。
    en: `香樟园路` and `香樟苑路`.

    ## Fix safety
    zh: 不提供修复：只作提示。
    en: None: a hint only.

    ## Trap
    zh: 同一主题的系列路名会成组出现，属正常；自然村名多只差姓氏（王家村、李家村），够长的才查。
    en: Series of road names on one theme come in groups, which is normal; natural villages mostly differ in the
        surname (王家村, 李家村), so only longer names are compared.
    """
    rows = sounds_of(ctx)
    body = parts_of(ctx)["specific"].str.len().reindex(rows["record_id"]).to_numpy()
    undivided = rows["kind"].isin(UNDIVIDED)
    long_enough = ~undivided & (body >= ctx.param("min_specific")) | undivided & (body >= ctx.param("min_undivided"))
    rows = rows[long_enough].drop_duplicates([*SCOPE, "name"])
    masked = rows[["record_id", "name", *SCOPE]].assign(place=[list(range(len(name))) for name in rows["name"]])
    masked = masked.explode("place")
    masked["around"] = [
        name[:at] + "_" + name[at + 1 :] for name, at in zip(masked["name"], masked["place"], strict=True)
    ]
    masked["char"] = [name[at] for name, at in zip(masked["name"], masked["place"], strict=True)]
    group = [*SCOPE, "place", "around"]
    several = masked[masked.duplicated(group, keep=False)]
    pairs = several.merge(several, on=group, suffixes=("", "_other"))
    pairs = pairs[pairs["record_id"] < pairs["record_id_other"]]
    directions = frozenset(ctx.setting("direction_words")) | frozenset(ctx.setting("position_words"))
    series = pd.Series(False, index=pairs.index)
    for kind in (NUMERALS, directions):
        series |= pairs["char"].isin(kind) & pairs["char_other"].isin(kind)
    pairs = pairs[~series].drop_duplicates(["record_id", "record_id_other"])
    related = pd.Series(
        [(f"{ctx.layer}:{one}",) for one in pairs["record_id_other"]], index=pairs.index, dtype="object"
    )
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": pairs["record_id"],
                "key": pairs["record_id_other"],
                "related": related,
                "name": pairs["name"],
                "other_name": pairs["name_other"],
                "scope": pairs["scope"],
                "scope_approximated": pairs["scope_kind"] == "approximate",
                "geometry": frame.geometry.reindex(pairs["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )


RULE = Rule(
    code="NAM405",
    name="one-character-apart",
    title=Text("只差一个字", "one character apart"),
    layers=("place_names", "roads"),
    uses=("divisions", "areas"),
    level=Level.INFO,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="实践：避免近似",
    params=(
        Param("min_specific", int, Text("专名最少字数", "least characters of the specific part")),
        Param("min_undivided", int, Text("不分专名通名的名称最少字数", "least characters of a name without parts")),
    ),
    tables=NEEDED_TABLES,
    spatial=True,
    message=Text("“{name}”与“{other_name}”只差一个字。", '"{name}" and "{other_name}" differ in one character only.'),
    check=one_character_apart,
)
