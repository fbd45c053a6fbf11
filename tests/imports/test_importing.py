"""From an archive to what members see: staged, published at once, repeatable, undoable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.citations.models import Citation
from parvis.citations.queries import citing
from parvis.content import actions as content
from parvis.content import queries
from parvis.content.events import ImportPublished
from parvis.content.models import Entry, Mention, Reaction
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import from_payload
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import AuditRecord, RecordedEvent
from parvis.imports import actions
from parvis.imports.archive import open_archive
from parvis.imports.faults import ArchiveFault
from parvis.imports.models import ImportedItem, ImportRun
from parvis.imports.slack.reader import SlackExport
from parvis.imports.source import SourceItem
from parvis.people.actions import find_or_create_identity, join_organization
from parvis.people.models import Person
from parvis.search.queries import find_entries
from parvis.spaces.models import Membership, Space
from parvis.topics.queries import find_topic
from tests.imports.conftest import ImportSlack
from tests.imports.slack_export import ALICE, BOARD, BOB, GENERAL, export, message, zipped
from tests.world import World

pytestmark = pytest.mark.django_db

DAY = "general/2024-01-02.json"
BOARD_DAY = "board/2024-01-02.json"
ROOT = message(
    "1704200000.000100", "root <@U000BOB>", reactions=[{"name": "+1", "users": ["U000BOB"], "count": 1}]
)
REPLY = message("1704200060.000100", "reply", user="U000BOB", thread_ts="1704200000.000100")
# Bob of the world, by his confirmed address (he was added with a login by an administrator).
WORLD_BOB = {**BOB, "profile": {"real_name": "Bob D.", "email": "ute@atelier.example"}}


def entries_of(run: ImportRun) -> list[Entry]:
    ids = ImportedItem.objects.filter(run=run, kind="entry").values("object_id")
    return list(Entry.objects.filter(id__in=ids).order_by("published_at"))


def test_a_thread_comes_with_its_author_reply_reaction_mention_and_date(
    world: World, import_slack: ImportSlack
) -> None:
    run = import_slack(export({DAY: [ROOT, REPLY]}))
    with world.bound():
        root, reply = entries_of(run)
        assert run.state == ImportRun.State.PUBLISHED
        assert run.counts == {"people": 3, "spaces": 1, "posts": 1, "comments": 1, "reactions": 1}
        assert root.state == reply.state == Entry.State.PUBLISHED
        assert root.author.full_name == "Alice Martin"
        assert root.published_at.timestamp() == 1704200000.0001
        assert (root.reply_count, root.reaction_count) == (1, 1)
        assert root.activity_at == reply.published_at
        assert reply.thread_id == reply.reply_to_id == root.id
        assert "Bob Durand" in root.body_text
        assert Mention.objects.get(entry=root).person == reply.author
        assert Reaction.objects.get(entry=root).emoji == "👍"
        assert root in queries.everything_stream(world.bob).entries


def test_imported_people_are_unclaimed_and_an_invitation_to_their_address_gives_them_their_place(
    world: World, import_slack: ImportSlack
) -> None:
    run = import_slack(export({DAY: [ROOT]}, groups=[BOARD]))
    with world.bound():
        [root] = entries_of(run)
        assert root.author.state == Person.State.UNCLAIMED
        identity = find_or_create_identity(email="alice@example.org")
        claimed = join_organization(identity=identity, full_name="Alice M.")
        assert claimed.id == root.author_id
        assert Space.objects.readable_by(claimed).filter(name="board").exists()


def test_somebody_who_is_here_already_is_recognized_by_their_confirmed_address(
    world: World, import_slack: ImportSlack
) -> None:
    run = import_slack(export({DAY: [REPLY]}, users=[ALICE, WORLD_BOB]))
    with world.bound():
        assert [entry.author_id for entry in entries_of(run)] == [world.ute.id]
        assert run.counts["matched"] == 1


def test_an_address_that_somebody_only_typed_opens_no_private_channel(
    world: World, import_slack: ImportSlack
) -> None:
    # Dan joined, but nothing shows that his address is his.
    EmailAddress.objects.filter(email="dan@atelier.example").update(verified=False)
    users = [{**ALICE, "profile": {"real_name": "The boss", "email": "dan@atelier.example"}}, BOB]
    run = import_slack(export({BOARD_DAY: [message("1704200000.000100")]}, users=users, groups=[BOARD]))
    with world.bound():
        assert not Space.objects.readable_by(world.dan).filter(name="board").exists()
        assert [left["what"] for left in run.left_out] == ["person-unconfirmed"]


def test_a_private_channel_is_read_by_its_members_and_by_nobody_else(
    world: World, import_slack: ImportSlack
) -> None:
    users = [{**ALICE, "profile": {"real_name": "Ute", "email": "ute@atelier.example"}}, BOB]
    import_slack(export({BOARD_DAY: [message("1704200000.000100", "secret")]}, users=users, groups=[BOARD]))
    with world.bound():
        board = Space.objects.get(name="board")
        assert board.privacy == Space.Privacy.SECRET
        members = Membership.objects.filter(space=board)
        assert [membership.person_id for membership in members] == [world.ute.id]
        for person in Person.objects.exclude(pk=world.ute.pk):
            assert board not in Space.objects.readable_by(person)
            assert board not in Space.objects.listed_for(person)


def test_a_second_run_adds_nothing(world: World, import_slack: ImportSlack) -> None:
    files = export({DAY: [ROOT, REPLY]}, groups=[BOARD])
    import_slack(files)
    with world.bound():
        before = [model.objects.count() for model in (Person, Space, Membership, Entry, Reaction)]
    again = import_slack(files)
    with world.bound():
        assert [model.objects.count() for model in (Person, Space, Membership, Entry, Reaction)] == before
        assert again.counts == {"known": 2}


def test_a_newer_export_adds_only_what_is_new(world: World, import_slack: ImportSlack) -> None:
    carol = {"id": "U0CAROL", "name": "carol", "profile": {"real_name": "Carol"}}
    import_slack(export({DAY: [ROOT]}, users=[ALICE, BOB], groups=[BOARD]))
    newer = export(
        {DAY: [ROOT, REPLY], BOARD_DAY: [message("1704300000.000100")]},
        users=[ALICE, BOB, carol],
        groups=[{**BOARD, "members": ["U00ALICE", "U0CAROL"]}],
    )
    run = import_slack(newer)
    with world.bound():
        assert run.counts == {"people": 1, "known": 1, "comments": 1, "posts": 1}
        reply = next(entry for entry in entries_of(run) if entry.thread_id)
        assert reply.thread.reply_count == 1
        assert reply.thread.activity_at == reply.published_at
        board = Space.objects.get(name="board")
        assert set(board.memberships.values_list("person__full_name", flat=True)) == {"Alice Martin", "Carol"}
        assert board.member_count == 2


def test_an_edit_at_the_source_is_carried_over_unless_it_was_edited_here(
    world: World, import_slack: ImportSlack
) -> None:
    other = message("1704200100.000100", "other")
    run = import_slack(export({DAY: [ROOT, other]}))
    with world.bound():
        theirs = entries_of(run)[1]
        Entry.objects.filter(pk=theirs.pk).update(author=world.bob)
        Membership.objects.create(space=theirs.space, person=world.bob)
        theirs.refresh_from_db()
        content.edit_entry(editor=world.bob, entry=theirs, body="mine", expected_version=1)
    edited = {"user": "U00ALICE", "ts": "1704300000.000000"}
    newer = [{**ROOT, "text": "changed", "edited": edited}, {**other, "text": "theirs", "edited": edited}]
    run = import_slack(export({DAY: newer}))
    with world.bound():
        assert run.counts == {"known": 2, "edits": 1}
        assert sorted(Entry.objects.filter(space=theirs.space).values_list("body", flat=True)) == [
            "changed",
            "mine",
        ]


def test_an_answer_whose_start_is_not_in_the_archive_starts_the_thread(
    world: World, import_slack: ImportSlack
) -> None:
    second = message("1704200120.000100", "second", thread_ts="1704200000.000100")
    run = import_slack(export({DAY: [REPLY, second]}))
    with world.bound():
        first, answer = entries_of(run)
        assert (first.thread_id, answer.thread_id) == (None, first.id)
    run = import_slack(export({DAY: [ROOT, REPLY, second]}))
    with world.bound():
        assert run.counts == {"posts": 1, "known": 2, "reactions": 1}


def test_links_between_messages_lead_to_what_these_became(world: World, import_slack: ImportSlack) -> None:
    later = "https://w.slack.com/archives/G00BOARD/p1704200000000100"
    days = {DAY: [message("1704200000.000100", f"see <{later}>")], BOARD_DAY: [message("1704200000.000100")]}
    run = import_slack(export(days, groups=[BOARD]))
    with world.bound():
        by_space = {entry.space.name: entry for entry in entries_of(run)}
        assert f"/o/atelier/entries/{by_space['board'].id}" in by_space["general"].body_html


def test_files_of_the_archive_are_attached(world: World, import_slack: ImportSlack) -> None:
    named = {"id": "F0ABCDEFG", "name": "plan.txt", "mimetype": "text/plain"}
    files = export({DAY: [message("1704200000.000100", "see", files=[named])]})
    files["__uploads/F0ABCDEFG/plan.txt"] = b"the plan"
    run = import_slack(files)
    with world.bound():
        [attachment] = entries_of(run)[0].attachments.all()
        assert (attachment.name, attachment.file.size_bytes) == ("plan.txt", 8)


def test_an_import_is_one_event_and_notifies_nobody(world: World, import_slack: ImportSlack) -> None:
    with world.bound():
        before = set(RecordedEvent.objects.values_list("id", flat=True))
    import_slack(export({DAY: [ROOT, REPLY]}, groups=[BOARD]))
    with world.bound():
        fresh = RecordedEvent.objects.exclude(id__in=before)
        assert [event.type for event in fresh] == [ImportPublished.type]


class Interrupted(SlackExport):
    """An export whose reading stops on the way, with a look at what can be seen by then."""

    def items(self) -> Iterator[SourceItem]:
        yield from super().items()
        raise KeyboardInterrupt


def test_nothing_is_seen_while_an_import_runs_and_nothing_stays_of_one_that_stops(
    world: World, tmp_path: Path
) -> None:
    seen: list[object] = []

    def look(stager: object) -> None:
        with world.bound():
            staged = Space.objects.filter(name__in=["general", "board"])
            seen.extend(staged)
            for person in Person.objects.all():
                assert not Space.objects.listed_for(person).filter(id__in=staged).exists()
                assert not Entry.objects.visible_to(person).filter(space__in=staged).exists()
                assert not Entry.objects.legible_to(person).filter(space__in=staged).exists()

    with world.bound():
        before = [model.objects.count() for model in (Person, Space, Membership, Entry, ImportedItem)]
    path = zipped(tmp_path / "a.zip", export({DAY: [ROOT, REPLY], BOARD_DAY: [ROOT]}, groups=[BOARD]))
    with open_archive(path) as archive, pytest.raises(KeyboardInterrupt):
        actions.run_import(organization=world.organization, source=Interrupted(archive), progress=look)
    assert seen
    with world.bound():
        assert [model.objects.count() for model in (Person, Space, Membership, Entry, ImportedItem)] == before
        assert ImportRun.objects.get().state == ImportRun.State.FAILED


def test_a_damaged_archive_leaves_nothing_behind_and_says_where_it_is_damaged(
    world: World, import_slack: ImportSlack
) -> None:
    with world.bound():
        before = [model.objects.count() for model in (Person, Space, Entry)]
    with pytest.raises(ArchiveFault):
        import_slack(export({DAY: [ROOT], "general/2024-01-03.json": b'[{"ts": "17'}))
    with world.bound():
        assert [model.objects.count() for model in (Person, Space, Entry)] == before
        assert "general/2024-01-03.json" in ImportRun.objects.get().fault


def test_the_next_run_cleans_after_one_that_was_killed(world: World, import_slack: ImportSlack) -> None:
    with world.bound():
        killed = ImportRun.objects.create(
            number=1,
            source="slack",
            label="x",
            process="elsewhere:1",
            heartbeat_at=timezone.now() - actions.SILENCE * 2,
        )
        person = Person.objects.create(full_name="Half", sort_name="half", state=Person.State.STAGED)
        ImportedItem.objects.create(
            run=killed, source="slack", kind="person", source_id="U1", object_id=person.id
        )
    import_slack(export({DAY: [ROOT]}))
    with world.bound():
        killed.refresh_from_db()
        assert killed.state == ImportRun.State.FAILED
        assert not Person.objects.filter(pk=person.pk).exists()


def test_two_imports_at_once_are_refused(world: World, import_slack: ImportSlack) -> None:
    with world.bound():
        ImportRun.objects.create(number=1, source="slack", label="x")
    with pytest.raises(Invalid):
        import_slack(export({DAY: [ROOT]}))


def test_undoing_takes_everything_away(world: World, import_slack: ImportSlack) -> None:
    models = (Person, Space, Membership, Entry, Reaction, Mention, ImportedItem)
    with world.bound():
        before = [model.objects.count() for model in models]
    run = import_slack(export({DAY: [ROOT, REPLY], BOARD_DAY: [ROOT]}, groups=[BOARD]))
    run = actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        assert [model.objects.count() for model in models] == before
        assert run.state == ImportRun.State.UNDONE
        assert run.kept == {"entries": 0, "spaces": 0, "people": 0}


def test_undoing_keeps_what_members_added_to_and_says_so(world: World, import_slack: ImportSlack) -> None:
    lone = message("1704200200.000100", "lone")
    liked = message("1704200300.000100", "liked")
    files = export({DAY: [ROOT, REPLY, lone, liked], BOARD_DAY: [ROOT]}, groups=[BOARD])
    run = import_slack(files)
    with world.bound():
        root, reply, _lone, kept = entries_of(run)[0], *entries_of(run)[-3:]
        by_body = {entry.body_text: entry for entry in entries_of(run)}
        reply, kept = by_body["reply"], by_body["liked"]
        root = reply.thread
        Membership.objects.create(space=root.space, person=world.bob)
        mine = content.reply(author=world.bob, to=reply, body="a member's answer")
        content.react(person=world.bob, entry=kept, emoji="🎉")
    run = actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        left = set(Entry.objects.filter(space=root.space).values_list("id", flat=True))
        assert left == {root.id, reply.id, mine.id, kept.id}
        assert root in queries.everything_stream(world.bob).entries
        assert Entry.objects.get(pk=root.pk).reply_count == 2
        assert run.kept == {"entries": 3, "spaces": 1, "people": 2}
        assert not Space.objects.filter(name="board").exists()
    again = import_slack(files)
    with world.bound():
        assert again.counts["known"] == 3
        assert again.counts["posts"] == 2


def test_the_audit_trail_says_what_was_imported_and_undone(world: World, import_slack: ImportSlack) -> None:
    run = import_slack(export({DAY: [ROOT]}))
    actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        deeds = AuditRecord.objects.filter(target_id=str(run.id)).order_by("occurred_at")
        events = [from_payload(deed.action, deed.details) for deed in deeds]
        said = [event.summary(world.alice) for event in events]
    assert said == ["Import 1 (slack.zip) was published.", "Import 1 (slack.zip) was undone."]


def test_undoing_twice_is_undoing_once(world: World, import_slack: ImportSlack) -> None:
    run = import_slack(export({DAY: [ROOT]}))
    actions.undo_import(organization=world.organization, run=run)
    assert actions.undo_import(organization=world.organization, run=run).state == ImportRun.State.UNDONE


def test_only_an_administrator_undoes(world: World, import_slack: ImportSlack) -> None:
    run = import_slack(export({DAY: [ROOT]}))
    with world.bound():
        bob = world.bob
        with pytest.raises(Forbidden):
            actions.begin_undoing(actor=bob, run=run)


def test_somebody_who_joined_meanwhile_takes_the_place_of_their_double(world: World, tmp_path: Path) -> None:
    def join(stager: object) -> None:
        with world.bound():
            if not Person.objects.filter(email="alice@example.org").exists():
                identity = find_or_create_identity(email="alice@example.org")
                person = join_organization(identity=identity, full_name="Alice M.", is_administrator=True)
                assert person.state == Person.State.ACTIVE

    path = zipped(tmp_path / "a.zip", export({DAY: [ROOT]}, groups=[BOARD]))
    with open_archive(path) as archive:
        run = actions.run_import(organization=world.organization, source=SlackExport(archive), progress=join)
    with world.bound():
        [root] = entries_of(run)
        assert root.author.email == "alice@example.org"
        assert root.author.state == Person.State.ACTIVE
        assert Space.objects.readable_by(root.author).filter(name="board").exists()
        assert GENERAL["id"]


def test_what_an_import_brought_is_found_by_its_readers_until_it_is_undone(
    world: World, import_slack: ImportSlack
) -> None:
    days = {
        DAY: [message("1704200000.000100", "rhubarb")],
        BOARD_DAY: [message("1704200000.000100", "rhubarb")],
    }
    run = import_slack(export(days, groups=[BOARD]))
    run_pending_jobs()
    with world.bound():
        assert [entry.space.name for entry in find_entries(world.dan, "rhubarb")] == ["general"]
    actions.undo_import(organization=world.organization, run=run)
    run_pending_jobs()
    with world.bound():
        assert not list(find_entries(world.dan, "rhubarb"))


def staged(world: World, tmp_path: Path, files: dict[str, bytes]) -> ImportRun:
    """Bring an export in up to the moment before its publication."""
    with world.bound():
        run = actions.new_run(source="slack", label="a.zip", started_by=None, state="reading")
    with open_archive(zipped(tmp_path / "staged.zip", files)) as archive:
        actions.stage_run(organization=world.organization, run=run, source=SlackExport(archive))
    return run


def test_publishing_a_new_space_publishes_what_is_in_it_without_touching_its_rows(
    world: World, tmp_path: Path
) -> None:
    run = staged(world, tmp_path, export({DAY: [ROOT, REPLY]}))
    with world.bound():
        root = entries_of(run)[0]
        assert (root.state, root.reply_count) == (Entry.State.PUBLISHED, 1)
        assert not Entry.objects.visible_to(world.bob).filter(pk=root.pk).exists()
        with CaptureQueriesContext(connection) as captured:
            actions.publish(run=run)
        assert not [row for row in captured if row["sql"].startswith('UPDATE "content_entry"')]
        assert Entry.objects.visible_to(world.bob).filter(pk=root.pk).exists()


def test_what_is_new_in_a_space_that_is_here_is_unseen_and_uncounted_until_it_is_published(
    world: World, import_slack: ImportSlack, tmp_path: Path
) -> None:
    first = import_slack(export({DAY: [ROOT]}))
    run = staged(world, tmp_path, export({DAY: [ROOT, REPLY]}))
    with world.bound():
        [root], [reply] = entries_of(first), entries_of(run)
        assert root.reply_count == 0
        assert not Entry.objects.legible_to(world.bob).filter(pk=reply.pk).exists()
        actions.publish(run=run)
        root.refresh_from_db()
        assert root.reply_count == 1
        assert Entry.objects.visible_to(world.bob).filter(pk=reply.pk).exists()


def test_an_import_is_published_once(world: World, import_slack: ImportSlack) -> None:
    run = import_slack(export({DAY: [ROOT]}))
    with world.bound(), pytest.raises(Invalid):
        actions.publish(run=run)


def test_an_answer_given_while_an_import_is_being_undone_stays_with_what_it_answers(
    world: World, import_slack: ImportSlack
) -> None:
    import_slack(export({DAY: [ROOT]}))
    later = message("1704300000.000100", "later")
    run = import_slack(export({DAY: [ROOT, later]}))
    with world.bound():
        [imported] = entries_of(run)
        Membership.objects.create(space=imported.space, person=world.bob)
        actions.begin_undoing(actor=world.alice, run=run)
        assert Entry.objects.visible_to(world.bob).filter(pk=imported.pk).exists()
        content.reply(author=world.bob, to=imported, body="just in time")
    run = actions.finish_undoing(organization=world.organization, run=run)
    with world.bound():
        assert run.kept["entries"] == 1
        assert Entry.objects.visible_to(world.bob).filter(pk=imported.pk).exists()


def test_an_import_that_waits_for_its_publication_keeps_another_one_out(
    world: World, import_slack: ImportSlack, tmp_path: Path
) -> None:
    staged(world, tmp_path, export({DAY: [ROOT]}))
    with pytest.raises(Invalid, match="waits to be published"):
        import_slack(export({BOARD_DAY: [ROOT]}, groups=[BOARD]))


def test_topics_and_back_links_are_there_at_once_and_gone_with_the_import(
    world: World, import_slack: ImportSlack
) -> None:
    link = "<https://x.slack.com/archives/C0GENERAL/p1704200000000100>"
    said = message("1704200300.000100", f"about #sécurité see {link}", user="U000BOB")
    run = import_slack(export({DAY: [ROOT, said]}))
    run_pending_jobs()
    with world.bound():
        root, citing_entry = entries_of(run)
        assert find_topic(world.bob, "sécurité").thread_count == 1
        assert [row.entry_id for row in citing(world.bob, [root.id])] == [citing_entry.id]
    actions.undo_import(organization=world.organization, run=run)
    run_pending_jobs()
    with world.bound():
        assert find_topic(world.bob, "sécurité").thread_count == 0
        assert not Citation.objects.exists()
