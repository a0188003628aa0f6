"""``diming problems``: returned lists taken in, planned, answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, today_option
from register.cli.speech import language, say, t
from register.cli.tables import table
from rulebook.language import Text

ACTOR = "diming"

problems = Commands(
    "problems", Text("反馈问题：接收、核实、修改、答复", "Returned lists: intake, verdicts, repairs, answers")
)
for _name, _zh, _en in (
    ("map", "从表头和内容生成映射文件", "Propose an exchange map for a list"),
    ("import", "接收一份反馈清单并逐行核实", "Take in a returned list and judge every row"),
    ("list", "查看批次和进度", "Show batches and their progress"),
    ("plan", "为一个批次生成修改计划", "The proposed edits of a batch as a fix plan"),
    ("recipe", "把一份已决定的计划存为配方", "Keep the decisions of a plan as a recipe"),
    ("answer", "按原表格式写出答复", "Write the answer in the sender's own form"),
    ("photo", "给一行附上整改前后的照片", "Attach a photograph before or after to a row"),
):
    problems.add_lazy(_name, f"register.cli.problems:{_name}_", Text(_zh, _en))


def _batch_option() -> Callable[[Any], Any]:
    return click.option("--batch", required=True, metavar="B", help=t("批次名", "Name of the batch"))


@click.command(
    "map",
    cls=Spoken,
    summary=Text(
        "从清单的表头和样例行生成映射文件，改好后用 --map 指明。",
        "Propose an exchange map from a list's headings and sample rows; edit it and name it by --map.",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help=t("写到文件（默认显示）", "Write to a file (default: show)")
)
def map_(file: Path, out: Path | None) -> None:
    """Print or write the proposed map."""
    from register.cases.returned import maps
    from register.cases.returned.intake import table_of

    text = maps.proposed(table_of(file, None).table).toml()
    if out is None:
        click.echo(text, nl=False)
        return
    from register.exchange.output import replacing

    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
    say(Text(f"已写出映射文件 {out}。", f"Wrote the map {out}."))


@click.command(
    "import",
    cls=Spoken,
    summary=Text(
        "接收一份反馈清单（CSV、XLSX）：每行匹配到记录并按规则核实。输出按结论计数；同一文件再次导入不产生变化。",
        "Take in a returned list (CSV, XLSX): every row is matched with a record and judged. Prints counts by verdict.",
    ),
)
@register_argument()
@click.argument("file", type=click.Path(path_type=Path))
@_batch_option()
@click.option(
    "--map",
    "mapping",
    metavar="M.toml",
    help=t("映射文件或随附映射的名称", "Exchange map, or the name of a shipped one"),
)
@today_option()
@actor_option(required=False)
def import_(address: str, file: Path, batch: str, mapping: str | None, today: str, actor: str) -> None:
    """Take a list in and print the counts as JSON."""
    from register.cases.checking import today_text
    from register.cases.returned import maps
    from register.cases.returned.batches import take
    from register.store import opened

    given = maps.load(mapping) if mapping else None
    with opened(address) as register:
        taken = take(register, file, batch, given=given, actor=actor or ACTOR, today=today or today_text())
    if taken.again:
        say(Text(f"批次“{batch}”已在登记库中，已重新核实。", f'The batch "{batch}" was in already; judged again.'))
    summary = {
        "batch": batch,
        "case": taken.case.id,
        "rows": taken.rows,
        "by_verdict": taken.by_verdict,
        "by_grade": taken.by_grade,
        **taken.by_verdict,
    }
    click.echo(json.dumps(summary, ensure_ascii=False))


@click.command(
    "list",
    cls=Spoken,
    summary=Text("查看批次：行数、结论、处理状态、期限。", "Batches: rows, verdicts, states, due dates."),
)
@register_argument()
@format_option("table", "json", default="table")
@today_option()
def list_(address: str, form: str, today: str) -> None:
    """Print a line a batch."""
    from register.cases.checking import today_text
    from register.cases.returned.progress import progress
    from register.store import opened

    with opened(address) as register:
        rows = progress(register, today or today_text())
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    headings = {
        "batch": t("批次", "batch"), "rows": t("行数", "rows"), "done": t("已办", "done"), "open": t("待办", "open"),
        "due_on": t("期限", "due on"), "overdue": t("逾期", "overdue"), "state": t("状态", "state"),
    }  # fmt: skip
    click.echo(table(rows, headings))


@click.command(
    "plan",
    cls=Spoken,
    summary=Text(
        "把一个批次中属实且可改的行写成修改计划（CSV），可在表格软件中决定后用 diming apply 执行。",
        "Write the confirmed, repairable rows of a batch as a fix plan (CSV) for diming apply.",
    ),
)
@register_argument()
@_batch_option()
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("写到文件", "File to write"))
@click.option("--recipe", type=click.Path(path_type=Path), help=t("按配方预先决定", "Decide by a recipe"))
@today_option()
@actor_option(required=False)
def plan_(address: str, batch: str, out: Path, recipe: Path | None, today: str, actor: str) -> None:
    """Write the plan and print counts as JSON."""
    from register.cases.checking import today_text
    from register.cases.returned import recipes
    from register.cases.returned.batches import batch_case
    from register.cases.returned.planning import plan
    from register.exchange.plans import write_plan
    from register.store import opened

    with opened(address) as register:
        rows = plan(
            register, batch_case(register, batch), actor=actor or ACTOR, today=today or today_text(), lang=language()
        )
    if recipe is not None:
        rows = recipes.follow(rows, recipes.read(recipe))
    write_plan(out, rows)
    decided = rows["accept"].value_counts()
    counts = {"rows": len(rows), "conflicts": int(rows["conflict"].notna().sum()) if "conflict" in rows else 0}
    click.echo(
        json.dumps({**counts, **{name: int(decided.get(name, 0)) for name in ("yes", "no")}}, ensure_ascii=False)
    )


@click.command(
    "recipe",
    cls=Spoken,
    summary=Text(
        "从一份已逐行决定的计划中学出配方：同类（规则、图层、字段、安全级）决定一致的留下。",
        "Learn a recipe from a decided plan: kinds (rule, layer, field, safety) that were all decided alike.",
    ),
)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=t("写到文件", "File to write"))
def recipe_(plan: Path, out: Path) -> None:
    """Write the recipe."""
    from register.cases.returned import recipes
    from register.exchange.plans import read_plan

    learnt = recipes.learnt(read_plan(plan))
    recipes.write(out, learnt, plan.stem)
    click.echo(json.dumps({"decisions": len(learnt), "rows": int(learnt["seen"].sum())}, ensure_ascii=False))


@click.command(
    "answer",
    cls=Spoken,
    summary=Text(
        "按发来的表格写出答复：行和次序不变，每行填上结论和答复。",
        "Write the answer in the sender's own form: same rows, same order, verdict and answer filled in.",
    ),
)
@register_argument()
@_batch_option()
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help=t("写到文件（.csv 或 .xlsx）", "File to write (.csv or .xlsx)"),
)
@today_option()
@actor_option(required=False)
def answer_(address: str, batch: str, out: Path, today: str, actor: str) -> None:
    """Write the answer file and print the counts by verdict as JSON."""
    from register.cases.checking import today_text
    from register.cases.returned.answering import answer
    from register.cases.returned.batches import batch_case
    from register.store import opened

    with opened(address) as register:
        counts = answer(register, batch_case(register, batch), out, actor=actor or ACTOR, today=today or today_text())
    click.echo(json.dumps(counts, ensure_ascii=False))


@click.command(
    "photo",
    cls=Spoken,
    summary=Text("给一行附上整改前或整改后的照片。", "Attach a photograph before or after to a row."),
)
@register_argument()
@_batch_option()
@click.option("--row", required=True, metavar="N", help=t("行号", "Number of the row"))
@click.option("--when", type=click.Choice(["before", "after"]), required=True, help=t("整改前或后", "Before or after"))
@click.argument("photo", type=click.Path(path_type=Path))
@actor_option(required=True)
def photo_(address: str, batch: str, row: str, when: str, photo: Path, actor: str) -> None:
    """Attach the photograph and print its SHA-256."""
    from register.cases.returned.progress import attach_photo
    from register.store import opened

    with opened(address) as register:
        digest = attach_photo(register, batch, row, when, photo, actor=actor)
    click.echo(json.dumps({"sha256": digest}))
