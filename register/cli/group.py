"""The group of commands: imported lazily, helped in two languages, failing with one sentence and exit code 2."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Any

import click

from register.cli.speech import choose_language, language, say, speak_utf8, t
from rulebook.errors import CallError, DimingError
from rulebook.language import Text

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class Spoken(click.Command):
    """A command whose own help and headings are in the language of the call."""

    def __init__(self, *args: Any, summary: Text, **kwargs: Any) -> None:
        kwargs["help"] = summary.within(language())
        kwargs.setdefault("context_settings", HELP_OPTIONS)
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _spoken_help(super().get_help_option(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _format_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _format_options(self, ctx, formatter)


class Commands(click.Group):
    """A group that knows its commands by name and sentence and imports each one only when it is called."""

    def __init__(self, name: str, summary: Text) -> None:
        super().__init__(name, help=summary.within(language()), context_settings=HELP_OPTIONS)
        self._summary = summary
        self._lazy: dict[str, tuple[str, Text]] = {}

    def add_lazy(self, name: str, where: str, summary: Text) -> None:
        """Add a command that lives at ``module:attribute``."""
        self._lazy[name] = (where, summary)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _spoken_help(super().get_help_option(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _format_usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(self._summary.within(language()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _format_options(self, ctx, formatter)
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl([(name, summary.within(language())) for name, (_, summary) in self._lazy.items()])

    def run(self, arguments: list[str] | None = None) -> int:
        """Run the command line and return its exit code; whatever goes wrong becomes a sentence on stderr."""
        speak_utf8()
        try:
            words = choose_language(list(sys.argv[1:] if arguments is None else arguments))
            outcome = self.main(words, prog_name="diming", standalone_mode=False)
            return outcome if isinstance(outcome, int) else 0
        except DimingError as fault:
            say(fault.text)
        except click.exceptions.NoArgsIsHelpError as fault:
            click.echo(fault.format_message(), err=True)
        except click.ClickException as fault:
            say(_call_fault(fault))
        except (KeyboardInterrupt, click.Abort):
            say(Text("已中断；未完成的写入都已放弃。", "Interrupted; unfinished writes were given up."))
            return 130
        except BrokenPipeError:
            sys.stderr.close()
        except Exception as fault:  # noqa: BLE001 - the last resort: the user sees a sentence, never a traceback
            say(_own_fault(fault))
        return 2


def _spoken_help(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = t("显示本说明", "Show this help")
    return option


def _format_usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    pieces = command.collect_usage_pieces(ctx)
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=t("用法：", "Usage: "))


def _format_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
    records.append(("--lang [zh|en]", t("语言（也可设环境变量 DIMING_LANG）", "Language (or set DIMING_LANG)")))
    with formatter.section(t("选项", "Options")):
        formatter.write_dl(records)


def _call_fault(fault: click.ClickException) -> Text:
    """A wrong call in both languages; click knows English only."""
    where = ""
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        where = fault.ctx.command_path
    hint = Text(f"用法见 {where or 'diming'} --help。", f"See {where or 'diming'} --help.")
    match fault:
        case click.NoSuchOption():
            zh = f"没有选项 {fault.option_name}"
            if fault.possibilities:
                zh += f"，是不是 {'、'.join(sorted(fault.possibilities))}"
        case click.exceptions.NoSuchCommand():
            near = f"，是不是 {'、'.join(sorted(fault.possibilities))}" if fault.possibilities else ""
            zh = f"没有命令 {fault.command_name}{near}"
        case click.MissingParameter():
            zh = f"缺少参数 {_param_name(fault)}"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            zh = f"参数 {_param_name(fault)} 的值不对，可以是 {'、'.join(map(str, choices))}"
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=least, max=most))):
            zh = f"参数 {_param_name(fault)} 的值不对，应为 {least} 到 {most} 的整数"
        case click.BadParameter():
            zh = f"参数 {_param_name(fault)} 的值不对：{fault.message}"
        case _:
            zh = f"命令写法不对：{fault.format_message()}"
    return Text(f"{zh}。{hint.zh}", f"{fault.format_message()} {hint.en}")


def _param_name(fault: click.BadParameter) -> str:
    if fault.param is None:
        return str(fault.param_hint or "")
    return fault.param.opts[0] if isinstance(fault.param, click.Option) else fault.param.make_metavar(fault.ctx)  # type: ignore[arg-type]


def _own_fault(fault: Exception) -> Text:
    if os.environ.get("DIMING_DEBUG"):
        traceback.print_exception(fault)
    what = f"{type(fault).__name__}: {fault}"
    return Text(
        f"程序自身出错（{what}）。登记库未被改动或已回到改动前的状态；设 DIMING_DEBUG=1 再运行可看到细节，请报告。",
        f"The program itself failed ({what}). The register is as it was before; run with DIMING_DEBUG=1 for details and report it.",
    )


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """Check a value against what is allowed and say so when it is not."""
    if value not in allowed:
        raise CallError(
            f"{name} 不能是“{value}”，可以是：{'、'.join(allowed)}。",
            f'{name} cannot be "{value}"; allowed: {", ".join(allowed)}.',
        )
    return value
