"""Read mailbox archives: mbox files (mboxo and mboxrd), single messages, folders, zips and gzips of them."""
