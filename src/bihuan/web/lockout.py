"""Shutting out whoever tries passwords: by account and by address, for a while, whether the account exists or not.

django-axes counts the failures. It is shown an account's name only as a keyed print, because what was typed as
a name may be a password, and never the form that was carried along.
"""

import ipaddress
from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bihuan.directory.models import Account

#: How many times as many failures an address may have as an account: a whole office can stand behind one.
ADDRESS_FACTOR = 10


class Handler(AxesDatabaseHandler):
    """Counts an account's failures singly, and those of an address by tens."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        by_account, by_address = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(by_account, by_address // ADDRESS_FACTOR)


def admit(request: HttpRequest, account: str, password: str) -> Account | None:
    """Return the person whom account and password name, and forget the failures; else count one more."""
    knock = _knock(request)
    person = authenticate(knock, username=account, password=password)
    if isinstance(person, Account):
        AccessAttempt.objects.filter(username=print_of(account)).delete()
        return person
    return None


def locked_until(request: HttpRequest, account: str) -> datetime | None:
    """Return the moment until which this account, or this address, is shut out; None where it is not."""
    knock, credentials = _knock(request), {"username": account}
    if AxesProxyHandler.is_allowed(knock, credentials):
        return None
    attempts = AxesProxyHandler.get_implementation().get_user_attempts(knock, credentials)
    newest = [each.aggregate(at=Max("attempt_time"))["at"] for each in attempts]
    last = max((at for at in newest if at is not None), default=timezone.now())
    return last + timedelta(minutes=settings.BIHUAN_LOCKOUT_MINUTES)


def lift(*, account: str = "", address: str = "") -> int:
    """Forget the failures of an account or of an address; return how many there were."""
    attempts = AccessAttempt.objects.filter(username=print_of(account)) if account else AccessAttempt.objects.none()
    if address:
        attempts = AccessAttempt.objects.filter(ip_address=address)
    failures: int = attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    attempts.delete()
    return failures


def print_of(account: str) -> str:
    """Return the keyed print under which the failures of an account are counted."""
    return salted_hmac("bihuan.web.lockout", account, algorithm="sha256").hexdigest()


def print_of_credentials(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    return print_of((credentials or {}).get("username", ""))


def address_of(request: HttpRequest) -> str | None:
    """Return the address of whoever asks.

    Behind n proxies (BIHUAN_PROXIES) it is the n-th from the right of X-Forwarded-For: what stands further left
    was written by the asker, who may write what they like.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BIHUAN_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        told = hops[-min(settings.BIHUAN_PROXIES, len(hops))] if hops else told
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None


def _knock(request: HttpRequest) -> HttpRequest:
    """Return a bare request for the counting: an address, and nothing of what was typed."""
    knock = HttpRequest()
    knock.method = "POST"
    knock.path = request.path
    kept = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")
    knock.META = {name: request.META[name] for name in kept if name in request.META}
    return knock
