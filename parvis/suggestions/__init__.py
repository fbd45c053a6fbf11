"""Who to follow and where to go: found in shared work, explained, and never out of what is closed to the asker.

Knows content, spaces and people; knows nothing of other features. Secret spaces contribute nothing, not even
to their members, and guests get no suggestion.
"""
