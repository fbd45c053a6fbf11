"""Drafts and scheduled entries: nobody's but their author's, until they are published once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.content import actions, queries
from parvis.content.models import Entry, Mention, Revision
from parvis.content.tasks import publish_scheduled_entries
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.models import RecordedEvent
from parvis.foundation.richtext import mention_source
from parvis.spaces import actions as spaces
from tests.world import World

pytestmark = pytest.mark.django_db


def _due(entry: Entry) -> None:
    """Let the hour of a scheduled entry have come."""
    Entry.objects.filter(pk=entry.pk).update(publish_at=timezone.now() - timedelta(seconds=1))


def _said(event_type: str, entry: Entry) -> int:
    return RecordedEvent.objects.filter(type=event_type, payload__entry_id=str(entry.id)).count()


def _tomorrow() -> object:
    return timezone.now() + timedelta(days=1)


def test_a_draft_is_its_authors_alone_and_says_nothing_to_the_space(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="A draft walrus")
        assert queries.find_unpublished(world.bob, draft.id) == draft
        for name in ("alice", "chloe", "dan", "max"):
            with pytest.raises(NotFound):
                queries.find_unpublished(getattr(world, name), draft.id)
        with pytest.raises(NotFound):
            queries.find_visible(world.bob, draft.id)
        assert not _said("content.entry_published", draft)
        topics = RecordedEvent.objects.filter(payload__entry_id=str(draft.id)).values_list(
            "topics", flat=True
        )
        assert {topic for row in topics for topic in row} == {f"person:{world.people['bob'].id}"}


def test_a_draft_kept_again_is_the_same_and_publishing_its_id_publishes_it(world: World) -> None:
    entry_id = uuid4()
    with world.bound():
        for body in ("", "one", "one two"):
            actions.save_draft(author=world.bob, space=world.lounge, body=body, id=entry_id)
        assert queries.find_unpublished(world.bob, entry_id).body == "one two"
        published = actions.publish(author=world.bob, space=world.lounge, body="one two three", id=entry_id)
        again = actions.publish(author=world.bob, space=world.lounge, body="one two three", id=entry_id)
        assert published.id == again.id == entry_id
        late = actions.save_draft(author=world.bob, space=world.lounge, body="one two thr", id=entry_id)
        assert late.body == "one two three"
        assert _said("content.entry_published", published) == 1
        assert not Revision.objects.filter(entry=published).exists()


def test_a_draft_may_be_empty_but_nothing_empty_is_published_or_scheduled(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="")
        with pytest.raises(Invalid):
            actions.publish_draft(actor=world.bob, entry=draft)
        with pytest.raises(Invalid):
            actions.schedule(actor=world.bob, entry=draft, at=_tomorrow())


def test_a_scheduled_entry_is_published_once_at_its_hour_with_that_hours_date(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="A scheduled walrus")
        actions.schedule(actor=world.bob, entry=draft, at=_tomorrow())
        publish_scheduled_entries()
        with pytest.raises(NotFound):
            queries.find_visible(world.chloe, draft.id)
        _due(draft)
        before = timezone.now()
        assert actions.publish_due() == 1
        assert actions.publish_due() == 0
        published = queries.find_visible(world.chloe, draft.id)
        assert published.published_at == published.activity_at >= before
        assert _said("content.entry_published", draft) == 1


def test_an_hour_must_be_to_come_and_can_be_taken_back(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="later")
        for wrong in (timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=4000)):
            with pytest.raises(Invalid):
                actions.schedule(actor=world.bob, entry=draft, at=wrong)
        actions.schedule(actor=world.bob, entry=draft, at=_tomorrow())
        back = actions.unschedule(actor=world.bob, entry=draft)
        assert (back.state, back.publish_at) == ("draft", None)


def test_who_may_no_longer_post_finds_a_draft_again_instead(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="later")
        actions.schedule(actor=world.bob, entry=draft, at=_tomorrow())
        _due(draft)
        spaces.leave_space(person=world.bob, space=world.lounge)
        assert actions.publish_due() == 0
        assert Entry.objects.get(pk=draft.pk).state == "draft"
        assert _said("content.publication_failed", draft) == 1
        with pytest.raises(Forbidden):
            actions.publish_draft(actor=world.bob, entry=Entry.objects.get(pk=draft.pk))


def test_only_those_are_mentioned_who_can_read_the_space_when_it_is_published(world: World) -> None:
    with world.bound():
        dan = world.people["dan"]
        source = mention_source("person", dan.id, dan.full_name)
        draft = actions.save_draft(author=world.alice, space=world.project, body=f"Hello {source}")
        assert not Mention.objects.filter(entry=draft).exists()
        spaces.admit(person=world.dan, space=world.project)
        actions.publish_draft(actor=world.alice, entry=draft)
        assert Mention.objects.filter(entry=draft, person=dan).exists()


def test_nobody_answers_marks_or_reports_what_is_not_published(world: World) -> None:
    from parvis.content.policy import can

    with world.bound():
        draft = actions.save_draft(author=world.chloe, space=world.lounge, body="later")
        for action in ("reply", "react", "pin", "report", "view_history", "delete"):
            assert not can(world.chloe, action, draft)
            assert not can(world.alice, action, draft)
        assert can(world.chloe, "edit", draft)
        assert not can(world.alice, "edit", draft)


def test_a_discarded_draft_leaves_nothing(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="never")
        with pytest.raises(Forbidden):
            actions.discard_draft(actor=world.alice, entry=draft)
        actions.discard_draft(actor=world.bob, entry=draft)
        assert not Entry.objects.filter(pk=draft.pk).exists()


def test_editing_a_draft_keeps_no_history_and_tells_nobody(world: World) -> None:
    with world.bound():
        draft = actions.save_draft(author=world.bob, space=world.lounge, body="one")
        edited = actions.edit_entry(editor=world.bob, entry=draft, body="two", expected_version=1)
        assert (edited.body, edited.version, edited.edited_at) == ("two", 2, None)
        assert not Revision.objects.filter(entry=draft).exists()
        assert not _said("content.entry_edited", draft)
