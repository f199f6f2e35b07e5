"""What the tests of the import pages share: sending a file, committing by steps, reading what a page says."""

import csv
import re
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from bihuan.directory.models import Unit
from bihuan.intake.models import Intake
from city import SINCE

LEDGERS = Path(__file__).parent / "intake" / "ledgers"
REFUSED = re.compile(r"data-refused><p>(.*?)</p>", re.DOTALL)
COUNT = re.compile(r'data-count="(\w+)".*?count-number">(\d+)<', re.DOTALL)


def load_units(path: Path) -> None:
    """Make the units of a ledger's own city beside those of the cast."""
    made: dict[str, Unit] = {}
    lines = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    for line in sorted(lines, key=lambda line: int(line["level"])):
        names = [name for name in line["short_names"].split("|") if name]
        made[line["name"]] = Unit.objects.create(
            key=f"own-{len(made)}",
            name=line["name"],
            short_names=names,
            level=int(line["level"]),
            parent=made.get(line["parent"]),
            since=SINCE,
        )


def send(client: Client, path: Path, **more: Any) -> Any:
    """Send the file as the form without scripts does."""
    with path.open("rb") as file:
        return client.post(reverse("import_start"), {"mechanism": "audit_rectification", "file": file, **more})


def opened(client: Client, path: Path, **more: Any) -> Intake:
    """Send the file and return the intake that its page shows."""
    answer = send(client, path, **more)
    assert answer.status_code == 302, refusal(answer)
    return Intake.objects.get(pk=answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1])


def committed(client: Client, path: Path) -> Intake:
    intake = opened(client, path)
    client.post(reverse("intake_commit", args=[intake.pk]))
    intake.refresh_from_db()
    assert intake.stage == "committed"
    return intake


def refusal(answer: Any) -> str:
    """Return the sentence with which the page refuses."""
    found = REFUSED.search(answer.content.decode())
    return found[1] if found else ""


def counts(client: Client, intake: Intake) -> dict[str, int]:
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    return {key: int(number) for key, number in COUNT.findall(page)}
