"""What the templates say in the reader's language: labels, sentences, days, money, lateness."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.mechanism.sentence import N_, Named, Sentence
from bihuan.workbooks.answer_rights import mergeable

from ..money import column_wan
from ..registering import registrable
from ..sign_in import typed_fields
from ..speaking import language as language
from ..speaking import post_words, say

register = template.Library()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Entries of the main menu by the name of their address.
NAVIGATION: Mapping[str, str] = {
    "desk": N_("My desk"),
    "ledger": N_("Ledger"),
    "import_start": N_("Import"),
    "answers": N_("What came back"),
    "mechanisms": N_("Mechanisms"),
    "units": N_("Units"),
    "people": N_("People"),
}

#: Of them, those that only some posts may open: whoever may not would be refused there.
FOR_SOME: Mapping[str, Callable[[Post], object]] = {"answers": mergeable}


register.filter("say", say)


@register.simple_tag(takes_context=True)
def nav_link(context: Mapping[str, Any], name: str) -> SafeString:
    """Return the menu entry for a page, marked when the reader is on it; nothing where they have no such page."""
    if name in FOR_SOME and not any(map(FOR_SOME[name], context["request"].viewer.posts)):
        return SafeString("")
    try:
        address = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    match = getattr(context.get("request"), "resolver_match", None)
    here = SafeString(' aria-current="page"') if match and match.url_name == name else SafeString("")
    return format_html('<a href="{}"{}>{}</a>', address, here, gettext(NAVIGATION[name]))


@register.filter
def value(what: Sentence | Named | str | None) -> str:
    """Return a value as `say` does; a day is kept in one piece, which its hyphens would not."""
    words = say(what)
    return format_html('<span class="number">{}</span>', words) if _DAY.fullmatch(words) else words


@register.filter
def wan(fen: int) -> str:
    """Return an amount in 万元 for a column."""
    return column_wan(fen)


@register.filter
def tr(text: str) -> str:
    """Return a text that was marked for translation in the code."""
    return gettext(text) if text else ""


@register.filter
def titled(title: str) -> str:
    """Return a matter's title, or what stands in its place where there is none."""
    return title or gettext("(without a title)")


@register.filter
def held(post: Post) -> str:
    """Return a post as its holder names it: unit and title."""
    return post_words(post)


@register.filter
def person(post: Post) -> str:
    """Return who holds a post: name, unit and title."""
    return gettext("%(name)s (%(post)s)") % {"name": post.account.name, "post": post_words(post)}


@register.filter
def people(posts: Iterable[Post]) -> str:
    """Return who holds each of `posts`, in one line."""
    return gettext(", ").join(person(post) for post in posts)


@register.simple_tag(takes_context=True)
def can_register(context: Mapping[str, Any]) -> bool:
    """Whether the viewer may register some kind of matter by hand."""
    return bool(registrable(context["request"].viewer))


@register.simple_tag(takes_context=True, name="typed_fields")
def typed(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was typed into the form that this request sent."""
    return typed_fields(context["request"].POST)
