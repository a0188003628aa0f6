"""``diming case``: a name from the application to the sign."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gazetteer.procedure import FACTS, STATE_NAMES, STEPS, Action, State
from register.cli.group import Commands, Spoken
from register.cli.options import format_option, register_argument, today_option
from register.cli.people import person_options
from register.cli.speech import language, say, t
from register.cli.tables import table
from register.people import Person
from rulebook.errors import CallError
from rulebook.language import Text

case = Commands(
    "case",
    Text("地名申请：报送、受理、公示、批准、备案、公告、设标", "Applications for names: from the draft to the sign"),
)
for _name, _zh, _en in (
    ("open", "新立一件申请（命名、更名、销名）", "Open an application (naming, renaming, abolition)"),
    ("set", "填写或改正事项内容", "Fill in or correct facts of a case"),
    ("step", "办理一步", "Take a step"),
    ("show", "查看一件事项和还缺什么", "Show a case and what it lacks"),
    ("list", "列出事项", "List cases"),
    ("due", "待办期限和依据", "What is due, and on what basis"),
    ("document", "生成文书", "Write a paper"),
):
    case.add_lazy(_name, f"register.cli.applications:{_name}_", Text(_zh, _en))

KEY_VALUE = "KEY=VALUE"


def facts_argument() -> Callable[[Any], Any]:
    """``KEY=VALUE…``: facts of the case."""
    return click.argument("facts", nargs=-1, metavar=f"[{KEY_VALUE}]...", callback=facts_of)


def facts_of(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """``KEY=VALUE`` words as a mapping; the Chinese title of a fact stands for its key."""
    keys = {title.zh: name for name, title in FACTS.items()}
    found = {}
    for word in given:
        key, sign, value = word.partition("=")
        if not sign:
            raise CallError(f"内容要写成 {KEY_VALUE}，不是“{word}”。", f'Facts are written {KEY_VALUE}, not "{word}".')
        found[keys.get(key, key)] = value
    return found


def place_options() -> Callable[[Any], Any]:
    """``--at`` and ``--geometry``."""

    def add(command: Any) -> Any:
        at = click.option(
            "--at", metavar="LON,LAT", help=t("位置，经纬度（EPSG:4490）", "Place, in degrees (EPSG:4490)")
        )
        shape = click.option(
            "--geometry",
            "shape",
            type=click.Path(path_type=Path),
            metavar="F",
            help=t("位置，图形文件", "Place, a file with its geometry"),
        )
        return at(shape(command))

    return add


@click.command(
    "open",
    cls=Spoken,
    summary=Text(
        "新立一件地名申请，输出编号。内容写成 KEY=VALUE（键名见 docs/applications.md），如 reason=新建道路。",
        "Open an application and print its number. Facts are KEY=VALUE (keys: docs/applications.md), as reason=….",
    ),
)
@register_argument()
@facts_argument()
@click.option(
    "--action",
    type=click.Choice([action.value for action in Action]),
    default=Action.NAMING.value,
    show_default=True,
    help=t("命名、更名或销名", "Naming, renaming or abolition"),
)
@click.option(
    "--kind", required=True, metavar="KIND", help=t("地名类型，同 name test", "Kind of name, as in name test")
)
@click.option(
    "--name", "names", multiple=True, metavar="NAME", help=t("拟用名称（可多个）", "Proposed name (repeatable)")
)
@click.option(
    "--record",
    default="",
    metavar="L:ID",
    help=t("原有地名，或要命名的规划记录", "The name to change, or the planned record to be named"),
)
@click.option(
    "--sheet",
    default="",
    metavar="NUMBER",
    help=t(
        "预审单编号：名称、类型、位置取自预审单", "Number of a pre-test sheet: names, kind and place are taken from it"
    ),
)
@place_options()
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def open_(
    address: str,
    facts: dict[str, str],
    action: str,
    kind: str,
    names: tuple[str, ...],
    record: str,
    sheet: str,
    at: str | None,
    shape: Path | None,
    person: Person,
    form: str,
    today: str,
) -> None:
    """Print the number of the new case."""
    from register.cases.applications import Application, open_application
    from register.cases.pretest_place import place
    from register.store import opened

    with opened(address) as register:
        wanted = Application(action, kind, names, record, place(at, shape, register.crs), facts, sheet)
        made = open_application(register, wanted, person, today=today)
        _tell(register, made, person, form, today)


@click.command(
    "set",
    cls=Spoken,
    summary=Text("填写或改正事项内容（KEY=VALUE，值为空即清除）。", "Fill in facts (KEY=VALUE; empty clears)."),
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@facts_argument()
@click.option("--name", "names", multiple=True, metavar="NAME", help=t("改换拟用名称", "Other proposed names"))
@place_options()
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def set_(
    address: str,
    case_id: str,
    facts: dict[str, str],
    names: tuple[str, ...],
    at: str | None,
    shape: Path | None,
    person: Person,
    form: str,
    today: str,
) -> None:
    """Fill in facts of a case."""
    from register.cases.applications import amend
    from register.cases.pretest_place import place
    from register.store import opened

    with opened(address) as register:
        geometry = place(at, shape, register.crs)
        _tell(register, amend(register, case_id, facts, person, names=names, geometry=geometry), person, form, today)


@click.command(
    "step",
    cls=Spoken,
    summary=Text(
        f"办理一步：{'、'.join(f'{name}（{step.title.zh}）' for name, step in STEPS.items())}。缺什么会一并说明。",
        f"Take a step: {', '.join(STEPS)}. All that it lacks is named at once.",
    ),
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@click.argument("step", metavar="STEP")
@facts_argument()
@click.option(
    "--on", default="", metavar="YYYY-MM-DD", help=t("办理日期（默认今天）", "Date of the step (default: today)")
)
@click.option("--reason", default="", help=t("理由，退回和不予批准必填", "Why; needed to return or reject"))
@person_options(actor_required=True)
@format_option("text", "json", default="text")
@today_option()
def step_(
    address: str,
    case_id: str,
    step: str,
    facts: dict[str, str],
    on: str,
    reason: str,
    person: Person,
    form: str,
    today: str,
) -> None:
    """Take a step of a case."""
    from register.cases.applications import take_step
    from register.store import opened

    with opened(address) as register:
        done = take_step(register, case_id, step, person, facts=facts, on=on, reason=reason, today=today)
        _tell(register, done, person, form, today)


@click.command(
    "show", cls=Spoken, summary=Text("查看一件事项和每一步还缺什么。", "Show a case and what each step lacks.")
)
@register_argument()
@click.argument("case_id", metavar="CASE")
@person_options(actor_required=False)
@format_option("text", "json", default="text")
@today_option()
def show_(address: str, case_id: str, person: Person, form: str, today: str) -> None:
    """Print a case."""
    from register.cases.applications import naming_case
    from register.cases.applications_guards import own_township
    from register.store import opened

    with opened(address) as register:
        found = naming_case(register, case_id)
        own_township(person, found.division_code)
        _tell(register, found, person, form, today, whole=True)


@click.command("list", cls=Spoken, summary=Text("列出地名申请，最新的在前。", "List applications, newest first."))
@register_argument()
@click.option("--state", default="", metavar="STATE", help=t(f"状态：{'、'.join(State)}", f"State: {', '.join(State)}"))
@person_options(actor_required=False)
@format_option("table", "json", default="table")
def list_(address: str, state: str, person: Person, form: str) -> None:
    """Print the cases."""
    from register.cases.applications_due import naming_cases
    from register.cli.group import one_of
    from register.store import opened

    if state:
        one_of("--state", state, tuple(State))
    with opened(address) as register:
        found = naming_cases(register, person, state=state)
    rows = [
        {
            "id": one.id,
            "state": one.state,
            "title": one.title,
            "division_code": one.division_code,
            "opened_on": one.opened_on,
            "due_on": one.due_on,
        }
        for one in found
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        row["state"] = STATE_NAMES[State(row["state"])].within(language())
    headings = {"id": t("编号", "number"), "state": t("状态", "state"), "title": t("事项", "case")}
    headings |= {"division_code": t("政区", "division"), "opened_on": t("立项", "opened"), "due_on": t("期限", "due")}
    click.echo(table(rows, headings))


@click.command(
    "due",
    cls=Spoken,
    summary=Text(
        "待办期限：日期、还剩几天、法律依据、还缺什么。", "What is due: date, days left, legal basis, what is lacking."
    ),
)
@register_argument()
@person_options(actor_required=False)
@format_option("table", "json", default="table")
@today_option()
def due_(address: str, person: Person, form: str, today: str) -> None:
    """Print what is due."""
    from register.cases.applications_due import due_list
    from register.store import opened

    lang = language()
    with opened(address) as register:
        rows = [
            {
                **row,
                "basis": row["basis"].within(lang),
                "missing": [{"fact": gap.fact, "what": gap.what.within(lang)} for gap in row["missing"]],
            }
            for row in due_list(register, person, today=today)
        ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    shown = [
        {
            **row,
            "step": STEPS[row["step"]].title.within(lang),
            "basis": row["basis"] + ("" if row["holidays_known"] else t("（放假安排未录入）", " (holidays not known)")),
            "missing": "；".join(gap["what"] for gap in row["missing"]),
        }
        for row in rows
    ]
    headings = {"due_on": t("期限", "due"), "days_left": t("剩余", "left"), "case": t("编号", "case")}
    headings |= {"title": t("事项", "title"), "step": t("步骤", "step"), "basis": t("依据", "basis")}
    click.echo(table(shown, {**headings, "missing": t("还缺", "lacking")}))


@click.command(
    "document",
    cls=Spoken,
    summary=Text(
        "生成文书：application、opinion、approval、notice、announcement、filing、sign-order。公示、公告、批复可列多件事项。",
        "Write a paper: application, opinion, approval, notice, announcement, filing, sign-order; lists take several cases.",
    ),
)
@register_argument()
@click.argument("paper", metavar="PAPER")
@click.argument("case_ids", nargs=-1, required=True, metavar="CASE...")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("文件，.docx 或 .html", "File, .docx or .html"),
)
@person_options(actor_required=False)
@today_option()
def document_(address: str, paper: str, case_ids: tuple[str, ...], out: Path, person: Person, today: str) -> None:
    """Write a paper of one or several cases."""
    from register.cases.applications import naming_case
    from register.cases.applications_due import visible
    from register.cases.applications_guards import own_township
    from register.cases.applications_papers import paper as filled
    from register.cases.applications_papers import paper_file
    from register.cases.checking import today_text
    from register.exchange.output import replacing
    from register.store import opened

    form = out.suffix.lower().removeprefix(".")
    if form not in ("docx", "html"):
        raise CallError(f"文书写成 .docx 或 .html，不是“{out.name}”。", f'Papers are .docx or .html, not "{out.name}".')
    with opened(address) as register:
        cases = [naming_case(register, one) for one in case_ids]
        for one in cases:
            own_township(person, one.division_code)
        made = filled(register, [visible(one, person) for one in cases], paper, today=today or today_text())
    with replacing(out) as temporary:
        temporary.write_bytes(paper_file(made, form)[0])
    say(Text(f"已写入 {out}。", f"{out} written."))


def _tell(register: Any, found: Any, person: Person, form: str, today: str, *, whole: bool = False) -> None:
    """Print a case as the person may see it."""
    from register.cases.applications_due import described, visible
    from register.cases.checking import today_text

    told = described(register, visible(found, person), language(), today or today_text())
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{told['id']}  {told['state_name']}  {told['title']}")
    if whole:
        for name, value in told["facts"].items():
            click.echo(f"  {FACTS[name].within(language())}: {value}")
        for one in told["trail"]:
            step = STEPS[one["step"]].title.within(language())
            click.echo(f"  {one['on']}  {step}  {one['actor']}  {one['reason']}")
    for one in (told["pretest"] or {}).get("names", []):
        click.echo(f"  {one['name']}  {one['pinyin']}  {one['verdict']}")
        for finding in one["findings"]:
            click.echo(f"    {finding['rule']}  {finding['level']}  {finding['message'][language()]}")
        for former in one["former"]:
            click.echo(
                t("    曾用名：", "    former name: ") + f"{former['layer']}:{former['record_id']}  {former['until']}"
            )
    if told["next_step"]:
        gaps = told["missing"][told["next_step"]] if whole or form == "text" else []
        title = STEPS[told["next_step"]].title.within(language())
        click.echo(t(f"下一步：{title}", f"Next: {title}") + (f"  ({told['due_on']})" if told["due_on"] else ""))
        for gap in gaps:
            click.echo(f"  - {gap['what']}（{gap['basis']}）")
