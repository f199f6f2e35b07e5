"""Answering a form that a script has sent: it is told where to go, and goes there itself.

A script sends the form so that a link that breaks in the middle loses nothing: it can send again. A plain
redirect it would follow unseen, and the next page would be fetched twice.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

#: The header by which the script makes itself known, and the one that answers it.
ASKED, GO_TO = "X-Bihuan-Send", "X-Bihuan-Location"


def gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """Return the answer to a form that was done: go on at `address` (of this host)."""
    if ASKED in request.headers:
        return HttpResponse(status=204, headers={GO_TO: address})
    return redirect(address)
