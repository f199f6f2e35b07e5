"""Who comes by http to an installation that serves HTTPS itself is sent on to https, page and all."""

import asyncio
import contextlib
import re
import socket

#: How much of a request is read, in bytes, and how long is waited for it, in seconds.
_MOST, _SECONDS = 16_384, 10

_REQUEST = re.compile(rb"[A-Z]+ (?:http://[^/\s]+)?(/[\x21-\x7e]*) HTTP/1\.[01]")
_HOST = re.compile(rb"host:[ \t]*([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?[ \t]*", re.IGNORECASE)

_BAD = b"HTTP/1.1 400 Bad Request\r\n"
# 308: what was sent is sent again as it was. Not to be remembered: a certificate can be taken away again.
_SENT_ON = b"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://%s%s\r\nCache-Control: no-store\r\n"
_END = b"Content-Length: 0\r\nConnection: close\r\n\r\n"


def answer(request: bytes, *, port: int) -> bytes:
    """Return the answer to a request's head, its lines ended by CRLF: the same page by https on `port`, or a 400.

    Under which names pages are given out is asked there, where a page says what is missing.
    """
    first, *lines = request.split(b"\r\n")
    asked = _REQUEST.fullmatch(first)
    hosts = [found[1] for line in lines if (found := _HOST.fullmatch(line))]
    if asked is None or len(hosts) != 1:
        return _BAD + _END
    host = hosts[0] if port == 443 else b"%s:%d" % (hosts[0], port)
    return _SENT_ON % (host, asked[1]) + _END


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, which the server's workers share. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family)
    made.setblocking(False)
    return made


def send_on(listener: socket.socket, *, port: int) -> None:
    """Answer what comes to `listener`, for ever; for a thread of its own."""
    asyncio.run(_serve(listener, port))


async def _serve(listener: socket.socket, port: int) -> None:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Who goes away, says too much or nothing gets no answer; there is nothing to be done about it here.
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_SECONDS):
                writer.write(answer(await reader.readuntil(b"\r\n\r\n"), port=port))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(meet, sock=listener, limit=_MOST)
    await server.serve_forever()
