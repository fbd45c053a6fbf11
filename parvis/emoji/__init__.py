"""The organization's own emoji, and which emoji somebody likes to use.

Owns pictures with a `:name:`, skin tones and what was used last. Knows nothing of texts and reactions: they name an
emoji, and ask here what it looks like.
"""
