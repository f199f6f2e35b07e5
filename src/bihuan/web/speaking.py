"""The edge where sentences and labels become texts in the reader's language."""

from django.utils.translation import get_language, gettext

from bihuan.directory.models import Post
from bihuan.mechanism.sentence import Named, Sentence


def language() -> str:
    """Return the reader's language as the labels of mechanisms know it: `zh` or `en`."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def say(what: Sentence | Named | str | None) -> str:
    """Return a sentence, a label or a text as the reader reads it."""
    if isinstance(what, Sentence):
        return what.render(gettext, language())
    return what.text(language()) if isinstance(what, Named) else str(what or "")


def post_words(post: Post) -> str:
    """Return a post as people name it: unit and title."""
    return f"{post.unit.name} · {post.title}" if post.unit else post.title
