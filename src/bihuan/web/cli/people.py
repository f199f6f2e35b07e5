"""`bihuan people`: posts in and out, and passwords."""

from pathlib import Path

from django.utils import timezone

from bihuan.directory.accounts import give_passwords
from bihuan.directory.alterations import Author
from bihuan.directory.models import Account
from bihuan.directory.people import HOUSEKEEPING_LABELS
from bihuan.directory.people_writing import import_people
from bihuan.directory.tables import BadFile, read_tables
from bihuan.ledger.days import today
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.packs import current
from bihuan.web.role_names import role_words

from .failure import Failure
from .output import table, write, write_json
from .units import refuse, told
from .words import _, say, translate


def run(*, file: Path | None = None, password: str = "", as_json: bool = False) -> int:
    if password:
        return _password(password)
    if file is None:
        return _list(as_json)
    try:
        written = import_people(
            read_tables(file), roles=role_words(), today=today(), author=Author.operator(timezone.now())
        )
    except BadFile as bad:
        return refuse(bad, file)
    return told(written, as_json)


def role_label(key: str) -> str:
    for mechanism in current().values():
        if key in mechanism.roles:
            return say(mechanism.roles[key].label)
    return translate(HOUSEKEEPING_LABELS.get(key, key))


def _list(as_json: bool) -> int:
    posts = current_posts(today())
    if as_json:
        write_json({"posts": [
            {
                "key": post.key, "account": post.account.account, "name": post.account.name,
                "unit": post.unit.key if post.unit else None, "unit_name": post.unit.name if post.unit else None,
                "title": post.title, "roles": post.roles, "since": post.since, "until": post.until,
            }
            for post in posts
        ]})  # fmt: skip
        return 0
    rows = (
        [
            post.key,
            post.account.name,
            post.unit.name if post.unit else _("whole ledger"),
            "、".join(map(role_label, post.roles)),
            post.title,
        ]
        for post in posts
    )
    table([_("Key"), _("Name"), _("Unit"), _("Roles"), _("Post")], [24, 12, 32, 24, 40], rows)
    return 0


def _password(name: str) -> int:
    account = Account.objects.filter(account=name).first()
    if account is None:
        raise Failure(
            _("There is no account “%(name)s”; `bihuan people list` shows those that hold a post.") % {"name": name}
        )
    slip = give_passwords([account], author=Author.operator(timezone.now()), today=today())[0]
    write(
        _("The password of %(account)s (%(name)s) is now %(password)s")
        % {"account": name, "name": account.name, "password": slip.password}
    )
    return 0
