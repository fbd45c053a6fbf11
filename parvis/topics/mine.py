"""Threads about followed topics stand in *Mine*, as far as one may read them."""

from parvis.content.queries.streams import FOLLOWABLE, NEWEST, add_to_mine

add_to_mine(
    f"""(
    SELECT DISTINCT e.id, e.activity_at
    FROM topics_topicfollow f
    JOIN content_hashtag h ON h.organization_id = f.organization_id AND h.key = f.key
    JOIN content_entry used ON used.id = h.entry_id AND used.state = 'published'
    JOIN content_entry e ON e.id = coalesce(used.thread_id, used.id)
    WHERE f.person_id = %(viewer)s AND {FOLLOWABLE} {NEWEST}
)"""
)
