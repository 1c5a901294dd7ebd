"""Problem details (RFC 9457): whatever goes wrong, with its stable code, field, record and rules."""

import json
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct

from domain.errors import InputRefused, LedgerError, Unanswerable
from ledger.service.codes import meaning

MEDIA = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, for programs (`code`) and for people in both languages (`title`, `label`, `detail`)."""

    type: str
    """`urn:yibao:problem:` and the code."""
    title: str
    status: int
    code: str
    detail: str
    label: str
    """The title in Chinese."""
    request: str
    """The request's id, as in the log."""
    field: str | None = None
    """The field that is wrong, or the thing that is missing."""
    record: str | None = None
    """The fact (or line) that it is about."""
    rules: tuple[str, ...] | None = None


class Refused(LedgerError):
    """Something that only the service refuses, by a code of `codes.SERVICE`."""

    def __init__(self, code: str, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.name = name


def problem(code: str, detail: str, request: str, field: str = "", record: str = "", **more: Any) -> Problem:
    """The problem details of a code."""
    known = meaning(code)
    return Problem(
        type=f"urn:yibao:problem:{code}",
        title=known.title,
        status=int(known.status),
        code=code,
        detail=detail,
        label=known.label,
        request=request,
        field=field or None,
        record=record or None,
        **more,
    )


def described(error: Exception, request: str, record: str = "") -> Problem:
    """The problem details of anything that was raised."""
    match error:
        case Unanswerable():
            said = f"{error.name} is needed for {error.on}"
            return problem(error.code, said, request, error.name, record, rules=tuple(error.because) or None)
        case InputRefused():
            return problem(error.code, error.message, request, error.name, record)
        case LedgerError():
            return problem(error.code, error.message, request, str(getattr(error, "name", "")), record)
        case HTTPException():
            return _of_litestar(error, request)
    return problem("internal_error", "report it with the request's id; the log has more", request)


def _of_litestar(error: HTTPException, request: str) -> Problem:
    match error:
        case TooManyRequestsException():
            return problem("too_many_calls", "wait until the time in RateLimit-Reset", request)
        case RequestEntityTooLarge():
            return problem("body_too_large", "send less at once, or a stream of JSON Lines", request)
        case NotFoundException():
            return problem("not_found", "see /v1/openapi.json", request)
        case MethodNotAllowedException():
            return problem("method_not_allowed", "see /v1/openapi.json", request)
        case ValidationException():
            first: Any = next(iter(error.extra or ()), None)
            told = first if isinstance(first, dict) else {}
            name = str(told.get("key", ""))
            said = str(told.get("message", error.detail))
            missing = said.startswith("Missing required") or "missing required" in said.lower()
            return problem("field_missing" if missing else "wrong_type", said, request, name)
        case ClientException() if error.status_code == 400:
            return problem("wrong_type", error.detail, request)
    return problem("internal_error", error.detail, request)


def answered(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's handler of every exception."""
    request_id = str(request.scope.get("state", {}).get("request_id", ""))
    notes = request.scope.get("state", {}).get("notes", {})
    found = described(error, request_id, str(notes.get("record", "")))
    request.scope.setdefault("state", {})["problem"] = found
    if not isinstance(error, (LedgerError, HTTPException)):
        request.scope["state"]["error"] = error  # a defect: the log shows where
    headers = dict(getattr(error, "headers", None) or {})
    if found.status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{found.code}"'
    return Response(msgspec.json.encode(found), status_code=found.status, media_type=MEDIA, headers=headers)


def body_of(raw: bytes) -> Any:
    """The JSON value of a body; Refused (`not_json`, `not_utf8`) otherwise."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", f"byte {error.start + 1} of the body is not UTF-8") from None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused("not_json", f"{error}; send one JSON value") from None


def line_of(value: Any) -> bytes:
    """One line of JSON Lines."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
