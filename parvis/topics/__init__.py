"""Topics: pages of what is written about a hashtag, following, what is lively.

A topic is no row of its own: it exists for a person as far as something that they may read uses it. Knows
content, spaces and people; knows nothing of other features.
"""
