"""What the templates ask about workbooks."""

from collections.abc import Mapping
from typing import Any

from django import template

from bihuan.workbooks.splitting import splittable

register = template.Library()


@register.simple_tag(takes_context=True)
def can_split(context: Mapping[str, Any]) -> bool:
    """Whether the viewer may split a ledger and send it out."""
    return bool(splittable(context["request"].viewer.posts))
