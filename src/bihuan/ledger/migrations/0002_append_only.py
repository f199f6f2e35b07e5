"""Events are never changed and never removed; the databases hold that themselves, whoever is asking."""

from typing import Any, ClassVar

from django.db import migrations

_SQLITE = """
CREATE TRIGGER event_no_update BEFORE UPDATE ON ledger_event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON ledger_event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_no_replace BEFORE INSERT ON ledger_event
WHEN EXISTS (SELECT 1 FROM ledger_event WHERE matter_id = NEW.matter_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER disclosed_no_update BEFORE UPDATE ON ledger_disclosed
BEGIN SELECT RAISE(ABORT, 'disclosed values can only be erased'); END;
CREATE TRIGGER mechanism_no_update BEFORE UPDATE ON ledger_mechanismtext
BEGIN SELECT RAISE(ABORT, 'mechanism texts are kept as they are'); END;
CREATE TRIGGER mechanism_no_replace BEFORE INSERT ON ledger_mechanismtext
WHEN EXISTS (SELECT 1 FROM ledger_mechanismtext WHERE text_hash = NEW.text_hash)
BEGIN SELECT RAISE(ABORT, 'mechanism texts are kept as they are'); END;
CREATE TRIGGER mechanism_no_delete BEFORE DELETE ON ledger_mechanismtext
BEGIN SELECT RAISE(ABORT, 'mechanism texts are kept for ever'); END;
"""

_POSTGRESQL = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% of % is not allowed: the ledger is append-only', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER event_keep BEFORE UPDATE OR DELETE ON ledger_event
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER event_keep_all BEFORE TRUNCATE ON ledger_event
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER disclosed_keep_all BEFORE TRUNCATE ON ledger_disclosed
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER mechanism_keep_all BEFORE TRUNCATE ON ledger_mechanismtext
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER disclosed_keep BEFORE UPDATE ON ledger_disclosed
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER mechanism_keep BEFORE UPDATE OR DELETE ON ledger_mechanismtext
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
"""


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [part + "END;" for part in _SQLITE.split("END;") if part.strip()]
    return [_POSTGRESQL]


def add_triggers(apps: Any, editor: Any) -> None:
    for statement in _statements(editor.connection.vendor):
        with editor.connection.cursor() as cursor:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
