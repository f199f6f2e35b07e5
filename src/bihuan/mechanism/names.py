"""The names that the expressions of a mechanism may use, and their types."""

from collections.abc import Iterable, Mapping

from .expression import BOOL, DATE, INT, STRING, Type, choice, list_of
from .model import Field, FieldKind, Label, Mechanism

#: Names that every mechanism has; no field and no computed value may take one.
BUILT_IN = ("stage", "assertion", "recognition", "open", "open_children", "children", "raised")

_TYPES = {FieldKind.MONEY: INT, FieldKind.NUMBER: INT, FieldKind.DATE: DATE}


def type_of(field: Field) -> Type:
    """Return the type that expressions see in `field`."""
    one = choice(field.choice_keys) if field.kind is FieldKind.CHOICE else _TYPES.get(field.kind, STRING)
    return list_of(one) if field.many else one


def declared_types(
    fields: Iterable[Field],
    *,
    stages: Iterable[str],
    assertions: Mapping[str, Label],
    recognitions: Mapping[str, Label],
) -> dict[str, Type]:
    """Return name → type for fields and built-in names. Evidence comes as files and has no value to name."""
    types = {field.key: type_of(field) for field in fields if field.kind is not FieldKind.EVIDENCE}
    types |= {"open": BOOL, "open_children": INT, "children": INT, "raised": INT, "stage": choice(stages)}
    marks = {"assertion": assertions, "recognition": recognitions}
    return types | {name: choice(labels) for name, labels in marks.items() if labels}


def all_types(mechanism: Mechanism) -> dict[str, Type]:
    """Return name → type for everything an expression of `mechanism` can name, computed values included."""
    types = declared_types(
        mechanism.fields.values(),
        stages=mechanism.stages,
        assertions=mechanism.assertions,
        recognitions=mechanism.recognitions,
    )
    types |= dict.fromkeys(mechanism.totals, INT)
    return types | {key: computed.value.type for key, computed in mechanism.computed.items()}
