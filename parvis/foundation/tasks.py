"""What the foundation does from time to time."""

from __future__ import annotations

from parvis.foundation import audit, files, throttle
from parvis.foundation.jobs import every


@every(days=1)
def sweep_files() -> None:
    """Remove uploads that nobody attached."""
    files.sweep_orphans()


@every(minutes=5)
def seal_audit_trail() -> None:
    """Chain the new records."""
    audit.seal()


@every(hours=1, each_organization=False)
def forget_drained_throttles() -> None:
    """Remove counts that no longer matter."""
    throttle.forget_drained()
