"""What messages say, as terms: a store of its own beside that of entries, with the same rules (ADR 0008).

There are many more messages than entries, said in rooms and not in spaces: in one store a word of everyday talk would
pass for a frequent one on the walls too. Only ids come from here; each is read again from what the viewer may see.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection

from parvis.search.index import (
    COLUMNS,
    KEEP,
    MONTH,
    Store,
    Upkeep,
    count_again,
    keep_up,
    remember_words,
    terms_of,
)

STORE = Store("chat_passage", "chat_word", "chat_volume")
AT_ONCE, A_TURN = 1_000, 20_000

_IS_SAID = "state = 'published' AND kind = 'text'"
INDEX = f"""
    INSERT INTO chat_passage ({COLUMNS})
    SELECT m.id, m.organization_id, NULL, m.room_id, m.author_id, 'message', {MONTH.format("m.created_at")},
           m.created_at, f.names <> '', length(p.terms), p.terms
    FROM chat_message m, LATERAL (
        SELECT coalesce(string_agg(translate(a.name, '.-', '  ') || ' ' || a.alternative_text, ' '), '') AS names
        FROM chat_messageattachment a WHERE a.message_id = m.id
    ) f, LATERAL (SELECT {terms_of("''::text", "(m.body_text || ' ' || f.names)")} AS terms) p
    WHERE m.id = ANY(%s) AND {_IS_SAID}
    ON CONFLICT (id) DO UPDATE SET {KEEP}
"""
FORGET = f"""
    DELETE FROM chat_passage p WHERE id = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM chat_message m WHERE m.id = p.id AND {_IS_SAID})
"""
MISSING = f"""
    SELECT id FROM chat_message m WHERE {_IS_SAID}
    AND NOT EXISTS (SELECT 1 FROM chat_passage p WHERE p.id = m.id) ORDER BY id DESC LIMIT %s
"""
# Messages go for good only with their room, or with an import that is undone.
GONE = f"""
    SELECT id FROM chat_passage p WHERE organization_id = current_setting('app.organization_id')::uuid
    AND NOT EXISTS (SELECT 1 FROM chat_message m WHERE m.id = p.id AND {_IS_SAID}) LIMIT %s
"""
ALL = f"SELECT id FROM chat_message WHERE {_IS_SAID}"
# Parts of new words are found from the next turn on: remembering them is not worth a statement per message.
NEW = """
    SELECT id FROM chat_passage WHERE organization_id = current_setting('app.organization_id')::uuid
    AND published_at > now() - interval '1 hour'
    AND month >= extract(year FROM now())::int * 12 + extract(month FROM now())::int - 1 LIMIT %s
"""


def index_messages(ids: Collection[UUID]) -> None:
    """Bring the terms of these messages up to date."""
    _run(INDEX, list(ids))


def forget_messages(ids: Collection[UUID]) -> None:
    """Forget those of these messages that nobody may read any more."""
    _run(FORGET, list(ids))


def index_missing() -> int:
    """Index what no event told of, forget what is gone, remember new words; return how many came."""
    forget_messages(_ids(GONE, A_TURN))
    missing = _ids(MISSING, A_TURN)
    _index_many(missing)
    remember_words(_ids(NEW, A_TURN), STORE)
    if missing:
        count_again(STORE)
    return len(missing)


def index_all() -> int:
    """Index every message of the bound organization anew; return how many."""
    ids = _ids(ALL)
    _index_many(ids)
    return len(ids)


def _index_many(ids: Sequence[UUID]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        index_messages(ids[start : start + AT_ONCE])


def _ids(statement: str, *limit: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(limit))
        return [row[0] for row in cursor.fetchall()]


def _run(statement: str, ids: list[UUID]) -> None:
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])


keep_up(Upkeep(store=STORE, index_missing=index_missing, index_all=index_all))
