"""A small client of the Parvis API (version 1), without dependencies.

from parvis_client import Parvis

parvis = Parvis("https://parvis.example.org", token="parvis_…")
for entry in parvis.feed():
    print(entry["author"]["full_name"], entry["title"])
parvis.publish(space=space_id, body="Hello **everyone**")
"""

from parvis_client.client import Parvis
from parvis_client.errors import (
    ChangedSince,
    Conflict,
    Invalid,
    NotFound,
    ParvisError,
    Throttled,
    Unauthenticated,
    Unreachable,
)
from parvis_client.webhooks import is_genuine

__all__ = [
    "ChangedSince",
    "Conflict",
    "Invalid",
    "NotFound",
    "Parvis",
    "ParvisError",
    "Throttled",
    "Unauthenticated",
    "Unreachable",
    "is_genuine",
]
