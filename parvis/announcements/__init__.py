"""Announcements: something that an audience has to know, who says that they read it, and what proves it.

An announcement is an entry of its own kind, with an audience, a question and reminders beside it. Drafts, schedules,
comments, history and rights are content's. Knows content, spaces, people and notifications; no other features.
"""
