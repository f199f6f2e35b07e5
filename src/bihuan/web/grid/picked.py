"""What can be done with the matters that were ticked in the Ledger: the buttons of the bar under it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from bihuan.directory.viewer import Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Action, Does, Mechanism
from bihuan.mechanism.sentence import N_, Named, Sentence
from bihuan.workbooks.answer_rights import mergeable


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: where it sends the ticked matters; `do` is the action that is chosen with it, if one is,
    `about` the kind of matter that it is for, where several kinds have such an action.

    One that is `aside` opens beside the list, which stays as it is.
    """

    title: Sentence
    address: str
    do: str = ""
    about: Named | None = None
    aside: bool = False


_LISTS = (
    ("urge", N_("Urge")),
    ("export", N_("Export")),
    ("print_list", N_("Print")),
)
_ASIDE = frozenset({"print_list"})
#: What a button says that prints slips of a kind (see `SLIPS`).
_SLIPS = {"receipt": N_("Print receipt slips"), "closing": N_("Print strike-off approval slips")}


def deeds(viewer: Viewer, mechanism: str, query: str) -> list[Deed]:
    """Return what the viewer may do with several matters.

    `query` is the filter of the list: where no matter is named, all that fit it are meant.
    """
    found = list(_acting(viewer, mechanism, reverse("bulk_act"), query))
    found += [Deed(Sentence(title), _with(reverse(name), query), aside=name in _ASIDE) for name, title in _LISTS]
    return found + [Deed(Sentence(title), _slips(kind, query), aside=True) for kind, title in _SLIPS.items()]


def tools(viewer: Viewer, query: str) -> list[Deed]:
    """Return what else is done with the list as a whole, and the ways in which answers of units come in."""
    found = [Deed(Sentence(N_("Print this list")), _with(reverse("print_list"), query), aside=True)]
    if any(mergeable(post) for post in viewer.posts):
        found.append(Deed(Sentence(N_("Take in workbooks that came back")), reverse("answers")))
        found.append(Deed(Sentence(N_("Take in a folder of evidence")), reverse("proof_folder")))
    return found


def _acting(viewer: Viewer, mechanism: str, address: str, query: str) -> Iterator[Deed]:
    """Yield naming the unit, setting the date, and whatever else can be done with many, as the viewer's posts may."""
    known = [each for each in current().values() if mechanism in ("", each.key)]
    for title, fits in ((N_("Name the unit"), _names_unit), (N_("Set the date"), _sets_date)):
        able = [(each, action) for each in known for action in _first(each, fits) if not _apart(viewer, action)]
        for each, action in able:
            about = each.title if len(able) > 1 else None
            yield Deed(Sentence(title), _with(address, query), f"{each.key}.{action.key}", about)
    if viewer.posts:
        yield Deed(Sentence(N_("Do something else")), _with(address, query))


def _first(mechanism: Mechanism, fits: Callable[[Mechanism, Action], bool]) -> list[Action]:
    return [action for action in mechanism.actions.values() if fits(mechanism, action)][:1]


def _apart(viewer: Viewer, action: Action) -> bool:
    return viewer.roles.isdisjoint(action.by)


def _names_unit(mechanism: Mechanism, action: Action) -> bool:
    return action.does is Does.ASSIGN


def _sets_date(mechanism: Mechanism, action: Action) -> bool:
    return action.does is Does.STEP and not action.to and mechanism.deadline.field in action.sets


def _slips(kind: str, query: str) -> str:
    return _with(f"{reverse('print_slips')}?kind={kind}", query)


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
