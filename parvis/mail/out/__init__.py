"""Letters about what waits in an inbox, digests, what comes back, and how one stops them."""
