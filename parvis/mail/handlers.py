"""Make known what comes back by itself for mail that comes in: the look into a mailbox, and what is forgotten."""

from parvis.mail.incoming import acting, polling

__all__ = ["acting", "polling"]
