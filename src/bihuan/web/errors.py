"""Pages for addresses that lead nowhere and for our own failures; Django asks for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .viewer import attach


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(_known(request), "web/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(_known(request), "web/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that we failed. Nothing is asked of the database here: it may be what failed."""
    return render(request, "web/broken.html", status=500)


def _known(request: HttpRequest) -> HttpRequest:
    """Somebody who is signed in keeps the menu."""
    return attach(request) if request.user.is_authenticated else request
