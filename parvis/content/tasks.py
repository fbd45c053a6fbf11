"""What content does by the clock."""

from parvis.content.actions.publication import publish_due
from parvis.content.actions.upkeep import render_stale_texts
from parvis.foundation.jobs import every


@every(minutes=1)
def publish_scheduled_entries() -> None:
    """Publish what is due. The hour stands in the row, so that a missed turn is made up by the next."""
    publish_due()


@every(hours=1)
def render_older_texts() -> None:
    """Render what an earlier version rendered otherwise: each turn some thousands, so that it ends in a day."""
    for _batch in range(10):
        if not render_stale_texts():
            return
