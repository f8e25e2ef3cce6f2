"""Outgoing HTTP and SMTP: one deadline per exchange, secrets masked, no private address reached by a fetch."""
