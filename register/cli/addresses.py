"""``diming address``: segments, links and grade of addresses."""

from __future__ import annotations

import json
from pathlib import Path

import click

from register.cli.group import Commands, Spoken
from register.cli.speech import say, t
from rulebook.errors import CallError
from rulebook.language import Text

address = Commands("address", Text("地址：分段与匹配", "Addresses: segments and links"))
address.add_lazy(
    "parse", "register.cli.addresses:parse", Text("把地址分段并与登记库匹配", "Segment addresses and link them")
)


@click.command(
    "parse",
    cls=Spoken,
    summary=Text(
        "把地址分成各段，并与登记库的道路、地名、门牌匹配；没有登记库时只用随程序提供的名录。",
        "Cut addresses into segments and link them with a register; without one the shipped lists alone are used.",
    ),
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("读取文件中的地址列，行和列原样保留", "Read a column of this file; its rows and columns are kept"),
)
@click.option(
    "--column",
    metavar="C",
    help=t("地址所在的列（默认 text 或 地址）", "Column of the addresses (default: text or 地址)"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="O",
    help=t("写入文件（默认标准输出）", "Write to this file (default: stdout)"),
)
@click.option("--register", metavar="REG", help=t("登记库", "The register to link with"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default=None,
    help=t("输出格式（默认：文件 csv，文字 json）", "Output format (default: csv for a file, json for texts)"),
)
def parse(
    texts: tuple[str, ...],
    path: Path | None,
    column: str | None,
    out: Path | None,
    register: str | None,
    form: str | None,
) -> None:
    """Print or write the segments, links and grades."""
    from register.cases import addresses

    if bool(texts) == (path is not None):
        raise CallError(
            "请给出地址文字，或用 --file 给出文件，二者取一。",
            "Give address texts or a file by --file, one of the two.",
        )
    if path is None:
        if column is not None:
            raise CallError("--column 要和 --file 一起用。", "--column goes with --file.")
        rows = addresses.parse_texts(texts, register)
        result = (
            json.dumps(rows, ensure_ascii=False, indent=1) if form != "csv" else addresses.as_csv(addresses.flat(rows))
        )
    else:
        if out is not None and out.exists() and path.exists() and out.samefile(path):
            raise CallError("--out 不能是正在读取的文件。", "--out cannot be the file that is read.")
        table = addresses.parse_file(path, column, register)
        result = addresses.as_json(table) if form == "json" else addresses.as_csv(table)
    if out is None:
        click.echo(result.rstrip("\r\n"))
    else:
        addresses.write(out, result)
        say(Text(f"已写入 {out}。", f"Written to {out}."))
