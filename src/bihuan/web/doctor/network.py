"""How people reach the pages: certificate, names, port."""

import ipaddress
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bihuan.mechanism.sentence import N_, Listed
from bihuan.web.tls import TlsProblem, read_certificate

from .finding import Finding, Level, bad, ok, warn

_DAYS_AHEAD = 30


def tls(certificate: Path | None, key: Path | None, *, proxied: bool, names: Sequence[str], now: datetime) -> Finding:
    """`names` are the host names under which people come; `proxied` where a proxy serves HTTPS."""
    try:
        read = read_certificate(certificate, key)
    except TlsProblem as problem:
        return Finding("tls", Level.BAD, problem.sentence)
    if read is None:
        if proxied:
            return ok("tls", N_("A proxy in front serves HTTPS."))
        if any(not _is_local(name) for name in names):
            return warn(
                "tls",
                N_("Passwords cross the network in the clear: set BIHUAN_TLS_CERTIFICATE, or put a proxy in front."),
            )
        return ok("tls", N_("No HTTPS, and only this machine is served."))
    days = (read.until - now.astimezone(UTC)).days
    told = {"until": f"{read.until:%Y-%m-%d}", "days": days}
    if days < _DAYS_AHEAD:
        return warn("tls", N_("The certificate ends in %(days)d days, on %(until)s; ask for a new one."), **told)
    if strange := [name for name in names if not _is_local(name) and name not in read.names]:
        return warn(
            "tls",
            N_("The certificate is not for %(names)s; browsers will warn people there."),
            names=Listed.of(strange),
        )
    return ok("tls", N_("The certificate is good until %(until)s."), **told)


def hosts(host: str, allowed: Sequence[str]) -> Finding:
    """Whether somebody who comes over the network would be let in under a name."""
    if host in ("0.0.0.0", "::") and not allowed:
        return bad(
            "hosts",
            N_("The network is served, but no name is allowed: put what people type into BIHUAN_ALLOWED_HOSTS."),
        )
    if "*" in allowed:
        return warn("hosts", N_("BIHUAN_ALLOWED_HOSTS allows every name; write the names that people use."))
    names = Listed.of(dict.fromkeys([host, *allowed]))
    return ok("hosts", N_("Pages are given out under: %(names)s, and this machine's own names."), names=names)


def port(host: str, number: int) -> Finding:
    """Whether somebody answers there; whether it is this ledger cannot be told from outside."""
    there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    told = {"host": host, "port": number}
    try:
        with socket.create_connection((there, number), timeout=1):
            return ok("port", N_("Somebody answers on %(host)s:%(port)d."), **told)
    except OSError:
        return warn(
            "port", N_("Nobody answers on %(host)s:%(port)d: `bihuan serve` is not running, or elsewhere."), **told
        )


def _is_local(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
