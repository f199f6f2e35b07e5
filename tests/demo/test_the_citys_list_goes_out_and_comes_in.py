"""The whole city is exported and looked at again: nothing of it would change."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.intake.bringing import import_ledger
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.workbooks.export import export


@pytest.mark.django_db
def test_every_finding_is_unchanged(sample_city: datetime, tmp_path: Path, settings: Any) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    today = local_day(sample_city)
    path = tmp_path / "out.xlsx"
    rows = export(Matter.objects.all(), path, organisation=Organisation.on(today), today=today)
    assert rows == Matter.objects.count() > 40
    post = Post.objects.get(key="clerk")
    given = {"post": post, "account": post.account.account, "now": sample_city, "mechanism": "audit_rectification"}
    told = import_ledger(path, name=path.name, dry_run=True, **given)
    findings = Matter.objects.filter(mechanism="audit_rectification").count()
    assert (told.summary["unchanged"], told.summary["waiting"], told.summary["differing"]) == (findings, 0, 0)
