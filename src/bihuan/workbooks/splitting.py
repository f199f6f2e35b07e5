"""拆分下发: one workbook for every responsible unit with its open rows, and the note of what went out to whom."""

import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import uuid6
from django.db import transaction
from django.db.models import F, Q

from bihuan.directory.models import Post, Unit
from bihuan.directory.viewer import Viewer
from bihuan.intake.form.names import Names
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import OPEN
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.refused import recorded
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Mechanism, Role
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed

from .models import Handout, HandoutPart, HandoutRow
from .naming import archive_name, workbook_names
from .rows import Telling
from .unit_workbook import Part, write_unit
from .writable import Writable

#: Told how many workbooks of how many are written.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. `archive` lies beside the workbooks and holds them all."""

    handout: Handout
    archive: Path
    files: tuple[Path, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A splitting that somebody asks for; `units` are the ids of those that get a workbook, None means all."""

    mechanism: str
    return_by: date
    post: Post
    account: str
    now: datetime
    units: frozenset[int] | None = None

    @property
    def day(self) -> date:
        return local_day(self.now)


def split(asked: Asked, folder: Path, *, viewer: Viewer | None = None, progress: Progress | None = None) -> Made:
    """Write a workbook for every unit that has open matters into `folder`, and their zip, and note it down.

    `viewer` is the post's (made if not given): it gets what it may open. An existing file is never overwritten.
    Raises `Refusal` (recorded) where the post may not, nothing is open, the day has passed or a file is there.
    """
    with recorded(asked.post, asked.account, None, "split", asked.now):
        mechanism = check_split(asked.post, asked.mechanism)
        viewer = viewer or Viewer.with_post(asked.post, asked.day)
        if asked.return_by < asked.day:
            pattern = N_("The workbooks cannot be wanted back on %(day)s: that day has passed.")
            raise Refusal("bad_value", pattern, field="return_by", day=asked.return_by.isoformat())
        by_unit = _matters(asked, mechanism, viewer)
        files = _files(by_unit, mechanism, asked.day, folder)
        handout = Handout(
            id=uuid6.uuid7(),
            mechanism=mechanism.key,
            made_at=asked.now,
            return_by=asked.return_by,
            post=asked.post,
            account=asked.account,
        )
        archive = folder / archive_name(mechanism.title.zh, asked.day)
        try:
            _write(handout, by_unit, files, mechanism, viewer, asked, progress)
            _pack(archive, list(files.values()))
            _note(handout, by_unit, files)
        except BaseException:
            # Workbooks that nothing is noted of could be sent out and would come back unknown.
            for path in (archive, *files.values()):
                path.unlink(missing_ok=True)
            raise
    rows = sum(map(len, by_unit.values()))
    return Made(handout, archive, tuple(files.values()), rows)


def check_split(post: Post, key: str) -> Mechanism:
    """Return the mechanism `key` in force. Raises `Refusal` if there is none or `post` may not split its ledger."""
    mechanism = current().get(key)
    if mechanism is None:
        pattern = N_("There is no mechanism “%(key)s”; there are: %(known)s.")
        raise Refusal("unknown_mechanism", pattern, key=key, known="、".join(current()))
    if not may_split(post, mechanism):
        raise Refusal(
            "not_role",
            N_("Only %(roles)s may split the ledger of “%(mechanism)s” and send it out."),
            roles=Listed.of(role.label for role in splitting_roles(mechanism)),
            mechanism=mechanism.title,
        )
    return mechanism


def may_split(post: Post, mechanism: Mechanism) -> bool:
    """Whether `post` may register matters of `mechanism` for others, and so send their list out."""
    return any(role.key in post.roles for role in splitting_roles(mechanism))


def splittable(posts: Sequence[Post]) -> list[tuple[Mechanism, Post]]:
    """Return every mechanism whose ledger one of `posts` may split, with the first that may."""
    found = ((each, next((post for post in posts if may_split(post, each)), None)) for each in current().values())
    return [(mechanism, post) for mechanism, post in found if post is not None]


def splitting_roles(mechanism: Mechanism) -> list[Role]:
    """Return the roles that register without being the unit that does the work: they hand out, others fill in."""
    registering = [mechanism.roles[role] for role in mechanism.register_by]
    return [role for role in registering if role.field is None] or registering


def _matters(asked: Asked, mechanism: Mechanism, viewer: Viewer) -> dict[Unit, list[Matter]]:
    """Return each responsible unit with its open matters, the most urgent first."""
    wanted = visible_to(viewer) & OPEN & Q(mechanism=mechanism.key)
    if asked.units is not None:
        wanted &= Q(responsible__in=asked.units)
    found: dict[Unit, list[Matter]] = {}
    matters = Matter.objects.filter(wanted).select_related("responsible")
    for matter in matters.order_by("responsible__level", "responsible_id", F("due").asc(nulls_last=True), "pk"):
        found.setdefault(matter.responsible, []).append(matter)
    if not found:
        pattern = N_("No open matter of “%(mechanism)s” among those that you may open fits; nothing was made.")
        raise Refusal("nothing", pattern, mechanism=mechanism.title)
    return found


def _files(units: Collection[Unit], mechanism: Mechanism, day: date, folder: Path) -> dict[Unit, Path]:
    names = workbook_names([(unit.key, unit.name) for unit in units], mechanism.title.zh, day)
    files = {unit: folder / names[unit.key] for unit in units}
    for path in (folder / archive_name(mechanism.title.zh, day), *files.values()):
        if path.exists():
            pattern = N_("“%(file)s” is there already and is not overwritten; name an empty folder.")
            raise Refusal("exists", pattern, file=path.name)
    return files


def _write(
    handout: Handout,
    by_unit: dict[Unit, list[Matter]],
    files: dict[Unit, Path],
    mechanism: Mechanism,
    viewer: Viewer,
    asked: Asked,
    progress: Progress | None,
) -> None:
    telling = Telling(mechanism, Names.of(viewer.organisation, [mechanism]), asked.day)
    writable = Writable(mechanism, asked.day)
    office = asked.post.unit.name if asked.post.unit else ""
    for done, (unit, matters) in enumerate(by_unit.items(), 1):
        part = Part(
            handout=str(handout.pk),
            key=unit.key,
            name=unit.name,
            matters=matters,
            return_by=asked.return_by,
            office=office,
            sender=asked.post.account.name or asked.post.title,
        )
        write_unit(files[unit], part, telling, writable)
        if progress:
            progress(done, len(by_unit))


def _pack(archive: Path, files: Sequence[Path]) -> None:
    """Put the workbooks together; they are compressed already."""
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_STORED) as packed:
        for path in files:
            packed.write(path, path.name)


@transaction.atomic
def _note(handout: Handout, by_unit: dict[Unit, list[Matter]], files: dict[Unit, Path]) -> None:
    handout.save(force_insert=True)
    for unit, matters in by_unit.items():
        part = HandoutPart.objects.create(handout=handout, unit=unit, file=files[unit].name)
        HandoutRow.objects.bulk_create(
            [HandoutRow(part=part, matter=matter, version=matter.version) for matter in matters], batch_size=500
        )


def parts_of(made: Made) -> list[HandoutPart]:
    """Return the workbooks as they were noted, in the order in which they were made."""
    return list(HandoutPart.objects.filter(handout=made.handout).select_related("unit").order_by("id"))
