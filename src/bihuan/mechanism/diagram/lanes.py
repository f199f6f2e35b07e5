"""Side lanes: one for each target, side by side only where they would touch."""

from collections.abc import Iterable, Mapping

from .shapes import Lane

#: Two lanes on one track keep at least this distance, so that their round corners do not meet.
APART = 16.0


def assign_lanes(exits: Iterable[tuple[str, float]], ports: Mapping[str, float]) -> tuple[Lane, ...]:
    """Gather `exits` (target, height of the row) into lanes; the shortest run closest to the cards."""
    sources: dict[str, list[float]] = {}
    for target, height in exits:
        sources.setdefault(target, []).append(height)
    open_lanes = [Lane(0, tuple(heights), ports[target]) for target, heights in sources.items()]
    placed: list[Lane] = []
    for lane in sorted(open_lanes, key=lambda lane: (lane.bottom - lane.top, lane.top)):
        taken = {each.index for each in placed if _touch(each, lane)}
        index = next(track for track in range(len(placed) + 1) if track not in taken)
        placed.append(Lane(index, lane.sources, lane.port))
    return tuple(placed)


def _touch(a: Lane, b: Lane) -> bool:
    return a.top - APART < b.bottom and b.top - APART < a.bottom
