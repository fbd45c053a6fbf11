"""What somebody is writing and has not sent: kept on the server per person and place, for all their devices.

Owns texts by place ("post", "reply-<id>", "edit-<id>-<version>"), as composers name them, and the page that lists
them with the posts that wait for their hour. A draft is nobody else's business: no event, no search, no moderation.
"""
