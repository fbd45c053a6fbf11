"""Link previews: what the first link of a text leads to, looked up by the server after the publication.

Owns the pages looked up (once per organization and address) and which entry shows which. Knows nothing of how a
card is drawn around it. The server asks, never the reader's browser: nobody elsewhere learns who reads what.
"""
