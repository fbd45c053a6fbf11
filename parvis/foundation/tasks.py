"""The foundation's own periodic jobs, registered by being imported."""

from parvis.foundation.files import actions, uploads
from parvis.foundation.jobs import upkeep
from parvis.foundation.realtime import pruning

__all__ = ["actions", "pruning", "upkeep", "uploads"]
