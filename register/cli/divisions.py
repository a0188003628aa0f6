"""``diming divisions``: plan and carry out changes of divisions, and what a code means on a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from register.cli.group import Commands, Spoken
from register.cli.options import actor_option, format_option, register_argument, today_option
from register.cli.speech import language, say, t
from register.cli.tables import table
from rulebook.language import Text

if TYPE_CHECKING:
    from register.cases.divisions import DivisionPlan

SHOWN = 20

divisions = Commands("divisions", Text("行政区划：变更与代码", "Divisions: changes and codes"))
divisions.add_lazy(
    "plan",
    "register.cli.divisions:plan",
    Text("列出一次区划变更涉及的全部修改", "List all that a change of divisions touches"),
)
divisions.add_lazy(
    "apply",
    "register.cli.divisions:apply",
    Text("在一个事务中执行区划变更", "Carry a change of divisions out in one transaction"),
)
divisions.add_lazy(
    "code",
    "register.cli.divisions:code",
    Text("一个代码在某日指哪个区划", "What a code means on a day, in both code series"),
)


@click.command(
    "plan",
    cls=Spoken,
    summary=Text(
        "读变更文件（TOML：split、merge、rename、recode、create、move），列出各图层涉及的全部修改，写成修改计划（CSV）。"
        "须由人选择的行 accept 为空，理由中写明可选的区划。",
        "Read a change file (TOML: split, merge, rename, recode, create, move) and write all edits over every layer as a fix "
        "plan (CSV). Where a person has to choose, accept is empty and the reason names the choices.",
    ),
)
@register_argument()
@click.argument("change", metavar="CHANGE.toml", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help=t("修改计划文件", "File of the fix plan"))
def plan(address: str, change: Path, out: Path | None) -> None:
    """Write or print the plan of a change of divisions."""
    from register.cases import divisions as cases
    from register.exchange.division_changes import read_changes
    from register.exchange.plans import write_plan
    from register.exchange.safe_cells import guarded
    from register.store import opened

    with opened(address) as register:
        worked_out = cases.plan(register, read_changes(change, register.crs))
    rows = worked_out.plan_rows(language())
    if out is None:
        click.echo(rows.apply(guarded).to_csv(index=False), nl=False)
    else:
        write_plan(out, rows)
    _tell(worked_out)


@click.command(
    "apply",
    cls=Spoken,
    summary=Text(
        "执行区划变更：变更文件定下的修改全部写入，或全部不写。改过的计划用 --plan 交回：accept 为 yes 的行照其 after 写入，no 的不写。"
        "仍未选定的行不写入，列在结果中（退出码 1）。也可直接给出计划（.csv）。",
        "Carry a change of divisions out, whole or not at all. A plan that was worked on comes back by --plan: rows with yes are "
        "written as they say, rows with no are not. Rows still open are not written and are listed (exit code 1). A plan (.csv) "
        "may stand in place of the change file.",
    ),
)
@register_argument()
@click.argument("change", metavar="CHANGE.toml", type=click.Path(path_type=Path))
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="F",
    help=t("改过的修改计划（CSV）", "The plan as worked on (CSV)"),
)
@click.option(
    "--take-proposals", is_flag=True, help=t("未选定的行按提出的值写入", "Take the proposal where a choice is open")
)
@click.option("--dry-run", is_flag=True, help=t("只判断，不写入", "Judge only, write nothing"))
@actor_option(required=False)
@click.option(
    "--reason",
    default="",
    help=t("理由，记入修改记录（默认为变更依据）", "Why; kept in the history (default: the basis)"),
)
@today_option()
def apply(
    address: str,
    change: Path,
    plan_file: Path | None,
    take_proposals: bool,
    dry_run: bool,
    actor: str,
    reason: str,
    today: str,
) -> int:
    """Apply a change of divisions; exit code 1 when rows were left open."""
    from register.cases import divisions as cases
    from register.cases.checking import today_text
    from register.cli.changes import login
    from register.exchange.division_changes import read_changes
    from register.exchange.plans import read_plan
    from register.store import opened

    if change.suffix.lower() == ".csv" and plan_file is None:
        return _apply_plan(address, change, dry_run, actor or login(), reason)
    with opened(address) as register:
        done = cases.apply(
            register,
            read_changes(change, register.crs),
            actor=actor or login(),
            reason=reason,
            edited=read_plan(plan_file) if plan_file else None,
            take_proposals=take_proposals,
            dry_run=dry_run,
            today=today,
        )
    _tell(done.plan)
    if done.plan.reorganisation.effective_on > (today or today_text()):
        say(
            Text(
                "注意：生效日期 {on} 未到，此前检查会报告代码尚未启用。",
                "Mind: {on} is still to come; until then checks report codes that are not yet in force.",
            ).format(on=done.plan.reorganisation.effective_on)
        )
    left = done.left_open
    result = {
        "change_id": done.change_id,
        "case_id": done.case_id,
        "applied": done.applied,
        "stale": 0,
        "refused": 0,
        "open": len(left),
        "layers": done.plan.counts(),
        "rows": _open_rows(left),
    }
    click.echo(json.dumps(result, ensure_ascii=False))
    return 1 if len(left) else 0


@click.command(
    "code",
    cls=Spoken,
    summary=Text(
        "一个区划代码指哪个区划：民政与统计两套代码分别回答，并给出对应代码、有效期和承接区划。",
        "Which division a code stands for in the civil-affairs and in the statistics series, with its counterpart, its validity "
        "and its successor.",
    ),
)
@click.argument("code", metavar="CODE")
@click.option(
    "--on",
    "on",
    default="",
    metavar="YYYY-MM-DD",
    help=t("某日的含义（默认全部时期）", "Its meaning on a day (default: all periods)"),
)
@click.option(
    "--register",
    "address",
    default=None,
    metavar="REG",
    help=t("登记库，也查其中的区划", "A register, to look there as well"),
)
@format_option("table", "json", default="table")
def code(code: str, on: str, address: str | None, form: str) -> int:
    """Print what a code means; exit code 1 when nothing is known of it."""
    from register.cases.division_codes import meanings

    rows = meanings(code, on, address)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        headings = {
            "code": t("代码", "code"),
            "series": t("系列", "series"),
            "name": t("区划", "division"),
            "counterpart": t("另一系列代码", "other series"),
            "valid_from": t("起", "from"),
            "valid_to": t("止", "until"),
            "successor": t("承接区划代码", "successor"),
            "source": t("依据", "source"),
        }
        series = {"civil_affairs": t("民政", "civil affairs"), "statistics": t("统计", "statistics")}
        click.echo(table([{**row, "series": series[row["series"]]} for row in rows], headings))
    if not rows:
        when = Text(f"在 {on} ", f" on {on}") if on else Text("", "")
        say(Text(f"代码 {code} {when.zh}没有已知的区划。", f"Nothing is known of the code {code}{when.en}."))
    return 0 if rows else 1


def _apply_plan(address: str, file: Path, dry_run: bool, actor: str, reason: str) -> int:
    """Apply the accepted rows of a plan as they stand, in one transaction."""
    from register.cases.applying import apply_plan
    from register.exchange.plans import read_plan
    from register.store import opened

    why = reason or t("区划变更计划", "plan of a change of divisions") + f" {file.name}"
    with opened(address) as register:
        outcome = apply_plan(register, read_plan(file), actor=actor, reason=why, dry_run=dry_run)
    result = {
        "change_id": outcome.change_id,
        "case_id": None,
        "applied": outcome.applied,
        "stale": outcome.stale,
        "refused": outcome.refused,
        "rows": [
            {"row": row, "outcome": kind, "reason": why_not.within(language())}
            for row, kind, why_not in outcome.rows
            if why_not is not None
        ],
    }
    click.echo(json.dumps(result, ensure_ascii=False))
    return 1 if outcome.stale or outcome.refused else 0


def _open_rows(left: Any) -> list[dict[str, Any]]:
    return [
        {
            "layer": row["layer"],
            "record_id": row["record_id"],
            "field": row["field"],
            "proposal": row["after"],
            "reason": row["reason"].within(language()),
        }
        for row in left.to_dict("records")
    ]


def _tell(worked_out: DivisionPlan) -> None:
    """Say how many records of each layer are touched and what a person has to choose."""
    headings = {
        "layer": t("图层", "layer"),
        "records": t("涉及记录", "records"),
        "rows": t("修改", "edits"),
        "open": t("待选择", "to choose"),
    }
    lines = table([{"layer": layer, **counts} for layer, counts in worked_out.counts().items()], headings)
    say(Text(lines, lines))
    left = worked_out.open_rows()
    for row in left.head(SHOWN).to_dict("records"):
        say(
            Text(
                "待选择 {layer}:{record_id} {field}：{reason}", "To choose: {layer}:{record_id} {field}: {reason}"
            ).format(layer=row["layer"], record_id=row["record_id"], field=row["field"], reason=row["reason"])
        )
    if len(left) > SHOWN:
        say(Text(f"另有 {len(left) - SHOWN} 处待选择。", f"{len(left) - SHOWN} more to choose."))
