"""``diming sign``: signs that do not show the standard name, from the photograph to the order and the repair."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import format_option, register_argument, today_option
from register.cli.people import person_options
from register.cli.speech import language, say, t
from register.cli.tables import table
from register.people import Person
from rulebook.errors import CallError, FileError
from rulebook.language import Text

sign = Commands(
    "sign", Text("不规范地名标志：发现、责令改正、办结", "Signs without the standard name: found, ordered, done")
)
for _name, _zh, _en in (
    ("open", "登记一块不规范标志", "Note a sign that is wrong"),
    ("order", "责令改正", "Order it to be put right"),
    ("done", "登记已改正", "Note that it was put right"),
    ("dismiss", "不予处理", "Dismiss the case"),
    ("list", "列出标志事项", "List the cases"),
    ("show", "查看一件标志事项", "Show a case"),
    ("document", "生成责令改正通知书", "Write the order"),
):
    sign.add_lazy(_name, f"register.cli.signs:{_name}_", Text(_zh, _en))


def _facts(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for word in given:
        key, equals, value = word.partition("=")
        if not equals:
            raise CallError(f"内容要写成 KEY=VALUE，不是“{word}”。", f'Facts are written KEY=VALUE, not "{word}".')
        found[key] = value
    return found


def _photos(paths: tuple[Path, ...]) -> tuple[Any, ...]:
    from register.cases.signs import Photo

    try:
        return tuple(Photo(path.name, path.read_bytes()) for path in paths)
    except OSError as fault:
        raise FileError(f"读不了照片：{fault}", f"The photograph cannot be read: {fault}") from fault


def _photo_option() -> Any:
    return click.option(
        "--photo",
        "photos",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="F",
        help=t("照片，JPEG 或 PNG（可多张）", "Photograph, JPEG or PNG (repeatable)"),
    )


@click.command(
    "open",
    cls=Spoken,
    summary=Text(
        "登记一块不规范标志，输出编号。内容 KEY=VALUE：location、finding、standard_name、owner、contact、phone。",
        "Note a sign and print its number. Facts KEY=VALUE: location, finding, standard_name, owner, contact, phone.",
    ),
)
@register_argument()
@click.argument("text", metavar="TEXT")
@click.argument("facts", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--at", required=True, metavar="LON,LAT", help=t("位置，经纬度（EPSG:4490）", "Place, in degrees (EPSG:4490)")
)
@_photo_option()
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def open_(
    address: str,
    text: str,
    facts: tuple[str, ...],
    at: str,
    photos: tuple[Path, ...],
    person: Person,
    form: str,
    today: str,
) -> None:
    """Print the number of the new case."""
    from register.cases.signs import Sighting, open_sign
    from register.cases.spots import spot
    from register.store import opened

    with opened(address) as register:
        seen = Sighting(text, spot(at, register.crs), _photos(photos), _facts(facts))
        _tell(open_sign(register, seen, person, today=today), person, form)


@click.command(
    "order", cls=Spoken, summary=Text("责令改正（KEY=VALUE 可补填内容）。", "Order the sign to be put right.")
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.argument("facts", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--due", default="", metavar="YYYY-MM-DD", help=t("改正期限（默认按配置）", "Until when (default: profile)")
)
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def order_(address: str, case_id: str, facts: tuple[str, ...], due: str, person: Person, form: str, today: str) -> None:
    """Order a correction."""
    from register.cases import signs
    from register.store import opened

    with opened(address) as register:
        _tell(signs.order(register, case_id, person, facts=_facts(facts), due_on=due, today=today), person, form)


@click.command("done", cls=Spoken, summary=Text("登记已改正，可附改正后的照片。", "Note that the sign was put right."))
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.option("--result", required=True, help=t("改正情况", "How it was put right"))
@_photo_option()
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def done_(
    address: str, case_id: str, result: str, photos: tuple[Path, ...], person: Person, form: str, today: str
) -> None:
    """Close a case that was put right."""
    from register.cases import signs
    from register.store import opened

    with opened(address) as register:
        _tell(signs.done(register, case_id, person, result=result, photos=_photos(photos), today=today), person, form)


@click.command("dismiss", cls=Spoken, summary=Text("不予处理，写明理由。", "Dismiss a case, with the reason."))
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.option("--reason", required=True, help=t("理由", "Why"))
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def dismiss_(address: str, case_id: str, reason: str, person: Person, form: str, today: str) -> None:
    """Dismiss a case."""
    from register.cases import signs
    from register.store import opened

    with opened(address) as register:
        _tell(signs.dismiss(register, case_id, person, reason=reason, today=today), person, form)


@click.command("show", cls=Spoken, summary=Text("查看一件标志事项。", "Show a case about a sign."))
@register_argument()
@click.argument("case_id", metavar="CASE")
@person_options(actor_required=False)
@format_option("text", "json", default="text")
def show_(address: str, case_id: str, person: Person, form: str) -> None:
    """Print a case."""
    from register.cases import signs
    from register.cases.applications_guards import own_township
    from register.store import opened

    with opened(address) as register:
        found = signs.sign_case(register, case_id)
    own_township(person, found.division_code)
    _tell(found, person, form)


@click.command("list", cls=Spoken, summary=Text("列出标志事项，最新的在前。", "List cases about signs, newest first."))
@register_argument()
@person_options(actor_required=False)
@format_option("table", "json", default="table")
def list_(address: str, person: Person, form: str) -> None:
    """Print the cases."""
    from register.cases import signs
    from register.store import opened

    with opened(address) as register:
        rows = [
            {"id": one.id, "state": one.state, "title": one.title, "opened_on": one.opened_on, "due_on": one.due_on}
            for one in signs.sign_cases(register, person)
        ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        row["state"] = signs.STATES[str(row["state"])].within(language())
    headings = {"id": t("编号", "number"), "state": t("状态", "state"), "title": t("事项", "case")}
    click.echo(table(rows, {**headings, "opened_on": t("发现", "found on"), "due_on": t("期限", "due")}))


@click.command(
    "document", cls=Spoken, summary=Text("生成责令改正通知书（.docx 或 .html）。", "Write the order (.docx or .html).")
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="F", help=t("文件", "File"))
@person_options(actor_required=False)
@today_option()
def document_(address: str, case_id: str, out: Path, person: Person, today: str) -> None:
    """Write the order of a case."""
    from register.cases import signs
    from register.cases.applications_due import visible
    from register.cases.applications_guards import own_township
    from register.cases.applications_papers import paper_file
    from register.cases.checking import today_text
    from register.exchange.output import replacing
    from register.store import opened

    form = out.suffix.lower().removeprefix(".")
    if form not in ("docx", "html"):
        raise CallError(f"文书写成 .docx 或 .html，不是“{out.name}”。", f'Papers are .docx or .html, not "{out.name}".')
    with opened(address) as register:
        found = signs.sign_case(register, case_id)
        own_township(person, found.division_code)
        made = signs.correction_order(register, visible(found, person), today=today or today_text())
    with replacing(out) as temporary:
        temporary.write_bytes(paper_file(made, form)[0])
    say(Text(f"已写入 {out}。", f"{out} written."))


def _tell(found: Any, person: Person, form: str) -> None:
    """Print a case as the person may see it."""
    from register.cases.applications_due import visible
    from register.cases.signs import FACTS, STATES

    shown = visible(found, person)
    body = shown.body
    if form == "json":
        told = {
            "id": shown.id,
            "state": shown.state,
            "text": body["text"],
            "facts": {**body["facts"], **body["personal"]},
            "photos": body["photos"],
            "photos_after": body.get("photos_after", []),
            "names_around": body["names_around"],
            "is_standard": body["is_standard"],
            "opened_on": shown.opened_on,
            "due_on": shown.due_on,
            "closed_on": shown.closed_on,
            "trail": body["trail"],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{shown.id}  {STATES[shown.state].within(language())}  {shown.title}")
    if shown.due_on:
        click.echo(t(f"  改正期限：{shown.due_on}", f"  due: {shown.due_on}"))
    for name, value in {**body["facts"], **body["personal"]}.items():
        click.echo(f"  {FACTS[name].within(language())}: {value}")
    if body["is_standard"]:
        click.echo(t("  标志上的文字就是附近的标准地名。", "  The sign shows a standard name of the place."))
    for one in body["names_around"]:
        click.echo(f"  {one['name']}  {one['distance_m']:.0f} m")
