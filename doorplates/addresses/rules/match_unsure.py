"""ADR402."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.links import address_keys, place_names, road_names, standing_plates, tuples
from doorplates.addresses.records import not_retired
from doorplates.addresses.text import comparable, looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

UNSURE = ("B", "C")


def match_unsure(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses matched with grade B or C, with the doorplates that come into question.

    ## What it does
    zh: 列出匹配等级为 B（较有把握）和 C（把握不大）的地址，并给出已关联的门牌和道路或地名与号码都相符的门牌作为候选。
    en: Lists addresses of grade B (sure) and C (unsure) with the linked doorplate and those whose road or place and number agree.

    ## Why it matters
    zh: 没有完全匹配的地址须由人确认一次，结论会保留。
    en: What was not matched exactly is to be confirmed by a person once; the answer is kept.

    ## Example
    zh: `嵊州市剡溪路1号` 匹配等级为 C，候选门牌有两块。
    en: `嵊州市剡溪路1号` has grade C; two doorplates come into question.

    ## Fix safety
    zh: 不提出修改：由人从候选中选定。
    en: No repair is proposed: a person chooses among the candidates.

    ## Trap
    zh: 候选为空不等于地址不存在，可能是门牌尚未登记。
    en: No candidate does not mean that the address does not exist: its doorplate may not be registered yet.
    """
    unsure = frame[frame["grade"].isin(UNSURE) & not_retired(frame)]
    words = ctx.setting("standard_address")["words"]
    roads, places, plates = road_names(ctx), place_names(ctx), standing_plates(ctx)
    owners = pd.concat([roads, places[~places.index.duplicated()]])
    owners = owners[~owners.index.duplicated()]
    owner = plates["road_id"].fillna(plates["place_id"])
    named = pd.DataFrame({"plate": plates.index, "name": owner.map(owners), "number": plates["number"]})

    keys = address_keys(unsure, words)
    linked_name = looked_up(unsure["road_id"].fillna(unsure["place_id"]), owners)
    names = [linked_name, *(comparable(unsure[part]) for part in ("road", "estate", "natural_village"))]
    asked = pd.concat(
        [
            pd.DataFrame({"address": unsure.index, "name": name, "number": keys[form]})
            for name in names
            for form in ("number", "in_lane", "in_group")
        ]
    ).dropna().drop_duplicates()  # fmt: skip
    linked = pd.DataFrame({"address": unsure.index, "plate": unsure["doorplate_id"]}).merge(named.dropna(), on="plate")
    pairs = pd.concat([asked.merge(named.dropna(), on=["name", "number"]), linked])
    pairs["label"] = pairs["name"] + pairs["number"] + words["plate_no"]
    candidates = pairs.groupby("address").agg(
        plates=("plate", lambda ids: tuple(f"doorplates:{one}" for one in sorted(set(ids)))),
        labels=("label", lambda labels: sorted(set(labels))),
    )
    return flag(
        frame,
        pd.Series(frame.index.isin(unsure.index), index=frame.index),
        variant=pd.Series("", index=unsure.index).mask(~unsure.index.isin(candidates.index), "no_candidate"),
        related=tuples(candidates["plates"], unsure.index),
        address=unsure["text"],
        grade=unsure["grade"],
        candidates=candidates["labels"],
    )


RULE = Rule(
    code="ADR402",
    name="match-unsure",
    title=Text("地址匹配需确认", "match of an address is unsure"),
    layers=("addresses",),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="业务实践：分级匹配，未完全匹配的由人确认",
    message=Text(
        "地址“{address}”匹配等级为 {grade}，候选门牌：{candidates}。",
        'The address "{address}" was matched with grade {grade}; doorplates that come into question: {candidates}.',
    ),
    check=match_unsure,
    uses=("roads", "place_names", "doorplates"),
    variants={
        "no_candidate": Variant(
            Text(
                "地址“{address}”匹配等级为 {grade}，没有道路和号码都相符的门牌。",
                'The address "{address}" was matched with grade {grade}; no doorplate has its road and number.',
            )
        )
    },
)
