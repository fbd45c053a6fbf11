"""Who cites what: back-links on every item, and cross-posting, which brings an entry into another space.

A citation is a row between two entries; each side is shown only to who may read it. Knows content, spaces and
people; knows nothing of other features.
"""
