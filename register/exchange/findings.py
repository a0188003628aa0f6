"""Lists of findings for programs and people: JSON lines, CSV, GeoPackage, a plain page, a terminal table.

Findings are streamed in portions, so that a report of any size needs little memory.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS

from register.cases.privacy import masked_cell
from register.cases.sensitive import EXACT, Sight
from register.exchange.output import replacing
from register.exchange.report_page import LEVELS, not_run_by_reason, write_page
from register.exchange.safe_cells import guard
from rulebook.errors import CallError, FileError
from rulebook.language import Text
from rulebook.report import OUTPUT_CRS, Finding, Report, geojson

PORTION = 2000
GPKG_PORTION = 20_000
CSV_COLUMNS = (
    "rule", "level", "layer", "record_id", "related", "message", "fix", "safety", "remedy", "lon", "lat", "fingerprint",
)  # fmt: skip
GPKG_LAYER = "findings"
Document = dict[str, Any]


def document(finding: Finding, lang: str, crs: CRS | None) -> Document:
    """One finding as the contract's JSON object; ``geometry`` is GeoJSON in EPSG:4490."""
    return _document(finding, lang, geojson([finding.geometry], crs)[0])


def documents(report: Report, lang: str, sight: Sight = EXACT) -> Iterator[Document]:
    """All findings of a report as JSON objects, in rule order, as somebody of that ``sight`` may see them."""
    findings = map(sight.finding, report)
    while portion := list(itertools.islice(findings, PORTION)):
        shapes = report.to_output([finding.geometry for finding in portion])
        for finding, shape in zip(portion, shapes, strict=True):
            yield _document(finding, lang, shape)


def summary(report: Report, by_rule: Mapping[str, int], seconds: float, lang: str) -> Document:
    """The contract's summary of a run."""
    return {
        "records": report.records,
        "findings": sum(by_rule.values()),
        "by_rule": dict(by_rule),
        "not_run": [{"rule": one.rule.code, "reason": one.reason.within(lang)} for one in report.not_run],
        "crashed": [{"rule": one.rule.code, "error": one.error} for one in report.crashes],
        "seconds": round(seconds, 3),
    }


def write_report(
    report: Report, form: str, out: Path | None, lang: str, *, seconds: float = 0.0, sight: Sight = EXACT
) -> dict[str, int]:
    """Write a report to ``out`` (None: standard output) and return the number of findings by level."""
    tally = _Tally(report, lang, seconds, sight)
    if form == "gpkg":
        if out is None:
            raise CallError("GeoPackage 必须写到文件。", "A GeoPackage must be written to a file.")
        _write_gpkg(tally, Path(out))
    else:
        writers: dict[str, Callable[[TextIO, _Tally], None]] = {
            "jsonl": _write_jsonl, "csv": _write_csv, "html": _write_html, "table": _write_table,
        }  # fmt: skip
        with _opened(out, form) as stream:
            writers[form](stream, tally)
    return dict(tally.by_level)


class _Tally:
    """Hands out a report's documents once and counts them on the way."""

    def __init__(self, report: Report, lang: str, seconds: float, sight: Sight) -> None:
        self.report, self.lang, self.seconds, self.sight = report, lang, seconds, sight
        self.by_level: Counter[str] = Counter()
        self.by_rule: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Document]:
        for one in documents(self.report, self.lang, self.sight):
            self.by_level[one["level"]] += 1
            self.by_rule[one["rule"]] += 1
            yield one

    def summary(self) -> Document:
        return summary(self.report, self.by_rule, self.seconds, self.lang)


def _document(finding: Finding, lang: str, shape: Any) -> Document:
    options: dict[str, list[Document]] = {}
    for edit in finding.edits:
        told = {name: edit[name] for name in ("layer", "record_id", "field", "before", "after")}
        options.setdefault(edit["option"], []).append(told)
    first = min(options, default="")
    return {
        "rule": finding.rule.code,
        "level": finding.level.value,
        "layer": finding.layer,
        "record_id": finding.record_id,
        "related": list(finding.related),
        "message": finding.message.within(lang),
        "evidence": dict(finding.evidence),
        "fix": options.get(first, []),
        "alternatives": {option: edits for option, edits in options.items() if option != first},
        "safety": finding.safety.value,
        "remedy": finding.rule.remedy.value,
        "fingerprint": finding.fingerprint,
        "fact_hash": finding.fact_hash,
        "geometry": shape,
    }


@contextmanager
def _opened(out: Path | None, form: str) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    encoding = "utf-8-sig" if form == "csv" else "utf-8"
    with replacing(Path(out)) as temporary, temporary.open("w", encoding=encoding, newline="") as stream:
        yield stream


def _write_jsonl(stream: TextIO, tally: _Tally) -> None:
    for one in tally:
        stream.write(json.dumps(one, ensure_ascii=False) + "\n")
    stream.write(json.dumps({"summary": tally.summary()}, ensure_ascii=False) + "\n")


def _write_csv(stream: TextIO, tally: _Tally) -> None:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in tally:
        row = flat(one)
        writer.writerow([guard(row[name]) for name in CSV_COLUMNS])


def _write_html(stream: TextIO, tally: _Tally) -> None:
    write_page(stream, map(flat, tally), tally.summary, tally.by_level, tally.lang)


def _write_table(stream: TextIO, tally: _Tally) -> None:
    lang = tally.lang
    for one in tally:
        level = LEVELS[one["level"]].within(lang)
        stream.write(f"{level}  {one['rule']}  {one['layer']}:{one['record_id']}  {one['message']}\n")
    counts = "，" if lang == "zh" else ", "
    told = counts.join(f"{title.within(lang)} {tally.by_level[level]}" for level, title in LEVELS.items())
    total = tally.summary()
    line = Text(
        "共检查 {records} 条记录，发现 {findings} 处：{told}。",
        "{records} records checked, {findings} findings: {told}.",
    )
    stream.write(line.format(total, told=told).within(lang) + "\n")
    for reason, rules in not_run_by_reason(total).items():
        told = Text("未运行（{reason}）：{rules}", "not run ({reason}): {rules}").format(
            reason=reason, rules=", ".join(rules)
        )
        stream.write(told.within(lang) + "\n")


def _write_gpkg(tally: _Tally, out: Path) -> None:
    """One layer with a finding a row; a file that holds anything else is not written over."""
    if out.suffix.lower() != ".gpkg":
        raise CallError(f"{out.name} 的后缀应为 .gpkg。", f"{out.name} should end in .gpkg.")
    if out.exists():
        _require_own(out)
    with replacing(out) as temporary:
        rows = iter(tally)
        first = True
        while (portion := list(itertools.islice(rows, GPKG_PORTION))) or first:
            pyogrio.write_dataframe(
                _frame(portion), temporary, layer=GPKG_LAYER, driver="GPKG", geometry_type="Unknown", append=not first
            )
            first = False


def _require_own(out: Path) -> None:
    try:
        layers = [name for name, _ in pyogrio.list_layers(out)]
    except pyogrio.errors.DataSourceError:
        layers = []
    if layers != [GPKG_LAYER]:
        raise FileError(
            f"{out} 已存在，而且不是问题清单，不会覆盖；请换一个文件名。",
            f"{out} exists and is not a list of findings; it is not written over, choose another name.",
        )


def _frame(portion: list[Document]) -> gpd.GeoDataFrame:
    names = [name for name in CSV_COLUMNS if name not in ("lon", "lat")]
    table = pd.DataFrame(map(flat, portion), columns=names, dtype="str")
    shapes = [None if one["geometry"] is None else json.dumps(one["geometry"]) for one in portion]
    return gpd.GeoDataFrame(table, geometry=shapely.from_geojson(shapes), crs=OUTPUT_CRS)


def flat(one: Document) -> dict[str, str]:
    """A finding as plain text cells for people: lists joined, the repair as ``field: before → after`` with personal
    values masked, the place as a point.
    """
    lon, lat = "", ""
    if one["geometry"] is not None:
        place = shapely.point_on_surface(shapely.from_geojson(json.dumps(one["geometry"])))
        lon, lat = f"{place.x:.7f}", f"{place.y:.7f}"
    fix = "; ".join(
        f"{edit['layer']}:{edit['record_id']} {edit['field']}: {before or '—'} → {after or '—'}"
        for edit in one["fix"]
        for before, after in [[masked_cell(edit["layer"], edit["field"], edit[side]) for side in ("before", "after")]]
    )
    plain = {name: str(one[name]) for name in ("rule", "level", "layer", "record_id", "message", "safety", "remedy")}
    related = "; ".join(one["related"])
    return {**plain, "related": related, "fix": fix, "lon": lon, "lat": lat, "fingerprint": one["fingerprint"]}
