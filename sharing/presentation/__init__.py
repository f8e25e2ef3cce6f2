"""Database rows as words for people and as JSON for programs. Pages, the API and the command line use this package."""
