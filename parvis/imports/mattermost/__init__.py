"""Mattermost's bulk export: one object on each line, alone or in a zip beside the files that it names."""
