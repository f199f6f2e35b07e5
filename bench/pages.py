"""How long each page takes at the server: p95 by page and person, on the demonstration and on 100,000 matters.

Every named address must be measured or be in `NOT_MEASURED` with the reason; a page above 200 ms fails the run.
Usage: pages.py [MATTERS]. BIHUAN_BENCH names a folder in which the two ledgers are kept for the next run. With
BIHUAN_DATABASE_URL, which must be a database without tables or one of an earlier run, the large one alone in that
PostgreSQL.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import big_ledger
from pages_asked import NOT_MEASURED, PEOPLE, Asked, Ledger, pages

MATTERS = 100_000
LIMIT = 0.2
WARM, ROUNDS, ATTEMPTS = 2, 20, 3
CHILD = "--measure"


def main() -> None:
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    server = os.environ.get("BIHUAN_DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.environ.get("BIHUAN_BENCH", name))
        failed = [_run("demonstration", folder / "demonstration")] if not server else []
        failed.append(_run(str(matters), folder / f"big-{matters}{'-postgresql' if server else ''}", server))
    sys.exit(any(failed))


def _run(what: str, data: Path, server: str = "") -> int:
    """Measure one ledger in a process of its own, since Django's settings are read once."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
    environment |= {"BIHUAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"}
    if server:
        environment["BIHUAN_DATABASE_URL"] = server
    return subprocess.run([sys.executable, __file__, CHILD, what], env=environment, check=False).returncode


def measure(what: str) -> int:
    """Print the table of one ledger; return 1 if a page is too slow or left out."""
    big_ledger.prepare(Path(os.environ["BIHUAN_DATA"]))
    _fill(what)
    from bihuan.web.cli.serve import settle

    ledger = Ledger.of(demonstration=what == "demonstration")
    settle()
    print(f"\n{ledger.matters:,} matters ({what}); p95 of {ROUNDS} at the server, in ms; ! is above {LIMIT * 1000:.0f}")
    print(f"{'':44}" + "".join(f"{role:>16}" for role in PEOPLE))
    slow, named = [], set(NOT_MEASURED)
    for asked in pages(ledger):
        named.add(asked.name)
        line = [_measured(ledger, asked, role) for role in PEOPLE]
        print(f"{asked.name + ' ' + asked.note:44}" + "".join(f"{_shown(*each):>16}" for each in line), flush=True)
        slow += [f"{asked.name} {asked.note}" for each in line if each[0] > LIMIT]
    left_out = sorted(set(ledger.names) - named)
    for name in left_out:
        print(f"{name}: neither measured nor in NOT_MEASURED")
    for page in dict.fromkeys(slow):
        print(f"too slow: {page}")
    return int(bool(slow or left_out))


def _fill(what: str) -> None:
    from django.utils import timezone

    from bihuan.ledger.models import Matter

    if not Matter.objects.exists():
        if what == "demonstration":
            from bihuan.demo import build

            build(now=timezone.now())
        else:
            big_ledger.load(int(what))
    big_ledger.index()


def _measured(ledger: Ledger, asked: Asked, role: str) -> tuple[float, int]:
    """Return the p95 in seconds and the status. What is too slow is asked again: the machine may be busy elsewhere."""
    address = asked.address(ledger, role)
    if address is None:
        return 0.0, 0
    best = 9.0
    for _ in range(ATTEMPTS):
        seconds, status = _p95(ledger.clients[role], address, asked.headers)
        best = min(best, seconds)
        if best <= LIMIT:
            break
    if status >= 500 or status == 404:
        sys.exit(f"{address} answers {status} to {role}")
    return best, status


def _p95(client: Any, address: str, headers: Mapping[str, str]) -> tuple[float, int]:
    """Return the seconds that 19 of 20 requests stay below, and the status of the last."""
    taken = []
    for turn in range(WARM + ROUNDS):
        began = time.perf_counter()
        response = client.get(address, headers=headers)
        for _ in response.streaming_content if response.streaming else response.content[:0]:
            pass
        if turn >= WARM:
            taken.append(time.perf_counter() - began)
    return statistics.quantiles(taken, n=20)[-1], response.status_code


def _shown(seconds: float, status: int) -> str:
    if not status:
        return "–"
    return f"{'! ' if seconds > LIMIT else ''}{seconds * 1000:.0f}" + ("" if status == 200 else f" ({status})")


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        sys.exit(measure(sys.argv[2]))
    main()
