"""The documentation builds without a warning, its links lead somewhere, and it fetches nothing from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from docs.pages import DOCS, READMES
from tree import ROOT

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
#: What a browser fetches by itself, as opposed to what a person may click.
_FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).parent / "mkdocs"
    done = subprocess.run(
        [mkdocs, "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Page(HTMLParser):
    """The links, the fetched addresses and the anchors of one built page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif tag == "a" and name == "href" and value:
                self.links.append(value)
            elif (tag, name) in _FETCHED and value and dict(attrs).get("rel") != "canonical":
                self.fetched.append(value)


def test_every_link_of_the_built_pages_leads_somewhere(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}
    assert len(pages) > 20
    assert not [(path.name, link) for path, page in pages.items() for link in page.links if _dead(path, link, pages)]


def _dead(path: Path, link: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return True
    return target in pages and unquote(parts.fragment) not in pages[target].anchors


def test_nothing_is_fetched_from_another_machine(site: Path) -> None:
    fetched = {address for path in site.rglob("*.html") for address in Page(path).fetched}
    assert fetched
    foreign = {address for address in fetched if urlsplit(address).netloc}
    for path in site.rglob("*.css"):
        foreign |= set(re.findall(r"(?:@import|url\()\s*['\"]?(https?://[^'\")]+)", path.read_text(encoding="utf-8")))
    assert not foreign


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_link_of_a_readme_leads_to_a_file(readme: Path) -> None:
    links = [link for link in _LINK.findall(readme.read_text(encoding="utf-8")) if not urlsplit(link).scheme]
    assert links
    assert not [link for link in links if not (ROOT / urlsplit(link).path).exists()]


def test_pictures_are_small() -> None:
    pictures = list((DOCS / "images").iterdir())
    assert pictures
    assert not [path.name for path in pictures if path.stat().st_size > 300_000]
