"""Noting that a unit was urged (催办) about a matter: who urged it, when, in which words."""

import uuid
from datetime import datetime

from django.db import transaction

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.urge import urge

from .author import check_author
from .days import local_day
from .facts import standing
from .loading import load
from .models import Claim, Matter
from .refused import recorded
from .writing import Author, Writing


def note_urged(
    matter: uuid.UUID, *, unit: str, text: str, once: str, post: Post, account: str, now: datetime
) -> Matter:
    """Write down that `unit` (its key) was urged about `matter` in the words of `text`; return the matter after it.

    `once` names the message that was sent: noted a second time it is refused (`noted_already`). No version is asked
    for: a message that went out went out, whatever has become of the matter since. Raises `Refusal`.
    """
    with recorded(post, account, matter, "urge", now), transaction.atomic():
        check_author(post, account, now)
        day = local_day(now)
        organisation = Organisation.on(day)
        loaded = load(matter, post, day, organisation)
        row, mechanism, state = loaded.row, loaded.mechanism, loaded.state
        if not Claim.objects.get_or_create(space="urged", key=f"{matter}:{once}", defaults={"matter": row})[1]:
            raise Refusal("noted_already", N_("This message is noted on the matter already."))
        facts = standing(post, mechanism, state, organisation, today=day, calendar=load_calendar())
        writing = Writing(Author(account, post.key), day, now, now, organisation)
        writing.go_on(mechanism, row, state, urge(mechanism, state, facts, unit=unit, text=text))
        writing.flush()
        return row
