"""Readers: what they see of a post, and the sandbox in their place."""
