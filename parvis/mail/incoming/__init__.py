"""Mail that comes in: taken from a mail server or a mailbox, kept, understood, and acted upon with its sender's rights."""
