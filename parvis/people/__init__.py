"""Organizations (tenants), identities (logins), persons (an identity within one organization).

Knows nothing of spaces or content: it may be asked who somebody is, never what they may read.
"""
