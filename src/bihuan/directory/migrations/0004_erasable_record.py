"""Names and free text leave the rows of the directory's history for a table of their own, where they can be erased.

The rows that are there already are rewritten once, here, with the triggers lifted: what they said stays readable, by
the commitments that stand in its place it stays proven, and from now on nothing but erasing can happen to it.
"""

import hashlib
import os
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

_STEP = 500
_PERSONAL = {
    "account_added": ("account", "name"),
    "account_renamed": ("old", "new"),
    "post_handed_over": ("old", "new"),
}

_LIFT = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS alteration_no_update",
        "DROP TRIGGER IF EXISTS alteration_no_delete",
        "DROP TRIGGER IF EXISTS alteration_no_replace",
    ),
    "postgresql": ("ALTER TABLE directory_alteration DISABLE TRIGGER alteration_keep",),
}
_GUARD = {
    "sqlite": (
        "CREATE TRIGGER alteration_no_update BEFORE UPDATE ON directory_alteration"
        " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
        "CREATE TRIGGER alteration_no_delete BEFORE DELETE ON directory_alteration"
        " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
        "CREATE TRIGGER alteration_no_replace BEFORE INSERT ON directory_alteration"
        " WHEN EXISTS (SELECT 1 FROM directory_alteration WHERE id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
        "CREATE TRIGGER alteration_value_no_update BEFORE UPDATE ON directory_alterationvalue"
        " BEGIN SELECT RAISE(ABORT, 'values of alterations can only be erased'); END",
        "CREATE TRIGGER alteration_value_no_replace BEFORE INSERT ON directory_alterationvalue"
        " WHEN EXISTS (SELECT 1 FROM directory_alterationvalue"
        " WHERE alteration_id = NEW.alteration_id AND slot = NEW.slot)"
        " BEGIN SELECT RAISE(ABORT, 'values of alterations can only be erased'); END",
    ),
    "postgresql": (
        "ALTER TABLE directory_alteration ENABLE TRIGGER alteration_keep",
        "CREATE TRIGGER alteration_value_keep BEFORE UPDATE ON directory_alterationvalue"
        " FOR EACH ROW EXECUTE FUNCTION directory_refuse()",
        "CREATE TRIGGER alteration_value_keep_all BEFORE TRUNCATE ON directory_alterationvalue"
        " FOR EACH STATEMENT EXECUTE FUNCTION directory_refuse()",
    ),
}


def _run(editor: Any, statements: tuple[str, ...]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift(apps: Any, editor: Any) -> None:
    _run(editor, _LIFT[editor.connection.vendor])


def guard(apps: Any, editor: Any) -> None:
    _run(editor, _GUARD[editor.connection.vendor])


def take_out(apps: Any, editor: Any) -> None:
    """Put a commitment in the place of each name and reason, and the value into the new table."""
    alteration, value = (apps.get_model("directory", name) for name in ("Alteration", "AlterationValue"))
    last = 0
    while page := list(alteration.objects.filter(pk__gt=last).order_by("pk")[:_STEP]):
        last = page[-1].pk
        kept = [value(alteration_id=row.pk, **each) for row in page for each in _taken_out(row)]
        alteration.objects.bulk_update(page, ["body"])
        value.objects.bulk_create(kept)


def _taken_out(row: Any) -> list[dict[str, str]]:
    if row.reason:
        row.body["reason"] = row.reason
    kept = []
    for slot in (*_PERSONAL.get(row.kind, ()), "reason"):
        if text := row.body.get(slot):
            salt = os.urandom(16).hex()
            kept.append({"slot": slot, "salt": salt, "value": str(text)})
            row.body[slot] = {"~": hashlib.sha256(f"{salt}\n{slot}\n{text}".encode()).hexdigest()}
    return kept


class Migration(migrations.Migration):
    dependencies: ClassVar = [("directory", "0003_append_only")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AlterationValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "alteration_id", "slot", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slot", models.CharField(max_length=40)),
                ("salt", models.CharField(max_length=32)),
                ("value", models.TextField()),
                (
                    "alteration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values_kept",
                        to="directory.alteration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("body", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.post"
                    ),
                ),
            ],
        ),
        migrations.RunPython(lift, migrations.RunPython.noop),
        migrations.RunPython(take_out, migrations.RunPython.noop),
        migrations.RemoveField(model_name="alteration", name="reason"),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
