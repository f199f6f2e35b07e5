"""Which steps are left to a role above, in a column of its own; and an index by unit that holds all of a list."""

from typing import Any, ClassVar

from django.db import migrations, models

from bihuan.ledger.fold import beyond, load_state
from bihuan.mechanism.load import load
from bihuan.mechanism.model import Mechanism

#: How the state of a matter without rounds is written: nothing can be used up there.
_NONE = '"rounds":{}'

LISTED = (
    *("ended", "due", "mechanism", "stage", "klass", "assertion", "recognition", "responsible", "supervising"),
    *("stage_due", "registered_on", "finding_no", "amount", "asking", "returned", "text_place"),
)


def fold_anew(apps: Any, editor: Any) -> None:
    """Fold the column for the matters that were sent back at least once."""
    Matter, MechanismText = (apps.get_model("ledger", name) for name in ("Matter", "MechanismText"))
    known: dict[str, Mechanism] = {}
    walked = Matter.objects.filter(ended="").exclude(state__contains=_NONE)
    for pk, text_hash, state in walked.values_list("pk", "mechanism_hash", "state").iterator(chunk_size=1_000):
        if text_hash not in known:
            kept = MechanismText.objects.get(text_hash=text_hash)
            known[text_hash] = load(kept.text, name=kept.key)
        if roles := beyond(known[text_hash], load_state(state)):
            Matter.objects.filter(pk=pk).update(beyond=roles)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0004_lists")]
    operations: ClassVar = [
        migrations.AddField("matter", "beyond", models.CharField(max_length=200, null=True)),
        migrations.RunPython(fold_anew, migrations.RunPython.noop),
        migrations.AddIndex(
            "matter",
            models.Index(fields=["beyond", "id"], condition=models.Q(beyond__isnull=False), name="matter_beyond"),
        ),
        migrations.RemoveIndex("matter", "matter_responsible"),
        migrations.AddIndex(
            "matter",
            models.Index(
                fields=["responsible", "id", *(each for each in LISTED if each != "responsible")],
                name="listing_responsible",
            ),
        ),
    ]
