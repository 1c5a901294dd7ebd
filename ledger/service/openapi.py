"""The OpenAPI 3.1 document, from the same structs and operations that the handlers work with."""

from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.routes import HTTPRoute
from msgspec import NODEFAULT
from msgspec.structs import fields

from ledger.service.operations import EVENT_STREAM, JSON, JSON_LINES, TEXT, Operation, handle
from ledger.service.problems import MEDIA, Problem
from ledger.service.published import REF, Schema, components, ref

ABOUT = """The ledger of a city's medical insurance 医保账本: facts in, answers for any pair of dates
(in force on `on`, as known at `known`), reasons with articles, and the stream of events.

Refusals are problem details (RFC 9457) with a stable `code`; docs/errors.md says what to do about each."""
OPENAPI = Operation(says="This document 接口文档", right=None, answer=dict[str, Any])
EVERY = (422, 429, 500, 503)
GUARDED = (401, 403, 504)
WITH_BODY = (400, 413, 415)


@handle("get", "/v1/openapi.json", OPENAPI)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """OpenAPI 3.1."""
    return Response(_encoded(request.app), media_type=JSON)


@cache
def _encoded(app: Litestar) -> bytes:
    return msgspec.json.encode(document(app))


def document(app: Litestar) -> Schema:
    """The document of an application: every route that has an operation."""
    found = [
        (route.path_format, method, handler.opt["operation"], handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "operation" in handler.opt
        for method in sorted(handler.http_methods)
    ]
    types = {id(kind): kind for _, _, of, _ in found for kind in (of.body, of.answer, of.query)}
    types = {key: kind for key, kind in types.items() if kind is not None and not isinstance(kind, str)}
    types[id(Problem)] = Problem
    by_type, schemas = components(types.values())
    paths: dict[str, Schema] = {}
    for path, method, of, handler in sorted(found, key=lambda each: each[:2]):
        queries = schemas[by_type[id(of.query)]["$ref"].removeprefix(REF)]
        told = _operation(of, by_type, queries, path)
        told["operationId"] = handler.fn.__name__
        told["description"] = handler.fn.__doc__ or ""
        paths.setdefault(path, {})[method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": "yibao-ledger", "version": "1", "description": ABOUT},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(of: Operation, by_type: dict[int, Schema], queries: Schema, path: str) -> Schema:
    told: Schema = {"summary": of.says, "parameters": [*_path(path), *_query(of, queries)]}
    told["security"] = [] if of.right is None else [{"token": []}]
    if of.answer_media == EVENT_STREAM:
        told["parameters"].append(_LAST_EVENT)
    if of.body is not None:
        schema = ref(of.body) if isinstance(of.body, str) else by_type[id(of.body)]
        told["requestBody"] = {
            "required": True,
            "content": {media: {"schema": schema} for media in of.body_media},
        }
    told["responses"] = _responses(of, by_type)
    return told


_LAST_EVENT: Schema = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
    "description": "The `id` of the last event that arrived; goes before `after` and `since`",
}


def _responses(of: Operation, by_type: dict[int, Schema]) -> Schema:
    schema = ref(of.answer) if isinstance(of.answer, str) else by_type[id(of.answer)]
    if of.answer_media in (EVENT_STREAM, JSON_LINES):
        schema = {
            "type": "string",
            "description": f"each line or event: {schema.get('$ref', 'see the components')}",
        }
    if of.answer_media == TEXT:
        schema = {"type": "string"}
    found: Schema = {}
    for status in (of.status, *of.also):
        content = {of.answer_media: {"schema": schema}}
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    refusals = {*EVERY, *of.problems, *(GUARDED if of.right is not None else ())}
    refusals |= {*(WITH_BODY if of.body is not None else ())}
    problem = {MEDIA: {"schema": by_type[id(Problem)]}}
    for status in sorted(refusals):
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return found


def _path(path: str) -> list[Schema]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    schema = {"type": "string", "minLength": 1, "maxLength": 128}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query(of: Operation, queries: Schema) -> list[Schema]:
    found = []
    for field in fields(of.query):
        needed = field.default is NODEFAULT and field.default_factory is NODEFAULT
        schema = dict(queries["properties"][field.encode_name])
        told: Schema = {
            "name": field.encode_name,
            "in": "query",
            "required": needed,
            "schema": _given(schema),
        }
        if "description" in schema:
            told["description"] = schema.pop("description")
        found.append(told)
    return found


def _given(schema: Schema) -> Schema:
    """In an address nothing is null: what may be left out is left out."""
    kept = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if not kept or len(kept) == len(schema["anyOf"]):
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept}


HANDLERS = (openapi,)
