"""The report of a year: figures as a table and as a paragraph, and the quality card; as Markdown, JSON, page and DOCX."""

from __future__ import annotations

import base64
import string
from dataclasses import dataclass
from typing import Any

from register import profiles
from register.cases import report_charts, report_quality
from register.cases.checking import today_text
from register.cases.report_figures import Figure, figures, paragraph
from register.cases.report_quality import GRADES, MEASURES, Card
from register.catalogue import BY_CODE
from register.documents.paper import Paper
from register.documents.sketch import data_url
from register.documents.templates import fill
from register.store import opened
from rulebook.errors import CallError
from rulebook.language import Text

FIRST_YEAR = 1949
RECORDS = Text("记录数", "records")


@dataclass(frozen=True)
class YearReport:
    """What is reported."""

    year: int
    county: str
    made_on: str
    figures: list[Figure]
    text: Text
    card: Card


def year_report(address: str, year: int, *, today: str = "") -> YearReport:
    """The report of a year; raises CallError for a year that has not begun. The card is that of ``today``."""
    today = today or today_text()
    if not FIRST_YEAR <= year <= int(today[:4]):
        raise CallError(
            f"年份应在 {FIRST_YEAR} 到 {today[:4]} 之间，不是 {year}。",
            f"The year lies between {FIRST_YEAR} and {today[:4]}, not {year}.",
        )
    with opened(address) as register:
        county = str(profiles.load(register.profile_name).settings.get("county_name", ""))
        told = figures(register, year)
    return YearReport(
        year, county, today, told, paragraph(told, year, county), report_quality.card(address, today=today)
    )


def as_json(report: YearReport, lang: str) -> dict[str, Any]:
    """The report for programs."""
    return {
        "year": report.year,
        "county": report.county,
        "made_on": report.made_on,
        "figures": {one.key: one.value for one in report.figures},
        "previous": {one.key: one.before for one in report.figures},
        "paragraph": report.text.within(lang),
        "compared_with": report.card.before.made_on if report.card.before else None,
        "quality": report_quality.as_json(report.card, lang),
    }


def markdown(report: YearReport, lang: str) -> str:
    """The report as Markdown."""
    word = Words(lang)
    lines = [f"# {word(_title(report))}", "", report.text.within(lang), ""]
    lines += [
        f"| {word(ITEM)} | {report.year} | {report.year - 1} | {word(CHANGE)} | {word(COUNTED)} |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    lines += [
        f"| {word(one.title)} | {one.value} | {one.before} | {one.change:+d} | {word(one.counted)} |"
        for one in report.figures
    ]
    lines += ["", f"## {word(CARD)}", "", word(_compared(report.card)), ""]
    lines += ["| " + " | ".join([word(TOWNSHIP), *(word(MEASURES[measure][0]) for measure in MEASURES)]) + " |"]
    lines += ["| --- |" + " --- |" * len(MEASURES)]
    for row in card_rows(report.card, lang):
        lines.append(
            "| " + " | ".join([row["name"].replace("|", "/"), *(cell["text"] for cell in row["cells"])]) + " |"
        )
    moved = moves(report.card, lang)
    lines += ["", f"### {word(MOVED)}", "", *(f"- {line}" for line in moved)] if moved else []
    return "\n".join(lines) + "\n"


def paper(report: YearReport, lang: str, *, for_word: bool, own: str | None = None) -> Paper:
    """The report as a paper. A page has the chart as SVG, a DOCX as PNG."""
    if for_word:
        chart = data_url(report_charts.png(report.card))
    else:
        drawn = report_charts.svg(report.card, lang).encode()
        chart = "data:image/svg+xml;base64," + base64.b64encode(drawn).decode("ascii")
    facts = {
        "title": _title(report).within(lang),
        "year": report.year,
        "made_on": report.made_on,
        "paragraph": report.text.within(lang),
        "figures": [
            {"title": one.title.within(lang), "counted": one.counted.within(lang), "value": one.value,
             "before": one.before, "change": f"{one.change:+d}"}
            for one in report.figures
        ],
        "measures": [
            {"letter": letter, "title": MEASURES[key][0].within(lang), "counted": MEASURES[key][1].within(lang)}
            for letter, key in zip(string.ascii_uppercase, MEASURES, strict=False)
        ],
        "rows": card_rows(report.card, lang),
        "moves": moves(report.card, lang),
        "compared": _compared(report.card).within(lang),
        "bounds": {name: f"{share:.0%}" for name, share in report.card.bounds.items()},
        "chart": chart,
        "words": {name: text.within(lang) for name, text in WORDS.items()},
    }  # fmt: skip
    return fill("report", facts, own=own)


def card_rows(card: Card, lang: str) -> list[dict[str, Any]]:
    """The card as a table: a row a township, with ``cells`` of ``grade``, ``text`` and ``trend`` (in points)."""
    rows = []
    for line, (code, name) in enumerate(card.names.items()):
        cells = []
        for measure in MEASURES:
            share, trend = card.cells[code][measure].share, card.trend(code, measure)
            grade = card.grade(code, measure)
            told = GRADES[grade].within(lang) + ("" if share is None else f" {share:.1%}")
            arrow = (
                "" if trend is None or abs(trend) < 0.0005 else f" {'↑' if trend > 0 else '↓'}{abs(trend) * 100:.1f}"
            )
            cells.append({"measure": measure, "grade": grade, "text": told + arrow, "trend": trend})
        rows.append({"line": line, "code": code, "name": name or WORDS["county"].within(lang), "cells": cells})
    return rows


def moves(card: Card, lang: str) -> list[str]:
    """What moved each measure of each township since the card before, and what holds down those below bronze."""
    told = []
    for code, name in card.names.items():
        place = name or WORDS["county"].within(lang)
        for measure, (title, _) in MEASURES.items():
            trend = card.trend(code, measure)
            if trend is not None and abs(trend) >= 0.0005:
                causes = _listed([(rule, f"{change:+d}") for rule, change in card.moved_by(code, measure)], lang)
                told.append(f"{place} · {title.within(lang)} {trend * 100:+.1f}：{causes}")
            elif card.grade(code, measure) == "none" and card.held_by(code, measure):
                causes = _listed([(rule, str(count)) for rule, count in card.held_by(code, measure)], lang)
                told.append(f"{place} · {title.within(lang)} {WORDS['held'].within(lang)}：{causes}")
    return told


class Words:
    """Texts in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, text: Text) -> str:
        return text.within(self.lang)


ITEM, CHANGE, COUNTED = Text("项目", "item"), Text("增减", "change"), Text("口径", "how it is counted")
CARD, TOWNSHIP, MOVED = Text("质量卡", "Quality card"), Text("镇街道", "township"), Text("变动原因", "What moved it")
WORDS = {
    "item": ITEM,
    "change": CHANGE,
    "counted": COUNTED,
    "card": CARD,
    "township": TOWNSHIP,
    "moved": MOVED,
    "county": Text("全县", "county"),
    "held": Text("主要问题", "held down by"),
    "summary": Text("年度综述", "Summary"),
    "figures": Text("年度数据", "Figures"),
    "measures": Text("指标", "Measures"),
    "bounds": Text("达标线", "Bounds"),
    "gold": GRADES["gold"],
    "silver": GRADES["silver"],
    "bronze": GRADES["bronze"],
    "made_on": Text("生成日期", "made on"),
}


def _listed(causes: list[tuple[str, str]], lang: str) -> str:
    titles = {"records": RECORDS, **{rule: BY_CODE[rule].title for rule, _ in causes if rule in BY_CODE}}
    return "、".join(
        f"{rule} {titles[rule].within(lang)} {count}"
        if rule != "records" and rule in titles
        else f"{titles.get(rule, Text(rule, rule)).within(lang)} {count}"
        for rule, count in causes
    )


def _title(report: YearReport) -> Text:
    return Text(f"{report.county}{report.year}年地名工作报告", f"Report on place names, {report.county} {report.year}")


def _compared(card: Card) -> Text:
    if card.before is None:
        return Text("还没有留存过质量卡，暂无可比。", "No card was kept before: there is nothing to compare with.")
    return Text(
        f"与 {card.before.made_on} 留存的质量卡相比。", f"Compared with the card kept on {card.before.made_on}."
    )
