"""One action for many matters: what was typed once, and what it would come to, or came to, on each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bihuan.directory.models import Post
from bihuan.ledger.execute import changes_since, execute, foresee
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.orders import Change, Conflict, Order
from bihuan.mechanism.permit import roles_now
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Command, Proof, Value

from .. import arriving
from ..arriving import Waiting
from ..forms import JUDGEMENTS, Form, Typed, changed, form_for, judged
from ..scene import Scene
from ..viewer import ViewerRequest
from .chosen import Chosen
from .offers import Offer, able, same_form


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one matter. `refusal` says why nothing does; `who` are those who could."""

    place: Scene
    post: Post | None
    refusal: Sentence | None = None
    who: tuple[Post, ...] = ()
    #: The same person has done this very thing since they chose the matter: a form sent twice.
    already: bool = False

    @property
    def does(self) -> bool:
        return self.refusal is None and not self.already


@dataclass
class Work:
    """The form of one action over the chosen matters, with everything in it.

    `files` wait for the form (see `arriving`) and are copied to each matter when it is done.
    """

    request: ViewerRequest
    chosen: Chosen
    offer: Offer
    typed: dict[str, Typed]
    entry_typed: dict[str, Typed]
    reason: str = ""
    files: list[Waiting] = field(default_factory=list)
    problems: dict[str, Sentence] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    entry: dict[str, Value] = field(default_factory=dict)

    @cached_property
    def fits(self) -> list[Scene]:
        """The matters that have the action with this form."""
        return [place for place in self.chosen.places if same_form(self.offer, place)]

    @cached_property
    def form(self) -> Form:
        return fields_form(self.request, self.offer, self.fits)

    @cached_property
    def record(self) -> Form:
        return record_form(self.request, self.offer)

    @property
    def waiting_place(self) -> arriving.Form:
        account = self.request.viewer.account.pk
        return arriving.Form(account, arriving.MANY, self.offer.key, self.offer.behalf or "")

    @property
    def files_needed(self) -> int:
        return max(self.offer.action.evidence, 1 if self.offer.behalf else 0)

    @property
    def judges(self) -> bool:
        return self.offer.action.does in JUDGEMENTS

    def read(self) -> bool:
        """Read the texts; return whether all of them can be read and something is asked for."""
        values, faults = self.form.read(self.typed)
        entry, entry_faults = self.record.read(self.entry_typed)
        self.values = {key: value for key, value in values.items() if value is not None}
        self.entry = {key: value for key, value in entry.items() if value is not None}
        self.problems = faults | entry_faults
        action = self.offer.action
        idle = action.sets and not action.to and not action.record and not self.values
        if not self.problems and idle:
            self.problems[""] = Sentence(N_("Nothing is filled in yet; fill in at least one of the fields."))
        return not self.problems

    def foreseen(self) -> Iterator[Outcome]:
        """Yield what would become of each matter, in order. Nothing is written."""
        for place in self.chosen.places:
            post = self.post(place)
            yield self._told(place, post, self._refusal(place, post))

    def done(self) -> Iterator[Outcome]:
        """Do it on each matter, each by itself: what is refused on one keeps none of the others back."""
        for place in self.chosen.places:
            post = self.post(place) or self._some_post(place)
            try:
                if not same_form(self.offer, place):
                    raise _other_form()
                execute(self._order(place, post, self._copied(place)), now=self.request.now)
            except Refusal as refusal:
                yield self._told(place, post, refusal)
            else:
                yield Outcome(place, post)

    def post(self, place: Scene) -> Post | None:
        """Return the viewer's post that may begin the action on the matter; None if none may."""
        if place.matter.pk not in self._posts:
            known = place.mechanism.actions.get(self.offer.action.key)
            self._posts[place.matter.pk] = able(place, known, self.offer.behalf) if known else None
        return self._posts[place.matter.pk]

    @cached_property
    def _posts(self) -> dict[object, Post | None]:
        return {}

    def _some_post(self, place: Scene) -> Post:
        """Return a post to be refused with: the one whose role it is says most."""
        posts = self.request.viewer.posts
        wanted = set(self.offer.action.by)
        return min(posts, key=lambda post: place.roles(post, self.offer.behalf).isdisjoint(wanted))

    def _refusal(self, place: Scene, post: Post | None) -> Refusal | None:
        if not same_form(self.offer, place):
            return _other_form()
        if self.chosen.seen(place) != place.matter.version:
            return Conflict(changes_since(place.matter, self.chosen.seen(place)))
        if post is None:
            return place.refusal(self.offer.action, self._some_post(place), self.offer.behalf)
        order = self._order(place, post, self._described())
        day, organisation = self.request.today, place.organisation
        return foresee(order, place.mechanism, place.state, day=day, organisation=organisation)

    def _order(self, place: Scene, post: Post, proofs: tuple[Proof, ...]) -> Order:
        action = self.offer.action
        command = Command(
            action=action.key,
            account=self.request.viewer.account.account,
            values=changed(self.values, place.state.values, judged(place.mechanism, action)),
            record=self.entry,
            evidence=proofs,
            reason=self.reason,
            behalf=self.offer.behalf,
        )
        return Order(place.matter.pk, command, post, self.chosen.seen(place))

    def _copied(self, place: Scene) -> tuple[Proof, ...]:
        """Give the files to this matter; each matter's evidence can be erased without another's."""
        if self.post(place) is None:
            return self._described()
        where = self.waiting_place
        return tuple(arriving.into_store(where, each, matter=place.matter.pk) for each in self.files)

    def _described(self) -> tuple[Proof, ...]:
        """Return the files as evidence that is not given yet."""
        return tuple(Proof(each.sha256, each.name, each.size, "application/octet-stream") for each in self.files)

    def _told(self, place: Scene, post: Post | None, refusal: Refusal | None) -> Outcome:
        if refusal is None:
            return Outcome(place, post)
        if isinstance(refusal, Conflict) and self._is_own(refusal.changes):
            return Outcome(place, post, already=True)
        changed_since = isinstance(refusal, Conflict)
        return Outcome(place, post, refusal.sentence, () if changed_since or post else self._who(place))

    def _is_own(self, changes: tuple[Change, ...]) -> bool:
        me = self.request.viewer.account.account
        return any(change.account == me and change.action == self.offer.action.key for change in changes)

    def _who(self, place: Scene) -> tuple[Post, ...]:
        """Return who could do it on such a matter; matters that are alike are asked about once."""
        action, state = self.offer.action, place.state
        alike = (
            *(place.matter.mechanism_hash, state.stage, state.supervising, roles_now(action, state)),
            *(tuple(sorted(state.parties.items())), state.doers, tuple(sorted(state.acted.items()))),
            place.matter.responsible_id,
        )
        if alike not in self._known_who:
            self._known_who[alike] = tuple(
                post
                for post in self._everybody
                if place.roles(post) and place.refusal(action, post, self.offer.behalf) is None
            )
        return self._known_who[alike]

    @cached_property
    def _known_who(self) -> dict[object, tuple[Post, ...]]:
        return {}

    @cached_property
    def _everybody(self) -> list[Post]:
        return current_posts(self.request.today)


def fields_form(request: ViewerRequest, offer: Offer, places: list[Scene]) -> Form:
    """Return the form of the action's fields. Required is what one of the matters lacks, or what is judged anew."""
    known, action = offer.mechanism.fields, offer.action
    anew = judged(offer.mechanism, action)
    required = [
        key for key in action.requires if key in anew or any(place.state.values.get(key) is None for place in places)
    ]
    return form_for(request, [known[key] for key in action.sets if key in known], prefix="f-", required=required)


def record_form(request: ViewerRequest, offer: Offer) -> Form:
    """Return the form of the entry that the action adds; without fields where it adds none."""
    group = offer.mechanism.records.get(offer.action.record or "")
    entry = group.fields if group else ()
    return form_for(request, entry, prefix="r-", required=(each.key for each in entry))


def _other_form() -> Refusal:
    return Refusal(
        "other_form",
        N_("This matter follows another mechanism, or another version of it; do it on the matter's own page."),
    )
