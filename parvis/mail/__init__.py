"""Mail both ways: what leaves an inbox for a mailbox, and what comes back from there.

out/        letters about what waits, digests, bounces, how one stops them
incoming/   the listener, and what a mail that comes in does
addresses   the addresses that mail comes in at
"""
