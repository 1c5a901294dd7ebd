"""Proof bundles, and the access log: what an auditor takes away, and what an administrator looks at."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta, Struct

from domain.questions.reading import read_question
from ledger.proof.bundle import prove
from ledger.rights.access import Kept
from ledger.rights.caller import Right
from ledger.rights.keys import signing_key
from ledger.rights.masking import masked
from ledger.rights.refusals import NotAllowed
from ledger.service.call import Call
from ledger.service.operations import JSON, operation
from ledger.service.problems import Refused
from ledger.service.queries import After, InCity


class Entries(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entries."""

    after: After = 0
    limit: Annotated[int, Meta(ge=1, le=5000)] = 500


@operation(
    "post",
    "/v1/proofs",
    says="Prove an answer 答案证明包",
    right=Right.ASK,
    query=InCity,
    body="Question",
    answer=dict[str, Any],
    problems=(403, 404, 409),
)
def proof(call: Call) -> Response[bytes]:
    """One file: question, answer, rules, events and their place in the signed log; `scripts/verify-proof` checks it.

    It holds events as they were recorded, so that hiding anything would break it: where they name a person, the
    right to read identifiers is needed.
    """
    if call.settings.signing_key is None:
        raise Refused("signing_key_missing", "the service was started without --signing-key")
    city = call.city(read_question(call.told).city)
    with call.desk.reading() as ledger:
        made = prove(ledger, call.told, signing_key(call.settings.signing_key), city=city)
    if _names_persons(made):
        if not call.caller.identifiers:
            raise NotAllowed("the proof names persons; a token with --identifiers may have it", "identifiers")
        call.note_identifiers(call.about())
    headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
    return Response(made, media_type=JSON, headers=headers)


def _names_persons(made: bytes) -> bool:
    """Whether a proof holds what identifies persons, in its events or beside them."""
    told = msgspec.json.decode(made)
    states = [msgspec.json.decode(event["state"].encode()) for event in told["proof"]["events"]]
    return masked([told, states])[1] > 0


@operation(
    "get",
    "/v1/access",
    says="The access log 访问日志",
    right=Right.KEEP,
    query=Entries,
    answer=list[Kept],
)
def access(call: Call) -> list[Kept]:
    """Who was refused, and who read identifiers; it only grows."""
    return call.access.entries(call.query.after, call.query.limit)


HANDLERS = (proof, access)
