"""Follow a topic, or no longer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import hashtag_key
from parvis.people.models import Person
from parvis.topics.models import TopicFollow

MOST_FOLLOWED = 200


def follow_topic(*, person: Person, name: str) -> None:
    """Find what is written about a topic in *Mine*. Any word can be followed, whether somebody has used it or not."""
    with transaction.atomic():
        if TopicFollow.objects.filter(person=person).count() >= MOST_FOLLOWED:
            raise Invalid({"topic": [_("You follow %(limit)s topics already.") % {"limit": MOST_FOLLOWED}]})
        TopicFollow.objects.get_or_create(person=person, key=hashtag_key(name), defaults={"name": name})


def unfollow_topic(*, person: Person, name: str) -> None:
    """No longer follow a topic."""
    TopicFollow.objects.filter(person=person, key=hashtag_key(name)).delete()
