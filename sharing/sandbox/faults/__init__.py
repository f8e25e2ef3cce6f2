"""Faults: which there are, which strikes when, and how it is played."""
