"""Certificate and key are looked at before the server starts: what does not fit is told in one sentence."""

import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bihuan.web.cli.plain_http import answer
from bihuan.web.tls import TlsProblem, read_certificate
from installation import Installation


def _make(folder: Path, name: str, *, days: str = "30", options: tuple[str, ...] = ()) -> tuple[Path, Path]:
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    words += ["-days", days, "-subj", "/CN=bihuan", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*words, *options], check=True, capture_output=True)
    return certificate, key


def _expired(folder: Path) -> tuple[Path, Path]:
    """Sign a certificate of last year, with a certificate authority of openssl's own."""
    key, request, certificate = folder / "old.key", folder / "old.csr", folder / "old.pem"
    made = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=old"]
    subprocess.run(made, check=True, capture_output=True)
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01")
    settings = (
        "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
    )
    (folder / "ca.cnf").write_text(settings + "[p]\ncommonName=supplied\n")
    signed = ["openssl", "ca", "-batch", "-config", "ca.cnf", "-selfsign", "-keyfile", key, "-in", request]
    signed += ["-out", certificate, "-startdate", "20250101000000Z", "-enddate", "20250201000000Z", "-notext"]
    subprocess.run(signed, check=True, capture_output=True, cwd=folder)
    return certificate, key


def test_a_good_pair_tells_until_when_and_for_whom(tmp_path: Path) -> None:
    read = read_certificate(*_make(tmp_path, "good"))
    assert read is not None and read.names == {"localhost", "127.0.0.1"}
    assert timedelta(days=28) < read.until - datetime.now(UTC) < timedelta(days=31)
    assert read_certificate(None, None) is None


def test_what_cannot_serve_is_told_in_one_sentence(tmp_path: Path) -> None:
    certificate, key = _make(tmp_path, "good")
    _other, foreign = _make(tmp_path, "other")
    locked = tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "rsa", "-aes128", "-passout", "pass:abc", "-in", key, "-out", locked],
        check=True,
        capture_output=True,
    )
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate")
    for pair, words in (
        ((certificate, None), "go together"),
        ((None, key), "go together"),
        ((certificate, tmp_path / "absent.key"), "cannot be read"),
        ((tmp_path, key), "cannot be read"),
        ((certificate, foreign), "does not belong"),
        ((certificate, locked), "pass phrase"),
        ((nonsense, key), "PEM form"),
        (_expired(tmp_path), "has expired"),
    ):
        with pytest.raises(TlsProblem) as raised:
            read_certificate(*pair)
        assert words in str(raised.value.sentence)


@pytest.mark.sqlite
def test_the_pages_are_served_over_https_and_who_comes_by_http_is_sent_there(tmp_path: Path) -> None:
    certificate, key = _make(tmp_path, "good")
    port, plain = _free_port(), _free_port()
    extra = {"BIHUAN_LANGUAGE": "en", "BIHUAN_PORT": str(port), "BIHUAN_TLS_CERTIFICATE": str(certificate)}
    extra |= {"BIHUAN_TLS_KEY": str(key), "BIHUAN_REDIRECT_PORT": str(plain)}
    place = Installation(data=tmp_path / "data", extra=extra)
    assert place.run("init").returncode == 0
    server = place.start("serve")
    try:
        answered = _asked(port, certificate)
        sent_on = [_sent(plain, b"GET /ledger/?q=%E6%8C%AA HTTP/1.1\r\nHost: localhost:80\r\n\r\n") for _ in range(9)]
        misled = _sent(plain, b"what?\r\n\r\n")
    finally:
        server.terminate()
        told = server.communicate(timeout=30)[0]
    assert answered.startswith("HTTP/1.1 200") and "Secure" in answered
    assert all(each.startswith("HTTP/1.1 308") for each in sent_on) and misled.startswith("HTTP/1.1 400")
    assert all(f"Location: https://localhost:{port}/ledger/?q=%E6%8C%AA\r\n" in each for each in sent_on)
    assert "https://127.0.0.1" in told and f"http://127.0.0.1:{plain}/" in told

    with socket.create_server(("127.0.0.1", 0)) as taken:
        for wrong, words in (
            ({"BIHUAN_TLS_KEY": "/nowhere"}, "/nowhere"),
            ({"BIHUAN_TLS_KEY": "", "BIHUAN_TLS_CERTIFICATE": ""}, "BIHUAN_TLS_CERTIFICATE"),
            ({"BIHUAN_REDIRECT_PORT": str(port)}, "both"),
            ({"BIHUAN_REDIRECT_PORT": str(taken.getsockname()[1])}, "another BIHUAN_REDIRECT_PORT"),
        ):
            refused = Installation(data=place.data, extra={**extra, **wrong}).run("serve")
            assert refused.returncode == 2 and words in refused.stderr
            assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("request_", "location"),
    [
        (b"GET / HTTP/1.1\r\nHost: duban.example", b"https://duban.example/"),
        (b"POST /a/b?c=d HTTP/1.0\r\nhost:  10.1.2.3:80 ", b"https://10.1.2.3/a/b?c=d"),
        (b"GET http://duban.example/x HTTP/1.1\r\nAccept: */*\r\nHost: duban.example", b"https://duban.example/x"),
        (b"GET / HTTP/1.1\r\nHost: [::1]:80", b"https://[::1]/"),
        (b"GET //evil.example/ HTTP/1.1\r\nHost: duban.example", b"https://duban.example//evil.example/"),
    ],
)
def test_the_same_page_is_named_by_https(request_: bytes, location: bytes) -> None:
    lines = answer(request_ + b"\r\n\r\n", port=443).split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 308 Permanent Redirect" and b"Location: " + location in lines


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example",
        b"GET / HTTP/1.1\r\nHost: a.example/b",
        b"GET / HTTP/1.1\r\nHost: a.example@b.example",
        b"GET /a b HTTP/1.1\r\nHost: a.example",
        b"GET /\x00 HTTP/1.1\r\nHost: a.example",
        b"GET /\nSet-Cookie:a=b HTTP/1.1\r\nHost: a.example",
        b"GET ftp://a.example/ HTTP/1.1\r\nHost: a.example",
        b"\x16\x03\x01",
        b"",
    ],
)
def test_what_is_no_request_for_a_page_is_sent_nowhere(request_: bytes) -> None:
    answered = answer(request_ + b"\r\n\r\n", port=443)
    assert answered.startswith(b"HTTP/1.1 400") and b"Location" not in answered


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _sent(port: int, request: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        plain.sendall(request)
        return b"".join(iter(lambda: plain.recv(4096), b"")).decode()


def _asked(port: int, certificate: Path) -> str:
    context = ssl.create_default_context(cafile=str(certificate))
    end = time.monotonic() + 60
    while True:
        try:
            with (
                socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname="localhost") as secure,
            ):
                secure.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b"".join(iter(lambda: secure.recv(4096), b"")).decode(errors="replace")
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
