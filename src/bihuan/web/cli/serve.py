"""`bihuan serve`: the pages, by granian, on this machine."""

import contextlib
import errno
import os
import socket
import sys

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from bihuan.web.wsgi import application

from .failure import Failure
from .init import whom_to_try
from .opening import bring_up_to_date, is_behind
from .output import write
from .words import _

_WORKERS, _THREADS = 2, 4
_SECONDS_TO_END = 10

#: Where to knock for an address that means every network of the machine.
_LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def run() -> int:
    host, port = settings.BIHUAN_HOST, settings.BIHUAN_PORT
    if is_behind():
        bring_up_to_date()
    _refuse_taken(host, port)
    connections.close_all()  # a worker must not inherit an open connection
    shown = f"[{host}]" if ":" in host else host
    write(_("Serving at http://%(host)s:%(port)d/ — stop with Ctrl-C.") % {"host": shown, "port": port})
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
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.serve(target_loader=_application)
    return 0


def _application(_target: str) -> WSGIHandler:
    """Give the application to a worker; the server's own way of finding it depends on the folder one stands in.

    The worker leaves the terminal's process group first: Ctrl-C would reach it at the same moment as the
    server's own order to end, and of two signals at once it notices neither.
    """
    os.setpgid(0, 0)
    return application


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
