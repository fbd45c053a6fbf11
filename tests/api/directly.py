"""Ask the operations that pass Django by, as somebody of the cast with a token."""

from __future__ import annotations

import json
from typing import Any

from parvis.api import direct
from parvis.api.asked import asked_by
from parvis.api.models import ApiToken
from parvis.api.tokens import PREFIX, _hash
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Person
from tests.world import World


def scope_of(
    path: str, *, slug: str = "atelier", secret: str = "", method: str = "GET", **headers: str
) -> dict[str, Any]:
    """Return a request as the server hands it over."""
    address, _mark, query = path.partition("?")
    fields = {"host": "localhost", "authorization": f"Bearer {secret}", **headers}
    return {
        "type": "http",
        "method": method,
        "path": f"/o/{slug}/api/v1{address}",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
    }


def read_directly(world: World, viewer: Person, path: str) -> Any:
    """Return what somebody of the first organization, or of none, gets; None where Django would have to answer."""
    asked = asked_by(scope_of(path, secret=secret_of(viewer)))
    answer = direct.answer_to(asked) if asked is not None else None
    return json.loads(answer.body) if answer is not None else None


def secret_of(person: Person) -> str:
    """Return a token of anybody, also of those who could not make one."""
    secret = f"{PREFIX}{person.id.hex}"
    with organization_scope(person.organization_id):
        ApiToken.objects.get_or_create(
            token_hash=_hash(secret), defaults={"person": person, "name": "x", "scopes": ["read"]}
        )
    return secret
