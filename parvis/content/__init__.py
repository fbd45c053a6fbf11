"""Entries: everything written to last, its threads, reactions and history, and who may see it.

Knows spaces and people; must not know any feature, nor who gets notified.
"""
