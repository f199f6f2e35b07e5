"""How an event is turned into bytes, hashed and chained, and how erasable values are kept out of the bytes.

The hash of an event is that of the previous event's hash, the event's own columns and its payload, each ended
by a line feed. A private value is replaced in the payload by `{"~": commitment}`; the commitment is the hash
of a salt, the place of the value (`slot`) and the value, so that neither the value nor its place can be
exchanged, and nothing is left to guess at once value and salt are deleted.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from bihuan.mechanism.state import Private

#: What stands before the first event of a matter.
START = "0" * 64

#: How a commitment looks in canonical bytes; nothing a person typed can stand there in its place.
MARK = b'{"~":"'

#: Leaves of a body that are written as they are; asked for by type, since there are some thirty an event.
_LEAVES = frozenset({str, int, bool, type(None)})


class Header(NamedTuple):
    """The columns of an event that enter its hash as they stand."""

    matter: str
    version: int
    kind: str
    at: str
    recorded_at: str
    account: str
    post: str

    def line(self) -> bytes:
        return "\t".join(map(str, self)).encode()


class Disclosure(NamedTuple):
    """A private value with its salt and its place in the body."""

    slot: str
    salt: str
    value: str

    def commitment(self) -> str:
        return hashlib.sha256(f"{self.salt}\n{self.slot}\n{self.value}".encode()).hexdigest()


def canonical(body: Any) -> bytes:
    """Return the one JSON form that is hashed: sorted keys, no spaces, UTF-8, no floats anywhere."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def event_hash(previous: str, header: Header, payload: bytes) -> str:
    return hashlib.sha256(b"\n".join((previous.encode(), header.line(), payload))).hexdigest()


def seal(body: Mapping[str, Any]) -> tuple[bytes, list[Disclosure]]:
    """Return the canonical payload of `body` and the private values that were taken out of it."""
    taken: list[Disclosure] = []
    return canonical(_sealed(body, "", taken)), taken


def _sealed(body: Any, slot: str, taken: list[Disclosure]) -> Any:
    kind = type(body)
    if kind in _LEAVES:
        return body
    if kind is Private:
        secret = Disclosure(slot, os.urandom(16).hex(), canonical(body.value).decode())
        taken.append(secret)
        return {"~": secret.commitment()}
    if kind is dict:
        return {
            key: value if type(value) in _LEAVES else _sealed(value, _below(slot, key), taken)
            for key, value in body.items()
        }
    if kind is list:
        return [_sealed(value, _below(slot, str(index)), taken) for index, value in enumerate(body)]
    raise TypeError(f"{kind.__name__} at {slot} has no place in an event")


def unseal(payload: bytes, disclosed: Mapping[str, str]) -> Any:
    """Return the body with its private values back in place; one that is not in `disclosed` becomes None."""
    return _unsealed(orjson.loads(payload), "", disclosed)


def _unsealed(body: Any, slot: str, disclosed: Mapping[str, str]) -> Any:
    if isinstance(body, dict):
        if "~" in body:
            value = disclosed.get(slot)
            return None if value is None else orjson.loads(value)
        return {key: _unsealed(value, _below(slot, key), disclosed) for key, value in body.items()}
    if isinstance(body, list):
        return [_unsealed(value, _below(slot, str(index)), disclosed) for index, value in enumerate(body)]
    return body


def commitments(payload: bytes) -> dict[str, str]:
    """Return slot → commitment for every private value of a payload."""
    return dict(_commitments(orjson.loads(payload), ""))


def _commitments(body: Any, slot: str) -> Iterator[tuple[str, str]]:
    if isinstance(body, dict):
        if "~" in body:
            yield slot, body["~"]
            return
        for key, value in body.items():
            yield from _commitments(value, _below(slot, key))
    elif isinstance(body, list):
        for index, value in enumerate(body):
            yield from _commitments(value, _below(slot, str(index)))


def _below(slot: str, key: str) -> str:
    return f"{slot}.{key}" if slot else key
