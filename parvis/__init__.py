"""Parvis: an open-source, self-hostable enterprise social network."""

__version__ = "0.1.0"
