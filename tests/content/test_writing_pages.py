"""Writing in the browser: with and without scripts, and nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from parvis.content import actions
from parvis.content.models import Entry
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def test_a_post_without_scripts_leads_to_its_thread(world: World, visitor: Visit) -> None:
    answer = visitor("bob").post("/entries", {"space": world.spaces["lounge"].id, "body": "Hello **all**"})
    with world.bound():
        entry = Entry.objects.get(body="Hello **all**")
    assert (answer.status_code, answer["Location"]) == (302, f"/o/atelier/entries/{entry.id}")


def test_a_post_with_scripts_answers_its_card(world: World, visitor: Visit) -> None:
    answer = visitor("bob").post(
        "/entries", {"space": world.spaces["lounge"].id, "body": "Hello"}, fragment=True
    )
    assert answer.status_code == 201
    assert text_of(answer).strip().startswith("<article")


def test_the_same_post_sent_twice_is_there_once(world: World, visitor: Visit) -> None:
    form = {"space": world.spaces["lounge"].id, "body": "Only once", "id": uuid4()}
    bob = visitor("bob")
    first, second = bob.post("/entries", form), bob.post("/entries", form)
    assert first["Location"] == second["Location"]
    with world.bound():
        assert Entry.objects.filter(body="Only once").count() == 1


@pytest.mark.parametrize("fragment", [True, False])
def test_an_empty_post_comes_back_with_a_message(world: World, visitor: Visit, fragment: bool) -> None:
    form = {"space": world.spaces["lounge"].id, "title": "", "body": "  "}
    answer = visitor("bob").post("/entries", form, fragment=fragment)
    assert answer.status_code == 422
    assert "Write something, or attach a file." in text_of(answer)


def test_what_was_typed_comes_back_with_the_message(world: World, visitor: Visit) -> None:
    form = {"space": world.spaces["lounge"].id, "title": "T" * 201, "body": "My long thought"}
    answer = visitor("bob").post("/entries", form)
    assert answer.status_code == 422
    assert "My long thought" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("bob", "bulletin"),
        ("bob", "attic"),
        ("dan", "lounge"),
        ("dan", "project"),
        ("bob", "cellar"),
        ("bob", "twin_lounge"),
    ],
)
def test_one_posts_only_where_one_may(world: World, visitor: Visit, name: str, space: str) -> None:
    answer = visitor(name).post("/entries", {"space": world.spaces[space].id, "body": "Intruding"})
    assert answer.status_code == 404
    with world.bound():
        assert not Entry.objects.filter(body="Intruding").exists()


@pytest.mark.parametrize("space", ["", "no-uuid", "00000000-0000-0000-0000-000000000000"])
def test_a_space_that_is_none_is_refused(visitor: Visit, space: str) -> None:
    assert visitor("bob").post("/entries", {"space": space, "body": "x"}).status_code in {404, 422}


def test_a_reply_without_scripts_leads_to_its_place(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    answer = visitor("bob").post(f"/entries/{post.id}/replies", {"body": "My answer"})
    with world.bound():
        reply = Entry.objects.get(body="My answer")
    assert answer["Location"] == f"/o/atelier/entries/{post.id}#entry-{reply.id}"


def test_a_reply_to_a_comment_answers_the_whole_branch(world: World, visitor: Visit) -> None:
    comment = world.entries["lounge comment"]
    answer = visitor("bob").post(f"/entries/{comment.id}/replies", {"body": "My answer"}, fragment=True)
    assert answer.status_code == 201
    assert answer["HX-Retarget"] == f"#entry-{comment.id}"
    assert "A walrus comment in lounge" in text_of(answer)
    assert "My answer" in text_of(answer)


def test_a_reply_in_a_conversation_comes_to_its_end(world: World, visitor: Visit) -> None:
    comment = world.entries["lounge comment"]
    page = f"http://testserver/o/atelier/entries/{comment.thread_id}/conversation"
    answer = visitor("bob").post(
        f"/entries/{comment.id}/replies", {"body": "My answer"}, fragment=True, HX_Current_URL=page
    )
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (201, "#thread", "beforeend")
    assert "My answer" in text_of(answer)
    assert "A walrus comment in lounge" not in text_of(answer)


def test_a_member_elsewhere_cannot_reply_in_an_open_space(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    assert visitor("dan").get(f"/entries/{post.id}").status_code == 200
    assert visitor("dan").post(f"/entries/{post.id}/replies", {"body": "x"}).status_code == 404
    assert visitor("dan").get(f"/entries/{post.id}/replies").status_code == 404


def test_an_edit_is_saved_in_place(world: World, visitor: Visit) -> None:
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="Before")
    form = text_of(visitor("bob").get(f"/entries/{post.id}/text", fragment=True))
    assert 'name="version" value="1"' in form
    answer = visitor("bob").post(f"/entries/{post.id}/text", {"body": "After", "version": 1}, fragment=True)
    assert "After" in text_of(answer)
    assert "edited" in text_of(answer)


@pytest.mark.parametrize("fragment", [True, False])
def test_two_edits_that_cross_are_shown_side_by_side(world: World, visitor: Visit, fragment: bool) -> None:
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="The pump is loud")
        actions.edit_entry(editor=world.bob, entry=post, body="The pump is very loud", expected_version=1)
    form = {"body": "The pump is silent", "version": 1}
    answer = visitor("bob").post(f"/entries/{post.id}/text", form, fragment=fragment)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "The pump is very loud" in page
    assert "The pump is silent</textarea>" in page
    assert 'name="version" value="2"' in page
    assert "<ins>" in page
    again = visitor("bob").post(f"/entries/{post.id}/text", {**form, "version": 2}, fragment=fragment)
    assert again.status_code in {200, 302}


def test_only_its_author_edits(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    assert visitor("bob").get(f"/entries/{post.id}/text").status_code == 404
    assert visitor("bob").post(f"/entries/{post.id}/text", {"body": "x", "version": 1}).status_code == 404


def test_deleting_offers_the_way_back(world: World, visitor: Visit) -> None:
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="Too hasty")
    bob = visitor("bob")
    answer = text_of(bob.post(f"/entries/{post.id}/deletion", fragment=True))
    assert "Too hasty" not in answer
    assert f"/o/atelier/entries/{post.id}/deletion?_method=DELETE" in answer
    assert bob.post(f"/entries/{post.id}/deletion?_method=DELETE&stay=1").status_code == 204
    assert "Too hasty" in text_of(bob.get(f"/entries/{post.id}"))


def test_delete_and_put_work_as_verbs_too(world: World, visitor: Visit) -> None:
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="Verbs")
    bob = visitor("bob")
    assert bob.send("POST", f"/entries/{post.id}/deletion", fragment=True).status_code == 200
    assert bob.send("DELETE", f"/entries/{post.id}/deletion", fragment=True).status_code == 200
    assert bob.send("PATCH", f"/entries/{post.id}/deletion").status_code == 405


def test_a_preview_is_what_publishing_shows(world: World, visitor: Visit) -> None:
    space = world.spaces["lounge"].id
    answer = visitor("bob").post("/entries/preview", {"space": space, "body": "**Bold** <script>x</script>"})
    assert "<strong>Bold</strong>" in text_of(answer)
    assert "<script>" not in text_of(answer)
    assert (
        visitor("dan")
        .post("/entries/preview", {"space": world.spaces["project"].id, "body": "x"})
        .status_code
        == 404
    )


def test_forms_need_their_secret(world: World) -> None:
    from django.test import Client

    from tests.browsing import visit

    bob = visit(world, "bob", Client(SERVER_NAME="localhost", enforce_csrf_checks=True))
    answer = bob.post("/entries", {"space": world.spaces["lounge"].id, "body": "Forged"})
    assert answer.status_code == 403
    assert "Go back and try again" in text_of(answer)


def test_hostile_shapes_get_an_answer_and_not_a_fault(world: World, visitor: Visit) -> None:
    bob, post = visitor("bob"), world.entries["lounge post"]
    forms = [
        {"body": "a\x00b"},
        {"body": "x", "id": "nope"},
        {"body": "x", "attachments": ["nope", "00000000-0000-0000-0000-000000000000"]},
        {"body": "x" * 100_001},
        {"body": "@[Bob](person:00000000-0000-0000-0000-000000000000) ok"},
    ]
    for form in forms:
        answer = bob.post(f"/entries/{post.id}/replies", form)
        assert answer.status_code in {302, 422}, form
    assert bob.get("/?cursor=%00garbage").status_code == 422
    assert bob.get("/?shown=99999999999999999999&spaces=';--&files=x").status_code == 200
