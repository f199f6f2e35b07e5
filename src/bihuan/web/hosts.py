"""A page asked for under a name that nobody allowed: a sentence that says which setting, in place of Django's 400."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def known_hosts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer a request under an unknown host name with the page that says what to set."""

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return render(request, "web/unknown_host.html", {"host": _asked(request)}, status=400)
        return get_response(request)

    return respond


def _asked(request: HttpRequest) -> str:
    """Return the name that was asked for, without the port; text from outside, which the page escapes."""
    host = str(request.META.get("HTTP_HOST", ""))[:100]
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
