"""Roles as people write them in a file: a key, or a label in either language."""

from django.utils.translation import gettext, override

from bihuan.directory.people import HOUSEKEEPING_LABELS
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Held


def role_words() -> dict[str, str]:
    """Return every word for a role, key or label in either language, with the role's key."""
    words: dict[str, str] = {}
    for role in (role for mechanism in current().values() for role in mechanism.roles.values()):
        if role.held is Held.OUTSIDE:  # nobody's post
            continue
        words |= {role.label.zh: role.key, role.label.en: role.key, role.key: role.key}
    for key, label in HOUSEKEEPING_LABELS.items():
        with override("zh-hans"):
            words[gettext(label)] = key
        words |= {label: key, key: key}
    return words
