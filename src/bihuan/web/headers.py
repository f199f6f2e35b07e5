"""Response headers that keep a page on this machine: nothing is loaded from, sent to or framed by another."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# data: images are the arrows and ticks inside the style sheet. style attributes (a bar's width) are allowed,
# style elements are not. No script that is not a file of ours runs, so text that slipped into a page is dead.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def closed_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: add `HEADERS` to every response that does not set them itself."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return respond
