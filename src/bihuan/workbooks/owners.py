"""Whose workbook a returned file is, and which handout it answers: what it says itself, else what its rows say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bihuan.directory.models import Unit
from bihuan.intake.form.columns import NUMBER
from bihuan.intake.reading.writing import fold
from bihuan.ledger.models import Matter

from .answer_rights import seen_by
from .identifying import tidy_number
from .merger import Merger
from .models import Handout, HandoutPart, HandoutRow
from .returned import Returned


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit, and the part of a handout. `among` are the units that it could be, where that is not one."""

    unit: Unit | None = None
    part: HandoutPart | None = None
    among: tuple[str, ...] = ()


def find_owner(merger: Merger, returned: Returned, name: str, named: Mapping[str, Matter]) -> Owner:
    """Return whose file it is. `named` are the matters (by number) that rows of it name and the post may open."""
    parts = HandoutPart.objects.select_related("unit", "handout")
    seen = Handout.objects.filter(seen_by(merger.viewer), mechanism=returned.mechanism.key)
    mark = returned.mark
    if mark is not None and mark.handout is not None:
        part = parts.filter(handout__in=seen, handout=mark.handout, unit__key=mark.unit).first()
        if part is not None:
            return Owner(part.unit, part)
    matters = list(_row_by_row(returned, named))
    held = Counter(
        HandoutRow.objects.filter(matter__in={each.pk for each in matters}, part__handout__in=seen).values_list(
            "part", flat=True
        )
    )
    most = [key for key, number in held.items() if 2 * number > len({each.pk for each in matters})]
    latest = parts.order_by("-handout__made_at", "-pk")
    if most and (part := latest.filter(pk__in=most).first()):
        return Owner(part.unit, part)
    owner = _by_matters(matters, name) if matters else _by_words(merger, returned, name)
    if owner.unit is None or matters:
        return owner
    return Owner(owner.unit, latest.filter(handout__in=seen, unit=owner.unit).first())


def _row_by_row(returned: Returned, named: Mapping[str, Matter]) -> Iterator[Matter]:
    for row in returned.rows:
        if matter := named.get(tidy_number(row.texts.get(NUMBER, ""))):
            yield matter


def _by_matters(matters: Sequence[Matter], name: str) -> Owner:
    """Return the unit of most of the matters; of several, the one that the file is called by."""
    counted = Counter(each.responsible_id for each in matters)
    units = {each.responsible_id: each.responsible for each in matters}
    called = [unit for unit in units.values() if fold(unit.name) in fold(name)]
    if len(called) == 1:
        return Owner(called[0])
    most, number = counted.most_common(1)[0]
    if 2 * number > len(matters):
        return Owner(units[most])
    return Owner(among=tuple(unit.name for unit in units.values()))


def _by_words(merger: Merger, returned: Returned, name: str) -> Owner:
    """Return the unit that most rows name as responsible, else the one that the file is called by."""
    key = returned.mechanism.index.responsible
    index, by_key = merger.names.index, merger.organisation.by_key
    texts = Counter(text for row in returned.rows if (text := row.texts.get(key, "").strip()))
    named = Counter[str]()
    for text, number in texts.items():
        if found := index.find(text).unit:
            named[found.key] += number
    if named and 2 * named.most_common(1)[0][1] > sum(texts.values()):
        return Owner(by_key[named.most_common(1)[0][0]])
    called = {
        form: unit
        for unit in merger.organisation.units
        for form in (unit.name, *unit.short_names)
        if len(form) > 2 and fold(form) in fold(name)
    }
    longest = max(called, key=len, default="")
    rivals = {unit.pk for form, unit in called.items() if form not in longest}
    return Owner(called[longest]) if longest and not rivals else Owner()
