"""Transactional tests leave nothing behind, although the product's triggers refuse to delete."""

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

REFUSALS = {
    "sqlite": [
        "CREATE TRIGGER kept BEFORE DELETE ON django_session BEGIN SELECT RAISE(ABORT, 'kept'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''kept''; END'",
        "CREATE TRIGGER kept BEFORE DELETE ON django_session EXECUTE FUNCTION refuse()",
        "CREATE TRIGGER kept_whole BEFORE TRUNCATE ON django_session EXECUTE FUNCTION refuse()",
    ],
}
REMOVAL = {"sqlite": "DROP TRIGGER kept", "postgresql": "DROP FUNCTION refuse CASCADE"}


@pytest.fixture
def kept_sessions(transactional_db: None):
    with connection.cursor() as cursor:
        for statement in REFUSALS[connection.vendor]:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        cursor.execute(REMOVAL[connection.vendor])


def test_the_flush_steps_over_a_trigger_that_still_holds_afterwards(kept_sessions: None) -> None:
    Session.objects.create(session_key="one", expire_date=timezone.now())
    with pytest.raises(DatabaseError):
        Session.objects.all().delete()
    call_command("flush", interactive=False, verbosity=0)
    assert not Session.objects.exists()
    Session.objects.create(session_key="two", expire_date=timezone.now())
    with pytest.raises(DatabaseError):
        Session.objects.all().delete()
