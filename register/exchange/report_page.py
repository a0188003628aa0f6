"""A list of findings as one self-contained page: no script, nothing from elsewhere, fit for printing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, TextIO

from rulebook.language import Text

COLUMNS = {
    "level": Text("级别", "level"),
    "rule": Text("规则", "rule"),
    "record": Text("记录", "record"),
    "message": Text("说明", "message"),
    "fix": Text("建议的修改", "proposed repair"),
    "remedy": Text("办理", "remedy"),
    "place": Text("位置", "place"),
}
LEVELS = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "question": Text("疑问", "question"),
    "info": Text("提示", "info"),
}
REMEDIES = {"desk": Text("内业", "desk"), "field": Text("外业", "field")}
STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1c2024;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d9dde2}
th{background:#f3f5f7;position:sticky;top:0}td.record,td.place{font-variant-numeric:tabular-nums;word-break:break-all}
.level{white-space:nowrap;padding-left:.5rem;border-left:.4rem solid #8a929b}.error{border-color:#c0312b}.warning{border-color:#d98a00}.question{border-color:#6a51a3}
@media print{th{position:static}body{max-width:none;margin:0}}
"""


def write_page(
    stream: TextIO,
    rows: Iterable[Mapping[str, str]],
    summary: Callable[[], Mapping[str, Any]],
    by_level: Mapping[str, int],
    lang: str,
) -> None:
    """Write the page row by row. ``summary`` and ``by_level`` are complete once ``rows`` are used up."""
    title = Text("检查结果", "Findings").within(lang)
    stream.write(
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
        f"<h1>{title}</h1>\n<table>\n<thead><tr>"
    )
    stream.write("".join(f"<th>{heading.within(lang)}</th>" for heading in COLUMNS.values()))
    stream.write("</tr></thead>\n<tbody>\n")
    for row in rows:
        stream.write(_row(row, lang))
    stream.write("</tbody>\n</table>\n")
    _write_summary(stream, summary(), by_level, lang)
    stream.write("</html>\n")


def _row(row: Mapping[str, str], lang: str) -> str:
    place = f"{row['lon']}, {row['lat']}" if row["lon"] else ""
    cells = {
        "rule": row["rule"],
        "record": f"{row['layer']}:{row['record_id']}",
        "message": row["message"],
        "fix": row["fix"],
        "remedy": REMEDIES[row["remedy"]].within(lang),
        "place": place,
    }
    level = f'<td><span class="level {row["level"]}">{LEVELS[row["level"]].within(lang)}</span></td>'
    return (
        f"<tr>{level}" + "".join(f'<td class="{name}">{escape(cell)}</td>' for name, cell in cells.items()) + "</tr>\n"
    )


def _write_summary(stream: TextIO, total: Mapping[str, Any], by_level: Mapping[str, int], lang: str) -> None:
    counted = Text(
        "共检查 {records} 条记录，发现 {findings} 处。", "{records} records checked, {findings} findings."
    ).format(total)
    stream.write(f"<h2>{Text('合计', 'Totals').within(lang)}</h2>\n<p>{counted.within(lang)}</p>\n<table>\n")
    for level, title in LEVELS.items():
        stream.write(f"<tr><td>{title.within(lang)}</td><td>{by_level.get(level, 0)}</td></tr>\n")
    for rule, number in total["by_rule"].items():
        stream.write(f"<tr><td>{rule}</td><td>{number}</td></tr>\n")
    stream.write("</table>\n")
    not_run = [f"{reason}: {', '.join(rules)}" for reason, rules in not_run_by_reason(total).items()]
    crashed = [f"{one['rule']}: {one['error']}" for one in total["crashed"]]
    for heading, lines in (
        (Text("未运行的规则", "Rules not run"), not_run),
        (Text("出错的规则", "Broken rules"), crashed),
    ):
        if lines:
            items = "".join(f"<li>{escape(line)}</li>\n" for line in lines)
            stream.write(f"<h2>{heading.within(lang)}</h2>\n<ul>\n{items}</ul>\n")


def not_run_by_reason(total: Mapping[str, Any]) -> dict[str, list[str]]:
    """Rules of a summary that did not run, under their common reason."""
    reasons: dict[str, list[str]] = {}
    for one in total["not_run"]:
        reasons.setdefault(one["reason"], []).append(one["rule"])
    return reasons
