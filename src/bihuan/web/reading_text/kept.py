"""The texts that somebody has brought and not finished: files that wait, seen by that account alone.

Nothing of them is in the ledger. What has been registered of a text is known by the claims of its matters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import QuerySet
from django.utils.dateparse import parse_date

from bihuan.intake.official import read_official
from bihuan.intake.text import Proposal, Reading
from bihuan.intake.text.files import read_file
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .. import arriving
from ..registering import registrable
from ..viewer import PageRefusal, ViewerRequest

#: The space of claims in which each sentence of a text is held by the one matter that was registered from it.
SPACE = "text"
_ACTION = "read_text"


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that waits, as its file, with how many of its sentences have become matters."""

    waiting: arriving.Waiting
    registered: int


def check_viewer(request: ViewerRequest) -> dict[str, Mechanism]:
    """Return what the viewer may register; refuses whoever may register nothing."""
    found = {mechanism.key: mechanism for mechanism, _ in registrable(request.viewer)}
    if not found:
        raise PageRefusal(
            Refusal("not_role", N_("None of your posts may register a matter; an import or a clerk does."))
        )
    return found


def keep(request: ViewerRequest, name: str, pieces: Iterable[bytes]) -> arriving.Waiting:
    """Let a text wait for this account. Raises `Refusal` (mechanism's) if it is empty, too large or a program."""
    return arriving.take(_form(request), name, pieces)


def kept(request: ViewerRequest) -> list[Kept]:
    """Return the texts that wait for this account, the latest first."""
    found = arriving.waiting(_form(request))
    return [Kept(each, _held(each.sha256).count()) for each in reversed(found) if each.whole]


def find(request: ViewerRequest, sha256: str) -> arriving.Waiting:
    """Return the text with this hash, or refuse the page."""
    waiting = arriving.find(_form(request), sha256)
    if waiting is None or not waiting.whole:
        raise PageRefusal(
            Refusal("not_there", N_("This text does not wait here any more; bring it again.")), status=404
        )
    return waiting


def forget(request: ViewerRequest, sha256: str) -> None:
    """Put a text away; its matters keep their copies."""
    arriving.drop(_form(request), sha256)


def pieces(request: ViewerRequest, waiting: arriving.Waiting) -> Iterator[bytes]:
    """Yield the bytes of a text's file."""
    with _path(request, waiting).open("rb") as file:
        yield from iter(lambda: file.read(1 << 20), b"")


def read(request: ViewerRequest, waiting: arriving.Waiting, day: date | None) -> Reading:
    """Read a text with the units of today. Raises the reading's `Refusal` for a file that is none."""
    return read_official(read_file(_path(request, waiting)), organisation=request.viewer.organisation, day=day)


def day_of(request: ViewerRequest) -> date | None:
    """Return the day of the text that the address names, if it names one."""
    try:
        return parse_date(str(request.GET.get("day", "")))
    except ValueError:  # 2026-02-30: a day that does not exist says nothing
        return None


def place_of(proposal: Proposal) -> str:
    """Return how an address names a sentence of a text: its place."""
    return f"{proposal.start}-{proposal.end}"


def claim_of(sha256: str, proposal: Proposal) -> tuple[str, str]:
    """Return what lets one sentence of one text become one matter, whoever brings the text."""
    return SPACE, f"{sha256}:{place_of(proposal)}"


def registered(request: ViewerRequest, sha256: str) -> Mapping[str, Matter | None]:
    """Return place → matter of the sentences that were registered; None for one that the viewer may not open."""
    claims = list(_held(sha256).values_list("key", "matter_id"))
    seen = Matter.objects.filter(visible_to(request.viewer), pk__in=[matter for _, matter in claims])
    matters = {matter.pk: matter for matter in seen}
    return {key.rpartition(":")[2]: matters.get(matter) for key, matter in claims}


def _held(sha256: str) -> QuerySet[Claim]:
    return Claim.objects.filter(space=SPACE, key__startswith=f"{sha256}:")


def _form(request: ViewerRequest) -> arriving.Form:
    return arriving.Form(request.viewer.account.pk, arriving.MANY, _ACTION)


def _path(request: ViewerRequest, waiting: arriving.Waiting) -> Path:
    return _form(request).folder / waiting.sha256
