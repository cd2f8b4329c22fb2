"""The two languages of the command line: click classes whose help and complaints are Chinese, or English on request.

Every text is a pair (Chinese, English); `say` picks by --lang, else GONGWEN_LANG, else gongwen.toml. What the errors
of the package say is Chinese; `complaint` has an English line for each kind.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from indexer import errors
from indexer.settings import LANGS, Lang, load

logger = logging.getLogger(__name__)

_LANG = "indexer.lang"
_NOT_DONE, _WRONG_USAGE = 1, 2


def lang_of(context: click.Context | None = None) -> Lang:
    """Return the language of the running command, Chinese where settings cannot be read."""
    context = context or click.get_current_context(silent=True)
    meta: dict[str, Any] = context.find_root().meta if context else {}
    if _LANG not in meta:
        try:
            meta[_LANG] = load().lang
        except errors.BadParameter:
            meta[_LANG] = "zh"
    lang: Lang = meta[_LANG]
    return lang


def say(zh: str, en: str) -> str:
    """Return the one of two texts that the running command speaks."""
    return en if lang_of() == "en" else zh


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang, which is heeded before --help."""

    def remember(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value:
            context.find_root().meta[_LANG] = value

    return option(
        "--lang",
        zh="语言：zh 中文，en 英文",
        en="language: zh Chinese, en English",
        type=click.Choice(LANGS),
        is_eager=True,
        expose_value=False,
        callback=remember,
    )(command)


class Option(click.Option):
    """An option with help in two languages."""

    def __init__(self, *args: Any, zh: str = "", en: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.zh, self.en = zh, en

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = say(self.zh, self.en)
        record = super().get_help_record(ctx)
        # What click adds to the help (a default, a range) is English; our texts say it where it matters.
        return (record[0], self.help) if record else None


def version_option(version: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --version."""

    def show(context: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(f"gongwen {version}")
            context.exit()

    zh, en = "显示版本", "show the version"
    return option("--version", zh=zh, en=en, is_flag=True, is_eager=True, expose_value=False, callback=show)


def option(*names: str, zh: str, en: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an option with its help in Chinese and English."""
    return click.option(*names, cls=Option, zh=zh, en=en, **more)


class Command(click.Command):
    """A command whose docstring is Chinese help, with `en` beside it."""

    def __init__(self, *args: Any, en: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.en = en

    def get_short_help_str(self, limit: int = 45) -> str:
        return say(self.help or "", self.en).split("\n")[0].strip()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found:
            found.help = say("显示本说明", "show this help")
        return found

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = ["[OPTIONS]" if piece.startswith("[OPT") else piece for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("用法：", "Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(self.help or "", self.en))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        rows = [row for one in options if (row := one.get_help_record(ctx))]
        with formatter.section(say("选项", "Options")):
            formatter.write_dl(rows)


class Group(Command, click.Group):
    """A group of such commands, which turns every error into one line on standard error and an exit code."""

    command_class = Command

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command line and leave with its exit code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
                stream.reconfigure(encoding="utf-8")  # what other programs read, on every system
        try:
            code = super().main(*args, **{**more, "standalone_mode": False})
            sys.stdout.flush()
        except click.UsageError as error:
            code = _tell(usage_complaint(error), _WRONG_USAGE)
        except click.Abort:
            code = _tell("已中断", _NOT_DONE)
        except BrokenPipeError:
            # Who reads our output has had enough; what is still buffered must not be tried again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            code = _NOT_DONE
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of any kind becomes one line, with its trace in the log for -v."""
        try:
            return super().invoke(ctx)
        except errors.GongwenError as error:
            code = _WRONG_USAGE if isinstance(error, errors.BadParameter) else _NOT_DONE
            _tell(complaint(error), code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            what = f"{error.strerror or error} {error.filename or ''}"
            code = _tell(say(f"无法完成：{what}", f"could not be done: {what}"), _NOT_DONE)
        except Exception as error:
            logger.exception("unexpected error")
            what = f"{type(error).__name__} {error}"
            code = _tell(say(f"程序出错：{what}（加 -v 可看详情）", f"internal error: {what} (see -v)"), _NOT_DONE)
        raise click.exceptions.Exit(code)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str()) for name in self.list_commands(ctx)]
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which they are written, which is that of use

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            raise click.UsageError(say(f"没有命令 {args[0]}", f"no such command: {args[0]}"), ctx)
        return super().resolve_command(ctx, args)


def _tell(line: str, code: int) -> int:
    click.echo(" ".join(line.split()), err=True)
    return code


def usage_complaint(error: click.UsageError) -> str:
    """Return what is wrong with a command line, and where its help is, as one line."""
    context = error.ctx
    if context is None:
        return error.format_message()
    with context.scope(cleanup=False):
        hint = say(f"（用法：{context.command_path} --help）", f" (see: {context.command_path} --help)")
        line = " ".join(_usage(error).split())
        return say(f"用法错误：{line}{hint}", f"wrong usage: {line}{hint}")


def _usage(error: click.UsageError) -> str:
    name = ""
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(_scope())
    if isinstance(error, click.MissingParameter):
        return say(f"缺少参数 {name}", f"missing argument {name}")
    if isinstance(error, click.BadParameter):
        takes = _takes(error)
        return say(f"{name} 的值无效：{takes}", f"bad value for {name}: {takes}")
    if isinstance(error, click.NoSuchOption):
        return say(f"没有选项 {error.option_name}", f"no such option: {error.option_name}")
    if isinstance(error, click.BadOptionUsage):
        return say(f"选项 {error.option_name} 用法不对", error.format_message())
    if error.message.startswith("Got unexpected extra argument"):
        extra = error.message.partition("(")[2].rstrip(").")
        return say(f"多余的参数：{extra}", f"unexpected argument: {extra}")
    return error.format_message()


def _takes(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return say(f"须为以下之一：{'、'.join(kind.choices)}", f"one of {', '.join(kind.choices)}")
    if isinstance(kind, click.IntRange):
        low, high = kind.min, "∞" if kind.max is None else kind.max
        return say(f"须为 {low} 至 {high} 的整数", f"a whole number from {low} to {high}")
    return error.message


def _scope() -> click.Context:
    return click.get_current_context()


def complaint(error: errors.GongwenError) -> str:
    """Return the error as one line: what, why, what to do."""
    return " ".join(say(str(error), _english(error)).split())


def _english(error: errors.GongwenError) -> str:
    match error:
        case errors.BadParameter():
            return f"bad value for {error.name}: {str(error.value)[:60]!r} ({error.takes})"
        case errors.UnreadableFile():
            return f"cannot read {error.path}: {error.reason}"
        case errors.UnknownName():
            near = f"; alike: {', '.join(error.near)}" if error.near else ""
            return f"no meeting held names {error.id!r}{near}"
        case errors.NotFound():
            near = f"; alike: {', '.join(error.near)}" if error.near else ""
            return f"no meeting, document or passage has the id {error.id!r}{near}"
        case errors.IndexMissing():
            return f"no index at {error.path}; make one with: gongwen index FOLDER --index {error.path}"
        case errors.IndexLocked():
            who = f" ({error.holder})" if error.holder else ""
            return f"another program{who} is writing to the index {error.path}; try again when it is done"
        case errors.IndexUnwritable():
            why = "no space left (the disk is full, or a quota is reached)" if error.full else error.told
            return f"the index {error.path} cannot be written: {why}; nothing of it has changed"
        case errors.IndexOutdated():
            return (
                f"the index {error.path} was written by another version (it is {error.found}, this program is "
                f"{error.expected}); build it anew: gongwen index FOLDER --index NEW_FOLDER"
            )
        case errors.IndexDamaged():
            return (
                f"the index {error.path} is damaged: {error.file} ({error.reason}); restore a backup or build it anew"
            )
        case _:
            return str(error)
