"""Chat: what is said in passing, between two people, in a group, or in a room of a space.

Owns rooms, who takes part in them, their messages and what hangs on these. A message has a place `seq` in its room,
without gaps and the same for everybody: what was read, what is new and what was missed are numbers. Who reads a room
of a space is derived from who reads the space. Knows nothing of walls beyond the entries that it links to.
"""
