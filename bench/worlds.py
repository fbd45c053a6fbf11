"""The worlds that figures are measured in, always the same for the same code: `bin/bench seed W1`.

They are made by a few statements inside PostgreSQL, in a data folder of their own that is kept between runs;
a newer version of Parvis migrates it forward, as it would any installation. `--fresh` makes it anew.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from bench.installation import FOLDER, ROOT, Installation
from bench.slack_archive import texts

SEED = 20261122
# To be raised when the worlds change: figures before and after are not of the same world.
VERSION = 1
SLUG = "bench"
DISTINCT_TEXTS = 20_000
# One of the first people of each world is in many spaces, follows many and is followed by all.
HEAVY = 0


@dataclass(frozen=True)
class World:
    """How much there is."""

    name: str
    people: int
    spaces: int
    roots: int
    replies: int
    # Lines of the inbox per person; with threads followed, W2 holds five million rows of this kind.
    notifications: int
    sessions: int
    tokens: int
    is_searchable: bool = True


WORLDS = {
    "tiny": World("tiny", 60, 12, 300, 600, 10, 60, 60),
    "W1": World("W1", 1_000, 50, 20_000, 40_000, 60, 1_000, 1_000),
    # As many people and spaces as W2, and a tenth of what they wrote: for a busy machine, and said in every row.
    "W2-tenth": World("W2-tenth", 10_000, 500, 30_000, 70_000, 40, 3_500, 3_000),
    "W2": World("W2", 10_000, 500, 300_000, 700_000, 400, 3_500, 3_000, is_searchable=False),
}


@dataclass
class Key:
    """What clients need to be somebody."""

    organization: UUID
    everyone: UUID
    sessions: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    spaces: list[UUID] = field(default_factory=list)
    # Some threads, with a usual number of replies, in spaces that everybody reads.
    threads: list[UUID] = field(default_factory=list)


def prepare(name: str, *, is_fresh: bool = False) -> tuple[pathlib.Path, Key]:
    """Return the data folder of a world, made when it is not there yet, and the keys to it."""
    from parvis.foundation.richtext import RENDER_VERSION

    # A world that was rendered by an earlier version would be rendered again while it is measured.
    data = FOLDER / f"{name}-{SEED}-{VERSION}-{RENDER_VERSION}"
    kept = data / "bench.pickle"
    if is_fresh or not kept.exists():
        shutil.rmtree(data, ignore_errors=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        FOLDER.chmod(0o755)
        # In a process of its own: Django's settings are those of one data folder.
        making = (
            f"import pathlib; from bench import worlds; worlds.make({name!r}, pathlib.Path({str(data)!r}))"
        )
        command = [sys.executable, "-c", making]
        subprocess.run(command, check=True, env=Installation(data).environment, cwd=ROOT)
    return data, pickle.loads(kept.read_bytes())


def make(name: str, data: pathlib.Path) -> None:
    """Fill a data folder with a world."""
    subprocess.run([str(ROOT / ".venv/bin/parvis"), "migrate"], check=True, stdout=subprocess.DEVNULL)
    os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
    import django

    django.setup()
    from django.conf import settings

    from parvis.config import database

    with database.available(settings.PARVIS):
        key = _Making(WORLDS[name], data).everything()
    (data / "bench.pickle").write_bytes(pickle.dumps(key))


class _Making:
    """One world in the making. The superuser of its cluster does it: COPY knows no row-level security."""

    def __init__(self, world: World, data: pathlib.Path) -> None:
        import psycopg

        from parvis.foundation.postgres import addresses
        from parvis.people.actions import create_organization
        from parvis.spaces.models import Space

        self.world, self.data = world, data
        organization, _person = create_organization(
            slug=SLUG,
            name="Bench",
            administrator_email="admin@bench.example",
            password="a-long-enough-password",
        )
        from parvis.foundation.tenancy import organization_scope

        with organization_scope(organization):
            self.key = Key(organization.pk, Space.objects.get(is_everyone=True).pk)
        address = addresses.embedded(data, addresses.SUPERUSER)
        self.database = psycopg.connect(addresses.conninfo(address), autocommit=True)
        self.began = time.monotonic()

    def everything(self) -> Key:
        """Make it all, in the order in which things need each other."""
        self._prepare()
        for step in (self._texts, self._people, self._spaces, self._entries, self._marks, self._inboxes):
            step()
            print(f"{time.monotonic() - self.began:6.1f} s  {step.__name__[1:]}", flush=True)
        self._doors()
        self._choose()
        self._run("VACUUM (ANALYZE)")
        if self.world.is_searchable:
            self._index()
            self._run("VACUUM (ANALYZE)")
        self._run("CHECKPOINT")
        print(f"{time.monotonic() - self.began:6.1f} s  all", flush=True)
        return self.key

    def _run(self, sql: str, **values: Any) -> list[Any]:
        cursor = self.database.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []

    def _insert(self, model: Any, source: str, /, **columns: str) -> None:
        """INSERT … SELECT; a column that is not named gets the model's default, as a later version adds some."""
        filled = {"organization_id": f"'{self.key.organization}'::uuid", **columns}
        for column in model._meta.local_concrete_fields:
            if column.column not in filled and not column.null and column.db_default is NOT_PROVIDED:
                filled[column.column] = _literal(column)
        known = {column.column for column in model._meta.local_concrete_fields}
        filled = {name: value for name, value in filled.items() if name in known}
        names, values = ", ".join(f'"{name}"' for name in filled), ", ".join(filled.values())
        self._run(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {source}")

    def _prepare(self) -> None:
        global NOT_PROVIDED
        from django.db.models import NOT_PROVIDED

        # Foreign keys hold by construction here: checking a million of them takes longer than making the rows.
        for setting in (
            "session_replication_role = replica",
            "synchronous_commit = off",
            "work_mem = '64MB'",
        ):
            self._run(f"SET {setting}")
        self._run("SET maintenance_work_mem = '256MB'")
        self._run(
            "CREATE FUNCTION pg_temp.chance(text) RETURNS float8 LANGUAGE sql IMMUTABLE AS "
            f"$$ SELECT (hashtextextended($1, {SEED}) & 9007199254740991)::float8 / 9007199254740991 $$"
        )
        # UUIDs of version 7: they grow with time, as those of real rows do.
        self._run(
            "CREATE FUNCTION pg_temp.id(timestamptz, text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ("
            "lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0') || '7' || substr(md5($2), 1, 3)"
            " || '8' || substr(md5($2), 4, 15))::uuid $$"
        )
        self._run("CREATE TEMP TABLE at AS SELECT date_trunc('hour', now()) AS now")

    def _texts(self) -> None:
        rows = _rendered_texts(min(DISTINCT_TEXTS, self.world.roots))
        self._run("CREATE TEMP TABLE words (n int PRIMARY KEY, title text, body text, html text, plain text)")
        with self.database.cursor().copy("COPY words FROM STDIN") as copy:
            for number, row in enumerate(rows):
                copy.write_row((number, *row))

    def _people(self) -> None:
        from parvis.foundation.richtext import RENDER_VERSION
        from parvis.people.models import Identity, Person, PersonFollow, Unit

        self.render_version = RENDER_VERSION
        self._run(
            "CREATE TEMP TABLE p AS SELECT n, pg_temp.id(now - interval '3 years' + n * interval '1 minute', 'person' || n)"
            " AS id, pg_temp.id(now - interval '3 years', 'identity' || n) AS identity, now - interval '3 years' AS at,"
            " (%(first)s::text[])[1 + floor(pg_temp.chance('f' || n) * 40)] AS first,"
            " (%(last)s::text[])[1 + floor(pg_temp.chance('l' || n) * 60)]"
            " || CASE WHEN n >= 2400 THEN '-' || (n / 2400) ELSE '' END AS last"
            " FROM generate_series(0, %(count)s - 1) n, at",
            first=FIRST_NAMES.split(), last=LAST_NAMES.split(), count=self.world.people,
        )  # fmt: skip
        self._run("CREATE UNIQUE INDEX ON p (n)")
        self._insert(
            Unit, "generate_series(0, 59) n, at", id="pg_temp.id(now, 'unit' || n)", name="'Unit ' || n"
        )
        self._insert(
            Identity,
            "p",
            id="identity",
            email="'p' || n || '@bench.example'",
            password="'!'",
            created_at="at",
        )
        self._insert(
            Person, "p, at", id="p.id", identity_id="identity", full_name="first || ' ' || last",
            sort_name="lower(first || ' ' || last)", email="'p' || n || '@bench.example'", created_at="p.at",
            unit_id="pg_temp.id(at.now, 'unit' || n % 60)", job_title="'Engineer ' || n % 40", location="'Site ' || n % 12",
            kind="CASE WHEN n > 20 AND n % 50 = 7 THEN 'guest' ELSE 'member' END",
            skills="ARRAY['skill ' || n % 97, 'skill ' || n % 31]::varchar[]",
        )  # fmt: skip
        self._insert(
            PersonFollow,
            f"p JOIN LATERAL (SELECT DISTINCT floor(pg_temp.chance('follow' || p.n || k) * {self.world.people})::int AS n"
            f" FROM generate_series(1, 8) k UNION SELECT {HEAVY}) c ON c.n <> p.n JOIN p other ON other.n = c.n",
            id="gen_random_uuid()", follower_id="p.id", followed_id="other.id",
        )  # fmt: skip
        self.key.people = [row[0] for row in self._run("SELECT id FROM p ORDER BY n")]

    def _spaces(self) -> None:
        from parvis.spaces.models import Membership, Space

        self._run(
            "CREATE TEMP TABLE s AS SELECT n, pg_temp.id(now - interval '3 years' + n * interval '1 hour', 'space' || n) AS id,"
            " now - interval '3 years' AS at, CASE WHEN n %% 20 = 19 THEN 'secret' WHEN n %% 4 = 3 THEN 'closed' ELSE 'open' END"
            " AS privacy FROM generate_series(1, %(count)s - 1) n, at UNION ALL SELECT 0, %(everyone)s, now, 'open' FROM at",
            count=self.world.spaces, everyone=self.key.everyone,
        )  # fmt: skip
        self._insert(
            Space, "s WHERE n > 0", id="id", kind="CASE WHEN n % 3 = 0 THEN 'collaborative' ELSE 'network' END",
            objective="CASE WHEN n % 3 = 0 THEN 'Do ' || n || ' better' ELSE '' END", name="'Space ' || n",
            description="'What space ' || n || ' is for'", privacy="privacy", created_at="at",
        )  # fmt: skip
        # Everybody is in Everyone and some ten others, a few people in three spaces of five.
        joined = f"p.n % 500 <= 2 AND p.n < 2000 AND pg_temp.chance('j' || p.n || '-' || s.n) < 0.6 OR pg_temp.chance('j' || p.n || '-' || s.n) < {10 / self.world.spaces}"
        self._insert(
            Membership, f"p JOIN s ON s.n = 0 OR {joined}", id="gen_random_uuid()", space_id="s.id",
            person_id="p.id", role="CASE WHEN pg_temp.chance('h' || p.n || '-' || s.n) < 0.02 THEN 'host' ELSE 'member' END",
        )  # fmt: skip
        self._run(
            "UPDATE spaces_space s SET member_count = m.count FROM"
            " (SELECT space_id, count(*) FROM spaces_membership GROUP BY 1) m WHERE m.space_id = s.id"
        )
        self.key.spaces = [row[0] for row in self._run("SELECT id FROM s ORDER BY n")]

    def _entries(self) -> None:
        world, texts_kept = self.world, min(DISTINCT_TEXTS, self.world.roots)
        year = "interval '730 days'"
        self._run(
            f"CREATE TEMP TABLE r AS SELECT n, now - {year} * (1 - (n + 1)::float8 / ({world.roots} + 2)) AS at,"
            f" floor(power(pg_temp.chance('rs' || n), 2.5) * {world.spaces})::int AS space,"
            f" floor(power(pg_temp.chance('ra' || n), 2) * {world.people})::int AS author,"
            f" (n % {texts_kept}) AS words FROM generate_series(0, {world.roots} - 1) n, at"
        )
        self._run("ALTER TABLE r ADD id uuid, ADD replies int DEFAULT 0, ADD activity timestamptz")
        self._run("UPDATE r SET id = pg_temp.id(at, 'root' || n)")
        self._run("CREATE UNIQUE INDEX ON r (n)")
        # Most threads have one or two replies, some have many; a reply comes within days.
        self._run(
            "CREATE TEMP TABLE c AS SELECT k.n, r.n AS root, r.id AS thread, r.space,"
            " least(r.at + interval '1 minute' + interval '3 days' * power(pg_temp.chance('ct' || k.n), 3), at.now) AS at,"
            f" floor(power(pg_temp.chance('ca' || k.n), 2) * {world.people})::int AS author,"
            f" k.n * 7 % {texts_kept} AS words FROM (SELECT n, floor(pg_temp.chance('cr' || n) ^ 1.6 * {world.roots})::int"
            f" AS root FROM generate_series(0, {world.replies} - 1) n) k JOIN r ON r.n = k.root, at"
        )
        self._run(
            "UPDATE r SET replies = c.count, activity = c.last FROM"
            " (SELECT root, count(*), max(at) AS last FROM c GROUP BY 1) c WHERE c.root = r.n"
        )
        self._insert_entries(
            "r", "r.id", thread_id="NULL::uuid", reply_to_id="NULL::uuid", kind="'post'",
            title="CASE WHEN r.n % 3 = 0 THEN left(w.title, 200) ELSE '' END", reply_count="replies",
            activity_at="coalesce(activity, r.at)",
            reaction_count="CASE WHEN r.n % 4 = 0 THEN 1 + r.n / 4 % 5 ELSE 0 END",
        )  # fmt: skip
        self._insert_entries(
            "c", "pg_temp.id(c.at, 'reply' || c.n)", thread_id="c.thread", reply_to_id="c.thread",
            kind="'comment'", title="''", reply_count="0", activity_at="c.at", reaction_count="0",
        )  # fmt: skip

    def _insert_entries(self, source: str, id: str, **columns: str) -> None:
        from parvis.content.models import Entry

        self._insert(
            Entry, f"{source} JOIN s ON s.n = {source}.space JOIN p ON p.n = {source}.author"
            f" JOIN words w ON w.n = {source}.words",
            id=id, space_id="s.id", author_id="p.id", state="'published'", body="w.body", body_html="w.html",
            body_text="w.plain", render_version=str(self.render_version), published_at=f"{source}.at",
            created_at=f"{source}.at", **columns,
        )  # fmt: skip

    def _marks(self) -> None:
        from parvis.content.models import Attachment, Bookmark, Reaction, ThreadFollow
        from parvis.foundation.models import StoredFile

        people = self.world.people
        emoji = "(ARRAY['👍','❤️','🎉','👀','✅'])[1 + k % 5]"
        self._insert(
            Reaction, f"r JOIN LATERAL generate_series(1, 1 + r.n / 4 % 5) k ON r.n % 4 = 0 JOIN p ON p.n = (r.n + k * 13) % {people}",
            id="gen_random_uuid()", entry_id="r.id", person_id="p.id", emoji=emoji, created_at="r.at",
        )  # fmt: skip
        self._insert(
            StoredFile, "r JOIN p ON p.n = r.author WHERE r.n % 10 = 0", id="pg_temp.id(r.at, 'file' || r.n)",
            sha256="repeat(md5(r.n::text), 2)", size_bytes="10000 + r.n", media_type="'image/png'", name="'Plan ' || r.n || '.png'",
            width="1200", height="800", created_by_id="p.id", created_at="r.at",
        )  # fmt: skip
        self._insert(
            Attachment, "r WHERE r.n % 10 = 0", id="gen_random_uuid()", entry_id="r.id", file_id="pg_temp.id(r.at, 'file' || r.n)",
            name="'Plan ' || r.n || '.png'", position="0",
        )  # fmt: skip
        self._insert(
            Bookmark, f"p JOIN LATERAL generate_series(1, 3) k ON true JOIN r ON r.n = (p.n * 31 + k * 977) % {self.world.roots}",
            id="gen_random_uuid()", entry_id="r.id", person_id="p.id",
        )  # fmt: skip
        self._insert(
            ThreadFollow,
            "(SELECT DISTINCT thread, author FROM (SELECT id AS thread, author FROM r UNION ALL SELECT thread, author FROM c) x) f"
            " JOIN p ON p.n = f.author",
            id="gen_random_uuid()", thread_id="f.thread", person_id="p.id", level="'following'",
        )  # fmt: skip

    def _inboxes(self) -> None:
        from parvis.notifications.models import Notification

        per_person, roots = self.world.notifications, self.world.roots
        # The newest threads, of which the last few are unread.
        self._insert(
            Notification,
            f"generate_series(0, {per_person} - 1) k JOIN p ON true"
            f" JOIN r ON r.n = {roots} - 1 - (p.n * 7 + k * greatest({roots // 2} / {per_person}, 1)) % {roots}"
            f" JOIN p actor ON actor.n = (p.n + k) % {self.world.people} JOIN s ON s.n = r.space",
            id="pg_temp.id(r.at, 'note' || p.n || '-' || k)", person_id="p.id", subject="'thread:' || r.id", reason="'reply'",
            entry_id="r.id", actor_ids="ARRAY[actor.id]", unread_count="CASE WHEN k < 5 THEN 1 ELSE 0 END",
            happened_at="r.at", read_at="CASE WHEN k < 5 THEN NULL ELSE r.at END",
        )  # fmt: skip

    def _doors(self) -> None:
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore
        from django.contrib.sessions.models import Session
        from django.utils import timezone

        from parvis.api.models import ApiToken
        from parvis.people.models import Identity

        identities = [row[0] for row in self._run("SELECT identity FROM p ORDER BY n")]
        expires, rows = timezone.now() + timedelta(days=365), []
        for number, identity_id in enumerate(identities[: self.world.sessions]):
            content = {
                SESSION_KEY: str(identity_id),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: Identity(id=identity_id, password="!").get_session_auth_hash(),
            }
            session_key = hashlib.sha256(f"{SEED} session {number}".encode()).hexdigest()[:32]
            rows.append(
                Session(
                    session_key=session_key, session_data=SessionStore().encode(content), expire_date=expires
                )
            )
            self.key.sessions.append(session_key)
        Session.objects.bulk_create(rows, batch_size=1_000)
        secrets = [
            f"parvis_{hashlib.sha256(f'{SEED} token {n}'.encode()).hexdigest()}"
            for n in range(self.world.tokens)
        ]
        self._run("CREATE TEMP TABLE t (n int, hash text)")
        with self.database.cursor().copy("COPY t FROM STDIN") as copy:
            for number, secret in enumerate(secrets):
                copy.write_row((number, hashlib.sha256(secret.encode()).hexdigest()))
        self._insert(
            ApiToken, "t JOIN p ON p.n = t.n, at", id="gen_random_uuid()", person_id="p.id", name="'bench'",
            token_hash="t.hash", scopes="ARRAY['read','write']::varchar[]", created_at="now",
        )  # fmt: skip
        self.key.tokens = secrets

    def _choose(self) -> None:
        """Choose threads with some ten replies in spaces that everybody reads."""
        rows = self._run(
            "SELECT r.id FROM r JOIN s ON s.n = r.space WHERE s.privacy = 'open' AND replies BETWEEN 5 AND 15"
            " ORDER BY r.n DESC LIMIT 500"
        )
        self.key.threads = [row[0] for row in rows]

    def _index(self) -> None:
        from parvis.foundation.tenancy import organization_scope
        from parvis.search import index

        with organization_scope(self.key.organization):
            print(f"        indexed {index.index_all()} texts", flush=True)


NOT_PROVIDED: Any = None


def _literal(column: Any) -> str:
    """Return a model's default as SQL."""
    value = column.get_default()
    if value is None:
        return "''"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "'{}'" if "Array" in type(column).__name__ else "'[]'"
    if isinstance(value, dict):
        return "'{}'"
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"


def _rendered_texts(count: int) -> list[tuple[str, str, str, str]]:
    """Return texts with their HTML; rendering them takes longer than all the rest, so they are kept."""
    from parvis.foundation.richtext import RENDER_VERSION, clean_text, render

    kept = FOLDER / f"texts-{RENDER_VERSION}-{count}.pickle"
    if kept.exists():
        rows: list[tuple[str, str, str, str]] = pickle.loads(kept.read_bytes())
        return rows
    source, rows = texts(), []
    for _number in range(count):
        title, _newline, body = next(source).partition("\n")
        body = clean_text(f"{title}\n\n{body}"[:4_000])
        rendered = render(body)
        rows.append((clean_text(title)[:200], body, rendered.html, rendered.text))
    kept.write_bytes(pickle.dumps(rows))
    return rows


FIRST_NAMES = (
    "Alice Bob Chloé Dan Élise Farid Grace Hugo Inès Jules Karim Léa Max Nora Omar Paul Quentin Rose Sam Tom "
    "Ursule Victor William Xavier Yasmine Zoé Amina Bruno Clara David Emma Félix Gaëlle Henri Iris Jean Katia "
    "Louis Marie Noé"
)
LAST_NAMES = (
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia "
    "David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François "
    "Martinez Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu "
    "Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire "
    "Smith Jones Taylor"
)
