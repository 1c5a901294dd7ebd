"""Proof bundles from the console: the same file as `yibao prove` writes."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ledger.console.visit import Visit
from ledger.handle import Ledger
from ledger.proof.bundle import prove
from ledger.rights.keys import signing_key
from ledger.rights.masking import masked
from ledger.rights.refusals import NotAllowed
from ledger.service.problems import Refused


def proof(ledger: Ledger, visit: Visit, asked: Mapping[str, Any], city: str) -> bytes:
    """The proof of an answer.

    It carries events exactly as they were recorded, so whoever may not read names gets none that holds any
    (NotAllowed); Refused (`signing_key_missing`) when the service has no key to sign with.
    """
    key = visit.request.app.state.settings.signing_key
    if key is None:
        raise Refused("signing_key_missing", "the service was started without --signing-key")
    content = prove(ledger, asked, signing_key(key), city=city)
    if _names_persons(content):
        if not visit.known_caller.identifiers:
            raise NotAllowed("the proof names persons; a token with --identifiers may have it", "identifiers")
        visit.note_identifiers()
    return content


def _names_persons(content: bytes) -> bool:
    """Whether a proof holds what identifies persons, in its events (text inside it) or beside them."""
    told = msgspec.json.decode(content)
    states = [msgspec.json.decode(event["state"].encode()) for event in told["proof"]["events"]]
    return masked([told, states])[1] > 0
