"""Sharedesk: an article goes in, five channels come out, each exactly once."""
