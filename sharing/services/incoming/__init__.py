"""Incoming: admit and keep the hooks and feed entries of sources, read them, and share articles by rules."""
