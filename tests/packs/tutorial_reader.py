"""Somebody with the tutorial page of a pack in front of them, who does in the pages what it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.directory.models import Account
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from tree import ROOT

TUTORIALS = ROOT / "docs" / "zh" / "packs"
_NAME = re.compile(r'name="((?:[fr]-)?(\w+))"')
_FAULT = re.compile(r'(?s)class="(?:fault|note note-error)[^>]*>(.{0,200})')


def day(distance: int) -> str:
    """Return the day that many days from today, as a form takes it."""
    return (timezone.localdate() + timedelta(days=distance)).isoformat()


def this_year() -> str:
    return day(0)[:4]


def followable() -> list[str]:
    """Return the packs whose page takes a matter from registration to closure."""
    return [page.stem for page in sorted(TUTORIALS.glob("*.md")) if "## 从登记办到" in page.read_text(encoding="utf-8")]


def client_of(account: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(account=account))
    return client


@dataclass(frozen=True)
class Reader:
    """Whoever has read the page of `pack` alone.

    They sign in with the accounts that it names and press the labels that it names, where the pages offer them.
    """

    pack: str

    @property
    def path(self) -> Path:
        return TUTORIALS / f"{self.pack}.md"

    def register(self, account: str, mechanism: str = "", **values: object) -> Matter:
        """Choose the kind of matter, fill in its form, and return the matter."""
        known = current()[mechanism or self.pack]
        client = self._as(account)
        self._says(known.title.zh)
        offered = client.get(reverse("register"), follow=True).content.decode()
        assert known.title.zh in unescape(offered), f"{account} is not offered to register “{known.title.zh}”"
        return _registered(client, reverse("register_matter", args=[known.key]), values, None)

    def press(self, account: str, label: str, matter: Matter, *, files: int = 0, **values: object) -> None:
        """Do the action called `label`; with `unit` among the values, enter it for the unit of that key."""
        answer = self._send(account, label, matter, files, values)
        page = answer.content.decode()
        assert answer.status_code == 302, f"{label}: {_FAULT.findall(unescape(page))}"
        matter.refresh_from_db()

    def open(self, account: str, label: str, matter: Matter, *, files: int = 0, **values: object) -> Matter:
        """Do the action called `label`, and return the matter that it registers."""
        return _registered(self._as(account), self._offered(account, label, matter), values, matter, files)

    def is_refused(self, account: str, label: str, matter: Matter, *, files: int = 0, **values: object) -> bool:
        """Whether the action called `label` is offered, and does nothing with so little."""
        version = matter.version
        answer = self._send(account, label, matter, files, values)
        matter.refresh_from_db()
        return answer.status_code == 422 and matter.version == version

    def sees(self, account: str, label: str, matter: Matter) -> bool:
        """Whether the page of the matter offers the action called `label`."""
        matter.refresh_from_db()
        page = self._as(account).get(reverse("matter", args=[matter.number])).content.decode()
        return f'href="{_address(label, matter)}' in page

    def finds_on_desk(self, account: str, matter: Matter) -> bool:
        return matter.title in unescape(self._as(account).get(reverse("desk")).content.decode())

    def _as(self, account: str) -> Client:
        assert f"`{account}`" in self.path.read_text(encoding="utf-8"), f"the tutorial names no account “{account}”"
        return client_of(account)

    def _says(self, label: str) -> None:
        assert f"**{label}**" in self.path.read_text(encoding="utf-8"), f"the tutorial does not say “{label}”"

    def _offered(self, account: str, label: str, matter: Matter) -> str:
        self._says(label)
        assert self.sees(account, label, matter), f"{account} is not offered “{label}”"
        return _address(label, matter)

    def _send(self, account: str, label: str, matter: Matter, files: int, values: Mapping[str, object]) -> HttpResponse:
        address = self._offered(account, label, matter)
        client = self._as(account)
        typed = {key: value for key, value in values.items() if key != "unit"}
        query = {"for": str(values["unit"])} if "unit" in values else {}
        asked = {**_named(client.get(address, query).content.decode(), typed), **query, "version": str(matter.version)}
        return client.post(address, {**asked, "evidence": _proofs(label, matter, files)})


def _address(label: str, matter: Matter) -> str:
    actions = current()[matter.mechanism].actions.values()
    return reverse("act", args=[matter.number, next(each.key for each in actions if each.label.zh == label)])


def _registered(
    client: Client, address: str, values: Mapping[str, object], matter: Matter | None, files: int = 0
) -> Matter:
    before = set(Matter.objects.values_list("pk", flat=True))
    asked = _named(client.get(address).content.decode(), values)
    if matter is not None:
        asked |= {"version": str(matter.version), "evidence": _proofs(address, matter, files)}
    answer = client.post(address, asked)
    assert answer.status_code == 302, _FAULT.findall(unescape(answer.content.decode()))
    return Matter.objects.exclude(pk__in=before).get()


def _proofs(words: str, matter: Matter, files: int) -> list[SimpleUploadedFile]:
    of_its_own = f"{words} {matter.number} {matter.version}"
    return [SimpleUploadedFile(f"佐证{number}.txt", f"{of_its_own} {number}".encode()) for number in range(files)]


def _named(form: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return `values` under the names that the form has for them."""
    names = {key: name for name, key in _NAME.findall(form)}
    assert not set(values) - set(names), f"the form has no {set(values) - set(names)}"
    return {names[key]: value for key, value in values.items()}
