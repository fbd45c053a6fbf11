"""What prepares a checkout: the front end's build and the translations. Nothing here runs in a server."""
