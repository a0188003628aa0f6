"""NAM504."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among, one_per_group
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

FIELDS = ("meaning", "origin", "history", "description")
SUBJECT = r"^[“\"]?(.{2,12}?)[”\"]?(?:位于|地处|坐落|因|原名|以|系|是|东邻|东与)"


def text_field_thin_or_copied(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Meaning, origin, history or description that says nothing of this place.

    ## What it does
    zh: 查地名含义、来历、沿革、实体描述：过短，两条不同名称的记录一字不差，或者开头写的是另一个地名。
    en: Checks meaning, origin, history and description: too short, equal on two records of different names, or
        beginning with the name of another place.

    ## Why it matters
    zh: 这些栏目是志书和标志的依据，照抄的内容会张冠李戴。
    en: Gazetteers and signs are written from these fields; copied text tells the story of another place.

    ## Example
    zh: `王村` 的来历写着 `李村位于甘霖镇，因李姓聚居得名。`
    en: The origin of `王村` says `李村位于甘霖镇，因李姓聚居得名。`, which is about 李村.

    ## Fix safety
    zh: 不提供修复：要重新调查撰写。
    en: None: it must be researched and written anew.

    ## Trap
    zh: 空栏不在此查（见 NAM208）；同名的两条记录文字相同不算照抄。
    en: Empty fields are not checked here (NAM208); equal texts of two records of one name do not count as copied.
    """
    texts = _texts(frame)
    copied = _copied(texts[texts["text"].str.len() >= ctx.param("copied_characters")], ctx.layer)
    own = texts[~among(texts["text"], copied["text"])]
    strange = _about_others(own, plain(frame["name"]), frame["aliases"])
    thin = texts[texts["text"].str.len() < ctx.param("min_characters")]
    return merge(
        [_findings(faults, variant, frame) for faults, variant in ((thin, ""), (copied, "copied"), (strange, "other"))]
    )


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a filled text: ``record_id``, ``field``, ``text``, ``name``."""
    parts = [
        pd.DataFrame(
            {"record_id": frame.index, "field": field, "text": frame[field].str.strip(), "name": plain(frame["name"])}
        )
        for field in FIELDS
    ]
    texts = pd.concat(parts, ignore_index=True)
    return texts[texts["text"].notna() & (texts["text"] != "")]


def _copied(texts: pd.DataFrame, layer: str) -> pd.DataFrame:
    """One row a text that stands on records of different names."""
    several = texts[texts.groupby("text")["name"].transform("nunique") > 1]
    return one_per_group(several.drop_duplicates(["text", "record_id"]).assign(layer=layer), ["text"])


def _about_others(texts: pd.DataFrame, names: pd.Series, aliases: pd.Series) -> pd.DataFrame:
    """Texts whose subject is the name of another place: not the own name, a part of it, or an alias."""
    about = texts.assign(other=texts["text"].str.extract(SUBJECT, expand=False))
    known = about[among(about["other"], names.dropna())]
    own = (names.fillna("") + ";" + aliases.fillna("")).reindex(known["record_id"])
    strange = [
        other not in called and called.partition(";")[0] not in other
        for other, called in zip(known["other"], own, strict=True)
    ]
    return known[pd.Series(strange, index=known.index, dtype="bool")]


def _findings(faults: pd.DataFrame, variant: str, frame: pd.DataFrame) -> Findings:
    columns = faults.reindex(columns=["record_id", "name", "field", "text", "other", "related"])
    columns["key"] = variant + ":" + columns["field"]
    columns["variant"] = variant
    columns["related"] = columns["related"].map(lambda ids: ids if isinstance(ids, tuple) else ()).astype("object")
    columns["geometry"] = frame.geometry.reindex(columns["record_id"]).to_numpy()
    return flag_faults(columns, frame)


RULE = Rule(
    code="NAM504",
    name="text-field-thin-or-copied",
    title=Text("含义、来历、沿革过短或照抄", "meaning, origin or history thin or copied"),
    layers=("place_names",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名普查登记表：地名含义、来历、历史沿革、地理实体描述",
    params=(
        Param("min_characters", int, Text("最少字数", "least characters")),
        Param("copied_characters", int, Text("判为照抄的最少字数", "least characters of a text taken for copied")),
    ),
    message=Text("“{name}”的 {field} 过短：“{text}”。", 'The {field} of "{name}" says too little: "{text}".'),
    variants={
        "copied": Variant(
            Text(
                "“{name}”的 {field} 与别的地名一字不差：“{text}”。",
                'The {field} of "{name}" is word for word that of another place: "{text}".',
            )
        ),
        "other": Variant(
            Text(
                "“{name}”的 {field} 写的是“{other}”：“{text}”。",
                'The {field} of "{name}" is about "{other}": "{text}".',
            )
        ),
    },
    check=text_field_thin_or_copied,
)
