"""Decisions of people: about one delivery, and holds on many."""
