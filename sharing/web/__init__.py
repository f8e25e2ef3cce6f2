"""Pages, API, hooks and links: the doors that people and machines come in by."""
