"""`bihuan unlock`: let somebody in again who was shut out after failed sign-ins."""

import logging

from bihuan.directory.models import Account
from bihuan.web.lockout import lift

from .failure import Failure
from .output import write
from .words import _

_log = logging.getLogger(__name__)


def run(*, account: str, address: str) -> int:
    if bool(account) == bool(address):
        raise Failure(_("Name one: an account, or an address with --address."))
    if account and not Account.objects.filter(account=account).exists():
        raise Failure(
            _("There is no account “%(name)s”; `bihuan people list` shows those that hold a post.") % {"name": account}
        )
    failures = lift(account=account, address=address)
    _log.info("lifted %d failures of %s", failures, account or address)
    told = {"name": account or address, "count": failures}
    if failures:
        write(_("%(name)s may try again; %(count)d failed attempts were forgotten.") % told)
    else:
        write(_("%(name)s was not shut out; there were no failed attempts.") % told)
    return 0
