"""Help and complaints about usage in the reader's language, with Chinese text broken where it should be."""

import shutil
from typing import Any

from typer.core import TyperCommand, TyperGroup

from .output import pad, width, wrap
from .words import _

_MARGIN, _LEFT = 2, 30


class Command(TyperCommand):
    """A command that writes its help by itself."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx))


class Group(TyperGroup):
    """A group of commands that writes its help by itself."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx))


def help_text(command: Any, ctx: Any) -> str:
    """Return usage, purpose, arguments, options and sub-commands of `command`."""
    columns = max(50, min(shutil.get_terminal_size().columns, 110) - _MARGIN)
    parts = [_("Usage: %(usage)s") % {"usage": f"{ctx.command_path} {_pieces(command, ctx)}".rstrip()}, ""]
    for paragraph in (command.help or "").split("\n\n"):
        parts += [" " * _MARGIN + line for line in wrap(" ".join(paragraph.split()), columns - _MARGIN)] + [""]
    shown = [param for param in command.get_params(ctx) if not param.hidden]
    arguments = [(_name(param), param.help or "") for param in shown if param.param_type_name == "argument"]
    options = [_option(param) for param in shown if param.param_type_name == "option"]
    commands = [(name, each.help or "") for name, each in getattr(command, "commands", {}).items() if not each.hidden]
    parts += _section(_("Arguments"), arguments, columns)
    parts += _section(_("Options"), options, columns)
    parts += _section(_("Commands"), [(name, text.split("\n\n")[0]) for name, text in commands], columns)
    return "\n".join(parts).rstrip() + "\n"


def _pieces(command: Any, ctx: Any) -> str:
    arguments = [param for param in command.get_params(ctx) if param.param_type_name == "argument"]
    words = [_name(param) if param.required else f"[{_name(param)}]" for param in arguments]
    if hasattr(command, "commands"):
        words.append(_("COMMAND"))
    return " ".join([*words, _("[OPTIONS]")])


def _name(param: Any) -> str:
    return str(param.metavar or param.name).upper()


def _option(param: Any) -> tuple[str, str]:
    names = ", ".join(param.opts)
    if param.name == "help":
        return names, _("Show this help and end.")
    text = (param.help or "") + (_(" (needed)") if param.required else "")
    return (names if param.is_flag else f"{names} {param.metavar or ''}").rstrip(), text


def _section(title: str, rows: list[tuple[str, str]], columns: int) -> list[str]:
    if not rows:
        return []
    left = min(max(width(name) for name, _text in rows), _LEFT)
    lines = [_("%(title)s:") % {"title": title}]
    for name, text in rows:
        first, *more = wrap(" ".join(text.split()), max(columns - left - 2 * _MARGIN, 20))
        head = pad(name, left) if width(name) <= left else name + "\n" + " " * (_MARGIN + left)
        lines.append(f"{' ' * _MARGIN}{head}  {first}".rstrip())
        lines += [" " * (left + 2 * _MARGIN) + line for line in more]
    return [*lines, ""]


def complaint(error: Any) -> str:
    """Return what is wrong with the words on the command line, and where help is to be found."""
    ctx = getattr(error, "ctx", None)
    hint = _(" Help: %(command)s --help") % {"command": ctx.command_path} if ctx else ""
    return _what(error) + hint


def _what(error: Any) -> str:
    param = getattr(error, "param", None)
    name = _hint(param) if param is not None else ""
    match type(error).__name__:
        case "NoSuchOption":
            near = getattr(error, "possibilities", None) or ()
            told = _("There is no option %(name)s.") % {"name": error.option_name}
            return told + (_(" Is %(near)s meant?") % {"near": " / ".join(sorted(near))} if near else "")
        case "MissingParameter":
            return _("%(name)s is missing.") % {"name": name}
        case "BadParameter":
            return _("%(name)s: %(message)s") % {"name": name, "message": error.message}
        case "BadOptionUsage":
            return _("The option %(name)s needs a value.") % {"name": error.option_name}
    if ctx := getattr(error, "ctx", None):
        commands = getattr(ctx.command, "commands", None)
        if commands:
            return _("There is no such command; there are: %(commands)s.") % {"commands": ", ".join(commands)}
    return _("These words are not understood: %(message)s") % {"message": error.format_message()}


def _hint(param: Any) -> str:
    return _name(param) if param.param_type_name == "argument" else "/".join(param.opts)
