"""Forms made from a mechanism: one widget for each kind of field, and what was typed read back.

Typed texts are kept as they were typed, whatever is wrong with them; a value is only what could be read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from bihuan.directory.models import Entry
from bihuan.directory.organisation import valid_on
from bihuan.mechanism.model import Action, Does, Field, FieldKind, Mechanism
from bihuan.mechanism.sentence import Named, Sentence
from bihuan.mechanism.state import Value

from .reading import Reader, TypedProblem
from .viewer import ViewerRequest

#: Empty lines that a field with several values offers beyond those that are filled.
SPARE = 2
#: What looks at somebody's work, or at what they ask for, and answers.
JUDGEMENTS = frozenset({Does.VERIFY, Does.REJECT, Does.REVIEW, Does.GRANT_EXTENSION, Does.REFUSE_EXTENSION})


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in one field of a form, as texts; `unit` is the unit of money chosen beside it."""

    texts: tuple[str, ...] = ()
    unit: str = "wan"

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.texts, *("",) * SPARE)


@dataclass(frozen=True, slots=True)
class Widget:
    """One field as a form shows it. `meanwhile` is what somebody else made of it since the form was opened."""

    name: str
    field: Field
    typed: Typed
    required: bool = False
    problem: Sentence | None = None
    meanwhile: Sentence | Named | str | None = None
    options: tuple[tuple[str, Named | str], ...] = ()

    @property
    def kind(self) -> str:
        return self.field.kind.value

    @property
    def wide(self) -> bool:
        """Whether it wants the whole width: several lines, or a choice of long words."""
        words = sum(len(choice.label.zh) for choice in self.field.choices)
        return self.field.kind is FieldKind.LONG_TEXT or words > 20

    @property
    def fault(self) -> str:
        return f"{self.name}-fault"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form under a prefix that keeps two sets of them apart."""

    request: ViewerRequest
    fields: tuple[Field, ...]
    prefix: str
    required: frozenset[str] = frozenset()

    def of_values(self, values: Mapping[str, Value]) -> dict[str, Typed]:
        """Return the texts that `values` would have been typed as."""
        reader = self._reader()
        return {field.key: Typed(reader.typed(field, values.get(field.key))) for field in self.fields}

    def of_post(self, sent: QueryDict) -> dict[str, Typed]:
        """Return the texts that were sent."""
        return {field.key: self._sent(field, sent) for field in self.fields}

    def read(self, typed: Mapping[str, Typed]) -> tuple[dict[str, Value], dict[str, Sentence]]:
        """Return the values that the texts mean, and a sentence for each field whose text means none."""
        reader = self._reader()
        values: dict[str, Value] = {}
        problems: dict[str, Sentence] = {}
        for field in self.fields:
            try:
                values[field.key] = reader.value(field, typed[field.key].texts, typed[field.key].unit)
            except TypedProblem as problem:
                problems[field.key] = problem.sentence
        return values, problems

    def widgets(
        self,
        typed: Mapping[str, Typed],
        problems: Mapping[str, Sentence] | None = None,
        meanwhile: Mapping[str, Any] | None = None,
    ) -> list[Widget]:
        return [
            Widget(
                name=self.name(field),
                field=field,
                typed=typed[field.key],
                required=field.key in self.required,
                problem=(problems or {}).get(field.key),
                meanwhile=(meanwhile or {}).get(field.key),
                options=tuple(self._options(field)),
            )
            for field in self.fields
        ]

    def name(self, field: Field) -> str:
        return f"{self.prefix}{field.key}"

    def _sent(self, field: Field, sent: QueryDict) -> Typed:
        name = self.name(field)
        texts = tuple(str(text) for text in sent.getlist(name))
        if field.many:
            texts = tuple(text for text in texts if text.strip())
        return Typed(texts, str(sent.get(f"{name}-unit", "wan")))

    def _options(self, field: Field) -> Iterator[tuple[str, Named | str]]:
        if field.kind is FieldKind.CHOICE:
            yield from ((choice.key, choice.label) for choice in field.choices)
        elif field.kind is FieldKind.ENTRY:
            entries = Entry.objects.filter(valid_on(self.request.today), register__key=field.register)
            yield from entries.order_by("name").values_list("key", "name")

    def _reader(self) -> Reader:
        return Reader(self.request.viewer.organisation, self.request.today.year)


def form_for(request: ViewerRequest, fields: Iterable[Field], *, prefix: str, required: Iterable[str] = ()) -> Form:
    """Return the form of those `fields` that are typed; evidence comes as files, beside them."""
    typed = tuple(field for field in fields if field.kind is not FieldKind.EVIDENCE)
    return Form(request, typed, prefix, frozenset(required))


def judged(mechanism: Mechanism, action: Action) -> frozenset[str]:
    """Return the fields that hold a judgement: those that nobody but whoever judges by `action` writes.

    A judgement is made anew each time, so its fields start empty whatever an earlier one said.
    """
    if action.does not in JUDGEMENTS:
        return frozenset()
    fields = mechanism.fields
    return frozenset(key for key in action.sets if key in fields and set(fields[key].by) <= set(action.by))


def changed(
    values: Mapping[str, Value], known: Mapping[str, Value], anew: frozenset[str] = frozenset()
) -> dict[str, Value]:
    """Return those of `values` that differ from what is known: only those are asked for.

    Fields in `anew` are also asked for where they say again what is known; left empty, they empty it.
    """
    return {
        key: value for key, value in values.items() if value != known.get(key) or (key in anew and value is not None)
    }


def meet(
    form: Form, typed: Mapping[str, Typed], base: Mapping[str, Value], now: Mapping[str, Value]
) -> dict[str, Typed]:
    """Return what the form shows after somebody else has changed the matter from `base` to `now`.

    A field that was left alone takes its new value; one that was typed into keeps what was typed.
    """
    before, after = form.of_values(base), form.of_values(now)
    return {key: after[key] if _same(each, before[key]) else each for key, each in typed.items()}


def _same(one: Typed, other: Typed) -> bool:
    return _plain(one) == _plain(other)


def _plain(typed: Typed) -> Typed:
    texts = tuple(text.replace("\r\n", "\n") for text in typed.texts if text)
    return replace(typed, texts=texts, unit=typed.unit if texts else "")
