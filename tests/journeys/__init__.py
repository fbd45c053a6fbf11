"""User stories in a real browser, against a whole server: its pages, its live gateway, its static files."""
