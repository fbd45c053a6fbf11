"""The REST API, version 1, and the tokens that open it: an edge on the same actions and queries as the pages."""
