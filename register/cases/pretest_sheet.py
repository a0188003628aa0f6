"""The numbered sheet of a pre-test: kept as a case, printed with a sketch, judged again by its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from register import catalogue
from register.cases.casebook import Case, case_numbered, open_case
from register.cases.checking import today_text
from register.cases.name_book import name_book
from register.cases.pretest import VERDICT_NAMES, Outcome, Proposal, judge
from register.documents import sketch
from register.documents.paper import Paper
from register.documents.templates import fill
from register.exchange.words import words_of
from register.profiles import load
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.values import to_text

KIND = "pretest"
DONE = "done"
SHEET_TEMPLATE = "pretest"
VERDICTS = tuple(VERDICT_NAMES)
LEVEL_WORDS = {"error": "错误", "warning": "警告", "question": "疑问", "info": "提示"}
BAND_WORDS = {
    "same_text": Text("同名", "same name"),
    "same_tone": Text("同音同调", "same sound and tones"),
    "same_sound": Text("同音异调", "same sound, other tones"),
    "accent": Text("当地口音同音", "same sound in the local accent"),
    "near_text": Text("一字之差", "one character apart"),
}
KIND_WORDS = {value: word for (field, word), value in reversed(words_of("place_names").items()) if field == "kind"}
MOST_NAMES = 10
ON_SHEET = 6  # neighbours of one name: the sheet is one page
TALLEST, LOWEST = 560, 300  # pixels of the sketch, for one name and for many
NEAR_M = 500.0  # roads this near are drawn on the sketch
COLOUR, GREY, BLUE = "#b3342c", "#b9b9b9", "#1d4f91"


@dataclass(frozen=True)
class Difference:
    """One name of a sheet, then and now: verdicts, and rules that no longer or newly speak."""

    name: str
    before: str
    now: str
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return self.before == self.now and not self.gone and not self.new


def proposals_of(
    names: Sequence[str], kind: str, geometry: BaseGeometry | None, width_m: float | None
) -> list[Proposal]:
    """One proposal for each name of an application; raises CallError for none, too many or the same one twice."""
    given = [name.strip() for name in names if name.strip()]
    if not given:
        raise CallError("请填写拟用名称。", "Give at least one name.")
    if len(given) > MOST_NAMES:
        raise CallError(f"一次最多 {MOST_NAMES} 个名称。", f"At most {MOST_NAMES} names at once.")
    if len(set(given)) < len(given):
        raise CallError("同一个名称填了两次。", "The same name is given twice.")
    return [Proposal(name, kind, geometry, width_m) for name in given]


def keep(
    register: Register, proposals: Sequence[Proposal], outcomes: Sequence[Outcome], *, actor: str, today: str = ""
) -> Case:
    """Keep what a pre-test found as a numbered case."""
    day, first = today or today_text(), proposals[0]
    body = {
        "kind": first.kind,
        "geometry": to_text(first.geometry) if first.geometry is not None else None,
        "width_m": first.width_m,
        "catalogue": catalogue.version(load(register.profile_name)),
        "revision": register.revision,
        "results": [_result(one, outcome) for one, outcome in zip(proposals, outcomes, strict=True)],
    }
    title = "、".join(one.name for one in proposals)
    return open_case(
        register, KIND, title, state=DONE, actor=actor, today=day, reason=f"预审 {title}", body=body, closed_on=day
    )


def numbered(register: Register, number: str) -> Case:
    """The pre-test of that number; raises CallError when there is none."""
    case = case_numbered(register, number)
    if case.kind != KIND:
        raise CallError(f"“{number}”不是预审单。", f'"{number}" is not a pre-test.')
    return case


def proposals_in(case: Case) -> list[Proposal]:
    """The names of a kept pre-test as they were asked."""
    shape = shapely.from_wkt(case.body["geometry"]) if case.body["geometry"] else None
    return [Proposal(one["name"], case.body["kind"], shape, case.body["width_m"]) for one in case.body["results"]]


def recheck(register: Register, number: str, *, today: str = "") -> tuple[Case, list[Difference]]:
    """Judge the names of a sheet again, with the register and the rules of today."""
    case = numbered(register, number)
    book = name_book(register, today or today_text())
    told = []
    for proposal, then in zip(proposals_in(case), case.body["results"], strict=True):
        now = _result(proposal, judge(book, proposal, lang="zh"))
        before, after = (_spoken(one) for one in (then, now))
        told.append(
            Difference(
                proposal.name,
                then["verdict"],
                now["verdict"],
                tuple(sorted({rule for rule, _ in before - after})),
                tuple(sorted({rule for rule, _ in after - before})),
            )
        )
    return case, told


def sheet(register: Register, case: Case, *, own: str | Path | None = None) -> Paper:
    """The sheet of a kept pre-test, to print and as DOCX."""
    results = [
        {
            **one,
            "verdict_word": VERDICT_NAMES[one["verdict"]].zh,
            "findings": [
                {"rule": said["rule"], "level": LEVEL_WORDS[said["level"]], "message": said["messages"]["zh"]}
                for said in one["findings"]
            ],
            "neighbours": [
                {**other, "band_word": BAND_WORDS[other["band"]].zh} for other in one["neighbours"][:ON_SHEET]
            ],
            "more": max(len(one["neighbours"]) - ON_SHEET, 0),
        }
        for one in case.body["results"]
    ]
    shape = proposals_in(case)[0].geometry
    return fill(
        SHEET_TEMPLATE,
        {
            "number": case.id,
            "date": case.opened_on,
            "actor": case.actor or "",
            "kind": KIND_WORDS.get(case.body["kind"], case.body["kind"]),
            "length_m": round(float(shapely.length(shape))) if shape is not None and shapely.length(shape) else None,
            "width_m": case.body["width_m"],
            "catalogue": case.body["catalogue"],
            "revision": case.body["revision"],
            "results": results,
            "sketch": _sketch(register, shape, results),
        },
        own=own,
    )


def _sketch(register: Register, shape: BaseGeometry | None, results: list[dict[str, Any]]) -> str:
    """The place (red, P), what sounds alike (blue, numbered as in the list) and the roads around (grey)."""
    if shape is None:
        return ""
    roads = register.layer("roads").geometry
    near = roads[shapely.dwithin(roads.to_numpy(), shape, NEAR_M)]
    marks = [sketch.Mark(line, GREY, 2) for line in near]
    numbers: dict[tuple[str, str], int] = {}
    for result in results:
        for other in result["neighbours"]:
            mark = (other["layer"], other["record_id"])
            known = mark in numbers
            other["number"] = number = numbers.setdefault(mark, len(numbers) + 1)
            if known:
                continue
            frame = register.layer(other["layer"])
            place = frame.geometry.get(other["record_id"]) if other["record_id"] in frame.index else None
            if place is not None and not place.is_empty:
                marks.append(sketch.Mark(place, BLUE, 4, str(number)))
    marks.append(sketch.Mark(shape, COLOUR, 6, "P"))
    focus = shapely.buffer(shape, max(NEAR_M, 0.6 * float(shapely.length(shape))))
    height = max(TALLEST - 90 * (len(results) - 1), LOWEST)  # the sheet stays one page
    return sketch.data_url(sketch.sketch(marks, width=1200, height=height, least_m=2 * NEAR_M, focus=focus))


def _result(proposal: Proposal, outcome: Outcome) -> dict[str, Any]:
    kept = ("layer", "record_id", "name", "distance_m")
    return {
        "name": proposal.name,
        "verdict": outcome.verdict,
        "specific": outcome.specific,
        "generic": outcome.generic,
        "pinyin": outcome.pinyin,
        "findings": [
            {**{name: one[name] for name in ("rule", "level", "messages", "related", "fact_hash")}}
            for one in outcome.findings
        ],
        "not_run": [one["rule"] for one in outcome.not_run],
        "former": outcome.former,
        "neighbours": [{**{name: one[name] for name in kept}, "band": one["band"]} for one in outcome.neighbours],
        "held": [{**{name: one[name] for name in kept}, "lies_there": one["lies_there"]} for one in outcome.held],
        "fits": {name: value for name, value in outcome.fits.items() if name != "sizes"} if outcome.fits else None,
    }


def _spoken(result: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["rule"], one["fact_hash"]) for one in result["findings"]}
