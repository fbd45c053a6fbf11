"""Search over what the asker may read: an index of terms, joined back to rows that are protected.

Knows content, spaces and people.
"""
