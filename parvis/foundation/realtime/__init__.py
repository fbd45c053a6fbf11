"""Realtime: who is told, at once, that something changed.

notifier   one per process: after commits, tells every process that there is something to read
bus        how processes tell each other (PostgreSQL NOTIFY; another bus may replace it)
outbox     reads recorded events in an order that no late commit can disturb
audience   who may hear what: the questions that upper apps answer
hub        the connections of this process, and which event goes to which of them
presence   who is there and who is typing: in memory, told as signals
gateway    the WebSocket at /api/v1/live

It knows organizations, persons and spaces as ids only.
"""
