"""Telling programs elsewhere what happened: registered addresses, signed deliveries, their log.

A webhook speaks for its registrant: what it sends is read as that person at the moment of sending. It knows
content, spaces and people; other features are strangers.
"""
