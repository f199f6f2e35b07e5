"""Indexes that hold all columns of a list, and a matter's place in the index of texts."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

LISTED = (
    *("ended", "due", "mechanism", "stage", "klass", "assertion", "recognition", "responsible", "supervising"),
    *("stage_due", "registered_on", "finding_no", "amount", "asking", "returned", "text_place"),
)


def listing(*first: str) -> migrations.AddIndex:
    fields = [*first, *(each for each in LISTED if each not in first)]
    return migrations.AddIndex("matter", models.Index(fields=fields, name=f"listing_{first[0]}"))


def note_places(apps: Any, editor: Any) -> None:
    editor.execute(
        "UPDATE ledger_matter SET text_place = (SELECT place FROM ledger_searchtext WHERE matter_id = ledger_matter.id)"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0003_search")]
    operations: ClassVar = [
        migrations.AddField("matter", "text_place", models.BigIntegerField(null=True)),
        migrations.RunPython(note_places, migrations.RunPython.noop),
        *(
            migrations.RemoveIndex("matter", name)
            for name in ("matter_due", "matter_unit_due", "matter_open_due", "matter_stage_due", "matter_finding_no")
        ),
        migrations.AlterField(
            "matter",
            "supervising",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.unit",
            ),
        ),
        listing("due", "id"),
        listing("ended", "due", "id", "mechanism_hash"),
        listing("registered_on", "id"),
        migrations.AddIndex("matter", models.Index(fields=["responsible", "id"], name="matter_responsible")),
        migrations.AddIndex("matter", models.Index(fields=["supervising", "id"], name="matter_supervising")),
        migrations.AddIndex("matter", models.Index(fields=["finding_no", "id"], name="matter_finding")),
    ]
