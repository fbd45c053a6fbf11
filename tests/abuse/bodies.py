"""Every body that the API takes, made from its description: what is new is tried by being described."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

Known = Mapping[str, list[str]]
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Operation:
    """One operation that takes a JSON body: its address, a body that could be accepted, and where texts are in it."""

    method: str
    path: str
    body: dict[str, Any]
    texts: tuple[Place, ...]

    def saying(self, texts: Mapping[Place, str]) -> dict[str, Any]:
        """Return the body with these texts in these places."""
        body = copy.deepcopy(self.body)
        for place, text in texts.items():
            inside: Any = body
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = text
        return body


def operations(document: dict[str, Any], known: Known) -> Iterator[Operation]:
    """Return every operation of the description that takes JSON; `known` are ids, by the name of their parameter."""
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            content = described.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None:
                continue
            body = _Bodies(document, known).of(content["schema"])
            address = re.sub(r"\{(\w+)\}", lambda match: known[match[1]][0], path.removeprefix("/api/v1"))
            yield Operation(method.upper(), address, body, tuple(_texts(body)))


@dataclass(frozen=True)
class _Bodies:
    document: dict[str, Any]
    known: Known

    def of(self, schema: dict[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            return self.of(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
        if "anyOf" in schema:
            return self.of(next(one for one in schema["anyOf"] if one.get("type") != "null"), name)
        if choices := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
            return choices[0]
        made = {"string": self._text, "array": self._list, "object": self._object}.get(schema.get("type", ""))
        if made is not None:
            return made(schema, name)
        return {"boolean": False, "integer": schema.get("minimum", 1)}.get(schema.get("type", ""), {})

    def _text(self, schema: dict[str, Any], name: str) -> str:
        match schema.get("format"):
            case "uuid":
                ids = self.known.get(f"{name.removesuffix('_id')}_id")
                return ids[0] if ids and name != "id" else str(uuid4())
            case "date":
                return "2030-01-31"
            case "date-time":
                return "2030-01-31T08:00:00Z"
            case _:
                return _Text(schema.get("default") or "walrus")

    def _list(self, schema: dict[str, Any], name: str) -> list[Any]:
        # What is brought along has to be there: no file, no choice that nobody made.
        return [self.of(schema["items"], name)] * max(schema.get("minItems", 0), 0)

    def _object(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        return {key: self.of(value, key) for key, value in schema.get("properties", {}).items()}


class _Text(str):
    """What anybody may write as they like."""

    __slots__ = ()


def _texts(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, _Text):
        yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inside:
        yield from _texts(item, (*place, step))
