"""The live gateway, heard by a real client through a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from websockets.exceptions import InvalidStatus

from parvis.foundation.realtime import gateway
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Person
from tests.foundation.realtime.conftest import LiveWorld
from tests.foundation.realtime.server import Window, wait_until

Open = Callable[..., Window]


def test_a_member_hears_what_happens_in_a_space(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, f"space:{live.workshop.id}")
    position = live.note(live.workshop)
    frame = window.hear(seconds=20)
    assert frame["topic"] == f"space:{live.workshop.id}"
    assert frame["type"] == "tests.note_left"
    assert frame["position"] == position
    assert frame["id"] == frame["thread"]
    assert frame["space"] == str(live.workshop.id)


def test_home_hears_every_readable_space_and_each_event_once(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home", f"space:{live.hall.id}")
    live.note(live.hall)
    live.note(live.workshop)
    assert [window.hear()["topic"] for _ in range(2)] == [f"space:{live.hall.id}", "home"]
    assert window.hears_nothing()


def test_home_does_not_hear_a_closed_space_of_others(live: LiveWorld, open_window: Open) -> None:
    with organization_scope(live.organization):
        carol = live._person("carol")
    window = open_window(carol, "home")
    live.note(live.workshop)
    live.note(live.hall)
    assert window.hear()["topic"] == "home"
    assert window.hears_nothing()


def test_what_concerns_a_person_reaches_nobody_else(live: LiveWorld, open_window: Open) -> None:
    alice, bob = open_window(live.alice, "inbox"), open_window(live.bob, "inbox", "home")
    live.nudge(live.alice)
    assert alice.hear()["topic"] == "inbox"
    assert bob.hears_nothing()


def test_the_inbox_of_another_person_is_denied(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice)
    frames = window.subscribe(f"person:{live.bob.id}", "inbox")
    assert frames[0] == {"type": "denied", "topic": f"person:{live.bob.id}"}
    assert frames[-1]["topics"] == ["inbox"]


def test_another_organization_hears_nothing(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.zoe)
    frames = window.subscribe(f"space:{live.hall.id}", "home", "people")
    assert frames[0] == {"type": "denied", "topic": f"space:{live.hall.id}"}
    live.note(live.hall)
    assert window.hears_nothing()


def test_a_session_opens_no_other_organization(live: LiveWorld) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Window(
            f"ws://127.0.0.1:{live.port}/o/zenith/api/v1/live",
            session_key=live.session_of(live.alice),
            origin=f"http://127.0.0.1:{live.port}",
        )
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_cookie_from_another_page_is_refused(live: LiveWorld, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Window(
            f"ws://127.0.0.1:{live.port}/o/acme/api/v1/live",
            session_key=live.session_of(live.alice),
            origin=origin,
        )
    assert refused.value.response.status_code == 403


def test_a_stranger_is_refused(live: LiveWorld) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        with pytest.raises(InvalidStatus) as refused:
            Window(
                f"ws://127.0.0.1:{live.port}/o/acme/api/v1/live",
                origin=f"http://127.0.0.1:{live.port}",
                **headers,
            )
        assert refused.value.response.status_code == 401


def test_losing_a_space_ends_its_topic_at_once(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.bob, f"space:{live.workshop.id}", "home")
    live.expel(live.bob, live.workshop)
    for number in range(20):
        live.note(live.workshop, number=number)
    live.note(live.hall)
    assert window.hear(seconds=10) == {"type": "denied", "topic": f"space:{live.workshop.id}"}
    assert window.hear() == {"type": "reload"}
    assert window.hear()["topic"] == "home"
    assert window.hears_nothing()


def test_an_ended_session_is_closed_within_five_seconds(live: LiveWorld, open_window: Open) -> None:
    session_key = live.session_of(live.alice)
    window = open_window(live.alice, "home", session_key=session_key)
    other = open_window(live.alice, "home")
    Session.objects.filter(session_key=session_key).delete()
    assert window.closed_with(seconds=10) == 4001
    live.note(live.hall)
    assert other.hear()["topic"] == "home"


def test_whoever_comes_back_after_the_session_ended_is_sent_away_at_once(
    live: LiveWorld, open_window: Open
) -> None:
    session_key = live.session_of(live.alice)
    open_window(live.alice, "home", session_key=session_key).close()
    # The server remembers who left before it looks for the session again.
    wait_until(lambda: gateway.gateway.hub.connection_count() == 0)
    Session.objects.filter(session_key=session_key).delete()
    assert open_window(live.alice, session_key=session_key).closed_with(seconds=10) == 4001


def test_whoever_comes_back_after_losing_a_space_does_not_hear_it(live: LiveWorld, open_window: Open) -> None:
    session_key = live.session_of(live.bob)
    open_window(live.bob, f"space:{live.workshop.id}", session_key=session_key).close()
    live.expel(live.bob, live.workshop)
    window = open_window(live.bob, session_key=session_key)
    window.subscribe("home")
    live.note(live.workshop)
    live.note(live.hall)
    assert window.hear_until("tests.note_left")[-1]["space"] == str(live.hall.id)


def test_a_suspended_person_is_closed_within_five_seconds(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home")
    with organization_scope(live.organization):
        Person.objects.filter(id=live.alice.id).update(state=Person.State.SUSPENDED)
    assert window.closed_with(seconds=10) == 4001


def test_a_changed_password_closes_the_windows_of_older_sessions(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home")
    assert live.alice.identity is not None
    live.alice.identity.set_password("quite another password")
    live.alice.identity.save()
    assert window.closed_with(seconds=10) == 4001


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        (b"\x00\x01", "not binary"),
        ("{nonsense", "not JSON"),
        ("[" * 10_000, "not JSON"),
        ("[]", "send an object"),
        ('{"shout": 1}', "send an object"),
        ('{"subscribe": "home"}', "must be a list of topics"),
        ('{"subscribe": [1]}', "must be a list of topics"),
        ('{"subscribe": ["home"], "since": "yesterday"}', "must be a position"),
        ('{"subscribe": ["home"], "since": {"a": 1}}', "must be a position"),
    ],
)
def test_a_wrong_frame_is_answered_and_the_window_stays_open(
    live: LiveWorld, open_window: Open, frame: str | bytes, answer: str
) -> None:
    window = open_window(live.alice, "home")
    window.say(frame)
    heard = window.hear()
    assert heard["type"] == "error"
    assert answer in heard["message"]
    live.note(live.hall)
    assert window.hear()["topic"] == "home"


def test_unknown_topics_are_denied_by_name(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice)
    frames = window.subscribe("weather", "space:nonsense", "access:*", "home")
    assert [frame.get("topic") for frame in frames[:-1]] == ["weather", "space:nonsense", "access:*"]
    assert frames[-1]["topics"] == ["home"]


def test_a_huge_frame_closes_the_window(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home")
    window.say('{"subscribe": ["' + "x" * 20_000 + '"]}')
    assert window.closed_with() == 1009


def test_too_many_topics_are_refused(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice)
    window.say({"subscribe": [f"thread:{live.hall.id}"] * 201})
    assert "at most 200" in window.hear()["message"]


def test_whoever_makes_mistakes_for_ever_is_closed(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice)
    for _ in range(25):
        window.say("nonsense")
    assert window.closed_with() == 1008


def test_a_person_may_open_thirty_windows(live: LiveWorld, open_window: Open) -> None:
    session_key = live.session_of(live.alice)
    for _ in range(30):
        open_window(live.alice, session_key=session_key)
    with pytest.raises(InvalidStatus) as refused:
        open_window(live.alice, session_key=session_key)
    assert refused.value.response.status_code == 429


def test_a_ping_is_answered_with_the_position(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home")
    position = live.note(live.workshop)
    window.hear()
    window.say({"ping": 1})
    assert window.hear() == {"type": "pong", "position": position}


def test_after_unsubscribing_nothing_comes(live: LiveWorld, open_window: Open) -> None:
    window = open_window(live.alice, "home")
    window.say({"unsubscribe": ["home"]})
    window.say({"ping": 1})
    window.hear_until("pong")
    live.note(live.hall)
    assert window.hears_nothing()
