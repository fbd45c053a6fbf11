"""Notifications on people's devices, by the push service that each browser brings: no vendor of ours between.

keys       the key by which push services know this installation (VAPID, RFC 8292)
sealing    what only one browser can read (RFC 8291)
sending    one message to one device, and what came of it (RFC 8030)
messages   what a message says
channel    all that waits in an inbox, as one message (parvis/delivery)
"""
