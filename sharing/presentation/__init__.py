"""Presentation: rows as people and programs see them; pages, the API and the command line use it."""
