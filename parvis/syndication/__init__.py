"""Feeds for readers outside: Atom and RSS of a space, of a topic and of the organization's news.

Each address is one person's own secret for one feed: it reads with that person's rights of the moment, and dies
with their membership. Knows content, spaces and people; knows nothing of other features.
"""
