"""What every page may say about setting up the city and keeping the directory."""

from collections.abc import Mapping
from typing import Any

from django import template

from ..city.confirmations import waiting_for
from ..city.keepers import may
from ..city.progress import Progress, concerns, progress

register = template.Library()


@register.simple_tag(takes_context=True)
def setting_up(context: Mapping[str, Any]) -> Progress | None:
    """Return how far the city is set up, for those whom that concerns; None for everybody else."""
    request = context["request"]
    viewer = getattr(request, "viewer", None)
    if viewer is None or not concerns(viewer, request.today):
        return None
    return progress(viewer.organisation, request.today)


@register.simple_tag(takes_context=True)
def may_keep(context: Mapping[str, Any], what: str) -> bool:
    """Whether the viewer may alter `what`: units, accounts, posts; or read the log."""
    return may(context["request"], what)


@register.simple_tag(takes_context=True)
def to_confirm(context: Mapping[str, Any]) -> int | None:
    """Return how many requests wait for the viewer to confirm or to read; None for whoever has none to do with it."""
    request = context["request"]
    return waiting_for(request) if any(may(request, what) for what in ("posts", "accounts", "log")) else None
