"""Articles: news and blogs of a space, and of the organization in the space of everyone.

An article is an entry of its own kind, with a cover, a standfirst and tags beside it. Drafts, schedules,
comments, history and rights are content's. Knows content, spaces and people; knows nothing of other features.
"""
