"""Faults: which faults exist, when each one strikes, and how it is played."""
