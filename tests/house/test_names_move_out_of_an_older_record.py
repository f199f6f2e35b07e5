"""A record of changes that an earlier version wrote in plain text reads the same afterwards, and can be erased from."""

import json
import subprocess
import sys

from installation import Installation

_BACK = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "directory", "0003", verbosity=0)
rows = [
    ("account_added", '{"account": "ouyang", "name": "欧阳某某"}', ""),
    ("unit_added_on_top", '{"name": "甲市审计局"}', "三定方案"),
    ("post_handed_over", '{"old": "欧阳某某", "new": "司马某某", "title": "联络员", "place": "甲市局"}', "欧阳离职"),
    ("password_given", '{}', ""),
]
with connection.cursor() as cursor:
    for kind, body, reason in rows:
        cursor.execute(
            "INSERT INTO directory_alteration (at, account, post, kind, since, body, reason)"
            " VALUES ('2026-06-01 08:00:00+00:00', 'clerk', 'clerk', %s, '2026-06-01', %s, %s)", [kind, body, reason],
        )
"""
_NOW = """
import django, json
django.setup()
from bihuan.directory.alterations import tell
from bihuan.directory.disclosed import broken
from bihuan.directory.models import Alteration
from bihuan.web.doctor.store import triggers
rows = list(Alteration.objects.filter(account="clerk").order_by("id"))
print(json.dumps({
    "told": [[str(each.sentence), str(each.reason), sorted(each.erasable)] for each in tell(rows)],
    "bodies": json.dumps([row.body for row in rows], ensure_ascii=False),
    "broken": len(list(broken())),
    "triggers": triggers().level,
}))
"""


def _python(installation: Installation, script: str) -> str:
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_names_and_reasons_move_out_of_the_rows_and_stay_readable(installed: Installation) -> None:
    _python(installed, _BACK)
    refused = installed.run("list")
    assert refused.returncode == 2
    upgraded = installed.run("upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    now = json.loads(_python(installed, _NOW))
    assert now["told"] == [
        ["The account ouyang was made for 欧阳某某.", "", ["account", "name"]],
        ["The unit “甲市审计局” was added.", "三定方案", ["reason"]],
        ["The post 联络员 at 甲市局 goes from 欧阳某某 to 司马某某.", "欧阳离职", ["new", "old", "reason"]],
        ["A new initial password was given.", "", []],
    ]
    assert not any(word in now["bodies"] for word in ("ouyang", "欧阳", "司马", "三定"))
    assert (now["broken"], now["triggers"]) == (0, "ok")
