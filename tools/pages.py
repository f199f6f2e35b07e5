"""Which pages there are to look at, as whom, and with which arguments; a page of neither list is an error.

A page without arguments is found by itself. One whose arguments are all named in `KNOWN_ARGUMENTS` too; what a
page wants in its query stands in `QUERIES`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, reverse

#: Who looks: what they are, and their account in the demonstration (the auditor is added to it).
PEOPLE = {
    "clerk": "clerk",
    "liaison": "zhuoluoshi",
    "leader": "fangtongchou",
    "administrator": "guanxitong",
    "security": "anshoumi",
    "auditor": "auditor",
}
#: Pages that look different to each of them.
EVERYBODY = frozenset({"desk", "ledger", "units", "people"})

#: Addresses that are no pages, and why.
NO_PAGES = {
    "sign_in": "is looked at by a stranger, before anybody signs in",
    "sign_out": "answers only to a form that is sent, and goes to the sign-in",
    "set_language": "answers only to a form that is sent, and goes back",
    "evidence": "gives a file",
    "files": "answers only the script that sends files",
    "file_part": "answers only the script that sends files",
    "views": "answers only to a form that is sent",
    "ledger_columns": "answers only to a form that is sent",
    "intake_columns": "answers only to a form that is sent",
    "intake_withdraw": "answers only to a form that is sent",
    "intake_commit": "answers only to a form that is sent",
    "intake_abandon": "answers only to a form that is sent",
    "export": "gives a workbook",
    "template_workbook": "gives a workbook",
    "people_act": "answers only to a form that is sent",
    "text_put_away": "answers only to a form that is sent",
}
#: What belongs into the query, by the name of the page; `{…}` are known arguments.
QUERIES = {
    "bulk_act": "m={number}&m={other}&action=dispatch",
    "urge": "m={number}&m={other}",
    "print_list": "m={number}&m={other}",
    "print_slips": "m={number}&m={other}",
    "text_register": "queue={place}.{mechanism}",
}
#: The pictures of the READMEs: file, who looks, width, address; as much of each as a window shows.
README = (
    ("ledger", "clerk", 1280, "/ledger/?overdue=1&state=open"),
    ("matter", "clerk", 1280, "/matters/{number}/"),
    ("phone", "liaison", 360, "/"),
    ("answer", "clerk", 1280, "/workbooks/answers/{answer}/"),
    ("urge", "clerk", 1280, "/bulk/urge/?m={number}&m={other}"),
    ("first-hour", "administrator", 1280, "/first-hour/"),
)
#: For pages whose argument does not mean what the name says elsewhere.
ARGUMENTS = {
    "act": {"action": "action"},
    "withdraw_matter": {"number": "fresh"},
    "answer": {"pk": "answer"},
    "import_row": {"pk": "row"},
    "intake": {"pk": "open_intake"},
    "mechanism": {"key": "mechanism"},
    "unit": {"key": "unit"},
    "rename_unit": {"key": "unit"},
    "move_unit": {"key": "unit"},
    "merge_unit": {"key": "unit"},
    "end_unit": {"key": "unit"},
    "hand_over_post": {"key": "post"},
    "change_post": {"key": "post"},
    "end_post": {"key": "post"},
    "bring": {"kind": "kind"},
    "erase_values": {"entry": "entry"},
    "confirmation": {"pk": "pending"},
    "register_entries": {"key": "register"},
    "text": {"sha256": "text"},
    "text_register": {"sha256": "text"},
}
KNOWN_ARGUMENTS = {"number", "mechanism", "account", "post", "unit"}


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to be looked at: its name, its address, and who looks (the first to whom it is open, or all)."""

    name: str
    address: str
    people: Sequence[str]
    everybody: bool


class Uncovered(Exception):
    """A page that nobody would look at."""


def names_without_cover(routes: Sequence[URLPattern]) -> list[str]:
    """Return the pages of which it is not known how to reach them, and the names that no longer exist."""
    names = {str(route.name): route for route in routes}
    unknown = [name for name, route in names.items() if name not in NO_PAGES and _missing(name, route)]
    return unknown + sorted((NO_PAGES.keys() | QUERIES.keys() | ARGUMENTS.keys()) - names.keys())


def shots(routes: Sequence[URLPattern], known: Mapping[str, str]) -> Iterator[Shot]:
    """Yield every page; `known` gives the arguments of this ledger their values. Raises `Uncovered`."""
    if uncovered := names_without_cover(routes):
        raise Uncovered(f"write into tools/pages.py how to reach, or why not to: {', '.join(uncovered)}")
    for route in routes:
        name = str(route.name)
        if name in NO_PAGES:
            continue
        given = {each: known[ARGUMENTS.get(name, {}).get(each, each)] for each in _arguments(route)}
        query = QUERIES.get(name, "").format(**known)
        address = reverse(name, kwargs=given) + (f"?{query}" if query else "")
        yield Shot(name, address, list(PEOPLE), name in EVERYBODY)


def _arguments(route: URLPattern) -> list[str]:
    return list(route.pattern.regex.groupindex) or list(getattr(route.pattern, "converters", {}))


def _missing(name: str, route: URLPattern) -> list[str]:
    placed = ARGUMENTS.get(name, {})
    return [each for each in _arguments(route) if each not in placed and each not in KNOWN_ARGUMENTS]
