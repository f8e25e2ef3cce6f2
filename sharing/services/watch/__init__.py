"""Watch: recurring chores, checks of what must hold, and what waits for a person."""
