"""Where features meet: the root URLs, home, bookmarks, the shell around every page, and the pages of errors.

Composes what the apps below offer; owns no table and no rule.
"""
