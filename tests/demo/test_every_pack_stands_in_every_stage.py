"""The demonstration shows every pack: thirty matters at least, at every stage and end, in time and late."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bihuan.demo.cast import assemble
from bihuan.demo.rehearsal import bring_registers, rehearse, stands_of_all
from bihuan.demo.timetable import Timetable
from bihuan.demo.walks import packs, subjects
from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.verify import verify
from bihuan.ledger.visible import visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Every pack's matters, without the audit's findings."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assemble(TODAY, date(2025, 3, 3))
        bring_registers()
        timetable = Timetable(TODAY, load_calendar(), ZoneInfo("Asia/Shanghai"))
        rehearse(stands_of_all(), timetable, lambda done: None)
        yield
        transaction.set_rollback(True)


def told() -> list[str]:
    """The mechanisms that the packs' samples are of."""
    return sorted({subject.mechanism for pack in packs() for subject in subjects(pack)})


def test_every_pack_has_thirty_matters_at_least(city: None) -> None:
    counts = Counter(Matter.objects.values_list("mechanism", flat=True))
    for pack in packs():
        mine = {subject.mechanism for subject in subjects(pack)}
        assert sum(counts[key] for key in mine) >= 30, pack


def test_every_stage_and_end_is_shown_and_every_stage_in_time_and_late(city: None) -> None:
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mechanism, stage, due in Matter.objects.values_list("mechanism", "stage", "stage_due"):
        seen[mechanism, stage].add("late" if due and due < TODAY else "in time")
    wrong = []
    for key in told():
        for stage in current()[key].stages.values():
            shown = seen[key, stage.key]
            # What must be done on the very day is late on the next, and the demonstration ends on the day before.
            wanted = {"late"} if stage.clock and not stage.clock.length else {"late", "in time"}
            if not shown or (not stage.end and not shown >= wanted):
                wrong.append(f"{key}: at {stage.key} there are {sorted(shown)}")
    assert not wrong


def test_one_desk_and_one_ledger_show_them_all(city: None) -> None:
    """The mayor's deputy, who answers for the whole city, can open a matter of every mechanism."""
    post = Post.objects.get(account__account="tongquanju")
    viewer = Viewer.with_post(post, TODAY, Organisation.on(TODAY))
    seen = set(Matter.objects.filter(visible_to(viewer)).values_list("mechanism", flat=True))
    assert seen >= set(told())


def test_what_happened_could_have_happened(city: None) -> None:
    assert not [broken for row in Matter.objects.order_by("pk")[::7] for broken in verify(row.pk)]
    assert not Matter.objects.filter(registered_on__gt=TODAY).exists()
