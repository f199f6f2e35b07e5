"""`bihuan init`: an empty ledger with the one clerk's post, or a demonstration city."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bihuan.directory.accounts import new_password
from bihuan.directory.models import Account, Post
from bihuan.directory.unit_files import ALWAYS
from bihuan.web.secret import make_secret_key

from .actor import CLERK
from .failure import Failure
from .opening import bring_up_to_date
from .output import bar, pad, write
from .words import _, say


def run(*, demo: bool) -> int:
    settings.BIHUAN_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    bring_up_to_date()
    if Post.objects.exists():
        make_secret_key(settings.BIHUAN_DATA)  # keeps the one that is there
        raise Failure(
            _("There is a ledger in %(folder)s already; nothing was changed.") % {"folder": settings.BIHUAN_DATA}
        )
    said = _build_demo() if demo else make_clerk()
    # The key comes last: it is what tells a ledger that is ready from a folder that is not.
    make_secret_key(settings.BIHUAN_DATA)
    write(_("The ledger is ready in %(folder)s.") % {"folder": settings.BIHUAN_DATA})
    for line in (*said, _("Serve it with `bihuan serve`.")):
        write(line)
    return 0


@transaction.atomic
def make_clerk() -> list[str]:
    password = new_password()
    account = Account(account=CLERK, name=_("Clerk"))
    account.set_password(password)
    account.save()
    # A post for the whole ledger, held since ever, so that matters of earlier years can be registered too.
    Post.objects.create(key=CLERK, account=account, unit=None, title=_("Clerk"), roles=["supervisor"], since=ALWAYS)
    line = _(
        "Sign in as %(account)s with the password %(password)s (shown this once; "
        "`bihuan people password %(account)s` makes a new one)."
    )
    return [line % {"account": CLERK, "password": password}]


def _build_demo() -> list[str]:
    # Loaded here because the demonstration's texts are of no use to a real ledger.
    from bihuan.demo import build

    with bar(_("Building the demonstration city"), quiet=False) as progress:
        build(now=timezone.now(), progress=progress)
    return whom_to_try()


def whom_to_try() -> list[str]:
    """Return lines that name the accounts of a demonstration, and nothing for a ledger that is none."""
    from bihuan.demo import PASSWORD, accounts

    trials = list(accounts())
    found = Account.objects.filter(account=trials[0].account, name=trials[0].name).first()
    if found is None or not found.check_password(PASSWORD):
        return []
    head = _("This is a demonstration; sign in with the password %(password)s as one of:") % {"password": PASSWORD}
    return [head, *(f"  {pad(trial.account, 14)}{trial.unit} {trial.name}：{say(trial.does)}" for trial in trials)]
