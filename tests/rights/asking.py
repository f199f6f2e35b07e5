"""Asking something in somebody's name and reading the answer: allowed, refused by which rule, recorded or not."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from io import StringIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from bihuan.directory.models import Alteration
from bihuan.ledger.models import Event, Refused
from bihuan.mechanism.refusal import Refusal
from bihuan.web.cli import main
from city import City

ALLOWED = frozenset({"yes", "sign_in"})
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@dataclass(slots=True)
class Answer:
    """What came of it, in a word of the table, and what is wrong with the manner of it."""

    outcome: str
    faults: list[str] = field(default_factory=list)
    page: Any = None

    def as_outcome(self, outcome: str) -> "Answer":
        return Answer(outcome, self.faults, self.page)


@dataclass(frozen=True, slots=True)
class Request:
    """A page asked for; with `sent`, a form sent, or bytes as they are.

    `absent` is the same address of something that is not there.

    A refusal is recorded under the address or under `verb`, for `matter` where it is about one. `writes` says that
    an allowed answer leaves a new event, or a new line in the record of changes.
    """

    address: str
    sent: Mapping[str, Any] | bytes | None = None
    absent: str = ""
    verb: str = ""
    matter: UUID | None = None
    writes: bool = False

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]


@dataclass
class Asker:
    """Asks as any of the cast. Whatever is asked leaves no trace: every question meets the same ledger."""

    city: City
    _sessions: dict[str, SimpleCookie] = field(default_factory=dict)
    _absent: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    _client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        for post in self.city.posts.values():
            client = Client()
            client.force_login(post.account)
            self._sessions[post.account.account] = client.cookies

    @cached_property
    def _before(self) -> "_Before":
        """The ledger as it is when the first question is asked; as no question changes it, it is before each."""
        return _Before.now()

    def page(self, member: str, request: Request) -> Answer:
        account = self.account(member)
        with self._before.question() as since:
            answer = self._told(account, request, since)
        if answer.outcome == "hidden":
            self._compare_with_absent(account, request, answer)
        return answer

    def command(self, words: Sequence[object], *, account: str, verb: str, matter: UUID | None = None) -> Answer:
        """Run `bihuan` with `words`, which must end in JSON. `account` is whose refusal is recorded."""
        out, err = StringIO(), StringIO()
        with self._before.question() as since, redirect_stdout(out), redirect_stderr(err):
            code = main([str(word) for word in (*words, "--json")])
            if code == 0:
                return Answer("yes", since.faults_of_allowed(), json.loads(out.getvalue()))
            if code != 3:
                return Answer(f"code {code}", [err.getvalue()])
            told = json.loads(out.getvalue())["refused"]
            faults = since.faults_of_refused(since.refusals(), account, {verb}, told["rule"], matter)
            faults += [] if told["message"] else ["the refusal has no sentence"]
            return Answer(_word(told["rule"], absent=True), faults)

    def call(self, does: Callable[[], object], *, account: str, verb: str, matter: UUID) -> Answer:
        """Ask the ledger itself, for what no page and no command offers by itself."""
        with self._before.question() as since:
            try:
                does()
            except Refusal as refusal:
                faults = since.faults_of_refused(since.refusals(), account, {verb}, refusal.rule, matter)
                return Answer(_word(refusal.rule, absent=True), faults)
            return Answer("yes", since.faults_of_allowed())

    def account(self, member: str) -> str:
        """Return the account of a member: of a post, or of the person with two."""
        if member in ("both", "nobody"):
            return {"both": "both", "nobody": ""}[member]
        return self.city.posts[member].account.account

    def _told(self, account: str, request: Request, since: "_Since") -> Answer:
        page = self._get(account, request.address, request.sent)
        if page.status_code == 401 or _sent_to_sign_in(page):
            return Answer("sign_in", since.faults_of_allowed(), page)
        if page.status_code in (200, 302):
            return Answer("yes", since.faults_of_allowed(writes=request.writes), page)
        refusals = since.refusals()
        if not refusals:
            return Answer(f"status {page.status_code}", ["nothing is recorded"], page)
        rule, asked = refusals[-1].rule, {request.path[:120], request.verb}
        faults = since.faults_of_refused(refusals, account, asked, rule, request.matter)
        return Answer(_word(rule, absent=page.status_code == 404), faults, page)

    def _compare_with_absent(self, account: str, request: Request, answer: Answer) -> None:
        """What is hidden must be answered to the letter like what is not there."""
        kind = request.absent.split("/")[1]
        key = (account, kind, request.sent is None)
        if key not in self._absent:
            with self._before.question():
                page = self._get(account, request.absent, request.sent)
            self._absent[key] = f"{page.status_code} {_text(page, request.absent)}"
        if self._absent[key] != f"{answer.page.status_code} {_text(answer.page, request.address)}":
            answer.faults.append("the answer differs from that about something which is not there")

    def _get(self, account: str, address: str, sent: Mapping[str, Any] | bytes | None) -> Any:
        self._client.cookies = SimpleCookie()
        if account:
            self._client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[account][
                settings.SESSION_COOKIE_NAME
            ].value
        if isinstance(sent, bytes):
            return self._client.post(address, sent, content_type="application/octet-stream")
        return self._client.get(address) if sent is None else self._client.post(address, dict(sent))


@dataclass(frozen=True, slots=True)
class _Before:
    """What was there before the question."""

    records: int
    refused: int

    @classmethod
    def now(cls) -> "_Before":
        return cls(_records(), Refused.objects.aggregate(last=Max("pk"))["last"] or 0)

    @contextmanager
    def question(self) -> Iterator["_Since"]:
        """Let something be asked, and undo whatever it did."""
        with transaction.atomic():
            yield _Since(self)
            transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class _Since:
    """What a question has left, to be looked at before it is undone."""

    before: _Before

    def refusals(self) -> list[Refused]:
        return list(Refused.objects.filter(pk__gt=self.before.refused).order_by("pk"))

    def faults_of_allowed(self, *, writes: bool = False) -> list[str]:
        faults = [f"allowed, but a refusal ({each.rule}) is recorded" for each in self.refusals()]
        if writes and not self._wrote():
            faults.append("allowed, but nothing was written")
        return faults

    def faults_of_refused(
        self, refusals: list[Refused], account: str, asked: set[str], rule: str, matter: UUID | None
    ) -> list[str]:
        faults = ["refused, but something was written"] if self._wrote() else []
        kept = [each for each in refusals if (each.account, each.rule) == (account, rule) and each.asked in asked]
        if not kept:
            found = [(each.account, each.asked, each.rule) for each in refusals]
            faults.append(f"not recorded as {account!r} asking {asked}: {found}")
        elif matter is not None and matter not in [each.matter for each in kept]:
            faults.append("recorded without the matter")
        return faults

    def _wrote(self) -> bool:
        return _records() != self.before.records


def _records() -> int:
    """Count what is on record of matters and of the directory."""
    return Event.objects.count() + Alteration.objects.count()


def _sent_to_sign_in(page: Any) -> bool:
    return page.status_code == 302 and page.headers["Location"].startswith(reverse("sign_in"))


def _word(rule: str, *, absent: bool) -> str:
    """Return the table's word for a rule."""
    if rule == "not_visible" and absent:
        return "hidden"
    return "no" if rule == "not_role" else rule


def _text(page: Any, address: str) -> str:
    text = _TOKEN.sub("", page.content.decode())
    return text.replace(address, "").replace(address.partition("?")[0], "")
