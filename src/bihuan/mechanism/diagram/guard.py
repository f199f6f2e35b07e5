"""An expression read out to a person, with the labels of its fields and choices in place of their keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..expression import Expression
from ..model import Label, Mechanism

_BUILT_IN = {
    "assertion": Label("自报", "the unit's word"),
    "recognition": Label("认定", "recognition"),
    "stage": Label("环节", "stage"),
    "open": Label("未办结", "open"),
    "open_children": Label("未办结的下级事项", "open parts"),
    "children": Label("下级事项", "parts"),
    "raised": Label("由此登记的事项", "matters raised"),
    "has": Label("已填", "given:"),
    "true": Label("是", "yes"),
    "false": Label("否", "no"),
}
_OPERATORS = {
    "==": Label("为", "is"),
    "!=": Label("不为", "is not"),
    ">=": Label("≥", "≥"),
    "<=": Label("≤", "≤"),
    "&&": Label("且", "and"),
    "||": Label("或", "or"),
    "!": Label("非", "not"),
    "in": Label("属于", "in"),
}
_TOKEN = re.compile(r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<sign>[=!<>]=|&&|\|\||\S)""")


@dataclass(frozen=True, slots=True)
class Spoken:
    """An expression as a value of a sentence, read out in the reader's language."""

    expression: Expression
    mechanism: Mechanism

    def text(self, language: str) -> str:
        return say_expression(self.expression, self.mechanism, language)


def say_expression(expression: Expression, mechanism: Mechanism, language: str) -> str:
    """Return `expression` as words: `rectify_type == "immediate"` becomes 整改类型为立行立改."""
    said: list[str] = []
    choices: Mapping[str, Label] = {}
    for found in _TOKEN.finditer(expression.text):
        if found["text"]:
            said.append(_choice(found["text"][1:-1], choices, language))
            continue
        choices = _choices(found.group(), mechanism) or choices
        said.append(_name_or_sign(found.group(), mechanism, language))
    return _joined(said, language)


def _choices(name: str, mechanism: Mechanism) -> Mapping[str, Label]:
    """Return what the values of `name` are called; empty if they have no names."""
    if name in mechanism.fields:
        return {each.key: each.label for each in mechanism.fields[name].choices}
    stages = {key: stage.label for key, stage in mechanism.stages.items()}
    named = {"assertion": mechanism.assertions, "recognition": mechanism.recognitions, "stage": stages}
    return named.get(name, {})


def _choice(key: str, choices: Mapping[str, Label], language: str) -> str:
    said = choices[key].text(language) if key in choices else key
    return f'"{said}"' if language.startswith("en") else f"“{said}”"


def _name_or_sign(token: str, mechanism: Mechanism, language: str) -> str:
    declared = mechanism.fields.get(token) or mechanism.computed.get(token) or mechanism.totals.get(token)
    label = declared.label if declared else _BUILT_IN.get(token) or _OPERATORS.get(token)
    return label.text(language) if label else token


def _joined(said: list[str], language: str) -> str:
    if language.startswith("en"):
        return re.sub(r"(?<=\() | (?=[),.])", "", " ".join(said))
    return "".join(f" {each} " if each in ("<", ">", "≥", "≤", "+", "-", "*", "/") else each for each in said)
