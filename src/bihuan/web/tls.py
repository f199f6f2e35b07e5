"""Certificate and key of an installation that serves HTTPS itself: seen to fit before a browser says they do not."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bihuan.mechanism.sentence import N_, Sentence

_EXPIRED, _NOT_YET = 10, 9  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_CERT_NOT_YET_VALID


class TlsProblem(Exception):
    """Files that cannot serve HTTPS; `sentence` says which and why."""

    def __init__(self, text: str, **values: str) -> None:
        self.sentence = Sentence(text, values)
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Certificate:
    """Until when the certificate is good, and the host names and addresses that it is for."""

    until: datetime
    names: frozenset[str]


def read_certificate(certificate: Path | None, key: Path | None) -> Certificate | None:
    """Return what the two files serve; None where neither is set. Raises `TlsProblem`."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise TlsProblem(N_("BIHUAN_TLS_CERTIFICATE and BIHUAN_TLS_KEY go together; one of them is not set."))
    for setting, path in (("BIHUAN_TLS_CERTIFICATE", certificate), ("BIHUAN_TLS_KEY", key)):
        try:
            path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise TlsProblem(
                N_("%(setting)s names %(path)s, which cannot be read: %(reason)s."),
                setting=setting,
                path=str(path),
                reason=reason,
            ) from None
    return _shaken(_context(certificate, key), certificate)


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=_refuse_pass_phrase)
    except _PassPhrase:
        raise TlsProblem(
            N_("%(path)s is locked with a pass phrase; a server that starts by itself needs it without one."),
            path=str(key),
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsProblem(
                N_("The key %(key)s does not belong to the certificate %(certificate)s."),
                key=str(key),
                certificate=str(certificate),
            ) from None
        raise TlsProblem(
            N_("%(certificate)s and %(key)s are not a certificate and its key in PEM form."),
            certificate=str(certificate),
            key=str(key),
        ) from None
    return context


class _PassPhrase(Exception):
    """The key asks for a pass phrase."""


def _refuse_pass_phrase() -> str:
    raise _PassPhrase


def _shaken(server: ssl.SSLContext, path: Path) -> Certificate:
    """Shake hands with the certificate in memory, trusting it alone, and return what the other side saw."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(path)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = client.wrap_bio(to_client, to_server, server_side=False)
    other = server.wrap_bio(to_server, to_client, server_side=True)
    try:
        for _round in range(4):
            for side in (one, other):
                _step(side)
    except ssl.SSLCertVerificationError as error:
        raise _untimely(error, path) from None
    seen = one.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(seen["notAfter"])), UTC)
    names = frozenset(str(pair[1]) for pair in seen.get("subjectAltName", ()) if len(pair) == 2)
    return Certificate(until, names)


def _step(side: ssl.SSLObject) -> None:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return


def _untimely(error: ssl.SSLCertVerificationError, path: Path) -> TlsProblem:
    if error.verify_code == _EXPIRED:
        return TlsProblem(N_("The certificate %(path)s has expired; put a new one in its place."), path=str(path))
    if error.verify_code == _NOT_YET:
        return TlsProblem(
            N_("The certificate %(path)s is not valid yet, by this machine's clock; if that is slow, set it right."),
            path=str(path),
        )
    return TlsProblem(
        N_("The certificate %(path)s cannot be used: %(reason)s."), path=str(path), reason=error.verify_message
    )
