"""Spaces: networks and collaborative spaces, who is in them, and the one rule of who can read them.

Knows people; must not know what is written in a space.
"""
