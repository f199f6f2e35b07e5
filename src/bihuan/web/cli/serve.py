"""`bihuan serve`: the pages, by granian, on this machine."""

import contextlib
import errno
import gc
import os
import socket
import sys
import threading
from functools import partial

from django.conf import settings
from django.core.checks.urls import check_url_config
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian import Granian
from granian.constants import Interfaces, SSLProtocols

from bihuan.ledger.packs import current
from bihuan.ledger.search_index import keep_up
from bihuan.web.tls import TlsProblem, read_certificate
from bihuan.web.wsgi import application

from .failure import Failure
from .init import whom_to_try
from .opening import is_behind, refuse_no_ledger
from .output import write
from .plain_http import listening, send_on
from .upgrade import bring
from .words import _, say

_WORKERS, _THREADS = 2, 4
_SECONDS_TO_END = 10
#: How many objects make the collector look at the young ones, and how often it then looks at older ones too.
_RARELY = (50_000, 20, 50)

#: Where to knock for an address that means every network of the machine.
_LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def run() -> int:
    host, port = settings.BIHUAN_HOST, settings.BIHUAN_PORT
    refuse_no_ledger()
    if is_behind() and bring():
        return 1
    secure = _secured()
    _refuse_taken(host, port)
    plain = _plain(host, secure=secure)
    connections.close_all()  # a worker must not inherit an open connection
    shown = f"[{host}]" if ":" in host else host
    told = {"scheme": "https" if secure else "http", "host": shown, "port": port}
    write(_("Serving at %(scheme)s://%(host)s:%(port)d/ — stop with Ctrl-C.") % told)
    if plain is not None:
        told |= {"plain": settings.BIHUAN_REDIRECT_PORT}
        write(_("Who comes by http://%(host)s:%(plain)d/ is sent there.") % told)
    for line in whom_to_try():
        write(line)
    sys.stdout.flush()  # the server ends by signals, and a pipe would still hold the lines
    server = Granian(
        "bihuan.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=_WORKERS,
        blocking_threads=_THREADS,
        log_enabled=False,
        # A worker that died must not leave the people of an office without pages.
        respawn_failed_workers=True,
        # A worker that does not end by itself must not keep Ctrl-C waiting for ever.
        workers_kill_timeout=_SECONDS_TO_END,
        ssl_cert=settings.BIHUAN_TLS_CERTIFICATE if secure else None,
        ssl_key=settings.BIHUAN_TLS_KEY if secure else None,
        # Not only 1.3: browsers on the older systems of an office end at 1.2.
        ssl_protocol_min=SSLProtocols.tls12,
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.serve(target_loader=partial(_application, plain))
    return 0


def _secured() -> bool:
    """Whether the server itself speaks TLS. Raises `Failure` for files with which it could not."""
    try:
        return read_certificate(settings.BIHUAN_TLS_CERTIFICATE, settings.BIHUAN_TLS_KEY) is not None
    except TlsProblem as problem:
        raise Failure(say(problem.sentence)) from None


def _plain(host: str, *, secure: bool) -> socket.socket | None:
    """Return the socket for those who come by http, where the installation wants one. Raises `Failure`."""
    port = settings.BIHUAN_REDIRECT_PORT
    if not port:
        return None
    if not secure:
        raise Failure(_("BIHUAN_REDIRECT_PORT sends people on to https, and needs BIHUAN_TLS_CERTIFICATE to be set."))
    if port == settings.BIHUAN_PORT:
        raise Failure(_("BIHUAN_REDIRECT_PORT and BIHUAN_PORT are both %(port)d; http needs another.") % {"port": port})
    try:
        return listening(host, port)
    except OSError as error:
        told = {"host": host, "port": port, "reason": error.strerror or str(error)}
        raise Failure(
            _("Cannot listen on %(host)s:%(port)d (%(reason)s); choose another BIHUAN_REDIRECT_PORT.") % told
        ) from None


def _application(plain: socket.socket | None, _target: str) -> WSGIHandler:
    """Give the application to a worker; the server's own way of finding it depends on the folder one stands in.

    The worker leaves the terminal's process group first: Ctrl-C would reach it at the same moment as the
    server's own order to end, and of two signals at once it notices neither.
    """
    os.setpgid(0, 0)
    settle()
    threading.Thread(target=keep_up, args=(threading.Event(),), name="search index", daemon=True).start()
    if plain is not None:
        aside = partial(send_on, plain, port=settings.BIHUAN_PORT)
        threading.Thread(target=aside, name="plain http", daemon=True).start()
    return application


def settle() -> None:
    """Load what every request needs, and spare the collector of garbage from looking at it again.

    There are some hundred thousand objects that stay as long as the process; going through them made one
    request in twenty wait for a tenth of a second.
    """
    current()
    check_url_config(None)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)


def _refuse_taken(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, or on which somebody answers already.

    The server lets several processes share a port, so a second one would silently take half of the visitors.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reason = ""
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(1)
        if attempt.connect_ex((_LOCAL.get(host, host), port)) == 0:
            reason = os.strerror(errno.EADDRINUSE)
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
    if reason:
        told = {"host": host, "port": port, "reason": reason}
        raise Failure(
            _("Cannot listen on %(host)s:%(port)d (%(reason)s); choose another port with --port or BIHUAN_PORT.") % told
        )
