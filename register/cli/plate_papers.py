"""``diming plate order|draw|certificate|proof``: the list for the workshop, drawings, certificates, address proofs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from register.cli.group import Spoken
from register.cli.options import actor_option, format_option, register_argument, role_option, today_option
from register.cli.speech import language, say, t
from register.people import Person
from rulebook.errors import CallError, FileError
from rulebook.language import Text

NAMES = ("plate", "road", "place", "township", "status", "issued_since", "without_certificate", "whole")


def choice_options(*, required: bool = True) -> Callable[[Any], Any]:
    """Options that say which plates are meant; they reach the command as ``which`` (a ``Choice``)."""
    given = (
        click.option("--plate", multiple=True, metavar="ID", help=t("门牌标识，可多次给出", "Id of a plate; may be repeated")),
        click.option("--road", default="", metavar="ID", help=t("某条路的门牌", "Plates of a road")),
        click.option("--place", default="", metavar="ID", help=t("某自然村或小区的门牌", "Plates of a village or estate")),
        click.option("--township", default="", metavar="CODE", help=t("某镇街道的门牌（九位代码）", "Plates of a township (nine digits)")),
        click.option("--status", default="", help=t("某种状态的门牌", "Plates of a status")),
        click.option("--issued-since", default="", metavar="YYYY-MM-DD", help=t("该日以后编制的门牌", "Plates issued since that day")),
        click.option("--without-certificate", is_flag=True, help=t("没有证号的门牌", "Plates without a certificate number")),
        click.option("--all", "whole", is_flag=True, help=t("全部有效门牌", "All plates in force")),
    )  # fmt: skip

    def add(command: Any) -> Any:
        def called(**options: Any) -> Any:
            picked = {name: options.pop(name) for name in NAMES}
            return command(which=_choice(picked, required=required), **options)

        called.__doc__ = command.__doc__
        called.__click_params__ = getattr(command, "__click_params__", [])
        for option in reversed(given):
            called = option(called)
        return called

    return add


def _choice(picked: dict[str, Any], *, required: bool) -> Any:
    from register.cases.plate_facts import Choice

    choice = Choice(
        ids=tuple(picked["plate"]),
        road=picked["road"],
        place=picked["place"],
        township=picked["township"],
        status=picked["status"],
        issued_since=picked["issued_since"],
        uncertified=picked["without_certificate"],
    )
    if required and not choice.asks and not picked["whole"]:
        raise CallError(
            "请说明是哪些门牌：--plate、--road、--place、--township、--status、--issued-since、--without-certificate，或 --all。",
            "Say which plates: --plate, --road, --place, --township, --status, --issued-since, --without-certificate, or --all.",
        )
    return choice


@click.command(
    "order",
    cls=Spoken,
    summary=Text(
        "给制牌厂的门牌制作清单（XLSX）：规格、文字、拼音、二维码、数量；不能制作的列出原因。--record 立单留痕。",
        "The list of plates for the workshop (XLSX): sizes, words, pinyin, QR codes, quantity; plates that cannot be made with the reason. --record numbers the order.",
    ),
)
@register_argument()
@choice_options()
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="F.xlsx", help=t("清单文件", "File of the list")
)
@click.option("--record", "recorded", is_flag=True, help=t("立单，记入登记库", "Number the order in the register"))
@actor_option(required=False)
@role_option()
@format_option("table", "json", default="table")
@today_option()
def order(
    address: str, which: Any, out: Path, recorded: bool, actor: str, person: Person, form: str, today: str
) -> None:
    """Write the list; print the sums."""
    from register.cases import plate_orders
    from register.cli.tables import table
    from register.store import opened

    if out.suffix.lower() != ".xlsx":
        raise CallError(f"清单写成 .xlsx 文件，不是“{out.name}”。", f'The list is an .xlsx file, not "{out.name}".')
    with opened(address) as register:
        plates, _ = plate_orders.prepared(register, which, today=today)
        case = None
        if recorded:
            named(actor)
            case = plate_orders.place_order(register, plates, replace(person, name=actor), today=today)
    title = t("门牌制作清单", "Plates to be made") + (f" {case.id}" if case else "")
    rows = plate_orders.order_rows(plates, language())
    plate_orders.write_order(out, rows, language(), title)
    sums = plate_orders.summary(rows).to_dict("records")
    told = {
        "order": case.id if case else None,
        "plates": len(rows),
        "to_make": int(rows["quantity"].sum()),
        "left_out": [
            {"plate": plate, "reason": reason}
            for plate, reason, quantity in zip(rows["id"], rows["remarks"], rows["quantity"], strict=True)
            if not quantity
        ],
        "sizes": sums,
        "file": str(out),
    }
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(table(sums, {name: text.within(language()) for name, text in plate_orders.SUMMARY.items()}))
    for one in told["left_out"]:
        click.echo(t(f"不制作 {one['plate']}：{one['reason']}", f"not made {one['plate']}: {one['reason']}"))


@click.command(
    "draw",
    cls=Spoken,
    summary=Text(
        "门牌图样：每块一个 SVG（毫米，二维码为矢量），或一个可打印成 PDF 的 HTML（一页一块，原大）。",
        "Drawings of plates: one SVG each (millimetres, QR code as a vector), or one HTML to print to PDF (one a page, true size).",
    ),
)
@register_argument()
@choice_options()
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR|F.html|F.svg",
    help=t("文件夹（每块一个 SVG）、.html 或 .svg（只一块）", "Folder (an SVG each), .html, or .svg (one plate)"),
)  # fmt: skip
@today_option()
def draw(address: str, which: Any, out: Path, today: str) -> None:
    """Write drawings; name plates that cannot be made."""
    from register.cases import plate_drawings, plate_orders
    from register.exchange.output import replacing
    from register.store import opened

    with opened(address) as register:
        plates, profile = plate_orders.prepared(register, which, today=today)
    ready = plates[plates["ready"]]
    for plate, remarks in plates.loc[~plates["ready"], "remarks"].items():
        say(Text("{plate} 不能制图：{why}", "{plate} cannot be drawn: {why}").format(plate=plate, why=Text(
            "；".join(one.zh for one in remarks), "; ".join(one.en for one in remarks))))  # fmt: skip
    if ready.empty:
        raise CallError("没有可以制图的门牌。", "There is no plate that can be drawn.")
    if out.suffix.lower() == ".html":
        with replacing(out) as temporary:
            temporary.write_text(
                plate_drawings.sheet(ready, profile, t("门牌图样", "Drawings of plates")), encoding="utf-8"
            )
        click.echo(str(out))
        return
    drawings = plate_orders.drawings(ready, profile)
    _write_all(out, ".svg", {plate: svg.encode() for plate, svg in drawings.items()})


@click.command(
    "certificate",
    cls=Spoken,
    summary=Text(
        "核发门牌证并出证（DOCX 或 HTML）。无证号的按号段取下一号，永不重号；已发的再次打印，--reissue 记补发原因。",
        "Issue certificates of doorplates and write them (DOCX or HTML). Plates without a number get the next of their series, never one twice; issued ones are printed again, --reissue notes why.",
    ),
)
@register_argument()
@choice_options()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR|F",
    help=t("文件夹，或 .docx、.html 文件（只一份）", "Folder, or a .docx or .html file (one only)"),
)
@click.option(
    "--paper",
    type=click.Choice(["docx", "html"]),
    default="docx",
    show_default=True,
    help=t("文件夹中文件的格式", "Form of the files in a folder"),
)
@click.option("--reissue", default="", metavar=t("原因", "WHY"), help=t("补发、换发的原因", "Why it is printed again"))
@actor_option(required=True)
@role_option()
@format_option("table", "json", default="table")
@today_option()
def certificate(
    address: str,
    which: Any,
    out: Path | None,
    paper: str,
    reissue: str,
    actor: str,
    person: Person,
    form: str,
    today: str,
) -> None:
    """Issue, write, and print plate, number and whether it is new."""
    from register.cases import plate_facts, plate_papers
    from register.cli.tables import table
    from register.store import opened

    who = replace(person, name=named(actor))
    with opened(address) as register:
        told = plate_facts.facts(register, which, today=today)
        plate_facts.require_some(told)
        _check_single(out, len(told))
        issued = plate_papers.issue(register, list(told.index), who, today=today)
        if reissue:
            for one in issued:
                if not one.fresh:
                    plate_papers.reissue(register, one.number, who, reissue, today=today)
        if out is not None:
            suffix = out.suffix.lower() if out.suffix.lower() in (".docx", ".html") else "." + paper
            papers = {one.plate: plate_papers.certificate(register, one.plate, who, today=today) for one in issued}
            _write_all(out, suffix, {one.number: _bytes(papers[one.plate], suffix) for one in issued}, quiet=True)
    rows = [{"plate": one.plate, "number": one.number, "new": one.fresh, "change_id": one.change_id} for one in issued]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    words = {True: t("新发", "new"), False: t("已发过", "issued before")}
    headings = {"plate": t("门牌", "plate"), "number": t("证号", "number"), "new": t("", "")}
    click.echo(table([{**row, "new": words[bool(row["new"])]} for row in rows], headings))


@click.command(
    "proof",
    cls=Spoken,
    summary=Text(
        "出具地址证明（DOCX 或 HTML）：标准地址与其他证件所载地址指同一处房屋，编号留存。",
        "Write an address proof (DOCX or HTML): the standard address and those on other papers mean one property; numbered and kept.",
    ),
)
@register_argument()
@click.argument("plate", metavar="PLATE")
@click.option(
    "--other",
    "others",
    multiple=True,
    metavar=t("证件=地址", "PAPER=ADDRESS"),
    help=t("其他证件所载地址，可多次给出", "Address on another paper; may be repeated"),
)
@click.option("--purpose", default="", help=t("用途", "What it is for"))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F",
    help=t(".docx 或 .html 文件", "A .docx or .html file"),
)
@actor_option(required=True)
@role_option()
@today_option()
def proof(
    address: str, plate: str, others: tuple[str, ...], purpose: str, out: Path, actor: str, person: Person, today: str
) -> None:
    """Number, write, and print the number."""
    from register.cases import plate_papers
    from register.store import opened

    if out.suffix.lower() not in (".docx", ".html"):
        raise CallError(
            f"写成 .docx 或 .html 文件，不是“{out.name}”。", f'It is a .docx or .html file, not "{out.name}".'
        )
    wanted = plate_papers.Proof(plate, dict(_pair(one) for one in others), purpose)
    with opened(address) as register:
        case, paper = plate_papers.prove(register, wanted, replace(person, name=named(actor)), today=today)
    _write_all(out, out.suffix.lower(), {case.id: _bytes(paper, out.suffix.lower())}, quiet=True)
    click.echo(case.id)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name.strip() and sign and value.strip()):
        raise CallError(
            f"--other 写成 证件=地址，例如 不动产证=剡湖街道某路1号，不是“{text}”。",
            f'--other is PAPER=ADDRESS, not "{text}".',
        )
    return name, value


def named(actor: str) -> str:
    """The actor; raises CallError when nobody is named."""
    if not actor.strip():
        raise CallError("请用 --actor 写明经办人。", "Say who does it by --actor.")
    return actor


def _bytes(paper: Any, suffix: str) -> bytes:
    return bytes(paper.docx()) if suffix == ".docx" else str(paper.html()).encode()


def _check_single(out: Path | None, count: int) -> None:
    if out is not None and out.suffix.lower() in (".docx", ".html", ".svg") and count > 1:
        raise CallError(
            f"有 {count} 块门牌，--out 应为文件夹，不是“{out.name}”。",
            f'There are {count} plates: --out is a folder, not "{out.name}".',
        )


def _write_all(out: Path, suffix: str, contents: dict[str, bytes], *, quiet: bool = False) -> None:
    """Write one file, or one a key into a folder; keys become file names."""
    from register.exchange.output import replacing

    _check_single(out, len(contents))
    if out.suffix.lower() == suffix:
        targets = [out]
    else:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise FileError(
                f"不能建文件夹 {out}：{fault.strerror}。", f"The folder {out} cannot be made: {fault.strerror}."
            ) from fault
        targets = [out / (_file_name(key) + suffix) for key in contents]
    for target, content in zip(targets, contents.values(), strict=True):
        with replacing(target) as temporary:
            temporary.write_bytes(content)
        if not quiet:
            click.echo(str(target))


def _file_name(key: str) -> str:
    """A key as a file name on every system; what is not allowed is written as its number."""
    return "".join(sign if sign.isalnum() or sign in "-_." else f"%{ord(sign):x}" for sign in key).lstrip(".")
