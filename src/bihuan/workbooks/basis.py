"""What a workbook said of a matter when it went out: read from the matter's own history, where erasure reaches it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.ledger.fold import load_state
from bihuan.ledger.history import folded, history
from bihuan.ledger.models import Matter
from bihuan.mechanism.state import State, Value


@dataclass(frozen=True, slots=True)
class Base:
    """A matter as a workbook showed it. `is_known` is False where nothing tells, and `state` is the present one."""

    state: State
    is_known: bool

    def value(self, key: str) -> Value:
        return self.state.values.get(key)

    def is_erased(self, key: str, now: State) -> bool:
        """Tell whether the value of a field that the workbook showed has been erased by law since."""
        if self.value(key) is not None:
            return False
        return any(
            place == f"set.{key}" and int(version) <= self.state.version
            for version, _, place in (slot.partition(":") for slot in now.redacted)
        )


@dataclass(slots=True)
class Bases:
    """The states of matters at the versions that were handed out: matter → version."""

    handed: Mapping[uuid.UUID, int]
    _kept: dict[tuple[uuid.UUID, int], State] = field(default_factory=dict)

    def of(self, matter: Matter, printed: str = "") -> Base:
        """Return the matter as it was handed out; else at the version that the row has `printed`; else as it is."""
        version = self.handed.get(matter.pk)
        if version is None and printed.strip().isdecimal() and len(printed) < 9:
            version = int(printed)
        if version is None or not 1 <= version <= matter.version:
            return Base(self._at(matter, matter.version), is_known=False)
        return Base(self._at(matter, version), is_known=True)

    def _at(self, matter: Matter, version: int) -> State:
        place = (matter.pk, version)
        if place not in self._kept:
            if version == matter.version:
                self._kept[place] = load_state(matter.state)
            else:
                self._kept[place] = folded(each for each in history(matter.pk) if each.version <= version)
        return self._kept[place]
