"""Incoming: hooks and feeds of a source are admitted, kept, read, and become shares by its rules."""
