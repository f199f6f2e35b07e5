"""The index of texts, with every matter that is there put into its queue."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


def enqueue_all(apps: Any, editor: Any) -> None:
    editor.execute("INSERT INTO ledger_searchpending (matter) SELECT id FROM ledger_matter ORDER BY id")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0002_append_only")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SearchPending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="searched", to="ledger.matter"
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchPosting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "block", "gram", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("block", models.IntegerField()),
                ("gram", models.CharField(max_length=2)),
                ("bits", models.BinaryField()),
            ],
        ),
        migrations.RunPython(enqueue_all, migrations.RunPython.noop),
    ]
