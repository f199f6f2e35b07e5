"""Money by budget year, the register entries that matters name, and how many parts a matter ever had."""

import json
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def count_parts(apps: Any, schema_editor: Any) -> None:
    matter = apps.get_model("ledger", "Matter")
    parts = matter.objects.exclude(parent=None).values_list("parent").annotate(count=models.Count("pk"))
    for parent, count in parts.iterator():
        row = matter.objects.get(pk=parent)
        state = json.loads(row.state) | {"children": count}
        text = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        matter.objects.filter(pk=parent).update(state=text)


def nothing(apps: Any, schema_editor: Any) -> None:
    """A state that says how many parts there were is read by the code before as well as after."""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_rounds_used_up")]

    operations = [
        migrations.AlterField("claim", "space", models.CharField(max_length=100)),
        migrations.CreateModel(
            name="Spending",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "matter_id", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.CharField(max_length=20)),
                ("year", models.IntegerField()),
                ("source", models.CharField(max_length=80)),
                ("amount", models.BigIntegerField()),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spending",
                        to="ledger.matter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["year", "source", "matter", "amount"], name="spending_year")],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "matter_id", "field", "entry", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=80)),
                ("register", models.CharField(max_length=80)),
                ("entry", models.CharField(max_length=100)),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="ledger.matter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["register", "entry", "matter"], name="mention_entry")],
            },
        ),
        migrations.RunPython(count_parts, nothing),
    ]
