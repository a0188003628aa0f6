"""``diming import``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from register.cli.group import Spoken
from register.cli.options import format_option, register_argument
from register.cli.progress import bar
from register.cli.speech import language, say, t
from rulebook.language import Text


@click.command(
    "import",
    cls=Spoken,
    summary=Text(
        "导入文件：GeoPackage、Shapefile、FileGDB、GeoJSON、KML、GPX、CSV、XLSX。整个文件无法理解时不写入任何内容（退出码 2）；"
        "个别行有错时只拒绝这些行并说明理由（退出码 1）。",
        "Take over a file: GeoPackage, Shapefile, FileGDB, GeoJSON, KML, GPX, CSV, XLSX. A file that cannot be understood "
        "is refused whole (exit code 2); wrong rows are refused alone, with the reason (exit code 1).",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer", help=t("导入到哪个图层", "Layer that the file belongs to"))
@click.option("--crs", metavar="EPSG:n", help=t("文件坐标的坐标系", "CRS of the file's coordinates"))
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    help=t("列对照 TOML 文件", "TOML file that maps headings to columns"),
)
@click.option("--encoding", help=t("文字编码，如 gbk、utf-8", "Text encoding, such as gbk or utf-8"))
@click.option(
    "--replace",
    is_flag=True,
    help=t(
        "使图层与文件一致：文件中没有的记录记为失效", "Make the layer equal to the file: records it lacks are ended"
    ),
)
@click.option("--dry-run", is_flag=True, help=t("只检查并计数，不写入", "Check and count, write nothing"))
@click.option("--actor", default="", help=t("经办人，记入修改记录", "Who does it; kept in the history"))
@format_option("table", "json", default="table")
def import_(
    address: str,
    file: Path,
    layer: str | None,
    crs: str | None,
    mapping: Path | None,
    encoding: str | None,
    replace: bool,
    dry_run: bool,
    actor: str,
    form: str,
) -> int:
    """Import a file; exit code 1 when rows were refused."""
    from register.cases.checking import today_text
    from register.cases.importing import import_file
    from register.cli.changes import login
    from register.store import opened

    with opened(address) as register, bar(t("导入", "importing")) as progress:
        results = import_file(
            register,
            file,
            layer=layer,
            crs=crs,
            mapping=mapping,
            encoding=encoding,
            replace=replace,
            dry_run=dry_run,
            actor=actor or login(),
            today=today_text(),
            progress=progress.update,
        )
    lang = language()
    for result in results:
        for note in result.notes:
            say(note)
        document = result.document(lang)
        if form == "json":
            click.echo(json.dumps(document, ensure_ascii=False))
            continue
        line = Text(
            "{layer}：读取 {read}，新增 {added}，更新 {updated}，未变 {unchanged}，失效 {ended}，拒绝 {refused}",
            "{layer}: read {read}, added {added}, updated {updated}, unchanged {unchanged}, ended {ended}, refused {refused}",
        )
        click.echo(line.format({**document, "refused": len(result.refused)}).within(lang))
        for row, reason in result.refused:
            say(Text("  第 {row} 行：{reason}", "  row {row}: {reason}").format(row=row, reason=reason))
    return 1 if any(result.refused for result in results) else 0
