"""Which pages the bench of pages asks for, by whom, and which it leaves out and why."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

#: Whose desk it is: how they are called in the demonstration, and in the big ledger.
PEOPLE: Mapping[str, tuple[str, str]] = {
    "clerk": ("clerk", "clerk"),
    "liaison": ("zhuoluoshi", "liaison-office-0407"),
    "leader": ("fangtongchou", "leader"),
    "keeper": ("guanxitong", "keeper"),
    "security": ("anshoumi", "security"),
}

NOT_MEASURED: Mapping[str, str] = {
    "sign_out": "only ends the session",
    "set_language": "only sets a cookie",
    "sign_in": "sends whoever is signed in to the desk; its own cost is the password's, on purpose",
    "file_part": "takes a piece of a file; nothing is shown",
    "ledger_columns": "takes a choice of columns; nothing is shown",
    "people_act": "takes what was ticked among the people; nothing is shown",
    "files": "takes a file; nothing is shown",
    "intake_columns": "takes what columns mean, and sends back to the intake",
    "intake_commit": "carries the import out; see bench/import.py",
    "intake_abandon": "carries it out; nothing is shown",
    "intake_withdraw": "carries it out; nothing is shown",
    "confirmation": "one request, with a form; needs another administrator's request",
    "erase_values": "one entry of the record, with a form",
    "text": "reads one text anew, whatever the ledger holds; its cost is the text's",
    "text_register": "reads one text anew, and shows the form for registering that is measured",
    "text_put_away": "carries it out; nothing is shown",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A page under its name, with what its address needs: made for the person who asks; None where they have none."""

    name: str
    note: str = ""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    arguments: Callable[["Ledger", str], list[Any] | None] = lambda ledger, role: []

    def address(self, ledger: "Ledger", role: str) -> str | None:
        from django.urls import reverse

        arguments = self.arguments(ledger, role)
        texts = ledger.texts(role)
        if arguments is None or any(f"{{{key}}}" in self.query and not text for key, text in texts.items()):
            return None
        return reverse(self.name, args=arguments) + (f"?{self.query.format(**texts)}" if self.query else "")


@dataclass
class Ledger:
    """The ledger that is measured: who asks, and what there is for them to ask for."""

    matters: int
    names: list[str]
    clients: dict[str, Any]
    viewers: dict[str, Any]
    unit: str
    demonstration: bool
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, *, demonstration: bool) -> "Ledger":
        from django.test import Client
        from django.urls import get_resolver

        from bihuan.directory.models import Account, Register
        from bihuan.directory.viewer import Viewer
        from bihuan.ledger.days import today
        from bihuan.ledger.models import Matter

        clients, viewers = {}, {}
        for role, accounts in PEOPLE.items():
            account = Account.objects.get(account=accounts[0 if demonstration else 1])
            clients[role] = Client(headers={"host": "localhost", "accept-language": "zh-hans"})
            clients[role].force_login(account)
            viewers[role] = Viewer.of(account, today())
        Register.objects.get_or_create(key="bench", defaults={"name_zh": "试验名录", "name_en": "Bench"})
        unit = viewers["liaison"].posts[0].unit.key
        names = sorted({pattern.name for pattern in get_resolver().url_patterns})
        return cls(Matter.objects.count(), names, clients, viewers, unit, demonstration)

    def listed(self, role: str, **wanted: Any) -> list[Any]:
        from bihuan.directory.calendars import load_calendar
        from bihuan.ledger.days import today
        from bihuan.ledger.listing import Filter, page, select

        return list(page(select(self.viewers[role], Filter(**wanted), today(), load_calendar())).rows)

    def texts(self, role: str) -> dict[str, str]:
        """What queries are made with: fifty matters, and a place deep in the list."""
        if role not in self._texts:
            rows = self.listed(role)
            chosen = "&".join(f"m={row.number}" for row in rows)
            urgent = "&".join(f"m={row.number}" for row in self.listed(role, state="open", stage="rectifying"))
            self._texts[role] = {
                "fifty": chosen,
                "open": urgent,
                "number": rows[-1].number if rows else "",
                "unit": self.unit,
                "deep": self._deep(role),
            }
        return self._texts[role]

    def _deep(self, role: str) -> str:
        from bihuan.ledger.listing import _key
        from bihuan.ledger.models import Matter

        place = Matter.objects.filter(due__isnull=False).order_by("due", "pk")[self.matters * 6 // 10]
        return _key(place.pk, place.due, sort="due")

    def intake(self, role: str) -> Any:
        """An import that waits to be looked at, made by the role's own post; None for who may not import."""
        from django.urls import reverse

        from bihuan.intake.models import Intake

        account = self.viewers[role].account
        if role != "clerk":
            return None
        found = Intake.objects.filter(post__account=account, name="bench.xlsx").first()
        if found is None:
            file = io.BytesIO(_workbook(self.viewers["liaison"].posts[0].unit.name))
            file.name = "bench.xlsx"
            self.clients[role].post(reverse("import_start"), {"mechanism": "audit_rectification", "file": file})
            found = Intake.objects.get(post__account=account, name="bench.xlsx")
        return found

    def answer(self, role: str) -> Any:
        """A unit's workbook that came back with a word in every row; None for who may not send them out."""
        from django.urls import reverse

        from bihuan.workbooks.models import Answer

        if role != "clerk":
            return None
        if not Answer.objects.exists():
            unit = self.viewers["liaison"].posts[0].unit
            asked = {"mechanism": "audit_rectification", "return_by": date.today() + timedelta(days=9), "unit": unit.pk}
            sent = self.clients[role].post(reverse("split"), asked)
            file = io.BytesIO(_answered(b"".join(sent.streaming_content)))
            file.name = "回.xlsx"
            self.clients[role].post(reverse("answers"), {"files": [file]})
        return Answer.objects.get()


def _answered(archive: bytes) -> bytes:
    """Return the first workbook of `archive` with its column of progress filled in."""
    from zipfile import ZipFile

    from openpyxl import load_workbook

    with ZipFile(io.BytesIO(archive)) as packed:
        book = load_workbook(io.BytesIO(packed.read(packed.namelist()[0])))
    sheet = book["台账"]
    (head,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "整改进展"]
    for row in range(head.row + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            sheet.cell(row, head.column).value = f"第{row}行已完成主体工作"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _workbook(unit: str) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("整改台账")
        sheet.write_row(0, 0, ["问题编号", "审计项目", "问题摘要", "具体描述", "责任单位", "整改时限", "整改状态"])
        for number in range(800):
            day = (date.today() + timedelta(days=number)).isoformat()
            named = unit if number % 10 else f"不存在的单位{number}"
            row = [
                f"B{number:05d}",
                "试验审计项目",
                f"第{number}项问题",
                "经查，未按规定办理。" * 8,
                named,
                day,
                "整改中",
            ]
            sheet.write_row(number + 1, 0, row)
    return file.getvalue()


def _matter(ledger: Ledger, role: str) -> list[Any] | None:
    rows = ledger.listed(role, state="open", stage="rectifying") or ledger.listed(role)
    return [rows[-1].number] if rows else None


def _closed(ledger: Ledger, role: str) -> list[Any] | None:
    rows = ledger.listed(role, state="closed")
    return [rows[0].number] if rows else None


def _act(action: str) -> Callable[[Ledger, str], list[Any] | None]:
    def arguments(ledger: Ledger, role: str) -> list[Any] | None:
        found = _matter(ledger, role)
        return [*found, action] if found else None

    return arguments


def _evidence(ledger: Ledger, role: str) -> list[Any] | None:
    from bihuan.ledger.models import Evidence
    from bihuan.ledger.store import path_of
    from bihuan.ledger.visible import visible_to

    seen = Evidence.objects.filter(matter__in=_seen(visible_to(ledger.viewers[role]))).select_related("matter")
    there = (each for each in seen.order_by("matter")[:500] if path_of(each.matter_id, each.sha256).exists())
    return next(([each.matter.number, each.sha256] for each in there), None)


def _seen(condition: Any) -> Any:
    from bihuan.ledger.models import Matter

    return Matter.objects.filter(condition)


def _unit(ledger: Ledger, role: str) -> list[Any]:
    return [ledger.unit]


def _person(ledger: Ledger, role: str) -> list[Any]:
    return [ledger.viewers["liaison"].account.account]


def _post(ledger: Ledger, role: str) -> list[Any]:
    return [ledger.viewers["liaison"].posts[0].key]


def _of_intake(ledger: Ledger, role: str) -> list[Any] | None:
    found = ledger.intake(role)
    return [found.pk] if found else None


def _row(ledger: Ledger, role: str) -> list[Any] | None:
    from bihuan.intake.models import IntakeRow

    found = ledger.intake(role)
    return [IntakeRow.objects.filter(intake=found).order_by("pk")[5].pk] if found else None


def _answer(ledger: Ledger, role: str) -> list[Any] | None:
    found = ledger.answer(role)
    return [found.pk] if found else None


def _always(*given: Any) -> Callable[[Ledger, str], list[Any]]:
    return lambda ledger, role: list(given)


_LEDGERS = {
    "open": "state=open",
    "closed": "state=closed",
    "deep page": "after={deep}",
    "unit": "unit={unit}",
    "stage": "stage=rectifying",
    "overdue": "overdue=1",
    "waits for me": "mine=1",
    "due soon": "within=10",
    "class": "class=continuous",
    "newest first": "sort=-registered",
    "by unit": "sort=unit",
    "by amount": "sort=-amount",
    "by number": "sort=finding_no",
    "by stage": "sort=stage",
    "latest due": "sort=-due",
    "grouped": "group=unit",
    "with a side panel": "open={number}",
    "search, common": "q=挪用",
    "search, long": "q=专项资金审计",
    "search, number": "q=137号",
    "search, two words": "q=项目 资金",
    "search, unit": "q=第04区",
    "search, one character": "q=资",
    "search, open": "q=资金&state=open&sort=-registered",
    "search, nothing": "q=量子纠缠",
}

_WITH_ARGUMENTS = (
    Asked("register_matter", arguments=_always("audit_rectification")),
    Asked("matter", "open", arguments=_matter),
    Asked("matter", "closed", arguments=_closed),
    *(Asked("act", key, arguments=_act(key)) for key in ("report_progress", "claim_done", "log_communication")),
    Asked("withdraw_matter", arguments=_matter),
    Asked("link", arguments=_matter),
    Asked("evidence", arguments=_evidence),
    Asked("side", headers={"HX-Request": "true"}, arguments=_matter),
    Asked("print_matter", arguments=_matter),
    Asked("import_row", arguments=_row),
    Asked("intake", arguments=_of_intake),
    *(
        Asked(name, kind, arguments=_always(kind))
        for name in ("bring", "template_workbook")
        for kind in ("units", "people")
    ),
    *(Asked(name, arguments=_unit) for name in ("unit", "rename_unit", "move_unit", "merge_unit", "end_unit")),
    *(Asked(name, arguments=_person) for name in ("person", "give_post")),
    *(Asked(name, arguments=_post) for name in ("hand_over_post", "change_post", "end_post")),
    Asked("answer", arguments=_answer),
    Asked("mechanism", arguments=_always("audit_rectification")),
    Asked("register_entries", arguments=_always("bench")),
)

#: Pages about matters that were chosen: fifty of them, a page of the Ledger.
_CHOSEN = ("bulk_act", "urge", "print_list", "print_slips", "export")


def pages(ledger: Ledger) -> Iterator[Asked]:
    """Yield every page to measure: what needs no argument by its name alone, the rest from the tables above."""
    from django.urls import get_resolver

    for pattern in get_resolver().url_patterns:
        if pattern.name in _CHOSEN:
            yield Asked(pattern.name, "fifty matters", "{open}" if pattern.name == "urge" else "{fifty}")
        elif not pattern.pattern.converters and pattern.name not in NOT_MEASURED:
            yield Asked(pattern.name)
    yield from (Asked("ledger", note, query) for note, query in _LEDGERS.items())
    yield from _WITH_ARGUMENTS
