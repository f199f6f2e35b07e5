"""What was done to units, accounts and posts is never changed and never removed; the databases hold that themselves."""

from typing import Any, ClassVar

from django.db import migrations

_SQLITE = (
    "CREATE TRIGGER alteration_no_update BEFORE UPDATE ON directory_alteration"
    " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
    "CREATE TRIGGER alteration_no_delete BEFORE DELETE ON directory_alteration"
    " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
    "CREATE TRIGGER alteration_no_replace BEFORE INSERT ON directory_alteration"
    " WHEN EXISTS (SELECT 1 FROM directory_alteration WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'alterations are append-only'); END",
)
_POSTGRESQL = (
    """
CREATE FUNCTION directory_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% of % is not allowed: alterations are append-only', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER alteration_keep BEFORE UPDATE OR DELETE ON directory_alteration
FOR EACH ROW EXECUTE FUNCTION directory_refuse();
CREATE TRIGGER alteration_keep_all BEFORE TRUNCATE ON directory_alteration
FOR EACH STATEMENT EXECUTE FUNCTION directory_refuse();
""",
)


def add_triggers(apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("directory", "0002_dated_organisation")]
    operations: ClassVar = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
