"""Messages are reported, hidden and given back as entries are; who came later sees nothing of what was before."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.chat import actions, queries, wire
from parvis.chat.models import Message
from parvis.foundation.errors import Forbidden
from parvis.foundation.models import AuditRecord
from parvis.moderation.actions import decide
from parvis.moderation.models import Report
from parvis.moderation.queries import find_notice
from tests.browsing import text_of, visit
from tests.chat.cast import Talk, say
from tests.world import World

pytestmark = pytest.mark.django_db


def _report(world: World, talk: Talk, name: str = "pair", reporter: str = "chloe") -> Report:
    message = queries.find_message(getattr(world, reporter), talk.messages[name].id)
    for _twice in range(2):
        actions.report_message(reporter=getattr(world, reporter), message=message, reason="offensive")
    return Report.objects.get(quoted_text=message.body_text, reporter=getattr(world, reporter))


def test_moderators_get_the_words_that_were_reported_and_nothing_else(
    world: World, talk: Talk, client: Client
) -> None:
    with world.bound():
        _report(world, talk)
        say(world.bob, talk.rooms["pair"], "not reported")
        with pytest.raises(Forbidden):
            actions.report_message(reporter=world.bob, message=talk.messages["pair"], reason="spam")
        page = text_of(visit(world, "max", client).get("/moderation"))
    assert "walrus between two" in page
    assert "not reported" not in page
    assert str(talk.rooms["pair"].id) not in page


def test_a_message_is_hidden_and_given_back_from_the_queue(world: World, talk: Talk) -> None:
    with world.bound():
        reply = say(world.bob, talk.rooms["group"], "aside", thread=talk.messages["group after"].id)
        talk.messages["reply"] = reply
        reports = [_report(world, talk, "reply", name) for name in ("chloe", "dan")]
        decide(moderator=world.max, report=reports[0], verdict="hide", words="Not here, please")
        assert {Report.objects.get(pk=one.pk).state for one in reports} == {Report.State.HIDDEN}
        [_root, row] = _thread(world, talk)
        assert (row["body"], row["is_hidden"]) == ("", True)
        assert queries.search_messages(world.chloe, "aside") == []
        assert Message.objects.get(pk=talk.messages["group after"].pk).reply_count == 0
        assert AuditRecord.objects.filter(action="chat.message_hidden", target_id=str(reply.id)).exists()
        assert find_notice(world.bob, reports[0].id).words == "Not here, please"
        decide(moderator=world.max, report=Report.objects.get(pk=reports[0].pk), verdict="give_back")
        assert _thread(world, talk)[1]["body"] == "aside"
        assert queries.search_messages(world.chloe, "aside") == [reply]
        assert find_notice(world.bob, reports[0].id).state == Report.State.GIVEN_BACK


def _thread(world: World, talk: Talk) -> list[wire.Row]:
    root = queries.find_message(world.chloe, talk.messages["group after"].id)
    return wire.message_rows("", queries.thread_of(world.chloe, root), world.chloe)


def test_who_came_later_sees_no_quote_of_what_was_before_and_neither_does_a_frame(
    world: World, talk: Talk
) -> None:
    with world.bound():
        early, late = talk.messages["group before"], talk.messages["group after"]
        answers = [say(world.bob, talk.rooms["group"], "yes", reply_to=one.id) for one in (early, late)]
        shown = {
            viewer.full_name if viewer else "all": [
                row["quote"]["excerpt"] for row in wire.message_rows("", answers, viewer)
            ]
            for viewer in (world.chloe, world.dan, None)
        }
        secret, open_to_all = early.body, late.body
        assert shown[world.chloe.full_name] == [secret, open_to_all]
        assert shown[world.dan.full_name] == ["", open_to_all] == shown["all"]
        row = wire.message_rows("", answers, None)[0]
        assert row["quote"] == {"id": None, "seq": None, "author": None, "excerpt": "", "is_readable": None}
