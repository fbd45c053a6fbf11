"""What content does by the clock."""

from parvis.content.actions.publication import publish_due
from parvis.foundation.jobs import every


@every(minutes=1)
def publish_scheduled_entries() -> None:
    """Publish what is due. The hour stands in the row, so that a missed turn is made up by the next."""
    publish_due()
