"""In which order the stages are drawn, and which ways lead from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..expression import Expression
from ..model import Action, Does, End, Mechanism

#: Actions that lead back by their nature; the main line never follows them.
_BACK = frozenset({Does.REJECT, Does.REOPEN})


@dataclass(frozen=True, slots=True)
class Way:
    """One way from `stage` to `target`: a branch of `action`, open if `guards` hold."""

    action: Action
    stage: str
    target: str
    guards: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Stage keys from top to bottom: the main line to a successful end, then everything beside it."""

    main: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.main + self.beside


def ways(mechanism: Mechanism) -> tuple[Way, ...]:
    """List every way in the order declared; names of stages that do not exist are passed over."""
    known = mechanism.stages
    return tuple(
        Way(action, stage, branch.stage, tuple(each for each in (action.guard, branch.when) if each))
        for action in mechanism.actions.values()
        for stage in action.stages
        for branch in action.to
        if stage in known and branch.stage in known
    )


def arrange(mechanism: Mechanism) -> Order:
    """Order the stages. Deterministic: follows the order in which they are declared."""
    steps = _forward_steps(mechanism)
    main = _main_line(mechanism, steps)
    return Order(main, _beside(mechanism, steps, frozenset(main)))


def _forward_steps(mechanism: Mechanism) -> Mapping[str, tuple[str, ...]]:
    """Return stage → the later-declared stages that it leads to, without what goes back by nature."""
    place = {key: index for index, key in enumerate(mechanism.stages)}
    found: dict[str, list[str]] = {key: [] for key in place}
    for way in ways(mechanism):
        if way.action.does not in _BACK and place[way.target] > place[way.stage]:
            found[way.stage].append(way.target)
    return {key: tuple(sorted(set(targets), key=place.__getitem__)) for key, targets in found.items()}


def _main_line(mechanism: Mechanism, steps: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest forward line from the start to a successful end; to any end, if there is none."""
    best: dict[str, tuple[str, ...]] = {}
    for key in reversed(tuple(mechanism.stages)):
        tails = [best[target] for target in steps[key]]
        best[key] = (key, *max(tails, key=lambda tail: _worth(mechanism, tail), default=()))
    return best.get(mechanism.start, ())


def _worth(mechanism: Mechanism, line: tuple[str, ...]) -> tuple[int, int]:
    end = mechanism.stages[line[-1]].end
    return ({End.SUCCESS: 2, End.OTHER: 1}.get(end, 0) if end else 0), len(line)


def _beside(mechanism: Mechanism, steps: Mapping[str, tuple[str, ...]], placed: frozenset[str]) -> tuple[str, ...]:
    """Return the other stages, each followed by what it leads to, stages to be worked in before mere ends."""
    line: dict[str, None] = {}

    def follow(key: str) -> None:
        while key not in placed and key not in line:
            line[key] = None
            key = next((each for each in steps[key] if each not in placed and each not in line), key)

    for key in sorted(mechanism.stages, key=lambda key: mechanism.stages[key].end is not None):
        follow(key)
    return tuple(line)
