"""Watch: what recurs, what must hold, what waits for a person."""
