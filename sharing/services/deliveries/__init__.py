"""Deliveries: claim, check, send once, record the result, and look up what did not end clearly."""
