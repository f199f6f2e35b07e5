"""Files that came with a form: into the store at once, so that they need not be chosen again if it is refused.

What the page carries of a kept file is signed: it can name no file but one that this person gave to this
matter. The bytes are only referred to by the history once the act is done.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from bihuan.ledger.models import Matter
from bihuan.ledger.store import keep, path_of
from bihuan.mechanism.state import Proof

_SALT = "bihuan.kept-evidence"


def keep_files(matter: Matter, files: Iterable[UploadedFile]) -> list[Proof]:
    """Write the uploaded files into the store. Raises `Refusal` for one that is empty or too large."""
    return [keep(matter.pk, file.name or "file", file.chunks()) for file in files]


def tokens(matter: Matter, account: str, proofs: Sequence[Proof]) -> list[tuple[str, Proof]]:
    """Return each proof with the text by which a form carries it."""
    return [(_token(matter, account, proof), proof) for proof in proofs]


def kept(matter: Matter, account: str, carried: Iterable[str]) -> Iterator[Proof]:
    """Yield the proofs that a form carried, those whose files lie in the store and that are this person's."""
    for text in carried:
        known = _read(text)
        if known and known[:2] == [str(matter.pk), account] and path_of(matter.pk, known[2]).is_file():
            yield Proof(sha256=known[2], name=known[3], size=known[4], media_type=known[5])


def _token(matter: Matter, account: str, proof: Proof) -> str:
    told = [str(matter.pk), account, proof.sha256, proof.name, proof.size, proof.media_type]
    return signing.dumps(told, salt=_SALT, compress=True)


def _read(text: str) -> list[Any] | None:
    try:
        told = signing.loads(text, salt=_SALT, max_age=7 * 24 * 3600)
    except signing.BadSignature:
        return None
    return told if isinstance(told, list) else None
