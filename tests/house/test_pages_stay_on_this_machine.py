"""No page asks another machine for anything, and the fixture that watches for it can see."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.http import HttpResponse

import chromium
from bihuan.web.headers import CONTENT_SECURITY_POLICY, closed_headers
from tree import PACKAGE

BODY = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>闭环</title>
<link rel="icon" href="data:,">
<h1>闭环</h1>{}</html>"""


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    servers = []

    def serve_one(content: str, *, policy: str = "") -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(BODY.format(content).encode())

            def log_message(self, *arguments: Any) -> None:
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve_one
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_page_of_ours_is_shown_and_nothing_is_complained_of(serve: Callable[..., str], page: Any) -> None:
    page.goto(serve('<p style="width:40%">四成</p>', policy=CONTENT_SECURITY_POLICY))
    assert page.locator("h1").inner_text() == "闭环"
    assert page.evaluate("navigator.language") == "zh-CN"


def test_a_request_to_another_machine_is_seen(serve: Callable[..., str], browser: Any) -> None:
    watch = chromium.Watch()
    page = chromium.open_page(browser, watch)
    page.goto(serve('<img src="http://elsewhere.invalid/pixel.png">'))
    assert watch.foreign == ["http://elsewhere.invalid/pixel.png"]
    assert "left the machine" in watch.verdict()
    page.context.close()


def test_the_policy_stops_foreign_files_and_scripts_in_the_page(serve: Callable[..., str], browser: Any) -> None:
    watch = chromium.Watch()
    page = chromium.open_page(browser, watch)
    slipped_in = "<script>document.title = 'taken'</script><style>h1 { display: none }</style>"
    page.goto(serve(slipped_in + '<img src="http://elsewhere.invalid/p.png">', policy=CONTENT_SECURITY_POLICY))
    assert page.title() == "闭环"
    assert page.locator("h1").is_visible()
    assert len(watch.complaints) >= 3
    page.context.close()


def test_every_answer_carries_the_policy_unless_it_sets_its_own(rf: Any) -> None:
    answer = closed_headers(lambda request: HttpResponse())(rf.get("/"))
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    assert closed_headers(lambda request: own)(rf.get("/"))["Content-Security-Policy"] == "default-src 'none'"


def test_no_template_or_style_of_ours_names_another_machine() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".html", ".css", ".js"}]
    ours = [path for path in files if "vendor" not in path.parts]
    asking = ('src="http', "src='http", 'href="http', "url(http", 'url("http', "@import", "//cdn")
    assert [path.name for path in ours if any(mark in path.read_text() for mark in asking)] == []
