"""Mappings of fields to columns that a unit keeps by name."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from bihuan.directory.models import Post
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .layouts import layout_of
from .models import SavedMapping
from .reading import check_mapping
from .rights import check_register


def save_mapping(
    name: str, *, mechanism: str, columns: Mapping[str, str], post: Post, account: str, now: datetime
) -> SavedMapping:
    """Keep `columns` (field → column label) by name for the post's unit; one of the same name is replaced.

    Raises `Refusal` without a name or the right to import, and the reading's `Refusal` for an unknown field.
    """
    check_register(post, mechanism)
    name = name.strip()
    if not 0 < len(name) <= 120:
        raise Refusal("missing_field", N_("Give the mapping a name of at most 120 characters."), field="name")
    made = check_mapping(columns, layout=layout_of(mechanism))
    saved, _ = SavedMapping.objects.update_or_create(
        name=name,
        mechanism=mechanism,
        unit=post.unit,
        defaults={"columns": made, "saved_by": account, "saved_at": now},
    )
    return saved


def mappings_for(post: Post, mechanism: str) -> QuerySet[SavedMapping]:
    """Return the mappings that the post's unit keeps for ledgers of `mechanism`, by name."""
    return SavedMapping.objects.filter(mechanism=mechanism, unit=post.unit_id)


def drop_mapping(saved: SavedMapping, *, post: Post) -> None:
    """Forget a mapping of the post's unit. Raises `Refusal` if it is another unit's."""
    check_register(post, saved.mechanism)
    if saved.unit_id != post.unit_id:
        raise Refusal("not_visible", N_("There is no such mapping among those of your unit."))
    saved.delete()
