"""The pages and fragments of entries, by subject."""
