"""What the OpenAPI document says of every operation alike: headers, tags, problems, and how to prove who calls."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.utils import normalize_path

from parvis.api.parsing import StorableBodies
from parvis.foundation.addresses import reverse

PROBLEM_TYPE = "application/problem+json"

_TEXT = {"type": "string"}
LIMIT_HEADERS = {
    "RateLimit-Policy": {"description": 'The limit that applies: `"token";q=600;w=60`.', "schema": _TEXT},
    "RateLimit": {
        "description": 'What is left of it, and the seconds until all is back: `"token";r=599;t=1`.',
        "schema": _TEXT,
    },
}
ETAG_HEADER = {"ETag": {"description": "The tag of this very answer.", "schema": _TEXT}}
RETRY_AFTER_HEADER = {
    "Retry-After": {"description": "Seconds to wait before the next call.", "schema": {"type": "integer"}}
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": _TEXT,
    "description": "The `ETag` of an answer read before: 304 without a body while it is still true.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": _TEXT,
    "description": "The `ETag` of the thing as it was read: 412 when it has another version now.",
}
# `openapi_extra` of the operations that change something with a version.
VERSIONED: dict[str, Any] = {"parameters": [IF_MATCH]}


def header(name: str, schema: dict[str, Any], description: str, *, required: bool = True) -> dict[str, Any]:
    """Return how the document says that an operation reads a header."""
    return {"in": "header", "name": name, "required": required, "schema": schema, "description": description}


BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of one organization and one person: `parvis_…`.",
}


class DescribedAPI(NinjaAPI):  # type: ignore[misc]
    """An API whose description is complete, and made once; what it is sent can be kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parser=StorableBodies(), **options)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the document, for the address that it was asked at."""
        root = reverse(f"{self.urls_namespace}:api-root", kwargs=path_params or {})
        prefix = path_prefix if path_prefix is not None else root
        document = _described(self)
        paths = {normalize_path(f"/{prefix}{path}"): found for path, found in document["paths"].items()}
        return {**document, "paths": paths}


class _Document(OpenAPISchema):  # type: ignore[misc]
    """Describes each shape of an answer once: hundreds of operations answer with the same few, problems above all."""

    def __init__(self, api: NinjaAPI) -> None:
        self._known: dict[object, tuple[dict[str, Any], bool]] = {}
        super().__init__(api, "")

    def _create_schema_from_model(self, model: Any, **options: Any) -> tuple[dict[str, Any], bool]:
        shapes = [(shape.annotation, bool(shape.metadata)) for shape in model.model_fields.values()]
        if options.get("mode") != "serialization" or len(shapes) != 1 or shapes[0][1]:
            return self._made(model, **options)
        key = (shapes[0], *sorted(options.items()))
        if key not in self._known:
            self._known[key] = self._made(model, **options)
        # Operations add to what they get.
        return copy.deepcopy(self._known[key])

    def _made(self, model: Any, **options: Any) -> tuple[dict[str, Any], bool]:
        made: tuple[dict[str, Any], bool] = super()._create_schema_from_model(model, **options)
        return made


@lru_cache(maxsize=1)
def _described(api: DescribedAPI) -> OpenAPISchema:
    document = _Document(api)
    document["components"]["securitySchemes"] = {"bearer": BEARER}
    document["security"] = [{"bearer": []}]
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _describe(method, operation)
    return document


def _describe(method: str, operation: dict[str, Any]) -> None:
    responses = {str(status): response for status, response in operation["responses"].items()}
    if method == "get":
        operation["parameters"] = [*operation["parameters"], IF_NONE_MATCH]
        responses["304"] = {"description": "Not Modified", "headers": dict(ETAG_HEADER)}
        responses["200"].setdefault("headers", {}).update(ETAG_HEADER)
    if IF_MATCH in operation["parameters"]:
        responses["412"] = {**responses["409"], "description": "Precondition Failed"}
    for status, response in responses.items():
        _describe_response(status, response)
    operation["responses"] = dict(sorted(responses.items()))


def _describe_response(status: str, response: dict[str, Any]) -> None:
    response["headers"] = {**response.get("headers", {}), **LIMIT_HEADERS}
    if status == "429":
        response["headers"] |= RETRY_AFTER_HEADER
    if int(status) >= 400:
        response["content"] = {PROBLEM_TYPE: response["content"]["application/json"]}
