"""``diming address``: segments, links and grade of addresses."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from register.cli.group import Commands, Spoken
from register.cli.speech import say, t
from register.exchange.output import replacing
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
    from register.exchange.address_tables import as_csv

    if bool(texts) == (path is not None):
        raise CallError(
            "请给出地址文字，或用 --file 给出文件，二者取一。",
            "Give address texts or a file by --file, one of the two.",
        )
    if path is None:
        if column is not None:
            raise CallError("--column 要和 --file 一起用。", "--column goes with --file.")
        rows = addresses.parse_texts(texts, register)
        if form != "csv":
            _put(out, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
            return
        table = addresses.flat(rows)
        parts = iter([as_csv(table, appended=len(addresses.COLUMNS), heading=True)])
    else:
        if out is not None and out.exists() and path.exists() and out.samefile(path):
            raise CallError("--out 不能是正在读取的文件。", "--out cannot be the file that is read.")
        task = addresses.file_task(path, column, register)
        if form == "json":
            _put(out, addresses.as_json(task) + "\n")
            return
        parts = addresses.csv_parts(task)
    with _opened(out) as file:
        file.writelines(parts)


def _put(out: Path | None, text: str) -> None:
    with _opened(out, mark=False) as file:
        file.write(text.encode())


@contextmanager
def _opened(out: Path | None, *, mark: bool = True) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears whole; CSV files begin with a mark by which spreadsheets know UTF-8."""
    if out is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    with replacing(out) as temporary, temporary.open("wb") as file:
        file.write(b"\xef\xbb\xbf" if mark and out.suffix.lower() == ".csv" else b"")
        yield file
    say(Text(f"已写入 {out}。", f"Written to {out}."))
