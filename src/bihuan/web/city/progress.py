"""How far a city has been set up: read from the ledger itself, never stored, so that it can be left and taken up."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.urls import reverse

from bihuan.directory.models import Account, Post
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.directory.rights import keeping
from bihuan.directory.viewer import HOUSEKEEPING, Viewer
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Held
from bihuan.mechanism.sentence import N_, Listed, Sentence


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `said` tells where it stands, `hint` what is still worth doing although it counts as done."""

    key: str
    title: str
    lead: str
    done: bool
    said: Sentence
    address: str
    button: str
    hint: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def complete(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def concerns(viewer: Viewer, today: date) -> bool:
    """Whether the viewer has anything to do with setting up the city."""
    whole = any(post.unit_id is None and not HOUSEKEEPING.issuperset(post.roles) for post in viewer.posts)
    return whole or any(keeping(viewer.posts, what, today) for what in ("units", "posts"))


def progress(organisation: Organisation, today: date) -> Progress:
    return Progress((_units(organisation), _people(today), _passwords(today), _first_import()))


def _units(organisation: Organisation) -> Step:
    count = len(organisation.units)
    said = Sentence(N_("%(count)d unit(s) are there."), {"count": count}) if count else Sentence(N_("No unit yet."))
    return Step(
        "units", N_("The organisation"),
        N_("Who is there: bureaus, townships, offices, each below its superior. Paste the list from Excel."),
        bool(count), said, reverse("bring", args=["units"]), N_("Bring in the units"),
    )  # fmt: skip


def _people(today: date) -> Step:
    posts = list(
        Post.objects.filter(valid_on(today), unit__isnull=False, account__is_active=True).only("roles", "account")
    )
    people = len({post.account_id for post in posts})
    said = Sentence(N_("Nobody has a post in a unit yet."))
    if people:
        said = Sentence(N_("%(people)d person(s) hold %(posts)d post(s)."), {"people": people, "posts": len(posts)})
    return Step(
        "people", N_("People and posts"),
        N_("Who does what: one line for each post. Units that will never sign in need nobody: you enter for them."),
        bool(people), said, reverse("bring", args=["people"]), N_("Bring in the people"),
        _missing_roles(posts) if people else None,
    )  # fmt: skip


def _missing_roles(posts: list[Post]) -> Sentence | None:
    held = {role for post in posts for role in post.roles}
    missing = {
        role.label.zh: role.label
        for mechanism in current().values()
        for role in mechanism.roles.values()
        if role.key not in held and role.held not in (Held.UNIT, Held.OUTSIDE)
    }
    if not missing:
        return None
    return Sentence(N_("Nobody is there yet as: %(roles)s."), {"roles": Listed.of(missing.values())})


def _passwords(today: date) -> Step:
    held = Post.objects.filter(valid_on(today), unit__isnull=False).values("account")
    people = Account.objects.filter(pk__in=held, is_active=True)
    total = people.count()
    without = people.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    waiting = people.filter(must_change=True).count()
    said, hint = Sentence(N_("Nobody needs one yet: first come the people.")), None
    if total:
        values = {"with": total - without, "without": without}
        said = Sentence(N_("%(with)d can sign in, %(without)d have no password yet."), values)
    if waiting:
        hint = Sentence(N_("%(count)d have not yet signed in and changed theirs."), {"count": waiting})
    return Step(
        "passwords", N_("First passwords"),
        N_("One printed slip for each person, to be handed over in an envelope; it is shown once."),
        total > 0 and without < total, said, reverse("first_passwords"), N_("Make the slips"), hint,
    )  # fmt: skip


def _first_import() -> Step:
    matters = Matter.objects.exists()
    said = Sentence(N_("Matters are in the ledger.")) if matters else Sentence(N_("The ledger is empty."))
    return Step(
        "import", N_("The first ledger"),
        N_("Bring in the Excel ledger that you keep today; what is not understood waits for you, nothing is lost."),
        matters, said, reverse("import_start"), N_("Import a ledger"),
    )  # fmt: skip
