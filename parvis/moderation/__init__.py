"""Reports by members, the moderators' queue, hiding and giving back.

A report quotes what was seen, so that moderators decide without entering spaces that they have not joined.
"""
