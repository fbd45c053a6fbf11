"""The inbox: one line per person and thread, with who and how many; what is read is read in every window.

Knows content, spaces and people; features add recipes with `on(Event)` and `notify`.
"""
