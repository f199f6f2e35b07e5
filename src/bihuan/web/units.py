"""Units as people type them: a full name, a short name that only one unit has, or a key. Never a guess."""

import difflib

from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.sentence import N_, Listed, Sentence


class UnitProblem(Exception):
    """What was typed names no unit, or more than one; `sentence` says what would be right."""

    def __init__(self, pattern: str, **values: object) -> None:
        self.sentence = Sentence(pattern, values)
        super().__init__(str(self.sentence))


def find_unit(text: str, organisation: Organisation) -> Unit:
    """Return the unit that `text` names today. Raises `UnitProblem`."""
    text = text.strip()
    if unit := organisation.find(text):
        return unit
    named = [unit for unit in organisation.units if text == unit.name or text in unit.short_names]
    if len(named) == 1:
        return named[0]
    if named:
        raise UnitProblem(
            N_("“%(text)s” could be %(units)s; choose one of them."),
            text=text,
            units=Listed.of(unit.name for unit in named),
        )
    near = _near(text, organisation)
    if near:
        raise UnitProblem(
            N_("There is no unit “%(text)s” today; did you mean %(units)s? Choose one from the list."),
            text=text,
            units=Listed.of(near),
        )
    raise UnitProblem(N_("There is no unit “%(text)s” today; choose one from the list."), text=text)


def _near(text: str, organisation: Organisation) -> list[str]:
    names = {name: unit.name for unit in organisation.units for name in (unit.name, *unit.short_names)}
    holding = [full for name, full in names.items() if text in name]
    close = [names[name] for name in difflib.get_close_matches(text, names, n=3)]
    return list(dict.fromkeys((*holding, *close)))[:3]
