"""A real browser for the tests, and an eye on what it asks for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser itself must find no other machine, whatever a page or one of its own services asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
OWN_HOSTS = {"localhost", "127.0.0.1", "::1"}
# An English default would hide a missing Chinese text.
PERSON = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 800}}


def executable() -> str:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise LookupError("no chromium on this machine; `make test` installs it, or: apt-get install chromium")


@contextmanager
def running() -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=flags)
        yield browser
        browser.close()


class Watch:
    """What the pages of one test asked for and complained of."""

    def __init__(self) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.see_request(request.url))
        context.on("console", self._see_console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def see_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in OWN_HOSTS:
            self.foreign.append(url)

    def _see_console(self, message: ConsoleMessage) -> None:
        # A refusal that a test provokes (403, 409) is logged by the browser too, and is no fault of the page.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def verdict(self) -> str:
        """Return what was wrong, empty when nothing was."""
        lines = [f"a request left the machine: {url}" for url in self.foreign]
        return "\n".join(lines + [f"the browser complained: {text}" for text in self.complaints])


def open_page(browser: Browser, watch: Watch, **options: Any) -> Page:
    context = browser.new_context(**{**PERSON, **options})
    watch.follow(context)
    return context.new_page()
