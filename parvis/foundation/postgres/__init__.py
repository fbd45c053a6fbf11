"""The embedded PostgreSQL: found, initialised, started, stopped and recovered by us, on a Unix socket only.

It also says how to reach a database, embedded or not, and checks the two roles (one owns, one serves).
"""
